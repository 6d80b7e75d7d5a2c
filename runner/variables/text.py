"""How a value is written into a text: JavaScript's rules, as Postman applies them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def text_of(value: Any) -> str:
    """A value as Postman writes it into a text: JavaScript's `String`, but an object becomes JSON.

    Lists are joined with `,`; null is `null`, but an empty place inside of a list.
    """
    if isinstance(value, str):
        return value
    return TEXTS.get(type(value), _other_text)(value)


def number_text(value: float) -> str:
    """A number as JavaScript writes it: `1` for 1.0, `1e+21`, `1e-7`, `NaN`, `Infinity`."""
    value = float(value)
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(value)]
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    digits, _, exponent = repr(value).partition("e")
    if 1e-6 <= abs(value) < 1e21:
        return repr(value) if not exponent else f"{value:.{len(digits.replace('.', '').lstrip('-')) - 1 - int(exponent)}f}"
    power = int(exponent)
    return f"{digits.removesuffix('.0')}e{'+' if power > 0 else '-'}{abs(power)}"


def _list_text(value: Any) -> str:
    return ",".join("" if item is None else text_of(item) for item in value)


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _other_text(value: Any) -> str:
    for kind, convert in TEXTS.items():
        if isinstance(value, kind):
            return convert(value)
    return str(value)


TEXTS: dict[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "null",
    int: str,
    float: number_text,
    list: _list_text,
    tuple: _list_text,
    dict: _json_text,
}
