"""The script child, started before the command line is even read: V8 gets ready while Python imports the rest."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runner.sandbox.child import Child

NEVER = {"--dry-run", "--help", "-h"}

_started: list[Child] = []


def start_early(arguments: Sequence[str]) -> None:
    """Start the child when `run` is called with a file that holds scripts; only a guess, `take_child` tells for sure."""
    if arguments[:1] != ["run"] or NEVER & set(arguments):
        return
    for word in arguments[1:]:
        if word.endswith(".json") and not word.startswith("-") and start_child(word):
            return


def start_child(collection: str) -> bool:
    """Start the child for a collection file; False when it holds no script, and when nothing can be started."""
    from runner.formats.sniff import holds_scripts

    if not holds_scripts(collection):
        return False
    from runner.errors import SandboxError
    from runner.sandbox.child import Child

    with suppress(SandboxError):  # the script that needs it fails with it
        _started.append(Child())
    return bool(_started)


def take_child(collection: str) -> Child | None:
    """The child that was started, or one that is started now, when this collection needs one."""
    if not _started:
        start_child(collection)
    return _started.pop() if _started else None


def end_children() -> None:
    """End a child that nobody took."""
    while _started:
        _started.pop().close()
