"""What is wrong with the files of a folder: all of it in one message, so that nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Sequence

from runner.errors import InvalidCollection
from runner.model.quick_dataclass import dataclass

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file cannot be used: `rule` is the id that Postman's own lint has for it, empty if it says nothing.

    `path` is that of the file below the root; line and column count from 1, and are 0 where the whole file is meant.
    """

    path: str
    reason: str
    rule: str = ""
    line: int = 0
    column: int = 0
    keys: tuple[str | int, ...] = ()

    @property
    def pointer(self) -> str:
        """The keys as Postman writes them: `/headers/0/value`."""
        return "".join([f"/{key}" for key in self.keys])

    @property
    def place(self) -> str:
        """The file with line and column."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path

    @property
    def said(self) -> str:
        """The whole of it in one line."""
        return f"{self.place}: {self.reason}{f' (path: {self.pointer})' if self.keys else ''}"


def refused(problems: Sequence[Problem], root: str) -> InvalidCollection:
    """The error that names every problem; `root` is the folder, or the file that was named."""
    problems = sorted(problems, key=lambda one: (one.path, one.line, one.column))
    if len(problems) == 1:
        return InvalidCollection(f"a file of this collection cannot be used: {problems[0].said}", where=root)
    files = len({one.path for one in problems})
    count = f"{files} files" if files > 1 else "a file"
    shown = [f"\n  {one.said}" for one in problems[:MOST_SHOWN]]
    if len(problems) > MOST_SHOWN:
        shown.append(f"\n  and {len(problems) - MOST_SHOWN} more")
    return InvalidCollection(f"{count} of this collection cannot be used:{''.join(shown)}", where=root)
