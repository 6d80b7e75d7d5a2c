"""Values of an event as JSON: of a dataclass the fields that differ from their defaults, of anything else what it is.

Types tell how they are read again, so what is written has no names of classes but those of errors.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from runner.errors import PostrunnerError
from runner.model.json import Json, JsonObject
from runner.model.payload import BodyBytes, Payload
from runner.model.request import Body, FormParam, PreparedRequest, Request
from runner.model.response import Exchange, Hop, Response
from runner.model.variable import Environment, Variable

LARGEST = 256 * 1024
"""Bytes of a file in a request body that are written; of a larger one only the beginning is."""

LEFT_OUT: Mapping[type, frozenset[str]] = {
    Request: frozenset({"source"}),
    Body: frozenset({"content", "boundary"}),
    FormParam: frozenset({"contents"}),
    Exchange: frozenset({"sent", "hops"}),
    Hop: frozenset({"response", "traced"}),
    Response: frozenset({"body"}),
    PreparedRequest: frozenset({"behavior", "auth_headers", "auth_in_query", "cookie_before_length", "head_encoding"}),
    Environment: frozenset({"origin"}),
    Variable: frozenset({"by_script"}),
}
"""Fields that no report shows: what a request was made from, and how it was sent; and those with a rule of their own."""

FACTS: Mapping[type, tuple[str, ...]] = {
    PreparedRequest: ("body_size", "head_size"),
    Response: ("body_size",),
    Hop: ("head_size",),
}
"""Sizes of what was sent and received; they are not those of what is shown where a secret is masked."""


def shape(value: object) -> Any:
    """A value as JSON, of whatever type an event holds."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [shape(one) for one in value]
    if isinstance(value, frozenset):
        return sorted(shape(one) for one in value)
    if isinstance(value, bytes | Payload):
        return body_shape(value)
    if isinstance(value, PostrunnerError):
        return error_shape(value)
    if not is_dataclass(value.__class__):
        return value  # JSON
    found: JsonObject = {name: shape(one) for name, one in changed_fields(value)} | dict(_facts(value))
    if isinstance(value, Environment) and value.source:  # its values are written already
        found["source"] = {**value.source, "values": []}
    return found


def changed_fields(value: object) -> Iterator[tuple[str, object]]:
    """The fields of a dataclass object that differ from their defaults."""
    for name, default in _fields(value.__class__):
        own = getattr(value, name)
        if own is not default and own != default:
            yield name, own


def _facts(value: object) -> Iterator[tuple[str, int]]:
    """The sizes that are not those of what is shown."""
    cls = value.__class__
    for name in FACTS.get(cls, ()):
        told = getattr(value, name)
        if told != getattr(cls, name).fget(value):
            yield name, told


def _fields(cls: type) -> list[tuple[str, object]]:
    """The fields that are written, with their defaults."""
    if cls not in _FIELDS:
        left_out = LEFT_OUT.get(cls, frozenset())
        chosen = [field for field in fields(cls) if field.name not in left_out and field.init]
        _FIELDS[cls] = [
            (field.name, field.default if field.default_factory is MISSING else field.default_factory()) for field in chosen
        ]
    return _FIELDS[cls]


_FIELDS: dict[type, list[tuple[str, object]]] = {}


def body_shape(body: BodyBytes) -> Json:
    """A body: a text as it is, other bytes in base64, of a large file its size and its beginning."""
    if isinstance(body, Payload) and len(body) > LARGEST:
        return {"size": len(body), "base64": base64.b64encode(body[:LARGEST]).decode()}
    content = bytes(body)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


def hop_shape(hop: Hop) -> JsonObject:
    """A request on the way with its response and the body of that, which stands nowhere else."""
    body = {"body": body_shape(hop.response.body)} if hop.response.body else {}
    return {**shape(hop), "response": {**shape(hop.response), **body}}


def error_shape(error: PostrunnerError) -> JsonObject:
    """An error with its texts; what caused it is left out."""
    named = {
        name: value for name, value in vars(error).items() if name in ("message", "where", "hint", "code", "name") and value
    }
    hops = [hop_shape(hop) for hop in getattr(error, "hops", ())]
    return {"class": type(error).__name__, "exit_code": error.exit_code, **named, **({"hops": hops} if hops else {})}
