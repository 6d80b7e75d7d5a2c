"""What leaves the engine, without secrets: events, and the errors and parts of the model that they hold.

An event, an assertion or an error is copied at once, with its texts masked. What can be large (nodes of the collection,
requests, responses) is a view: an object of the same class whose fields are masked when they are read, with the secrets
known at that time. A field that has no rule of its own is masked by the type of its value, so that a new field cannot leak.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import Any, TypeVar, cast
from weakref import WeakValueDictionary

from runner.errors import PostrunnerError, RunAborted
from runner.events import Assertion, Cursor, ItemEvent, NextRequestSet, RequestFinished, Warned
from runner.model.collection import Collection, Event, Folder, Item, Script
from runner.model.payload import Payload, Stored
from runner.model.request import (
    Auth,
    Body,
    FormParam,
    Header,
    PreparedRequest,
    ProtocolProfileBehavior,
    QueryParam,
    Request,
    Url,
)
from runner.model.response import Cookie, Exchange, Hop, Response, Sizes, Timings
from runner.model.variable import Environment, FileStyle, Variable
from runner.secrets.mask import Secrets
from runner.secrets.nodes import mask_node

T = TypeVar("T")
Rule = Callable[..., object]
"""Gives the masked value of one field, from a masker and the object that has the field."""

Way = Callable[["Masker", Any], object]
"""Gives the masked value of a value."""


class Masker:
    """Masks what a run tells with the secrets that it knows.

    The same node or variable is always the same view, as long as somebody holds it.
    """

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets
        self._views: WeakValueDictionary[int, _View] = WeakValueDictionary()
        self._nodes: list[_View] = []

    def masked(self, value: T) -> T:
        """The value as everybody may see it; itself where the user asked to see the secrets."""
        return cast(T, self.of(value)) if self.secrets.hides else value

    def of(self, value: object) -> object:
        """The masked value of any type."""
        return _way_of(type(value))(self, value)

    def mapped(self, values: tuple[object, ...]) -> tuple[object, ...]:
        """Each value of a tuple masked; the tuple itself if nothing is hidden."""
        shown = tuple(map(self.of, values))
        return values if all(map(_is, shown, values)) else shown

    def copied(self, value: object) -> object:
        """A copy of a dataclass, its fields masked; itself if nothing is hidden."""
        rules = _rules_of(type(value))
        found = [(name, getattr(value, name), rule) for name, rule in rules.items()]
        shown = [(name, old, rule(self, value) if rule else self.of(old)) for name, old, rule in found]
        if all(old is new for _, old, new in shown):
            return value
        copy = object.__new__(type(value))
        for name, _, new in shown:
            object.__setattr__(copy, name, new)
        return copy

    def view(self, value: object) -> object:
        """An object like this one, whose fields are masked when they are read."""
        kept = isinstance(value, KEPT)
        known = self._views.get(id(value)) if kept else None  # it holds its original, whose id stays its own
        if known is not None:
            return known
        view = _view_class(type(value))(self._reader(value))
        if kept:
            self._views[id(value)] = view
            if not isinstance(value, Variable):
                self._nodes.append(view)
        return view

    def _reader(self, value: object) -> Callable[[str], object]:
        rules, secrets = _rules_of(type(value)), self.secrets
        known: dict[str, object] = {}
        version = secrets.version

        def read(name: str) -> object:
            nonlocal version
            if not name:
                return value
            if version != secrets.version:
                version = secrets.version
                known.clear()
            if name not in known:
                rule = rules.get(name)
                known[name] = rule(self, value) if rule else self.of(getattr(value, name))
            return known[name]

        return read

    def error(self, error: PostrunnerError) -> PostrunnerError:
        """A copy of an error, its texts masked. What caused it is left out, but for an exception of the caller's own."""
        copy = type(error).__new__(type(error))
        vars(copy).update({name: self.of(value) for name, value in vars(error).items()})
        copy.message = self.secrets.mask_report(error.message)
        copy.hint = self.secrets.mask_report(error.hint)
        copy.where = self.secrets.mask_place(error.where)
        copy.args = (copy.message,)
        if isinstance(error, RunAborted):
            copy.__cause__ = error.__cause__
        return copy

    def body(self, body: object) -> object:
        """A body, masked; of one that lies in files each part is masked when it is read, and keeps its size."""
        if isinstance(body, Payload):
            return Payload(MaskedPart(part, self.secrets) for part in body.parts)
        return self.secrets.mask_bytes(body) if isinstance(body, bytes) else body


class _View:
    """Base of all views: it reads its fields by `_read`, which gives the original for an empty name."""

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
    if cls not in _VIEW_CLASSES:
        looks: dict[str, object] = {"__slots__": ("_read", "__weakref__"), "__class__": property(lambda self: cls)}
        looks |= {name: _reading(name) for name in _rules_of(cls)}
        _VIEW_CLASSES[cls] = cast(type[_View], type(cls.__name__, (_View, cls), looks))
    return _VIEW_CLASSES[cls]


