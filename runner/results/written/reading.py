"""Reads what `shapes` wrote, by the types of the fields; raises `ValueError` for anything else."""

from __future__ import annotations

import base64
import binascii
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from runner import errors
from runner.errors import PostrunnerError, RunError
from runner.model.json import Json, JsonObject
from runner.model.payload import BodyBytes, Payload
from runner.model.response import Hop
from runner.results.written.shapes import FACTS

Read = Callable[[Any], Any]


def reader(wanted: Any) -> Read:
    """What reads the values of a type."""
    if wanted not in _MADE:
        _MADE[wanted] = READERS.get(wanted) or _made(wanted)
    return _MADE[wanted]


def _made(wanted: Any) -> Read:
    if isinstance(wanted, type) and is_dataclass(wanted):
        return _object_reader(wanted)
    if isinstance(wanted, type) and issubclass(wanted, PostrunnerError):
        return read_error
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return _any_of(inner)
    if origin is tuple:
        return _list_reader(inner)
    if origin is frozenset:
        each = reader(inner[0])
        return lambda value: frozenset(map(each, _is(list, value)))
    if origin in (dict, Mapping):
        return lambda value: _is(dict, value)
    return lambda value: value  # JSON


def _is(wanted: type, value: Any) -> Any:
    if not isinstance(value, wanted):
        raise ValueError(f"{wanted.__name__} is missing")
    return value


def _plain(*wanted: type) -> Read:
    def plain(value: Any) -> Any:
        if type(value) not in wanted:
            raise ValueError(f"{wanted[0].__name__} is missing")
        return value

    return plain


def _list_reader(inner: tuple[Any, ...]) -> Read:
    if len(inner) == 2 and inner[1] is Ellipsis:
        each = reader(inner[0])
        return lambda value: tuple(map(each, _is(list, value)))
    several = [reader(one) for one in inner]
    return lambda value: tuple(read(one) for read, one in zip(several, _is(list, value), strict=True))


def _any_of(kinds: tuple[Any, ...]) -> Read:
    """The first of these that the value is; one that is a single type besides None."""
    readers = [reader(kind) for kind in kinds if kind is not types.NoneType]

    def any_of(value: Any) -> Any:
        if value is None and len(readers) < len(kinds):
            return None
        for one in readers[:-1]:
            try:
                return one(value)
            except ValueError:
                continue
        return readers[-1](value)

    return any_of


def readers_of(cls: type) -> Mapping[str, Read]:
    """What reads each field of a dataclass."""
    if cls not in _FIELDS:
        hints = get_type_hints(cls)
        _FIELDS[cls] = {field.name: reader(hints[field.name]) for field in fields(cls) if field.init}
    return _FIELDS[cls]


def _object_reader(cls: type[Any]) -> Read:
    required = {field.name for field in fields(cls) if field.init and field.default is field.default_factory is MISSING}
    facts = frozenset(FACTS.get(cls, ()))

    def read_object(value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"{cls.__name__} is missing")
        known = readers_of(cls)  # only now: some classes hold others of their own
        values = {name: known[name](one) for name, one in value.items() if name in known}
        if not required <= values.keys():
            raise ValueError(f"{cls.__name__} lacks {', '.join(sorted(required - values.keys()))}")
        made = cls(**values)
        told = {name: _is(int, value[name]) for name in facts & value.keys()}
        return _with_facts(made, told) if told else made

    return read_object


def _with_facts(made: Any, told: Mapping[str, int]) -> Any:
    """A copy of an object whose sizes are these, whatever it holds."""
    cls: type = type(made)
    copy: object = object.__new__(_told_class(cls))
    for field in fields(cls):
        object.__setattr__(copy, field.name, getattr(made, field.name))
    object.__setattr__(copy, "_told", {**{name: getattr(made, name) for name in FACTS[cls]}, **told})
    return copy


def _told_class(cls: type) -> type:
    if cls not in _TOLD:
        looks: dict[str, object] = {"__slots__": ("_told",), "__class__": property(lambda self: cls)}
        looks |= {name: property(lambda self, name=name: self._told[name]) for name in FACTS[cls]}  # type: ignore[misc]
        _TOLD[cls] = type(cls.__name__, (cls,), looks)
    return _TOLD[cls]


def read_body(value: Json | bytes) -> BodyBytes:
    """A body, which may have been read already; what was left out of a large file is zeros: nobody takes it for a text."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    encoded, size = (value.get("base64"), value.get("size")) if isinstance(value, dict) else (None, None)
    if not isinstance(encoded, str):
        raise ValueError("a body is missing")
    try:
        content = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    return Payload([content, _Rest(size - len(content))]) if isinstance(size, int) and size > len(content) else content


class _Rest:
    """So many bytes that nobody knows."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __len__(self) -> int:
        return self._size

    def read(self, at: int, size: int) -> bytes:
        """So many zeros."""
        return bytes(max(0, min(size, self._size - at)))


def read_error(value: Json) -> PostrunnerError:
    """An error, whose class is one of the house."""
    told: JsonObject = cast(JsonObject, _is(dict, value))
    named = getattr(errors, str(told.get("class")), None)
    cls = named if isinstance(named, type) and issubclass(named, PostrunnerError) else RunError
    error = cls.__new__(cls)
    texts = {name: str(told.get(name, "")) for name in ("message", "where", "hint")}
    more = {name: str(told[name]) for name in ("code", "name") if name in told}
    vars(error).update(texts | more | ({"code": more.get("code", "")} if hasattr(cls, "hops") else {}))
    if isinstance(exit_code := told.get("exit_code"), int) and exit_code != cls.exit_code:
        error.exit_code = exit_code
    if hops := told.get("hops"):
        vars(error)["hops"] = tuple(reader(Hop)(hop) for hop in _is(list, hops))
    error.args = (error.message,)
    return error


READERS: Mapping[Any, Read] = {
    str: _plain(str),
    bool: _plain(bool),
    int: _plain(int),
    float: _plain(float, int),
    bytes: read_body,
    BodyBytes: read_body,
}

_MADE: dict[Any, Read] = {}
_FIELDS: dict[type, Mapping[str, Read]] = {}
_TOLD: dict[type, type] = {}
