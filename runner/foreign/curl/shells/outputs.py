"""What simple commands print: those whose output is known without running anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from runner.foreign.curl.shells.command import Command
from runner.foreign.curl.shells.escapes import ansi_c

_CONVERSION = re.compile(r"%[%s]")
MOST = 1000
"""Lines of the longest sequence."""


def output_of(command: Command, content: Callable[[str], str | None]) -> str | None:
    """What a command prints; None if it is not known. `content` reads a file."""
    name, *words = (word.text for word in command.words)
    if name == "echo":
        return _echo(words)
    if name == "printf" and words:
        return _printf(words[0], words[1:])
    if name == "cat":
        read = [content(word) for word in words] if words else [command.stdin]
        known = [one for one in read if one is not None]
        return "".join(known) if len(known) == len(read) else None
    if name == "seq":
        return _seq(words)
    return None


def _echo(words: list[str]) -> str | None:
    """Only with escapes that mean the same in `$'…'`."""
    options = words[0] if words and re.fullmatch("-[neE]+", words[0]) else ""
    text = " ".join(words[1:] if options else words)
    if "e" in options and re.search(r"\\[0c'\"]", text):
        return None
    return (ansi_c(text) if "e" in options else text) + ("" if "n" in options else "\n")


def _printf(form: str, values: Sequence[str]) -> str | None:
    """Only with `%s` and `%%`, for as many values as the form has."""
    parts = _CONVERSION.split(form)
    marks = _CONVERSION.findall(form)
    if any("%" in part or "\\c" in part for part in parts) or marks.count("%s") != len(values):
        return None
    left = iter(values)
    made = [ansi_c(part) + ("%" if mark == "%%" else next(left)) for part, mark in zip(parts, marks, strict=False)]
    return "".join(made) + ansi_c(parts[-1])


def _seq(words: Sequence[str]) -> str | None:
    if not 1 <= len(words) <= 3 or not all(re.fullmatch(r"-?\d{1,9}", word) for word in words):
        return None
    numbers = [int(word) for word in words]
    first, step, last = {1: [1, 1, *numbers], 2: [numbers[0], 1, numbers[-1]], 3: numbers}[len(numbers)]
    if step == 0:
        return None
    values = range(first, last + (1 if step > 0 else -1), step)
    return "".join(f"{value}\n" for value in values) if len(values) <= MOST else None