def _reading(name: str) -> property:
    return property(lambda self: self._read(name))


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
        return _as_it_is(name)
    return _named(BY_NAME[name], name) if name in BY_NAME else None


def _way_of(cls: type) -> Way:
    """How values of a class are masked."""
    if cls not in _WAY_OF:
        _WAY_OF[cls] = next((way for known, way in WAYS.items() if issubclass(cls, known)), _same)
        if is_dataclass(cls) and cls not in PLAIN and not issubclass(cls, _View):
            _WAY_OF[cls] = Masker.view if cls in VIEWED else Masker.copied
    return _WAY_OF[cls]


def _same(masker: Masker, value: object) -> object:
    return value


def _is(one: object, other: object) -> bool:
    return one is other


class MaskedPart:
    """A part of a large body, its secrets replaced by as many stars, so that its size and its places stay."""

    def __init__(self, part: bytes | Stored, secrets: Secrets) -> None:
        self._read = partial(_read_part, part, secrets)
        self._size = len(part)

    def __len__(self) -> int:
        return self._size

    def read(self, at: int, size: int) -> bytes:
        """So many bytes from this place on."""
        return self._read(at, size)


def _read_part(part: bytes | Stored, secrets: Secrets, at: int, size: int) -> bytes:
    """What is looked at goes on around the wanted bytes for as long as a secret can be."""
    start = max(0, at - secrets.reach)
    wanted = at - start + size + secrets.reach
    data = part[start : start + wanted] if isinstance(part, bytes) else part.read(start, min(wanted, len(part) - start))
    covered = bytearray(data)
    for first, last in secrets.spans(data.decode("latin-1")):
        covered[first:last] = b"*" * (last - first)
    return bytes(covered[at - start : at - start + size])


# -- the rules of single fields ---------------------------------------------------------------------------------------


def _value_of_pair(masker: Masker, pair: QueryParam | FormParam) -> object:
    shown = masker.secrets.mask_json({"key": pair.key, "value": pair.value})
    return shown["value"]


def _value_of_variable(masker: Masker, variable: Variable) -> object:
    shown = masker.secrets.mask_json(
        {"type": "secret" if variable.secret else variable.type, "key": variable.key, "value": variable.value}
    )
    return shown["value"]


def _key_of_variable(masker: Masker, variable: Variable) -> str:
    """The name of a variable that a file has stays as it is; one that a script made up may hold a secret."""
    secrets = masker.secrets
    return secrets.mask(variable.key) if variable.source is None else secrets.mask_name(variable.key)


def _value_of_header(masker: Masker, header: Header) -> str | None:
    return None if header.value is None else masker.secrets.mask_header(header.key, header.value)


def _headers(masker: Masker, owner: PreparedRequest | Response | Hop) -> tuple[tuple[str, str], ...]:
    mask, mask_header = masker.secrets.mask, masker.secrets.mask_header
    return tuple((mask(name), mask_header(name, value)) for name, value in owner.headers)


def _host(masker: Masker, url: Url) -> tuple[str, ...]:
    return tuple(masker.secrets.mask(".".join(url.host)).split(".")) if url.host else ()


def _path(masker: Masker, url: Url) -> tuple[str, ...] | None:
    return tuple(masker.secrets.mask("/".join(url.path)).split("/")) if url.path else url.path


def _password(masker: Masker, url: Url) -> str | None:
    return masker.secrets.mask_named("password", url.password) if url.password else url.password


def _parameters(masker: Masker, auth: Auth) -> Mapping[str, object]:
    shown: dict[str, Mapping[str, object]] = masker.secrets.mask_json({auth.type: dict(auth.params)})
    return next(iter(shown.values()))


def _text_start(masker: Masker, owner: PreparedRequest | Response) -> Callable[..., tuple[str, int] | None]:
    return partial(_masked_text_start, masker.secrets, owner)


def _masked_text_start(
    secrets: Secrets, owner: PreparedRequest | Response, limit: int, charset: str = "utf-8"
) -> tuple[str, int] | None:
    """As the method of the model: what is looked at ends far enough behind the limit to show no secret by half."""
    found = owner.text_start(max(limit + secrets.reach, MASKED_AS_A_WHOLE), charset)
    if found is None:
        return None
    start, more = found
    if more:
        return secrets.mask_start(start, limit), len(start) + more - limit
    whole = secrets.mask(start)
    return whole[:limit], max(0, len(whole) - limit)


MASKED_AS_A_WHOLE = 100_000
"""Characters of a body of which also the beginning is masked with all of it."""


