"""An API key as a header or a query parameter."""

from __future__ import annotations

import re
from dataclasses import replace

from runner.auth.context import AuthContext
from runner.auth.message import with_query
from runner.auth.params import Params
from runner.effects import Step
from runner.model.request import Header, Request
from runner.model.response import Exchange
from runner.rules.text import text_of

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")


def authorize(params: Params, request: Request, context: AuthContext) -> Step[Exchange]:
    """Send with the key; as it is without a name and a value (Postman)."""
    return (yield from context.send(_signed(params, request)))


def _signed(params: Params, request: Request) -> Request:
    key, value = params.text("key"), params.raw("value")
    if params.text("in", "header") == "query":
        return with_query(request, (key, value if isinstance(value, str) else None)) if key or value else request
    if not key:
        return request
    value = "" if value is None and not params.has("value") else text_of(value)
    words = name_words(key)
    kept = [h for h in request.headers if h.disabled or name_words(h.key) != words]
    return replace(request, headers=(*kept, Header(key, value, system=True)))


def name_words(name: str) -> str:
    """The words of a name in lower case: `X-Api-Key`, `xApiKey` and `x api key` are one name (Postman)."""
    return " ".join(_WORDS.findall(name)).lower()
