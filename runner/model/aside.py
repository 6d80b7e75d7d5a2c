"""Objects of which one large field lies somewhere else: it is read when somebody asks for it, and never kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Aside:
    """Base of such objects; to everybody else they are of the class that they stand for."""

    __slots__ = ()
    _get: Callable[[], object]

    def __reduce__(self) -> tuple[object, ...]:
        """A pickle or a deep copy is a plain object with all of its values."""
        cls: Any = self.__class__
        return partial(cls, **{field.name: getattr(self, field.name) for field in fields(cls)}), ()


def with_field_aside(value: T, name: str, get: Callable[[], object]) -> T:
    """A copy of a dataclass object, whose field `name` is what `get` gives."""
    cls = type(value)
    copy: object = object.__new__(_class_for(cls, name))
    for field in fields(cast(Any, cls)):
        if field.name != name:
            object.__setattr__(copy, field.name, getattr(value, field.name))
    object.__setattr__(copy, "_get", get)
    return cast(T, copy)


def _class_for(cls: type, name: str) -> type:
    if (cls, name) not in _CLASSES:
        looks: dict[str, object] = {"__slots__": ("_get",), "__class__": property(lambda self: cls)}
        looks[name] = property(lambda self: self._get())
        _CLASSES[cls, name] = type(cls.__name__, (Aside, cls), looks)
    return _CLASSES[cls, name]


_CLASSES: dict[tuple[type, str], type] = {}