def _query(masker: Masker, url: Url) -> tuple[QueryParam, ...] | None:
    """Each parameter masked by its name, after all of them as one text: a secret may hold what separates them."""
    if not url.query:
        return url.query
    pairs = [(param.key or "") if param.value is None else f"{param.key or ''}={param.value}" for param in url.query]
    shown = masker.secrets.mask("?" + "&".join(pairs))[1:].split("&")
    if shown == pairs or len(shown) != len(pairs):
        params = url.query if shown == pairs else tuple(QueryParam(text) for text in shown)
    else:
        split = [text.partition("=") for text in shown]
        params = tuple(
            replace(param, key=param.key and key, value=None if param.value is None else value)
            for param, (key, _, value) in zip(url.query, split, strict=True)
        )
    return cast(tuple[QueryParam, ...], masker.mapped(params))


def _named(method: str, field: str) -> Rule:
    """The rule that masks a field by a method of `Secrets` for texts; other values are masked by their type."""

    def rule(masker: Masker, owner: object) -> object:
        value = getattr(owner, field)
        if isinstance(value, tuple):
            return tuple(getattr(masker.secrets, method)(text) for text in value)
        return getattr(masker.secrets, method)(value) if isinstance(value, str) else masker.of(value)

    return rule


def _as_it_is(field: str) -> Rule:
    return lambda masker, owner: getattr(owner, field)


AS_IT_IS = frozenset({"cursor", "unit", "listen", "script_id", "level", "code", "kind", "mode", "type", "scope", "style"})
"""Fields of every class that say what something is, in words of our own or of the format."""

BY_NAME = {
    "test": "mask_test",
    "owner": "mask_name",
    "where": "mask_place",
    "next_request": "mask_place",
    "stack": "mask_report",
    "hint": "mask_report",
}
"""Fields of every class that are, or mention, names of a collection: these stay as they are."""

_NODE: dict[str, Rule] = {
    "name": _named("mask_name", "name"),
    "source": lambda masker, node: mask_node(node.source, masker.secrets),
}
_SCRIPT_IDS: dict[str, Rule] = {"id": _as_it_is("id")}

RULES: Mapping[type, Mapping[str, Rule]] = {
    ItemEvent: {"path": _named("mask_name", "path")},
    RequestFinished: {"source": _as_it_is("source")},
    Warned: {"message": _named("mask_report", "message")},
    NextRequestSet: {"name": _named("mask_place", "name")},
    Assertion: {"name": _named("mask_test", "name")},
    Collection: _NODE,
    Folder: _NODE,
    Item: _NODE,
    Event: _SCRIPT_IDS,
    Script: _SCRIPT_IDS,
    Environment: {"name": _named("mask_name", "name")},
    Variable: {"key": _key_of_variable, "value": _value_of_variable},
    Request: {"name": _named("mask_name", "name")},
    Url: {"host": _host, "path": _path, "query": _query, "password": _password},
    Header: {"value": _value_of_header},
    QueryParam: {"value": _value_of_pair},
    FormParam: {"value": _value_of_pair},
    Auth: {"params": _parameters},
    PreparedRequest: {"headers": _headers, "text_start": _text_start},
    Hop: {"headers": _headers},
    Response: {"headers": _headers, "text_start": _text_start},
    Cookie: {"value": lambda masker, cookie: masker.secrets.symbol},
}
"""Class → field → what is shown of it, where the type of the value does not tell how it is masked."""

FACTS: Mapping[type, tuple[str, ...]] = {
    PreparedRequest: ("body_size", "head_size", "text_start"),
    Hop: ("head_size",),
    Response: ("body_size", "text_start"),
}
"""Members of views that are no fields, and that look at the original."""

KEPT = (Collection, Folder, Item, Variable)
"""What is told apart by its identity."""

VIEWED = frozenset({Collection, Folder, Item, Event, Script, Environment, Variable, Request, Body, Url, Auth})
VIEWED |= {Exchange, PreparedRequest, Response, Hop}
"""What is masked when it is read."""

PLAIN = frozenset({Cursor, Timings, Sizes, ProtocolProfileBehavior, FileStyle})
"""Classes that hold no text of a user, a server or a script."""

WAYS: Mapping[type, Way] = {
    str: lambda masker, text: masker.secrets.mask(text),
    bytes: Masker.body,
    Payload: Masker.body,
    tuple: Masker.mapped,
    list: lambda masker, tree: masker.secrets.mask_json(tree),
    dict: lambda masker, tree: masker.secrets.mask_json(tree),
    PostrunnerError: Masker.error,
}

_VIEW_CLASSES: dict[type, type[_View]] = {}
_RULES_OF: dict[type, Mapping[str, Rule | None]] = {}
_WAY_OF: dict[type, Way] = {}
