"""The `dataclass` of the standard library, made in a quarter of the time: a start makes about a hundred of them.

The library compiles up to seven methods for each class, one by one, though most classes have no object in most runs. Here
all classes share the methods that are the same but for the names of fields, and the one that must be quick, `__init__`, is
compiled when the first object of its class is made. What a class is otherwise is left to the library.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

T = TypeVar("T")

__all__ = ["dataclass"]


def _dataclass(
    *,
    frozen: bool = False,
    slots: bool = False,
    kw_only: bool = False,
    init: bool = True,
    repr: bool = True,
    eq: bool = True,
) -> Callable[[type[T]], type[T]]:
    """What `dataclasses.dataclass` does with these arguments."""
    shared: dict[str, Any] = {}
    if repr:
        shared["__repr__"] = _repr
    if eq:
        shared |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
    if frozen:
        shared |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    if frozen and slots:
        shared |= {"__getstate__": _values, "__setstate__": _set_values}

    def make(cls: type[T]) -> type[T]:
        for name, method in shared.items():
            if name not in cls.__dict__:
                setattr(cls, name, method)
        with _called_changeable(cls.__mro__[1:]):
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
        cast(Any, made).__dataclass_params__.frozen = frozen
        return _with_init(made) if init and "__init__" not in cls.__dict__ else made

    return make


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass


_lock = Lock()


@contextmanager
def _called_changeable(bases: tuple[type, ...]) -> Iterator[None]:
    """Let the library make a subclass that it need not freeze: it refuses to where a base says that it is frozen."""
    with _lock:
        marks = [vars(base)["__dataclass_params__"] for base in bases if "__dataclass_params__" in vars(base)]
        frozen = [mark for mark in marks if mark.frozen]
        for mark in frozen:
            mark.frozen = False
        try:
            yield
        finally:
            for mark in frozen:
                mark.frozen = True


def _with_init(cls: type[T]) -> type[T]:
    def __init__(self: T, *args: object, **kwargs: object) -> None:
        cls.__init__ = init = _compiled_init(cls)  # type: ignore[method-assign]
        init(self, *args, **kwargs)

    cls.__init__ = __init__  # type: ignore[assignment]
    return cls


def _compiled_init(cls: type) -> Callable[..., None]:
    """An `__init__` with a parameter for each field, in the order of the standard library."""
    known = fields(cls)
    by_place = [_parameter(field) for field in known if field.init and not field.kw_only]
    by_name = [_parameter(field) for field in known if field.init and field.kw_only]
    parameters = ", ".join(["self", *by_place, *(["*", *by_name] if by_name else [])])
    names: dict[str, Any] = {"_put": object.__setattr__, "_MISSING": MISSING}
    lines = []
    for field in known:
        names[f"_default_{field.name}"], value = field.default, field.name
        if field.default_factory is not MISSING:
            names[f"_make_{field.name}"] = field.default_factory
            value = f"{value} if {value} is not _MISSING else _make_{value}()" if field.init else f"_make_{value}()"
        elif not field.init:
            continue
        lines.append(f" _put(self, {field.name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec("\n".join([f"def __init__({parameters}):", *(lines or [" pass"])]), names)
    init: Callable[..., None] = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _parameter(field: Field[Any]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=_MISSING"
    return field.name if field.default is MISSING else f"{field.name}=_default_{field.name}"


@cache
def _compared(cls: type) -> Callable[[object], tuple[object, ...]]:
    """Gives what of an object is compared: `attrgetter` is several times as quick as a loop."""
    names = [field.name for field in fields(cls) if field.compare]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


@recursive_repr()
def _repr(self: Any) -> str:
    shown = (f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: Any) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = _compared(self.__class__)
    return values(self) == values(other)


def _hash(self: Any) -> int:
    return hash(_compared(self.__class__)(self))


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _values(self: Any) -> list[object]:
    return [getattr(self, field.name) for field in fields(self)]


def _set_values(self: Any, values: list[object]) -> None:
    for field, value in zip(fields(self), values, strict=True):
        object.__setattr__(self, field.name, value)
