"""A command of a script: its words, and what is written around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runner.model.quick_dataclass import dataclass

_CURL = re.compile(r"(?:.*[/\\])?curl(?:\.exe)?\Z", re.IGNORECASE)
BEFORE = frozenset(
    ["sudo", "time", "env", "command", "exec", "nohup", "do", "then", "else", "if", "while", "until", "!", "{"]
)
"""Words that a command may follow."""
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with the line that it begins in."""

    text: str
    line: int


@dataclass(slots=True)
class Command:
    """The words of a command, the comment above it, and what it gets on standard input (None: nothing that is known).

    `writes` is the file that its output goes into, `capture` the variable that it is put into, and `filter` the jq filter
    that it goes through first.
    """

    words: list[Word]
    comment: str = ""
    stdin: str | None = None
    writes: str = ""
    capture: str = ""
    filter: str = ""

    @property
    def line(self) -> int:
        """The line that the command begins in."""
        return self.words[0].line if self.words else 0

    @property
    def plain(self) -> Sequence[Word]:
        """The words without those that a command may follow."""
        words = self.words
        while words and (words[0].text in BEFORE or _ASSIGNMENT.match(words[0].text)):
            words = words[1:]
        return words

    @property
    def curl(self) -> Sequence[Word] | None:
        """The words behind `curl`; None for another command."""
        words = self.plain
        return words[1:] if words and _CURL.match(words[0].text) else None
