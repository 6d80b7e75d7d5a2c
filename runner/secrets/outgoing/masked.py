"""Masks what leaves the engine: events, and the errors and parts of the model in them.

Events, assertions and errors are copied at once, with masked texts. What can be large (nodes of the collection, requests,
responses) becomes a view: an object of the same class whose fields are masked when they are read, with the secrets known
at that time. A field without a rule of its own is masked by the type of its value, so that a new field cannot leak.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import partial
from operator import is_
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

from runner.errors import PostrunnerError, RunAborted
from runner.model.aside import Aside
from runner.model.payload import Payload
from runner.model.quick_dataclass import FEW, setter
from runner.model.variable import Variable
from runner.secrets.mask import Secrets
from runner.secrets.outgoing.bodies import masked_body
from runner.secrets.outgoing.shown import AS_IT_IS, BY_NAME, FACTS, NODES, PLAIN, RULES, VIEWED, AsItIs, Rule, named

T = TypeVar("T")
Way = Callable[["Masker", Any], object]
"""Masks a value."""


class Door:
    """The known secrets for a reporter: all their methods, but no attribute that leads to their values."""

    __slots__ = ("_known",)
    _known: Callable[[], Secrets]

    def __init__(self, secrets: Secrets) -> None:
        self._known = lambda: secrets

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # such as `__dict__`
            raise AttributeError(name)
        return getattr(self._known(), name)


class Masker:
    """Masks what a run reports with the secrets that it knows.

    A node or variable has one view as long as anything holds it.
    """

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets
        self._nodes: dict[int, _View] = {}  # a view holds its original, whose id stays its own
        self._variables: WeakValueDictionary[int, _View] = WeakValueDictionary()

    def masked(self, value: T) -> T:
        """The masked value; the value itself if the user asked to see secrets."""
        return cast(T, self.of(value)) if self.secrets.hides else value

    def of(self, value: object) -> object:
        """The masked value of any type."""
        cls = type(value)
        return (_WAY_OF.get(cls) or _way_of(cls))(self, value)

    def mapped(self, values: tuple[object, ...]) -> tuple[object, ...]:
        """A tuple with masked values; the tuple itself if nothing is hidden."""
        shown = tuple(map(self.of, values))
        return values if all(map(is_, shown, values)) else shown

    def node(self, value: object) -> object:
        """The only view of a node of the collection."""
        view = self._nodes.get(id(value))
        if view is None:
            view = self._nodes[id(value)] = self.view(value)
        return view

    def variable(self, value: object) -> object:
        """The view of a variable; there is one at a time."""
        view = self._variables.get(id(value))
        if view is None:
            view = self._variables[id(value)] = self.view(value)
        return view

    def view(self, value: object) -> _View:
        """An object like this one, whose fields are masked when they are read."""
        cls = value.__class__
        return (_VIEW_CLASSES.get(cls) or _view_class(cls))(_reader(self, value))

    def error(self, error: PostrunnerError) -> PostrunnerError:
        """A copy of an error with masked texts, without its cause unless that is an exception of the caller."""
        copy = type(error).__new__(type(error))
        vars(copy).update({name: self.of(value) for name, value in vars(error).items()})
        copy.message = self.secrets.mask_report(error.message)
        copy.hint = self.secrets.mask_report(error.hint)
        copy.where = self.secrets.mask_place(error.where)
        copy.args = (copy.message,)
        if isinstance(error, RunAborted):
            copy.__cause__ = error.__cause__
        return copy


def _reader(masker: Masker, value: object) -> Callable[[str], object]:
    """Reads masked fields of a value; an empty name gives the value itself.

    Only this function leads to the value: whoever walks through the attributes of a view does not come across it.
    """
    secrets, rules = masker.secrets, _rules_of(value.__class__)
    known: dict[str, object] = {}
    version = secrets.version

    def read(name: str) -> object:
        nonlocal version
        if not name:
            return value
        if version != secrets.version:
            version = secrets.version
            known.clear()
        elif name in known:
            return known[name]
        rule = rules[name]
        shown = rule(secrets, value) if rule else masker.of(getattr(value, name))
        if not isinstance(value, Aside):  # a stored body must not stay in memory
            known[name] = shown
        return shown

    return read


class _View:
    """Base of all views: `_read` reads its fields; an empty name gives the original."""

    __slots__ = ()
    _read: Callable[[str], object]

    def __init__(self, read: Callable[[str], object]) -> None:
        object.__setattr__(self, "_read", read)

    def __eq__(self, other: object) -> bool:
        return bool(unmasked(self) == unmasked(other))

    def __hash__(self) -> int:
        return hash(unmasked(self))

    def __reduce__(self) -> tuple[object, ...]:
        """A pickle or a deep copy is a plain object with what is shown."""
        cls: type = self.__class__
        return partial(cls, **{field.name: getattr(self, field.name) for field in fields(cls)}), ()


def unmasked(value: T) -> T:
    """What a view stands for, with its real values; any other value as it is."""
    return cast(T, value._read("")) if isinstance(value, _View) else value


def _view_class(cls: type) -> type[_View]:
    """The class of the views of a class; it looks like that class, also to `isinstance` and `dataclasses.replace`."""
    looks: dict[str, object] = {"__slots__": ("_read", "__weakref__"), "__class__": property(lambda self: cls)}
    plain = _plain_fields(cls)
    looks |= {name: _reading_plain(name) if name in plain else _reading(name) for name in _rules_of(cls)}
    made = _VIEW_CLASSES[cls] = cast(type[_View], type(cls.__name__, (_View, cls), looks))
    return made


def _reading(name: str) -> property:
    return property(lambda self: self._read(name))


def _reading_plain(name: str) -> property:
    return property(lambda self: getattr(self._read(""), name))


def _rules_of(cls: type) -> Mapping[str, Rule | None]:
    """The rule of each field: that of its class or of a base, else that of the name, else none."""
    if cls not in _RULES_OF:
        known: dict[str, Rule] = {}
        for base in reversed(cls.__mro__):
            known |= RULES.get(base, {})
        names = (*(field.name for field in fields(cls)), *FACTS.get(cls, ()))
        _RULES_OF[cls] = {name: known.get(name) or _rule_by_name(name) for name in names}
    return _RULES_OF[cls]


def _rule_by_name(name: str) -> Rule | None:
    if name in AS_IT_IS:
        return AsItIs(name)
    return named(BY_NAME[name], name) if name in BY_NAME else None


def _plain_fields(cls: type) -> set[str]:
    """The fields of a class that are shown as they are."""
    plain = {name for name, rule in _rules_of(cls).items() if isinstance(rule, AsItIs)}
    return plain | {field.name for field in fields(cls) if field.type in WITHOUT_TEXT}


def _copy_of(cls: type) -> Way:
    """Copies an object of a class with its fields masked, or gives the object itself if nothing is hidden.

    The first copies are made by a loop over the fields, for most classes have no more objects in a run.
    """
    rules, plain = _rules_of(cls), _plain_fields(cls)
    looked_at = [name for name in rules if name not in plain]
    made = 0

    def copied(masker: Masker, value: object) -> object:
        nonlocal made
        made += 1
        if made > FEW:
            _WAY_OF[cls] = _compiled_copy(cls, rules, looked_at)
        shown: dict[str, object] = {}
        for name in looked_at:
            old, rule = getattr(value, name), rules[name]
            new = rule(masker.secrets, value) if rule else masker.of(old)
            if new is not old:
                shown[name] = new
        if not shown:
            return value
        copy: object = object.__new__(cls)
        for name in rules:
            object.__setattr__(copy, name, shown[name] if name in shown else getattr(value, name))
        return copy

    return copied


def _compiled_copy(cls: type, rules: Mapping[str, Rule | None], looked_at: list[str]) -> Way:
    """The same with a line of code for each field: half of what the loop takes, for each event of a run."""
    names: dict[str, object] = {"ways": _WAY_OF, "way_of": _way_of, "new": object.__new__, "cls": cls}
    lines = ["def copied(masker, value):"]
    for name in looked_at:
        old, names[f"rule_{name}"] = f"old_{name}", rules[name]
        masked = f"(ways.get(type({old})) or way_of(type({old})))(masker, {old})"
        masked = f"rule_{name}(masker.secrets, value)" if rules[name] else masked
        lines += [f" {old} = value.{name}", f" new_{name} = {masked}"]
    same = " and ".join(f"new_{name} is old_{name}" for name in looked_at)
    lines += [f" if {same or 'True'}:", "  return value", " copy = new(cls)"]
    for name in rules:
        names[f"set_{name}"] = setter(cls, name)
        lines.append(f" set_{name}(copy, {'new_' if name in looked_at else 'value.'}{name})")
    exec("\n".join([*lines, " return copy"]), names)
    return cast(Way, names["copied"])


def _way_of(cls: type) -> Way:
    """How values of a class are masked."""
    way = next((way for known, way in WAYS.items() if issubclass(cls, known)), _same)
    if is_dataclass(cls) and cls not in PLAIN and not issubclass(cls, _View):
        if cls in NODES or cls is Variable:
            way = Masker.node if cls in NODES else Masker.variable
        else:
            way = Masker.view if VIEWED.intersection(cls.__mro__) else _copy_of(cls)
    _WAY_OF[cls] = way
    return way


def _same(masker: Masker, value: object) -> object:
    return value


WITHOUT_TEXT = frozenset({"bool", "int", "float", *(cls.__name__ for cls in PLAIN)})
WITHOUT_TEXT |= {f"{name} | None" for name in WITHOUT_TEXT}
"""Types of fields that hold no text."""

WAYS: Mapping[type, Way] = {
    str: lambda masker, text: masker.secrets.mask(text),
    bytes: lambda masker, body: masked_body(masker.secrets, body),
    Payload: lambda masker, body: masked_body(masker.secrets, body),
    tuple: Masker.mapped,
    list: lambda masker, tree: masker.secrets.mask_json(tree),
    dict: lambda masker, tree: masker.secrets.mask_json(tree),
    PostrunnerError: Masker.error,
}

_VIEW_CLASSES: dict[type, type[_View]] = {}
_RULES_OF: dict[type, Mapping[str, Rule | None]] = {}
_WAY_OF: dict[type, Way] = {}
