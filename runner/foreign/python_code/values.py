"""What written Python uses to treat values as JavaScript does. Its source is copied; nothing here is called."""

from __future__ import annotations

import json

import httpx

from runner.rules.text import number_text


class Undefined:
    """JavaScript's `undefined`: what a member is that is not there."""

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = Undefined()


def read_json(source: str) -> object:
    """JSON as JavaScript reads it: every number is a double."""

    def whole(digits: str) -> float:
        return int(digits) if len(digits) < 16 else float(digits)

    def constant(name: str) -> object:
        raise ValueError(f"{name} is no JSON")

    return json.loads(source.removeprefix("\ufeff"), parse_int=whole, parse_constant=constant)


def text(value: object) -> str:
    """A value as JavaScript writes it into a text; objects become JSON."""
    if isinstance(value, str):
        return value
    if value is None or value is UNDEFINED:
        return "null" if value is None else "undefined"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, list) and not any(isinstance(one, (list, dict)) for one in value):
        return ",".join("" if one is None else text(one) for one in value)
    return json_of(value)


def json_of(value: object) -> str:
    """A value as `JSON.stringify` writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def at(value: object, *names: str | int) -> object:
    """A member of a member …: `undefined` if it is not there, an error below null and `undefined`."""
    for name in names:
        if value is None or value is UNDEFINED:
            raise TypeError(f"{text(value)} has no member {name!r}")
        if isinstance(value, dict):
            value = value.get(str(name), UNDEFINED)
        elif isinstance(value, (str, list)) and name == "length":
            value = length(value)
        elif isinstance(value, (str, list)) and isinstance(name, int) and 0 <= name < len(value):
            value = value[name]
        else:
            value = UNDEFINED
    return value


def length(value: object) -> int:
    """The length of a list or of a text, in JavaScript's units."""
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass")) // 2
    if isinstance(value, list):
        return len(value)
    raise AssertionError(f"{value!r} has no length")


def identical(one: object, other: object) -> bool:
    """JavaScript's `===`."""
    if isinstance(one, (dict, list)) or isinstance(other, (dict, list)):
        return one is other
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def same(one: object, other: object) -> bool:
    """Whether two values are alike in depth, as chai's `eql` says."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return identical(one, other)


def true(value: object) -> bool:
    """Whether a value counts as true in JavaScript."""
    return isinstance(value, (dict, list)) or (value is not UNDEFINED and bool(value))


def number(value: object) -> float:
    """A number; anything else fails, as in chai."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise AssertionError(f"{value!r} is no number")
    return value


def type_of(value: object) -> str:
    """The type of a value as chai calls it."""
    names = {Undefined: "undefined", type(None): "null", bool: "boolean", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "number")


def includes(value: object, wanted: object) -> bool:
    """Whether a text has a part, a list an element, an object these members."""
    if isinstance(value, str):
        if not isinstance(wanted, str):
            raise AssertionError(f"{value!r} is a text, {wanted!r} is none")
        return wanted in value
    if isinstance(value, list):
        return any(identical(one, wanted) for one in value)
    if isinstance(value, dict) and isinstance(wanted, dict):
        return all(name in value and identical(value[name], one) for name, one in wanted.items())
    raise AssertionError(f"{value!r} is nothing that can include {wanted!r}")


def has(value: object, name: str) -> bool:
    """Whether an object has a member, of any value."""
    if value is None or value is UNDEFINED:
        raise AssertionError(f"{value!r} has no members")
    return at(value, name) is not UNDEFINED


def empty(value: object) -> bool:
    """Whether a text, list or object has nothing in it; anything else fails, as in chai."""
    if not isinstance(value, (str, list, dict)):
        raise AssertionError(f"{value!r} can be neither empty nor not")
    return not value


def keys(value: object) -> set[str]:
    """The names of an object's members."""
    if not isinstance(value, dict):
        raise AssertionError(f"{value!r} is no object")
    return set(value)


def header(response: httpx.Response, name: str) -> object:
    """The value of a header of the response, the last of several; `undefined` without one."""
    return values[-1] if (values := response.headers.get_list(name)) else UNDEFINED
