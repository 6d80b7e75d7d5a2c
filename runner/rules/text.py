"""How a value is written into a text: by JavaScript's rules, as Postman applies them, but an object becomes JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

from runner.deep_json import pieces

UNDEFINED: Any = type("Undefined", (), {"__repr__": lambda self: "UNDEFINED", "__bool__": lambda self: False})()
"""JavaScript's `undefined`, which only local variables can have."""

SPACES = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
"""What JavaScript's `trim` removes; Python's `strip` removes other characters."""

_EXACT = 2**53
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def text_of(value: object) -> str:
    """A value as it is written into a text.

    A list of scalars is joined with `,` (null leaves its place empty); an object, or a list that holds lists or objects,
    becomes JSON; any other value is written as JavaScript's `String` does.
    """
    if isinstance(value, str):
        return value
    return TEXTS.get(type(value), _other_text)(value)


def json_text(value: object) -> str:
    """A value as JavaScript's `JSON.stringify` writes it: compact, numbers in its form, keys that are indexes first."""
    return "".join(pieces(value, separators=(",", ":"), text=_quoted, scalar=_scalar_text, keys=javascript_order))


def javascript_order(keys: Iterable[str]) -> list[str]:
    """Keys in the order of a JavaScript object: array indexes by their number, then the others as they were given."""
    keys = list(keys)
    indexes = {key for key in keys if str(key)[:1].isdigit() and _INDEX.fullmatch(str(key)) and int(key) < 2**32 - 1}
    return [*sorted(indexes, key=int), *(key for key in keys if key not in indexes)] if indexes else keys


def number_text(value: float) -> str:
    """A number as JavaScript writes it: `1` for 1.0, `1e+21`, `1e-7`, `NaN`, `Infinity`."""
    value = float(value)
    if not isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(value)]
    digits, _, exponent = repr(abs(value)).removesuffix(".0").partition("e")
    whole, _, fraction = digits.partition(".")
    figures = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(figures))
    figures = figures.rstrip("0")
    sign = "-" if value < 0 else ""
    if not figures:
        return "0"
    if len(figures) <= point <= 21:
        return sign + figures.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{figures[:point]}.{figures[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{figures}"
    mantissa = figures[0] + (f".{figures[1:]}" if len(figures) > 1 else "")
    return f"{sign}{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def _whole_text(value: int) -> str:
    """A whole number as JavaScript writes it, whose numbers are doubles: digits beyond their precision are lost."""
    if -_EXACT <= value <= _EXACT:
        return str(value)
    try:
        return number_text(float(value))
    except OverflowError:
        return "-Infinity" if value < 0 else "Infinity"


def _list_text(value: Iterable[object]) -> str:
    if any(isinstance(item, (list, tuple, dict)) for item in value):
        return json_text(value)
    return ",".join("" if item is None else text_of(item) for item in value)


def _quoted(text: str) -> str:
    quoted = encode_basestring(text)
    return quoted if quoted.isascii() else _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", quoted)


def _scalar_text(value: object) -> str:
    if value is None or value is UNDEFINED:
        return "null"
    if isinstance(value, (int, float)):
        text = text_of(value)
        return "null" if text in ("NaN", "Infinity", "-Infinity") else text
    return _quoted(str(value))


def _other_text(value: object) -> str:
    for kind, convert in TEXTS.items():
        if isinstance(value, kind):
            return convert(value)
    return str(value)


TEXTS: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
    type(UNDEFINED): lambda value: "",
    int: _whole_text,
    float: number_text,
    list: _list_text,
    tuple: _list_text,
    dict: json_text,
}
