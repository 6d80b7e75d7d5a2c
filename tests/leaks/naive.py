"""Consumers that know nothing of secrets: they print whatever they get, in every way that Python has."""

import copy
import dataclasses
import pickle
from collections.abc import Generator, Mapping
from functools import cache

from runner.events import Event

TOLD = []
"""What the reporters printed."""


class NaiveReporter:
    """A reporter of another package."""

    def __init__(self, context):
        TOLD[:] = told(context)

    def on(self, event):
        TOLD.extend(told(event))

    def close(self, summary):
        TOLD.extend(told(summary))


def told(value):
    """Everything that can be printed of an object without asking for it by name."""
    yield from (repr(value), str(value), f"{value}")
    yield from texts_in(value)
    if isinstance(value, Event):
        yield from texts_in(dataclasses.asdict(value))
        yield from texts_in(pickle.loads(pickle.dumps(value)))
        yield from texts_in(copy.deepcopy(value))


def texts_in(value):
    """Every text and number in an object."""
    for one in everything_in(value):
        if isinstance(one, bytes):
            yield one.decode("utf-8", "replace")
        elif isinstance(one, str | int | float):
            yield str(one)


def everything_in(value):
    """An object, its attributes, entries and items, and those of these."""
    waiting, seen = [value], {}
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen[id(one)] = one
        yield one
        if isinstance(one, BaseException):
            waiting += [str(one), repr(one), *one.args, one.__cause__, one.__context__]
        if isinstance(one, Mapping):
            waiting += [*one, *one.values()]
        elif isinstance(one, list | tuple | set | frozenset | Generator):
            waiting += one
        elif not isinstance(one, str | bytes | int | float | None):
            waiting += attributes(one)


def attributes(value):
    """What an object holds, also under names that begin with an underscore."""
    for name in names_of(type(value)).union(vars(value) if hasattr(value, "__dict__") else ()):
        found = getattr(value, name, None)
        if not isinstance(found, type) and not callable(found):
            yield found


@cache
def names_of(kind):
    """The names of what the objects of a class hold."""
    names = set()
    for base in kind.__mro__:
        names |= {*getattr(base, "__slots__", ()), *(name for name in vars(base) if not name.startswith("__"))}
    return frozenset(names - {"__weakref__", "__dict__", "__class__"})
