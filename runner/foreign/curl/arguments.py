"""The words behind `curl` as its operations: each has its own options and URLs, and `--next` begins another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field

from runner.foreign.curl.options import ALWAYS_ON, INVERTED, LETTERS, NOTHING, Option, find
from runner.foreign.curl.shells.command import Word
from runner.model.quick_dataclass import dataclass


class Refused(Exception):
    """curl refuses the command line, or one of its URLs, or Postman has nothing like it; the message says why."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One option as it was given, with its value and whether it is switched on; a bare word is the option `url`."""

    option: Option
    value: str = ""
    on: bool = True
    line: int = 0


@dataclass(slots=True)
class Operation:
    """The arguments between two `--next`, in order."""

    arguments: list[Argument] = field(default_factory=list)

    def values(self, *names: str) -> list[str]:
        """All values of these options, in order."""
        return [one.value for one in self.arguments if one.option.name in names]

    def value(self, *names: str) -> str | None:
        """The last value of these options; None without one."""
        found = self.values(*names)
        return found[-1] if found else None

    def is_on(self, *names: str) -> bool:
        """Whether the last of these switches is on."""
        found = [one.on for one in self.arguments if one.option.name in names]
        return bool(found) and found[-1]

    def unsupported(self) -> Iterator[tuple[str, int]]:
        """What neither a request nor its settings can hold, each with its line."""
        for one in self.arguments:
            if not one.option.instead or not one.on:
                continue
            instead = "" if one.option.instead == NOTHING else f": give the run {one.option.instead}"
            yield f"--{one.option.name} is not kept{instead}", one.line


def operations(words: Sequence[Word]) -> list[Operation]:
    """The operations of a command line; raises `Refused`."""
    made = [Operation()]
    rest = list(words)
    options_end = False
    while rest:
        word = rest.pop(0)
        text = word.text
        if options_end or not text.startswith("-") or text == "-":
            made[-1].arguments.append(Argument(_named("url"), text, line=word.line))
        elif text == "--":
            options_end = True
        elif text.startswith("--"):
            _long(text[2:], word.line, rest, made)
        else:
            _short(text[1:], word.line, rest, made)
    return made


def _named(name: str) -> Option:
    found = find(name)
    assert found is not None
    return found


def _long(name: str, line: int, rest: list[Word], made: list[Operation]) -> None:
    expands = name.startswith("expand-")
    option = find(name.removeprefix("expand-"))
    on = True
    if option is None and name.startswith("no-"):
        option, on = find(name[3:]), False
        if option is not None and (option.takes_value or option.name in ALWAYS_ON):
            option = None
    if option is None:
        raise Refused(f"curl has no option --{name}")
    value = _next(option, f"--{name}", rest) if option.takes_value else ""
    _add(option, _filled_in(value, made) if expands else value, on, line, made)


def _short(letters: str, line: int, rest: list[Word], made: list[Operation]) -> None:
    while letters:
        option = LETTERS.get(letters[0])
        if option is None:
            raise Refused(f"curl has no option -{letters[0]}")
        letters = letters[1:]
        value = ""
        if option.takes_value:
            value = letters or _next(option, f"-{option.letter}", rest)
            letters = ""
        _add(option, value, option.name not in INVERTED, line, made)


def _next(option: Option, shown: str, rest: list[Word]) -> str:
    if not rest:
        raise Refused(f"{shown} needs a value")
    return rest.pop(0).text


def _add(option: Option, value: str, on: bool, line: int, made: list[Operation]) -> None:
    if option.name == "next":
        if made[-1].values("url"):  # else it begins nothing
            made.append(Operation())
    elif option.name == "config":
        made[-1].arguments.append(Argument(Option("config", instead=NOTHING), value, line=line))
    else:
        made[-1].arguments.append(Argument(option, value, on, line))


def _filled_in(value: str, made: list[Operation]) -> str:
    """A value of `--expand-…` with the variables of `--variable` in it; one without a known value stays."""
    known = dict(text.split("=", 1) for one in made for text in one.values("variable") if "=" in text)
    return re.sub(r"\{\{(\w+)\}\}", lambda found: known.get(found[1], found[0]), value)
