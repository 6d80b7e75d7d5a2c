"""Casts of variables by their type, as Postman's collection SDK does them: JavaScript's `String`, `Number` and JSON."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextlib import suppress

from runner.deep_json import loads
from runner.model.json import Json, JsonObject
from runner.model.variable import Variable
from runner.rules.text import SPACES, UNDEFINED, text_of

Cast = Callable[[Json], Json]


def typed(variable: Variable) -> Json:
    """The value after the cast that the variable's type asks for (Postman: string, number, boolean, array, object)."""
    value = UNDEFINED if variable.without_value else variable.value
    cast = CASTS.get(variable.type.lower())
    return value if cast is None else cast(value)


def _string(value: Json) -> str:
    """A value as JavaScript's `String` writes it, objects included."""
    if isinstance(value, dict):
        return "[object Object]"
    if isinstance(value, list | tuple):
        return _joined(value)
    return "undefined" if value is UNDEFINED else text_of(value)


def _joined(value: Json) -> str:
    """The texts of a list joined with commas, those of inner lists included; without recursion, however deep it is."""
    texts: list[str] = []
    waiting = [value]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, list | tuple) and entry:
            waiting += reversed(entry)
        else:
            texts.append("" if entry is None or isinstance(entry, list | tuple) else _string(entry))
    return ",".join(texts)


def _number(value: Json) -> Json:
    """A value as JavaScript's `Number` reads it; NaN if it is not a number."""
    if isinstance(value, int | float):
        return int(value) if isinstance(value, bool) else value
    text = "0" if value is None else _string(value).strip(SPACES)
    if _WITH_BASE.fullmatch(text):
        return int(text, 0)
    if not _DECIMAL.fullmatch(text):
        return {"": 0, "Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}.get(text, math.nan)
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


_WITH_BASE = re.compile(r"0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


def _parsed(kind: type[list[Json]] | type[JsonObject]) -> Cast:
    def cast(value: Json) -> Json:
        found: Json = value
        if isinstance(value, str):
            with suppress(ValueError):
                found = loads(value)
        if not isinstance(found, kind):
            found = UNDEFINED
        return found

    return cast


CASTS: dict[str, Cast] = {
    "string": _string,
    "number": _number,
    "boolean": lambda value: value not in (None, UNDEFINED, "", 0) and value == value,  # NaN is not equal to itself
    "array": _parsed(list),
    "object": _parsed(dict),
}
