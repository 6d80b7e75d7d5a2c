r"""A command line of Windows as its words: first as cmd.exe reads it (`^`), then as the C library splits it (`\"`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.foreign.curl.shells.command import Command, Word
from runner.foreign.curl.shells.variables import ShellVariables

_VARIABLE = re.compile(r"%([A-Za-z_]\w*)%")
_BACKSLASHES = re.compile(r"\\+")
_SET = re.compile(r"(?i)@?set\s+\"?([A-Za-z_]\w*)=([^\"]*)\"?\s*\Z")


def is_of_cmd(text: str) -> bool:
    """Whether a text is quoted for cmd.exe: a line ends with a caret, or one stands before a quote."""
    return re.search(r"[ \"]\^[ \t]*(?:\r?\n|\Z)|\^\"|^(?:[A-Z]:\\[^>\n]*>|@echo )", text, re.MULTILINE) is not None


def commands_of(text: str, variables: ShellVariables) -> Iterator[Command]:
    """The commands of a batch file."""
    for line, command in _lines(text):
        setting = _SET.match(command.strip())
        if setting:
            variables.assign(setting[1], setting[2])
            continue
        named = _VARIABLE.sub(lambda found: variables.reference(found[1]), command)
        words = [Word(word, line) for word in _split(named.strip().removeprefix("@"))]
        if words:
            yield Command(words)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of commands, with the numbers of their lines; carets are resolved outside of quotes."""
    made: list[str] = []
    quoted = False
    line = first = 1
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == "\n":
            yield first, "".join(made)
            line += 1
            made, quoted, first = [], False, line
        elif char == "^" and not quoted:
            following = text[at : at + 1]
            at += 1
            if following == "\n":  # the line goes on, and its first character stands for itself
                line += 1
                following = text[at : at + 1]
                at += 1
                line += following == "\n"
            made.append(following)
        elif char in "&|" and not quoted:
            yield first, "".join(made)
            made, first = [], line
        elif char in "<>" and not quoted:
            at += len(re.match(r">?[ \t]*[^ \t\n&|]*", text[at:])[0])  # type: ignore[index]  # it matches nothing, too
        else:
            quoted ^= char == '"'
            made.append(char)
    yield first, "".join(made)


def _split(line: str) -> Iterator[str]:
    """The arguments of a program (Microsoft: "Parsing C command-line arguments")."""
    made: list[str] = []
    quoted = begun = False
    at = 0
    while at < len(line):
        char = line[at]
        slashes = _BACKSLASHES.match(line, at)
        if slashes:
            before_quote, count = line.startswith('"', slashes.end()), len(slashes[0])
            escaped = before_quote and count % 2 == 1
            made.append("\\" * (count // 2 if before_quote else count) + ('"' if escaped else ""))
            at, begun = slashes.end() + escaped, True
            continue
        at += 1
        if char == '"':
            if quoted and line[at : at + 1] == '"':
                made.append('"')
                at += 1
            else:
                quoted = not quoted
            begun = True
        elif char in " \t" and not quoted:
            if begun:
                yield "".join(made)
            made, begun = [], False
        else:
            made.append(char)
            begun = True
    if begun:
        yield "".join(made)
