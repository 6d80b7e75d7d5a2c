"""The snapshots of one collection during a run: which were met, and which are to be written when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from runner.engine.ports import Judged
from runner.errors import PostrunnerError
from runner.formats.json_text import JsonStyle, dump_json, parse_json
from runner.model.collection import Collection, Item
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.results.spool import Heap
from runner.snapshots.answers import Masking
from runner.snapshots.folder import Folder
from runner.snapshots.keys import Key, Request, requests_of
from runner.snapshots.rules import RequestRules, Texts, requests_named, rules_for

_ONE_LINE = JsonStyle(indent=None, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that may be written: where it waits, with the secrets of which version it was masked, and its execution."""

    number: int
    version: int
    ref: str
    item: Item


@dataclass(slots=True)
class Shelf:
    """What a run knows of the snapshots of one collection. `given` are the rules of the options."""

    collection: Collection
    folder: Folder
    given: Texts
    masking: Masking
    heap: Heap
    kept: dict[Key, Kept] = field(default_factory=dict)
    used: set[Key] = field(default_factory=set)
    judged: set[Request] = field(default_factory=set)
    _requests: dict[int, Request] = field(default_factory=dict)
    _rules: dict[int, RequestRules] = field(default_factory=dict)
    _names: dict[str, set[int]] = field(default_factory=dict)
    _refs: dict[Key, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for source, (path, twin) in requests_of(self.collection).items():
            self._requests[source] = tuple(map(self.masking.name, path)), twin

    def key(self, judged: Judged) -> Key:
        """What a response is of; attempts at the same execution have the same key."""
        cursor, item = judged.place.cursor, judged.place.item
        path, twin = self._requests[id(item.source)]
        first = Key(path, twin, cursor.iteration + 1, by_script=judged.by_script)
        refs = self._refs.setdefault(first, [])
        if cursor.ref not in refs:
            refs.append(cursor.ref)
        return first._replace(time=refs.index(cursor.ref) + 1)

    def rules(self, item: Item) -> RequestRules:
        """What does not count in the responses to a request."""
        found = self._rules.get(id(item.source))
        if found is None:
            found = self._rules[id(item.source)] = rules_for(item, self._named, [self.folder.rules, self.given])
        return found

    def _named(self, name: str) -> set[int]:
        if name not in self._names:
            self._names[name] = requests_named(self.collection, name)
        return self._names[name]

    def forget_rules(self) -> None:
        """Read the rules again: there are new ones."""
        self._rules.clear()

    def keep(self, key: Key, answer: JsonObject, judged: Judged) -> None:
        """Put an answer aside; an earlier one of the same key is forgotten."""
        number = self.heap.put(dump_json(answer, _ONE_LINE).encode())
        place = judged.place
        self.kept[key] = Kept(number, self.masking.version, place.cursor.ref, place.item)

    def answer(self, kept: Kept) -> JsonObject:
        """An answer that was put aside, masked again if secrets became known since."""
        answer = parse_json(self.heap.get(kept.number).decode())
        assert isinstance(answer, dict)
        return answer if kept.version == self.masking.version else self.masking.object(answer)

    def unused(self) -> Iterator[Key]:
        """The snapshots that a whole run did not meet, though it ran their requests or these are gone."""
        there = set(self._requests.values())
        for key in self.folder.files:
            if key not in self.used and (key.request in self.judged or key.request not in there):
                yield key

    def expected(self, key: Key) -> JsonObject | PostrunnerError | None:
        """The snapshot, None without one, or why it cannot be read."""
        try:
            return self.folder.document(key)
        except PostrunnerError as error:
            return error
