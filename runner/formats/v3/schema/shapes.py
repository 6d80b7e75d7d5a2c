"""Shapes of data: each tells what is wrong with a value, in the words of Postman's own checks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from runner.model.json import Json

Wrong = tuple[tuple[str | int, ...], str]
"""The keys that lead to what is wrong, and the reason."""

Shape = Callable[[Json], Sequence[Wrong]]
"""Tells what is wrong with a value; nothing if it fits."""

_NAMES = {str: "string", bool: "boolean", int: "number", list: "array", dict: "object", type(None): "null"}
FINE: Sequence[Wrong] = ()


def kind_of(value: Json) -> str:
    """The name of a value's type in JSON."""
    return "NaN" if value != value else _NAMES.get(type(value), "number")


def _expected(wanted: str, value: Json) -> Sequence[Wrong]:
    return (((), f"expected {wanted}, received {kind_of(value)}"),)


def anything(value: Json) -> Sequence[Wrong]:
    """Whatever it is, it fits."""
    return FINE


def text(value: Json) -> Sequence[Wrong]:
    """A text."""
    return FINE if isinstance(value, str) else _expected("string", value)


def text_or_null(value: Json) -> Sequence[Wrong]:
    """A text or null."""
    return FINE if value is None or isinstance(value, str) else _expected("string", value)


def flag(value: Json) -> Sequence[Wrong]:
    """True or false."""
    return FINE if isinstance(value, bool) else _expected("boolean", value)


def number(value: Json) -> Sequence[Wrong]:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _expected("number", value)
    return FINE if math.isfinite(value) else (((), "expected a finite number"),)


def mapping(value: Json) -> Sequence[Wrong]:
    """An object with any keys."""
    return FINE if isinstance(value, dict) else _expected("object", value)


def one_of(options: Iterable[str]) -> Shape:
    """One of these texts."""
    allowed = tuple(options)

    def check(value: Json) -> Sequence[Wrong]:
        if value in allowed and isinstance(value, str):
            return FINE
        return (((), f"Invalid option: expected one of {'|'.join(map(repr, allowed))}".replace("'", '"')),)

    return check


def each(shape: Shape) -> Shape:
    """A list whose entries have this shape."""

    def check(value: Json) -> Sequence[Wrong]:
        if not isinstance(value, list):
            return _expected("array", value)
        return [((at, *keys), reason) for at, entry in enumerate(value) for keys, reason in shape(entry)]

    return check


def values(shape: Shape) -> Shape:
    """An object whose values have this shape."""

    def check(value: Json) -> Sequence[Wrong]:
        if not isinstance(value, dict):
            return _expected("object", value)
        return [((key, *keys), reason) for key, entry in value.items() for keys, reason in shape(entry)]

    return check


def by_type(*, array: Shape, object: Shape) -> Shape:
    """A list of one shape or an object of another."""

    def check(value: Json) -> Sequence[Wrong]:
        return array(value) if isinstance(value, list) else object(value)

    return check


def record(fields: Mapping[str, Shape], *, required: Sequence[str] = (), strict: bool = False) -> Shape:
    """An object with these keys; a `strict` one has no others."""

    def check(value: Json) -> Sequence[Wrong]:
        if not isinstance(value, dict):
            return _expected("object", value)
        found: list[Wrong] = []
        for key, entry in value.items():
            shape = fields.get(key)
            if shape is not None:
                if wrong := shape(entry):
                    found += [((key, *keys), reason) for keys, reason in wrong]
            elif strict:
                found.append(((key,), f'Unrecognized key: "{key}"'))
        for key in required:
            if key not in value:
                found.append(((key,), "it is missing"))
        return found

    return check
