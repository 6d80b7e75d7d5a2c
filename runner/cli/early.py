"""The script child, started before the command line is even read: V8 gets ready while Python imports the rest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runner.sandbox.child import Child

NEVER = {"--dry-run", "--help", "--list", "--list=json", "--list=text", "-h"}


class EarlyChild:
    """The child process of one command line, until a run takes it over."""

    def __init__(self) -> None:
        self._child: Child | None = None

    def guess(self, arguments: Sequence[str]) -> None:
        """Start the child if `run` is called with a file that holds scripts; `take` knows for sure."""
        if arguments[:1] != ["run"] or NEVER & set(arguments):
            return
        if any(word.startswith("--jobs") for word in arguments):  # script worlds of parallel runs share a child
            return
        for word in arguments[1:]:
            named = not word.startswith("-") and (word.endswith(".json") or os.path.isdir(word))
            if named and self.start(word):
                return

    def start(self, collection: str) -> bool:
        """Start the child for a collection file; False if it holds no script, or nothing can be started."""
        from runner.formats.sniff import holds_scripts

        if not holds_scripts(collection):
            return False
        from runner.errors import SandboxError
        from runner.sandbox.child import Child

        with suppress(SandboxError):  # the script that needs it fails with it
            self._child = Child()
        return self._child is not None

    def prepare(self, collection: str) -> None:
        """Start the child for the next run, unless one is already waiting."""
        if self._child is None:
            self.start(collection)

    def take(self, collection: str) -> Child | None:
        """The child that was started, or a new one if this collection needs it."""
        self.prepare(collection)
        child, self._child = self._child, None
        return child

    def close(self) -> None:
        """End a child that nobody took."""
        if self._child is not None:
            self._child.close()
            self._child = None
