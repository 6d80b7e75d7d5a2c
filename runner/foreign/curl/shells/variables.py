"""Shell variables in words, kept apart from the text around them until it is known what a word is for."""

from __future__ import annotations

import os
import re

from runner.model.json import JsonObject

_OPEN, _MARK, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"  # no characters, so no text has them
_REFERENCE = re.compile(f"{_OPEN}([^{_OPEN}{_MARK}]*+){_MARK}(\\d*){_CLOSE}")

LARGEST = 100_000
"""Characters of the largest value, with the values that it refers to: each line of a script could double it."""

OF_THE_MACHINE = frozenset({"HOME", "USER", "LOGNAME", "PWD", "HOSTNAME"})
"""Variables of every shell: their values are taken at once, because no run would know them."""


class ShellVariables:
    """The variables of a script: a word has references to them, which become `{{NAME}}`, or values where those are needed.

    `arrays` are those of the script, and `files` what it writes, as far as that is known.
    One that the script gives a single value becomes a variable of the collection. One with several values is replaced by
    the value that it had. One without a value must come from the run.
    """

    def __init__(self) -> None:
        self._values: dict[str, list[str]] = {}
        self._sizes: dict[str, list[int]] = {}
        self._used: set[str] = set()
        self._defaults: set[str] = set()
        self.arrays: dict[str, list[str]] = {}
        self.files: dict[str, str] = {}

    def assign(self, name: str, value: str) -> None:
        """Give a variable a value, for what follows in the script; one that only names itself, or is huge, is none."""
        size = len(value) + sum(self._sizes[one[1]][int(one[2]) - 1] for one in _REFERENCE.finditer(value) if one[2] > "0")
        if size > LARGEST or value == f"{_OPEN}{name}{_MARK}0{_CLOSE}":
            return
        values = self._values.setdefault(name, [])
        if not values or values[-1] != value:
            values.append(value)
            self._sizes.setdefault(name, []).append(size)
        self._defaults.discard(name)

    def give_default(self, name: str, value: str) -> None:
        """Give a variable without a value one for its next reference."""
        self.assign(name, value)
        self._defaults.add(name)

    def reference(self, name: str) -> str:
        """What stands for `$NAME` in a word."""
        values = self._values.get(name)
        if values is None and name in OF_THE_MACHINE and name in os.environ:
            return os.environ[name]
        return f"{_OPEN}{name}{_MARK}{len(values or ())}{_CLOSE}"

    def is_assigned(self, name: str) -> bool:
        """Whether the script gave the variable a value."""
        return name in self._values and name not in self._defaults

    def finished(self, text: str) -> str:
        """A word as a text of a collection."""

        def place(found: re.Match[str]) -> str:
            name, values = found[1], self._values.get(found[1], [])
            if len(values) > 1 and found[2] != "0":
                return self.finished(values[int(found[2]) - 1])
            self._used.add(name)
            for value in values:
                self.finished(value)  # which may refer to others
            return f"{{{{{name}}}}}"

        return _REFERENCE.sub(place, text)

    def known(self, text: str, environ: bool = False) -> str | None:
        """A word with the values of its variables, None if one is unknown; with `environ` also those of this process."""
        missing = False

        def place(found: re.Match[str]) -> str:
            nonlocal missing
            values = self._values.get(found[1], [])
            if found[2] not in ("", "0"):
                inner = self.known(values[int(found[2]) - 1], environ)
                if inner is not None:
                    return inner
            elif environ and found[1] in os.environ:
                return os.environ[found[1]]
            missing = True
            return ""

        plain = _REFERENCE.sub(place, text)
        return None if missing else plain

    def documents(self) -> list[JsonObject]:
        """The variables of the collection: those that a finished text names, with their only values."""
        found = ((name, values) for name, values in self._values.items() if name in self._used and len(values) == 1)
        return [{"key": name, "value": self.finished(values[0]), "type": "string"} for name, values in found]

    def unset(self) -> set[str]:
        """The names in finished texts that the script gives no value."""
        return {name for name in self._used if name not in self._values}


def without_references(text: str, sign: str = "v") -> str:
    """A word with a sign in place of each reference."""
    return _REFERENCE.sub(sign, text)


def has_reference(text: str) -> bool:
    """Whether a word refers to a variable."""
    return _OPEN in text


def is_reference_at(text: str, at: int) -> int:
    """The end of the reference that begins at this place; 0 if none does."""
    found = _REFERENCE.match(text, at)
    return found.end() if found else 0


def literal_index(text: str, mark: str) -> int:
    """Where a character stands outside of references; -1 without one."""
    masked = _REFERENCE.sub(lambda found: "\0" * len(found[0]), text)
    return masked.find(mark)


def first_name(text: str) -> str:
    """The name of the first variable in a word."""
    found = _REFERENCE.search(text)
    return found[1] if found else ""
