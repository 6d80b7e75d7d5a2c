"""One failure, in the words of Newman's report."""

from __future__ import annotations

from runner.errors import PostrunnerError
from runner.events import Cursor, ScriptError
from runner.model.collection import Collection, Folder, Item
from runner.model.quick_dataclass import dataclass
from runner.results.evidence import SentRequest

DIFFERS = "SnapshotError"
"""The name of the error of a response that is not as its snapshot: lines of its message begin with `-` and `+`."""

LONGEST = 500
"""The most characters of a message that `str()` shows: some messages contain a whole response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failed assertion, script, request or preparation: what failed (`name`, `message`), where, and of which item.

    What ended the whole run is a failure of the `kind` `run`: of the item that was running, else of the collection.
    `number` counts from 1 in the order of the failures, `at` is Newman's text for the place in the item, `path`
    has the names of the folders around the item, `sent_by` is the `source` of a failed request, `requests` are those that
    the failure is about, `timestamp` is milliseconds since the epoch.
    """

    number: int
    kind: str
    name: str
    message: str
    at: str
    item: Item | Collection
    path: tuple[str, ...]
    cursor: Cursor
    parent: Folder | Collection | None = None
    test: str | None = None
    index: int | None = None
    script_id: str = ""
    sent_by: str = "item"
    requests: tuple[SentRequest, ...] = ()
    code: str = ""
    hint: str = ""
    stack: str = ""
    timestamp: int = 0
    id: str = ""
    collection: Collection | None = None

    def __str__(self) -> str:
        where = " / ".join([*self.path, self.item.name])
        found = f"{where}: {self.test}: {self.message}" if self.test else f"{where}: {self.name}: {self.message}"
        return found if len(found) <= LONGEST else f"{found[:LONGEST]}…"

    def __repr__(self) -> str:
        return f"<Failure {self.number}: {self}>"

    @property
    def checksum(self) -> str:
        """The same text for the same failure of the same item in every run; reporters group by it."""
        return checksum(self.name, self.message, self.at, self.item)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlakyItem:
    """An item that passed only in a later attempt: the one of `cursor`; `reasons` say why each earlier attempt failed."""

    item: Item
    path: tuple[str, ...]
    cursor: Cursor
    reasons: tuple[str, ...]
    collection: Collection | None = None

    @property
    def said(self) -> str:
        """A short description."""
        reasons = "; ".join(dict.fromkeys(self.reasons))
        return f"passed at attempt {self.cursor.attempt + 1} of {self.cursor.attempts} (before: {reasons})"


def checksum(name: str, message: str, at: str, item: Item | Collection) -> str:
    """A hash that identifies one way in which one item fails."""
    import hashlib

    text = "\n".join((name, message, at, item.id, item.name))
    return hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def script_place(listen: str, error: ScriptError) -> str:
    """Newman's `at` of a script error: `test-script:LINE:COLUMN`, without what is not known."""
    places = [str(number) for number in (error.line, error.column) if number is not None] if error.line is not None else []
    return ":".join([f"{listen}-script", *places])


def error_name(error: ScriptError | PostrunnerError) -> str:
    """The name of an error as reports show it: JavaScript's own, or Node's `Error` for a failed request."""
    return getattr(error, "name", "") or type(error).__name__
