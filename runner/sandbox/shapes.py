"""Checks of JSON values, built once from a description. Each returns what is wrong and where, or an empty string."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping

Check = Callable[[object], str]
"""Returns what is wrong with a value, to be appended to the name of its place: `.name is not a string`."""


def json(value: object) -> str:
    """Any JSON, of any depth."""
    return ""


def text(value: object) -> str:
    """A string."""
    return "" if type(value) is str else " is not a string"


def flag(value: object) -> str:
    """True or false."""
    return "" if type(value) is bool else " is neither true nor false"


def whole(least: int = 0, most: int = 2**53) -> Check:
    """An integer within bounds. `1.0` does not count: JavaScript writes `1`."""

    def check(value: object) -> str:
        return "" if type(value) is int and least <= value <= most else f" is not an integer from {least} to {most}"

    return check


def number(least: float, most: float) -> Check:
    """A number within bounds."""

    def check(value: object) -> str:
        if isinstance(value, (int, float)) and type(value) is not bool and least <= value <= most:  # never true of NaN
            return ""
        return f" is not a number from {least:g} to {most:g}"

    return check


finite = number(-math.inf, math.inf)


def matching(pattern: str, what: str) -> Check:
    """A string that the whole pattern matches; `what` names it in messages, with its article."""
    matches = re.compile(pattern).fullmatch

    def check(value: object) -> str:
        return "" if type(value) is str and matches(value) else f" is not {what}"

    return check


_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}").fullmatch


def base64(value: object) -> str:
    """Bytes as padded base64."""
    return "" if type(value) is str and len(value) % 4 == 0 and _BASE64(value) else " is not base64"


def one_of(*names: str) -> Check:
    """One of these strings."""
    known = frozenset(names)

    def check(value: object) -> str:
        return "" if type(value) is str and value in known else f" is not one of {', '.join(names)}"

    return check


def maybe(inner: Check) -> Check:
    """A value of this shape, or null."""

    def check(value: object) -> str:
        return "" if value is None else inner(value)

    return check


def either(kind: type, inner: Check, other: Check) -> Check:
    """One shape for values of a type, another for all others."""

    def check(value: object) -> str:
        return inner(value) if type(value) is kind else other(value)

    return check


def list_of(inner: Check) -> Check:
    """A list of values of one shape."""

    def check(value: object) -> str:
        if type(value) is not list:
            return " is not a list"
        for at, entry in enumerate(value):
            wrong = inner(entry)
            if wrong:
                return f"[{at}]{wrong}"
        return ""

    return check


def items(*inner: Check, more: Iterable[Check] = ()) -> Check:
    """A list with one entry for each shape, optionally followed by entries for those of `more`."""
    least, checks = len(inner), (*inner, *more)

    def check(value: object) -> str:
        if type(value) is not list or not least <= len(value) <= len(checks):
            return f" is not a list of {least}{f' to {len(checks)}' if len(checks) > least else ''}"
        for at, entry in enumerate(value):
            wrong = checks[at](entry)
            if wrong:
                return f"[{at}]{wrong}"
        return ""

    return check


def anything_in(value: object) -> str:
    """An object with any content."""
    return "" if type(value) is dict else " is not an object"


def map_of(inner: Check) -> Check:
    """An object with any keys, whose values have one shape."""

    def check(value: object) -> str:
        if type(value) is not dict:
            return " is not an object"
        for key, entry in value.items():
            wrong = inner(entry)
            if wrong:
                return f"{place(key)}{wrong}"
        return ""

    return check


def fields(needed: Mapping[str, Check], more: Mapping[str, Check] | None = None) -> Check:
    """An object with the needed fields, perhaps some of `more`, and no others."""
    checks, known = tuple(needed.items()), {**needed, **(more or {})}

    def check(value: object) -> str:
        if type(value) is not dict:
            return " is not an object"
        for key, inner in checks:
            if key not in value:
                return f".{key} is missing"
            wrong = inner(value[key])
            if wrong:
                return f".{key}{wrong}"
        if len(value) > len(checks):
            for key, entry in value.items():
                if key not in needed:
                    wrong = known[key](entry) if key in known else " is unknown"
                    if wrong:
                        return f"{place(key)}{wrong}"
        return ""

    return check


def by(key: str, shapes: Mapping[str, Check]) -> Check:
    """An object of one of several shapes, chosen by the string under `key`."""

    def check(value: object) -> str:
        if type(value) is not dict:
            return " is not an object"
        name = value.get(key)
        shape = shapes.get(name) if type(name) is str else None
        return shape(value) if shape is not None else f".{key} is not one of {', '.join(shapes)}"

    return check


def place(key: str) -> str:
    """A field's name for a message. It comes from the child, so anything but a short plain name is escaped and cut."""
    return f".{key}" if re.fullmatch(r"\w{1,40}", key, re.ASCII) else f"[{key[:40]!a}]"
