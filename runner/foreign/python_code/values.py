"""What written Python uses to treat values as JavaScript does. Its source is copied; nothing here is called."""

from __future__ import annotations

import json

import httpx

from runner.rules.text import javascript_order, number_text


class Undefined:
    """JavaScript's `undefined`: what a member is that is not there."""

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = Undefined()


def read_json(source: str) -> object:
    """JSON as JavaScript reads it: every number is a double."""

    def number_of(digits: str) -> float:
        value = float(digits)
        return int(value) if value.is_integer() and abs(value) < 2**53 else value

    def constant(name: str) -> object:
        raise ValueError(f"{name} is not JSON")

    return json.loads(source.removeprefix("\ufeff"), parse_int=number_of, parse_float=number_of, parse_constant=constant)


def is_json(source: str) -> bool:
    """Whether a text is JSON."""
    try:
        read_json(source)
    except ValueError:
        return False
    return True


def text(value: object) -> str:
    """A value as Postman writes it into a request: objects become JSON."""
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, (list, dict)) for one in value)):
        return json_of(value)
    return "" if value is UNDEFINED else string(value)


def string(value: object) -> str:
    """A value as `String` of JavaScript writes it."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, list):
        return ",".join("" if nothing(one) else string(one) for one in value)
    return "undefined" if value is UNDEFINED else "[object Object]"


def json_of(value: object) -> str:
    """A value as `JSON.stringify` writes it."""
    if isinstance(value, dict):
        members = [f"{json_of(name)}:{json_of(value[name])}" for name in javascript_order(value)]
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(json_of, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else string(value)


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


def length(value: object) -> object:
    """The length of a list or of a text, in JavaScript's units, or the member of an object with this name."""
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass")) // 2
    if isinstance(value, list):
        return len(value)
    if isinstance(value, dict) and "length" in value:
        return value["length"]
    raise TypeError(f"{value!r} has no length")


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


def nothing(value: object) -> bool:
    """Whether a value is null or `undefined`."""
    return value is None or value is UNDEFINED


def compared(one: object, operator: str, other: object) -> bool:
    """`<`, `>`, `<=` and `>=` of two numbers or two texts; `undefined` is in no order; anything else fails."""
    if UNDEFINED in (one, other):
        return False
    if not (isinstance(one, str) and isinstance(other, str)):
        one, other = number(one), number(other)
    less, equal = one < other, one == other  # type: ignore[operator]
    return {"<": less, "<=": less or equal, ">": not less and not equal, ">=": not less}[operator]


def plus(one: object, other: object) -> object:
    """`+` of two numbers, or of a text and anything; anything else fails."""
    if isinstance(one, str) or isinstance(other, str):
        return string(one) + string(other)
    return number(one) + number(other)


def number(value: object) -> float:
    """A number; anything else fails, as in chai."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is not a number")
    return value


def type_of(value: object) -> str:
    """The type of a value as chai calls it."""
    names = {Undefined: "undefined", type(None): "null", bool: "boolean", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "number")


def typeof(value: object) -> str:
    """The type of a value as `typeof` calls it."""
    return {"null": "object", "array": "object"}.get(type_of(value), type_of(value))


def only_text(value: object) -> str:
    """A text; anything else has not the methods of one."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def elements(value: object) -> list[object]:
    """A list; anything else has not the methods of one."""
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return value


def holds(value: object, wanted: object) -> bool:
    """`includes` of a text or a list."""
    if isinstance(value, str):
        return string(wanted) in value
    return any(identical(one, wanted) for one in elements(value))


def includes(value: object, wanted: object) -> bool:
    """Whether a text has a part, a list an element, an object these members."""
    if isinstance(value, str):
        return string(wanted) in value
    if isinstance(value, list):
        return any(identical(one, wanted) for one in value)
    if isinstance(value, dict) and isinstance(wanted, dict):
        return all(name in value and identical(value[name], one) for name, one in wanted.items())
    raise TypeError(f"{value!r} is nothing that can include {wanted!r}")


def has(value: object, name: str) -> bool:
    """Whether an object has a member, of any value."""
    if value is None or value is UNDEFINED:
        raise TypeError(f"{value!r} has no members")
    return at(value, name) is not UNDEFINED


def empty(value: object) -> bool:
    """Whether a text, list or object has nothing in it; anything else fails, as in chai."""
    if not isinstance(value, (str, list, dict)):
        raise TypeError(f"{value!r} can be neither empty nor not")
    return not value


def keys(value: object) -> set[str]:
    """The names of an object's members."""
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is not an object")
    return set(value)


def header(response: httpx.Response, name: str) -> object:
    """The value of a header of the response, the last of several; `undefined` without one."""
    return values[-1] if (values := response.headers.get_list(name)) else UNDEFINED


def elapsed(response: httpx.Response) -> int:
    """The milliseconds that the response took."""
    return round(response.elapsed.total_seconds() * 1000)
