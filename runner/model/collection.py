"""A collection: folders and items, with the events, auth and variables they carry."""

from __future__ import annotations

from dataclasses import field

from runner.model.discreet import Discreet
from runner.model.json import JsonObject
from runner.model.origin import Origin
from runner.model.quick_dataclass import dataclass
from runner.model.request import Auth, Request
from runner.model.variable import Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Script(Discreet, shows=("id",)):
    """The source text of one script (`exec` lines joined by newlines)."""

    id: str
    exec: str
    packages: JsonObject = field(default_factory=dict)
    source: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Discreet, shows=("listen",)):
    """A script and when it runs: `listen` names a phase of its item's protocol (`prerequest`, `test`)."""

    listen: str
    script: Script
    id: str = ""
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Discreet, shows=("id", "name")):
    """A leaf of the collection: what is sent, with its events; saved examples are in `source`.

    `kind` names its protocol, in the format v3 as its file does. One that has no protocol yet is its `payload`, as it is in
    the file.
    """

    id: str
    name: str
    request: Request = Request()
    kind: str = "http"
    payload: JsonObject = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    protocol_profile_behavior: JsonObject = field(default_factory=dict)
    source: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder(Discreet, shows=("id", "name")):
    """A folder; everything in it inherits what it has. Only those of the format v3 have variables (Postman)."""

    id: str
    name: str
    items: tuple[Folder | Item, ...] = ()
    events: tuple[Event, ...] = ()
    variables: tuple[Variable, ...] = ()
    auth: Auth | None = None
    protocol_profile_behavior: JsonObject = field(default_factory=dict)
    source: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection(Discreet, shows=("id", "name")):
    """A whole collection; `source` is the complete JSON that it was read from, with unknown keys, in the same order."""

    id: str
    name: str
    items: tuple[Folder | Item, ...] = ()
    events: tuple[Event, ...] = ()
    variables: tuple[Variable, ...] = ()
    auth: Auth | None = None
    protocol_profile_behavior: JsonObject = field(default_factory=dict)
    source: JsonObject = field(default_factory=dict)
    origin: Origin | None = None
    path: str = ""
    """The file that it was read from; empty if it came from elsewhere."""


def description_of(node: Collection | Folder | Item) -> str:
    """The text of its description, or an empty one; of a request Postman keeps it inside of `request`."""
    source = node.source
    inner = source.get("request" if isinstance(node, Item) else "info")
    for place in (inner, source):
        found = place.get("description") if isinstance(place, dict) else None
        text = found.get("content") if isinstance(found, dict) else found
        if isinstance(text, str) and text.strip():
            return text.strip()
    return ""
