"""What is shown of each field of events and models, where the type of its value does not tell how it is masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from runner.events import Assertion, Cursor, ItemEvent, NextRequestSet, RequestEvent, Warned
from runner.model.collection import Collection, Event, Folder, Item, Script
from runner.model.quick_dataclass import dataclass
from runner.model.request import (
    Auth,
    Body,
    FormParam,
    Header,
    PreparedRequest,
    ProtocolProfileBehavior,
    QueryParam,
    Request,
    Url,
)
from runner.model.response import Cookie, Exchange, Hop, Response, Sizes, Timings, Traced
from runner.model.variable import Environment, Variable
from runner.options import RunOptions
from runner.secrets.mask import Secrets
from runner.secrets.outgoing.bodies import bytes_start, text_start
from runner.secrets.outgoing.nodes import mask_node

Rule = Callable[..., object]
"""Gives the masked value of one field, from the known secrets and the object that has the field."""


def _value_of_pair(secrets: Secrets, pair: QueryParam | FormParam) -> Any:
    shown = secrets.mask_json({"key": pair.key, "value": pair.value})
    return shown["value"]


def _value_of_variable(secrets: Secrets, variable: Variable) -> object:
    shown = secrets.mask_json(
        {"type": "secret" if variable.secret else variable.type, "key": variable.key, "value": variable.value}
    )
    return shown["value"]


def _key_of_variable(secrets: Secrets, variable: Variable) -> str:
    """The name of a variable that a file has stays as it is; one that a script made up may hold a secret."""
    return secrets.mask(variable.key) if variable.source is None else secrets.mask_name(variable.key)


def _value_of_header(secrets: Secrets, header: Header) -> str | None:
    return None if header.value is None else secrets.mask_header(header.key, header.value)


def _headers(secrets: Secrets, owner: PreparedRequest | Response | Hop) -> tuple[tuple[str, str], ...]:
    mask, mask_header = secrets.mask, secrets.mask_header
    return tuple((mask(name), mask_header(name, value)) for name, value in owner.headers)


def _host(secrets: Secrets, url: Url) -> tuple[str, ...]:
    return tuple(secrets.mask(".".join(url.host)).split(".")) if url.host else ()


def _path(secrets: Secrets, url: Url) -> tuple[str, ...] | None:
    return tuple(secrets.mask("/".join(url.path)).split("/")) if url.path else url.path


def _password(secrets: Secrets, url: Url) -> str | None:
    return secrets.mask_named("password", url.password) if url.password else url.password


def _parameters(secrets: Secrets, auth: Auth) -> Mapping[str, object]:
    shown: dict[str, Mapping[str, object]] = secrets.mask_json({auth.type: dict(auth.params)})
    return next(iter(shown.values()))


def _query(secrets: Secrets, url: Url) -> tuple[QueryParam, ...] | None:
    """Each parameter masked by its name, after all of them as one text: a secret may hold what separates them."""
    if not url.query:
        return url.query
    pairs = [(param.key or "") if param.value is None else f"{param.key or ''}={param.value}" for param in url.query]
    shown = secrets.mask("?" + "&".join(pairs))[1:].split("&")
    if shown == pairs or len(shown) != len(pairs):
        params = url.query if shown == pairs else tuple(QueryParam(text) for text in shown)
    else:
        split = [text.partition("=") for text in shown]
        params = tuple(
            replace(param, key=param.key and key, value=None if param.value is None else value)
            for param, (key, _, value) in zip(url.query, split, strict=True)
        )
    return tuple(replace(param, value=_value_of_pair(secrets, param)) for param in params)


def _hidden(field: str) -> Rule:
    """The rule that hides a field, or each text in it, whatever that is."""

    def rule(secrets: Secrets, owner: object) -> object:
        value = getattr(owner, field)
        return tuple(secrets.symbol for _ in value) if isinstance(value, tuple) else value and secrets.symbol

    return rule


def _variables(field: str) -> Rule:
    """The rule that masks pairs of a name and a value, each by its name."""

    def rule(secrets: Secrets, owner: object) -> object:
        return tuple((secrets.mask(name), secrets.mask_named(name, value)) for name, value in getattr(owner, field))

    return rule


def named(method: str, field: str) -> Rule:
    """The rule that masks a field by a method of `Secrets` for texts; other values are masked as JSON."""

    def rule(secrets: Secrets, owner: object) -> object:
        value = getattr(owner, field)
        if not value:
            return value
        if isinstance(value, tuple):
            shown = tuple(map(getattr(secrets, method), value))
            return value if shown == value else shown
        return getattr(secrets, method)(value) if isinstance(value, str) else secrets.mask_json(value)

    return rule


@dataclass(frozen=True, slots=True)
class AsItIs:
    """The rule that shows a field as it is."""

    field: str

    def __call__(self, secrets: Secrets, owner: object) -> object:
        """The field."""
        return getattr(owner, self.field)


AS_IT_IS = frozenset({"cursor", "unit", "listen", "script_id", "level", "code", "kind", "mode", "type", "scope", "origin"})
"""Fields of every class that say what something is, in words of our own or of the format."""

BY_NAME = {
    "test": "mask_test",
    "owner": "mask_name",
    "where": "mask_place",
    "next_request": "mask_place",
    "stack": "mask_report",
    "hint": "mask_report",
}
"""Fields of every class that are, or mention, names of a collection: these stay as they are."""

_NODE: dict[str, Rule] = {
    "name": named("mask_name", "name"),
    "source": lambda secrets, node: mask_node(node.source, secrets),
}
_SCRIPT_IDS: dict[str, Rule] = {"id": AsItIs("id")}

RULES: Mapping[type, Mapping[str, Rule]] = {
    ItemEvent: {"path": named("mask_name", "path")},
    RequestEvent: {"source": AsItIs("source")},
    Warned: {"message": named("mask_report", "message")},
    NextRequestSet: {"name": named("mask_place", "name")},
    Assertion: {"name": named("mask_test", "name")},
    Collection: _NODE,
    Folder: _NODE,
    Item: _NODE,
    Event: _SCRIPT_IDS,
    Script: _SCRIPT_IDS,
    Environment: {"name": named("mask_name", "name")},
    Variable: {"key": _key_of_variable, "value": _value_of_variable},
    Request: {"name": named("mask_name", "name")},
    Url: {"host": _host, "path": _path, "query": _query, "password": _password},
    Header: {"value": _value_of_header},
    QueryParam: {"value": _value_of_pair},
    FormParam: {"value": _value_of_pair},
    Auth: {"params": _parameters},
    PreparedRequest: {"headers": _headers, "text_start": text_start, "bytes_start": bytes_start},
    Hop: {"headers": _headers},
    Response: {"headers": _headers, "text_start": text_start, "bytes_start": bytes_start},
    Cookie: {"value": lambda secrets, cookie: secrets.symbol},
    RunOptions: {
        **{field: _hidden(field) for field in ("postman_api_key", "ssl_client_passphrase", "secret_pattern", "proxy")},
        **{field: _variables(field) for field in ("env_var", "global_var")},
    },
}
"""Class → field → what is shown of it, where the type of the value does not tell how it is masked."""

FACTS: Mapping[type, tuple[str, ...]] = {
    PreparedRequest: ("body_size", "head_size", "text_start", "bytes_start"),
    Hop: ("head_size",),
    Response: ("body_size", "text_start", "bytes_start"),
}
"""Members of views that are not fields, and that look at the original."""

NODES = frozenset({Collection, Folder, Item})
"""What is told apart by its identity, and lives as long as the run."""

VIEWED = frozenset({Collection, Folder, Item, Event, Script, Environment, Variable, Request, Body, Url, Auth})
VIEWED |= {Exchange, PreparedRequest, Response, Hop}
"""What is masked when it is read."""

PLAIN = frozenset({Cursor, Timings, Sizes, Traced, ProtocolProfileBehavior})
"""Classes that hold no text of a user, a server or a script."""
