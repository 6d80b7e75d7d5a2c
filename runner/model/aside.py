"""Objects with one large field that lies elsewhere: it is read each time that it is asked for, and not kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")


class Aside:
    """Base of such objects; their `__class__` is the class that they stand for."""

    __slots__ = ()
    _get: Callable[[], object]

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled or deep-copied, it becomes a plain object with all of its values."""
        cls = cast("type[DataclassInstance]", self.__class__)
        return partial(cls, **{field.name: getattr(self, field.name) for field in fields(cls)}), ()


def with_field_aside(value: T, name: str, get: Callable[[], object]) -> T:
    """A copy of a dataclass object, whose field `name` is what `get` returns."""
    cls = type(value)
    if (cls, name) not in _CLASSES:
        looks: dict[str, object] = {"__slots__": ("_get",), "__class__": property(lambda self: cls)}
        looks[name] = property(lambda self: self._get())
        _CLASSES[cls, name] = type(cls.__name__, (Aside, cls), looks)
    copy: object = object.__new__(_CLASSES[cls, name])
    for field in fields(cast("type[DataclassInstance]", cls)):
        if field.name != name:
            object.__setattr__(copy, field.name, getattr(value, field.name))
    object.__setattr__(copy, "_get", get)
    return cast(T, copy)


_CLASSES: dict[tuple[type, str], type] = {}
