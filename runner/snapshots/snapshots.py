"""The judge that compares each response with its snapshot, and what is written when the run is over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from runner.engine.ports import Judged
from runner.errors import ExportError, LoadError, PostrunnerError
from runner.events import Assertion, AssertionChecked, ScriptError
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.results.execution import Execution
from runner.results.failure import DIFFERS
from runner.results.snapshots import SnapshotCounts
from runner.snapshots.answers import Masking, answer_of
from runner.snapshots.comparing import compare, told
from runner.snapshots.documents import document_of
from runner.snapshots.keys import Key
from runner.snapshots.shelf import Shelf

LISTEN = "snapshot"
"""What stands in reports in the place of the kind of a script."""

MISSING = "there is no snapshot of this response (--snapshot update writes it)"

Mode = Literal["new", "check", "update", "review", "learn"]
"""`new` writes what is missing, `update` also what differs; `check` writes nothing, `learn` does not even compare."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A response that is to be reviewed, and the assertion that it is if nobody accepts it."""

    shelf: Shelf
    key: Key
    event: AssertionChecked
    missing: bool


class Snapshots:
    """Compares the responses of a run; several runs may ask at once."""

    def __init__(self, mode: Mode, shelves: Sequence[Shelf], masking: Masking) -> None:
        self.mode: Mode = mode
        self.shelves = shelves
        self.counts = SnapshotCounts()
        self.pending: dict[tuple[int, Key], Pending] = {}
        self._masking = masking
        self._of = {id(shelf.collection): shelf for shelf in shelves}
        self._lock = threading.Lock()
        self._told: dict[str, str] = {}

    def judge(self, judged: Judged) -> list[Assertion]:
        """One assertion about the response; none if nothing of it counts."""
        shelf, item = self._of[id(judged.collection)], judged.place.item
        with self._lock:
            rules = shelf.rules(item)
            key = shelf.key(judged)
            shelf.judged.add(key.request)
            if rules.whole:
                return []
            shelf.used.add(key)
            name = f"snapshot: {shelf.folder.name(key)}"
            if judged.exchange.response.cut_off:
                shelf.kept.pop(key, None)
                return [self._failed(judged, name, "different", "the response broke off: it is not compared")]
            answer = answer_of(judged.exchange.response, self._masking)
            if self.mode == "learn":
                shelf.keep(key, answer, judged)
                return []
            expected = shelf.expected(key)
            if isinstance(expected, PostrunnerError):
                return [self._failed(judged, name, "different", f"{expected.where}: {expected.message}")]
            shelf.kept.pop(key, None)
            if expected is None:
                message = MISSING
            elif found := compare(expected, document_of(answer, rules), rules):
                message = told(found)
            else:
                self._told[judged.place.cursor.ref] = "matched"
                return [Assertion(name=name, index=0, passed=True)]
            return [self._not_the_same(shelf, key, judged, answer, name, message, missing=expected is None)]

    def _not_the_same(
        self, shelf: Shelf, key: Key, judged: Judged, answer: JsonObject, name: str, message: str, *, missing: bool
    ) -> Assertion:
        kind = "missing" if missing else "different"
        if self.mode == "check" or (self.mode == "new" and not missing):
            return self._failed(judged, name, kind, message)
        shelf.keep(key, answer, judged)
        if self.mode != "review":
            self._told.pop(judged.place.cursor.ref, None)
            return Assertion(name=name, index=0, passed=True)
        assertion = Assertion(name=f"{name}: to be reviewed", index=0, passed=True, skipped=True)
        failed = Assertion(name=name, index=0, passed=False, error=ScriptError(name=DIFFERS, message=message))
        place = judged.place
        event = AssertionChecked(
            cursor=place.cursor, item=place.item, path=place.path, listen=LISTEN, script_id="", assertion=failed
        )
        self.pending[id(shelf), key] = Pending(shelf, key, event, missing)
        return assertion

    def _failed(self, judged: Judged, name: str, kind: str, message: str) -> Assertion:
        self._told[judged.place.cursor.ref] = kind
        return Assertion(name=name, index=0, passed=False, error=ScriptError(name=DIFFERS, message=message))

    def keep(self, execution: Execution) -> None:
        """Forget the answer of an execution that failed or never ended: such a response becomes no snapshot."""
        if execution.finished and not execution.failed:
            return
        ref = execution.cursor.ref
        if execution.own is None or execution.own.exchange is None:  # what an earlier attempt got does not count
            self._told.pop(ref, None)
        for shelf in self.shelves:
            for key in [key for key, kept in shelf.kept.items() if kept.ref == ref]:
                del shelf.kept[key]
                self.pending.pop((id(shelf), key), None)
                if execution.finished:
                    self.counts.left_out.append(shelf.folder.place(shelf.folder.name(key)))

    def keep_before(self, others: Callable[[Execution], object] | None) -> Callable[[Execution], object]:
        """A function that takes an execution for the snapshots and then for somebody else, who may be nobody."""

        def keep(execution: Execution) -> None:
            self.keep(execution)
            if others is not None:
                others(execution)

        return keep

    def tell(self, ref: str, kind: str) -> None:
        """Say what came of an execution: it `matched`, is `different` or `missing`."""
        self._told[ref] = kind

    def close(self) -> None:
        """Let go of the answers that were put aside."""
        for shelf in self.shelves:
            shelf.heap.close()

    def count(self) -> None:
        """Count what the last attempts at each request came to."""
        kinds = list(self._told.values())
        self.counts.matched, self.counts.different = kinds.count("matched"), kinds.count("different")
        self.counts.missing = kinds.count("missing")

    def look_for_unused(self) -> None:
        """Note the snapshots that a run of the whole collections did not meet."""
        for shelf in self.shelves:
            self.counts.unused += [shelf.folder.place(shelf.folder.files[key]) for key in shelf.unused()]

    def write(self, *, prune: bool) -> list[PostrunnerError]:
        """Write what is new or updated, and remove unused ones if asked to; gives what went wrong."""
        problems: list[PostrunnerError] = []
        for shelf in self.shelves:
            gone = list(shelf.unused()) if prune else []
            before = dict(shelf.folder.files)
            try:
                documents = {key: self.document(shelf, key) for key in shelf.kept}
                if documents or gone:
                    shelf.folder.write(documents, gone)
            except (ExportError, LoadError) as error:
                problems.append(ExportError(f"snapshots were not written: {error.message}", where=error.where))
                continue
            self._note(shelf, before, documents, gone)
        return problems

    def _note(self, shelf: Shelf, before: dict[Key, str], documents: Iterable[Key], gone: Iterable[Key]) -> None:
        place = shelf.folder.place
        for key in documents:
            (self.counts.updated if key in before else self.counts.new).append(place(shelf.folder.name(key)))
        removed = [place(before[key]) for key in gone]
        self.counts.removed += removed
        self.counts.unused = [path for path in self.counts.unused if path not in removed]

    def document(self, shelf: Shelf, key: Key) -> JsonObject:
        """The document of an answer that was put aside."""
        kept = shelf.kept[key]
        return document_of(shelf.answer(kept), shelf.rules(kept.item))
