"""What a command line reads on this machine: the files that it names, and standard input."""

from __future__ import annotations

import os

from runner.errors import FileUnreadable
from runner.foreign.curl.shells.variables import ShellVariables
from runner.formats.reading import read_bytes


class Local:
    """Reads files by words of a command; `missing` has the paths of those that are not there."""

    def __init__(self, variables: ShellVariables, stdin: str | None) -> None:
        self._variables = variables
        self._stdin = stdin
        self.missing: list[str] = []

    def path(self, word: str) -> str:
        """The path that a word means, as a text of the collection if a variable in it has no value here."""
        known = self._variables.known(word, environ=True)
        return self._variables.finished(word) if known is None else known

    def is_written(self, word: str) -> bool:
        """Whether the script itself writes the file."""
        return self.path(word) in self._variables.files

    def known(self, word: str) -> str:
        """A word with the values that the script gives its variables; the word itself if one has none."""
        known = self._variables.known(word)
        return word if known is None else known

    def text(self, word: str) -> str | None:
        """The content of a file, of `-` what the command gets on standard input; None if it cannot be read.

        Bytes that are not UTF-8 are half surrogates.
        """
        if word == "-":
            if self._stdin is None:
                self.missing.append("standard input")
            return self._stdin
        path = self.path(word)
        if path in self._variables.files:
            return self._variables.files[path]
        try:
            if not os.path.isfile(path):  # a pipe or a device may wait for ever
                raise FileUnreadable("is not a file", where=path)
            return read_bytes(path).decode("utf-8", "surrogateescape")
        except FileUnreadable:
            self.missing.append(path)
            return None
