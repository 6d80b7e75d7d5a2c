"""The `dataclass` of the standard library, in an eighth of the time (docs/design/002): a start makes a hundred of them.

The library compiles up to seven methods for each class, though most classes have no object in most runs. Here all classes
share the methods that differ only in the names of fields, and the one that must be quick, `__init__`, is compiled when it
is first asked for. Everything else about a class is left to the library: `fields`, `replace`, `asdict`, `match`, `slots`.
That takes a quarter off the CPU time of a start: 195 ms instead of 276.

What the house uses is supported: `frozen`, `slots`, `kw_only`, `init`, `repr`, `eq`; fields with a default, a factory, or
`init`, `repr`, `compare`, `kw_only` or metadata; `__post_init__`, inheritance, own methods. `order`, `unsafe_hash`,
`InitVar` and `hash` of a field are not. Objects are compared as tuples of their fields, as Python 3.11 and 3.12 do: a `nan`
equals itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from functools import cache, partial
from operator import attrgetter
from reprlib import recursive_repr
from threading import RLock
from types import MemberDescriptorType
from typing import TYPE_CHECKING, NoReturn, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
Init = Callable[..., None]

__all__ = ["FEW", "dataclass", "replace", "setter"]


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
    shared: dict[str, object] = {}
    if repr:
        shared["__repr__"] = _repr
    if eq:
        shared |= {"__eq__": _eq, "__hash__": _hash if frozen else None}
    if frozen:
        shared |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    if frozen and slots:
        shared |= {"__getstate__": _values, "__setstate__": _set_values}

    def make(cls: type[T]) -> type[T]:
        own = dict(vars(cls))
        if "__eq__" in own and own["__hash__"] is None:
            del own["__hash__"]  # not the class's own: Python adds it to a class with `__eq__`
        for name, method in shared.items():
            if name not in own:
                setattr(cls, name, method)
        with _bases_called_changeable(cls, frozen):
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
        vars(made)["__dataclass_params__"].frozen = frozen
        if init and "__init__" not in own:
            type.__setattr__(made, "__init__", _LazyInit(made))
        return made

    return make


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass


_lock = RLock()  # a class that is made while its base is changed (in `__init_subclass__`) fails instead of waiting forever


@contextmanager
def _bases_called_changeable(cls: type, frozen: bool) -> Iterator[None]:
    """Mark the frozen bases of a class as changeable meanwhile.

    The library makes each class as one that is not frozen, so that it compiles no methods for that, and refuses to make
    such a class from a frozen one. Raises `TypeError`, as the library does, if the class is frozen and a base is not, or
    the other way round.
    """
    with _lock:
        params = [vars(base)["__dataclass_params__"] for base in cls.__mro__[1:] if "__dataclass_params__" in vars(base)]
        if any(base.frozen != frozen for base in params):
            one, other = ("frozen", "a non-frozen") if frozen else ("non-frozen", "a frozen")
            raise TypeError(f"cannot inherit {one} dataclass from {other} one")
        for base in params:
            base.frozen = False
        try:
            yield
        finally:
            for base in params:
                base.frozen = frozen


FEW = 12
"""So many objects of a class, or copies, are made by a loop over its fields. To compile code takes as long as 50 of them
and more, and most runs make only few objects of most classes."""


class _LazyInit:
    """Stands in the place of `__init__` until the class has `FEW` objects, or somebody else asks for it: `inspect`."""

    __slots__ = ("_cls", "_made")

    def __init__(self, cls: type) -> None:
        self._cls = cls
        self._made = 0

    def __get__(self, instance: object, owner: type) -> Init:
        self._made += 1
        if instance is not None and self._made <= FEW and not isinstance(instance, type):  # `inspect` binds to the class
            return partial(_init_by_loop, self, instance)
        return cast(Init, self.compiled().__get__(instance, owner))

    def compiled(self) -> Init:
        """The compiled method, which takes this object's place."""
        init = _compiled_init(self._cls)
        type.__setattr__(self._cls, "__init__", init)
        return init

    @property
    def cls(self) -> type[DataclassInstance]:
        """The class whose fields are set."""
        return self._cls


def _init_by_loop(lazy: _LazyInit, instance: object, /, *values: object, **named: object) -> None:
    """Set the fields of an object; whatever is wrong with the values is left to the compiled method to say."""
    known = fields(lazy.cls)
    places = [field.name for field in known if field.init and not field.kw_only] if values else []
    given = dict(zip(places, values, strict=False)) | named
    fit = len(values) <= len(places) and len(given) == len(values) + len(named)
    fit = fit and given.keys() <= {field.name for field in known if field.init}
    if not fit or any(field.init and field.name not in given and _lacks_default(field) for field in known):
        lazy.compiled()(instance, *values, **named)
        return
    for field in known:
        if field.name in given:
            value = given[field.name]
        elif field.default_factory is not MISSING:
            value = field.default_factory()
        elif field.default is not MISSING:
            value = field.default
        else:
            continue
        object.__setattr__(instance, field.name, value)
    if hasattr(lazy.cls, "__post_init__"):
        instance.__post_init__()  # type: ignore[attr-defined]


