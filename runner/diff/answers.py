"""One side of a comparison: what came back for each request of a run, kept in temporary files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import NamedTuple

from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.results.spool import MaskedHeap, MaskedSpool
from runner.secrets import Secrets

Path = tuple[str, ...]


class Key(NamedTuple):
    """What identifies an execution on both sides; several of one key are told apart by their order.

    `collection` is its number in the call, `stage` is `setup` or `teardown` or empty, `path` ends with the request's name.
    """

    collection: int
    stage: str
    path: Path
    iteration: int


class Test(NamedTuple):
    """A test of an execution: `outcome` is `passed`, `failed` or `skipped`."""

    name: str
    outcome: str
    message: str


@dataclass(slots=True, kw_only=True)
class Answer:
    """What came of one execution.

    `status` is None without a response: then `error` says why, or `skipped`. `header` and `body` are None if the source
    does not have them. `time` is in milliseconds.
    """

    key: Key
    id: str = ""
    status: int | None = None
    reason: str = ""
    header: Sequence[tuple[str, str]] | None = None
    body: bytes | None = None
    time: float | None = None
    error: str = ""
    skipped: str | None = None
    tests: Sequence[Test] = ()

    @property
    def said(self) -> str:
        """The status as a person reads it."""
        if self.status is not None:
            return f"{self.status} {self.reason}".strip()
        if self.skipped is not None:
            return "skipped"
        return f"no response: {self.error}" if self.error else "no response"


class Named(NamedTuple):
    """A collection that ran: its name and its id, which may be empty."""

    name: str
    id: str


class Side:
    """The answers of one run, in their order. What is added is masked already, and is masked again when it is read.

    `label` says what it is; `error` why the run did not come to its end, if so; `notes` are warnings of it.
    """

    def __init__(self, label: str, secrets: Secrets, stack: ExitStack) -> None:
        self.label = label
        self.collections: list[Named] = []
        self.environment = ""
        self.error = ""
        self.notes: list[str] = []
        self.keys: list[Key] = []
        self.ids: list[str] = []
        self._spool, self._bodies = MaskedSpool(secrets), MaskedHeap(secrets)
        stack.callback(self._spool.close)
        stack.callback(self._bodies.close)

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, answer: Answer) -> None:
        """Keep an answer."""
        body = -1 if answer.body is None else self._bodies.put(answer.body)
        kept: JsonObject = {
            "status": answer.status,
            "reason": answer.reason,
            "header": None if answer.header is None else [[*pair] for pair in answer.header],
            "body": body,
            "time": answer.time,
            "error": answer.error,
            "skipped": answer.skipped,
            "tests": [[*test] for test in answer.tests],
        }
        self._spool.add(kept)
        self.keys.append(answer.key)
        self.ids.append(answer.id)

    def read(self, number: int) -> Answer:
        """The answer of this number, from 0."""
        kept = self._spool.read(number)
        header = kept["header"]
        return Answer(
            key=self.keys[number],
            id=self.ids[number],
            status=kept["status"],
            reason=kept["reason"],
            header=None if header is None else [(name, value) for name, value in header],
            body=None if kept["body"] < 0 else self._bodies.get(kept["body"]),
            time=kept["time"],
            error=kept["error"],
            skipped=kept["skipped"],
            tests=[Test(*test) for test in kept["tests"]],
        )
