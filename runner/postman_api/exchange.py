"""What a pull and a push have in common: what they tell, what comes of them, and how they end when they are interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from runner.errors import Interrupted, InvalidDocument, RemoteError
from runner.formats.postman.v2 import SCHEMA
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.postman_api.cloud import Cloud, Found
from runner.postman_api.documents.bare import bare_collection, bare_environment
from runner.postman_api.documents.shown import ShownChange
from runner.postman_api.lock import Link

Tell = Callable[[str], object]
"""Tells the user a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What came of a pull or a push: the file, what it is in Postman, what differed, and whether that was written or sent.

    `withheld` names the secrets that did not go along.
    """

    path: str
    kind: str
    uid: str
    workspace: str
    done: bool
    changes: tuple[ShownChange, ...]
    withheld: tuple[str, ...]


def transfer(
    path: str, link: Link, changes: Iterable[ShownChange] = (), withheld: Iterable[str] = (), *, done: bool = False
) -> Transfer:
    """What came of the pull or push of a file with this link."""
    return Transfer(
        path=path,
        kind=link.kind,
        uid=link.uid,
        workspace=link.workspace,
        done=done,
        changes=tuple(changes),
        withheld=tuple(withheld),
    )


def read_bare(cloud: Cloud, found: Found) -> JsonObject:
    """What Postman has, bare."""
    return bare_of(cloud.read(found), found.kind)


def bare_of(document: JsonObject, kind: str) -> JsonObject:
    """A document of the API, bare."""
    if kind == "collection":
        made = bare_collection(document)
        made["info"]["schema"] = SCHEMA
        return made
    return bare_environment(document)


class Progress:
    """How far a push is: `state` says what Postman has if it is interrupted now."""

    def __init__(self, state: str) -> None:
        self.state = state


@contextmanager
def interruptible(state: str) -> Iterator[Progress]:
    """Within the block a signal, and once the state has changed also a failing API, end in a message that tells the state.

    Raises `Interrupted`, `RemoteError`, and `InvalidDocument` for values that are nested too deeply.
    """
    progress = Progress(state)
    try:
        yield progress
    except KeyboardInterrupt as interrupt:
        message = f"interrupted: {progress.state}"
        raise Interrupted(message, exit_code=getattr(interrupt, "exit_code", 130)) from None
    except RemoteError as error:
        if progress.state != state and not 400 <= error.status < 500 and not error.hint:
            error.hint = progress.state
        raise
    except RecursionError:
        raise InvalidDocument("values are nested too deeply", hint=progress.state) from None