def _lacks_default(field: Field[object]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _compiled_init(cls: type[DataclassInstance]) -> Init:
    """An `__init__` with a parameter for each field, in the order of the standard library."""
    known = fields(cls)
    by_place = [_parameter(field) for field in known if field.init and not field.kw_only]
    by_name = [_parameter(field) for field in known if field.init and field.kw_only]
    parameters = ", ".join(["self", *by_place, *(["*", *by_name] if by_name else [])])
    names: dict[str, object] = {"_MISSING": MISSING}
    lines = []
    for field in known:
        names[f"_default_{field.name}"], value = field.default, field.name
        if field.default_factory is not MISSING:
            names[f"_make_{field.name}"] = field.default_factory
            value = f"{value} if {value} is not _MISSING else _make_{value}()" if field.init else f"_make_{value}()"
        elif not field.init:
            if field.default is MISSING:
                continue
            value = f"_default_{field.name}"
        names[f"_set_{field.name}"] = setter(cls, field.name)
        lines.append(f" _set_{field.name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec("\n".join([f"def __init__({parameters}):", *(lines or [" pass"])]), names)
    init = cast(Init, names["__init__"])
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = {field.name: field.type for field in known if field.init} | {"return": None}
    return init


def replace(value: T, /, **changes: object) -> T:
    """What `dataclasses.replace` does, for objects of plain fields: a third of its time, for what each request needs."""
    key = value.__class__, tuple(changes)
    copy = _replacers.get(key)
    if copy is None:
        made = _replaced[key] = _replaced.get(key, 0) + 1
        copy = cast(Callable[..., object], dataclasses.replace) if made <= FEW else _replacer(*key)
    return cast(T, copy(value, **changes))


_replacers: dict[tuple[type, tuple[str, ...]], Callable[..., object]] = {}
_replaced: dict[tuple[type, tuple[str, ...]], int] = {}
"""How often the library has done it."""


def _replacer(cls: type, changed: tuple[str, ...]) -> Callable[..., object]:
    """Copies an object with these fields changed, compiled for them; the library does it where a class does more."""
    known = fields(cls)
    copy: Callable[..., object] = dataclasses.replace
    if not hasattr(cls, "__post_init__") and all(field.init for field in known) and {f.name for f in known} >= {*changed}:
        names: dict[str, object] = {"_new": object.__new__, "_cls": cls}
        parameters = ", ".join(["_value", "/", *(["*", *changed] if changed else [])])
        lines = [f"def replaced({parameters}):", " _copy = _new(_cls)"]
        for field in known:
            names[f"_set_{field.name}"] = setter(cls, field.name)
            lines.append(f" _set_{field.name}(_copy, {'' if field.name in changed else '_value.'}{field.name})")
        exec("\n".join([*lines, " return _copy"]), names)
        copy = cast(Callable[..., object], names["replaced"])
    _replacers[cls, changed] = copy
    return copy


def setter(cls: type, name: str) -> Callable[[object, object], None]:
    """Sets a field, of a frozen object too: a slot's own setter is quicker than `object.__setattr__`, which seeks it."""
    slot = getattr(cls, name, None)
    return (
        slot.__set__
        if isinstance(slot, MemberDescriptorType)
        else lambda self, value: object.__setattr__(self, name, value)
    )


def _parameter(field: Field[object]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=_MISSING"
    return field.name if field.default is MISSING else f"{field.name}=_default_{field.name}"


@cache
def _compared(cls: type[DataclassInstance]) -> Callable[[object], tuple[object, ...]]:
    """What returns the compared values of an object; `attrgetter` is several times as quick as a loop."""
    names = [field.name for field in fields(cls) if field.compare]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


@recursive_repr()
def _repr(self: DataclassInstance) -> str:
    shown = (f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _eq(self: DataclassInstance, other: object) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = _compared(self.__class__)
    return values(self) == values(other)


def _hash(self: DataclassInstance) -> int:
    return hash(_compared(self.__class__)(self))


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


@cache
def _names(cls: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


def _values(self: DataclassInstance) -> list[object]:
    return [getattr(self, name) for name in _names(type(self))]


def _set_values(self: DataclassInstance, values: list[object]) -> None:
    write = object.__setattr__
    for name, value in zip(_names(type(self)), values, strict=True):
        write(self, name, value)
