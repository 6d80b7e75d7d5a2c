"""The words of a shell script: quotes, and what begins with a dollar sign (Bash manual, "Quoting", "Shell Expansions")."""

from __future__ import annotations

import os
import re
from typing import Self

from runner.errors import InvalidDocument
from runner.foreign.curl.shells.braces import MASKED
from runner.foreign.curl.shells.escapes import ansi_c
from runner.foreign.curl.shells.here_documents import HERE, here_document
from runner.foreign.curl.shells.parameters import changed
from runner.foreign.curl.shells.variables import ShellVariables
from runner.foreign.imported import Note

NAME = re.compile(r"[A-Za-z_]\w*")
_SPECIAL = re.compile(r"[0-9@*#?$!-]")
_END = " \t\n;&|()<>"


class Words:
    """Reads the words of a text, one after the other, from a place that moves on."""

    def __init__(self, text: str, path: str, variables: ShellVariables | None = None, first_line: int = 1) -> None:
        self._text, self._path, self._at, self._first = text, path, 0, first_line
        self.variables = variables or ShellVariables()
        self.notes: list[Note] = []

    def _substitution(self, inside: str) -> str:
        """What stands for `$(…)` in a word."""
        raise NotImplementedError

    def _inner(self, text: str) -> Self:
        """A reader of a text within this one."""
        return type(self)(text, self._path, self.variables, self._line)

    def _word(self) -> str:
        """The next word."""
        return "".join(self._parts())

    def _parts(self) -> list[str]:
        """The parts of the next word; quoted characters that have a meaning in brace expansions are masked."""
        parts: list[str] = []
        start = self._at
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in _END:
                break
            self._at += 1
            if char == "\\":
                following = self._text[self._at : self._at + 1]
                self._at += 1
                parts.append("" if following == "\n" else following.translate(MASKED))
            elif char == "'":
                parts.append(self._up_to("'").translate(MASKED))
            elif char == '"':
                parts.append(self._quoted('"').translate(MASKED))
            elif char == "$":
                parts.append(self._dollar(quoted=False).translate(MASKED))
            elif char == "`":
                parts.append(self._substitution(self._backticks()).translate(MASKED))
            elif char == "~" and self._at == start + 1 and self._text[self._at : self._at + 1] in ("/", "", *_END):
                parts.append(os.path.expanduser("~"))
            else:
                parts.append(char)
        return parts

    @property
    def _line(self) -> int:
        return self._first + self._text.count("\n", 0, self._at)

    def _up_to(self, mark: str) -> str:
        """The text up to a closing mark, which is passed over."""
        end = self._text.find(mark, self._at)
        if end < 0:
            raise InvalidDocument(f"the quote {mark} is never closed", where=f"{self._path}:{self._line}".lstrip(":"))
        found = self._text[self._at : end]
        self._at = end + 1
        return found

    def _quoted(self, end: str) -> str:
        """A text in which `$`, a backtick and a backslash have a meaning, up to its closing quote, or its end."""
        parts: list[str] = []
        line = self._line
        while self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
            if char == end:
                return "".join(parts)
            if char == "\\":
                following = self._text[self._at : self._at + 1]
                self._at += 1
                if following == "\n":
                    continue
                parts.append(following if following and following in ('$`\\"' if end else "$`\\") else char + following)
            elif char == "$":
                parts.append(self._dollar(quoted=True))
            elif char == "`":
                parts.append(self._substitution(self._backticks()))
            else:
                parts.append(char)
        if end:
            raise InvalidDocument('the quote " is never closed', where=f"{self._path}:{line}".lstrip(":"))
        return "".join(parts)

    # -- behind a dollar ----------------------------------------------------------------------------------------------

    def _dollar(self, quoted: bool) -> str:
        text, at = self._text, self._at
        following = text[at : at + 1]
        if following == "'" and not quoted:
            return self._ansi_c().translate(MASKED)
        if following == '"' and not quoted:
            self._at += 1
            return self._quoted('"').translate(MASKED)
        if following == "{":
            self._at += 1
            return self._braced(self._balanced("{", "}"))
        if text.startswith("((", at):
            self._at += 1
            return self._computed(f"$({self._balanced('(', ')')})", "RESULT")
        if following == "(":
            self._at += 1
            return self._substitution(self._balanced("(", ")"))
        if name := NAME.match(text, at):
            self._at = name.end()
            return self.variables.reference(name[0])
        if _SPECIAL.match(text, at):  # those of a shell that has just begun
            self._at += 1
            return {"#": "0", "?": "0"}.get(following, "")
        return "$"

    def _ansi_c(self) -> str:
        self._at += 1
        start = self._at
        while self._text[self._at : self._at + 1] not in ("'", ""):
            self._at += 2 if self._text[self._at] == "\\" else 1
        found = self._text[start : self._at]
        self._up_to("'")
        return ansi_c(found)

    def _balanced(self, opening: str, closing: str) -> str:
        """The text up to the closing bracket of one that is open; quotes in it hide brackets."""
        start, depth = self._at, 1
        while self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
            if char == "\\":
                self._at += 1
            elif char == "'" and closing == ")":
                self._up_to("'")
            elif char == "<" and closing == ")" and (found := HERE.match(self._text, self._at - 1)):
                mark, self._at = found[2], found.end()
                end = self._text.find("\n", self._at)
                self._at = here_document(self._text, end + 1, mark, strips=bool(found[1]))[1] if end >= 0 else self._at
            elif char == opening:
                depth += 1
            elif char == closing:
                depth -= 1
                if depth == 0:
                    return self._text[start : self._at - 1]
        raise InvalidDocument(f"the bracket {opening} is never closed", where=f"{self._path}:{self._line}".lstrip(":"))

    def _braced(self, inside: str) -> str:
        """`${NAME}`, `${NAME:-default}` and its relatives; anything else that a shell computes is a variable."""
        name = NAME.match(inside)
        if inside.startswith("#") and (value := self._value(inside[1:])) is not None:
            return str(len(value))
        if name is None:
            return self._computed(f"${{{inside}}}", "VALUE") if not _SPECIAL.fullmatch(inside) else ""
        operator = re.match(r":?[-=?+]", inside[name.end() :])
        if name.end() == len(inside) or (operator and operator[0][-1] == "?"):
            return self.variables.reference(name[0])
        if operator and operator[0][-1] in "-=":
            if not self.variables.is_assigned(name[0]):
                default = self._inner(inside[name.end() + operator.end() :])
                give = self.variables.assign if operator[0][-1] == "=" else self.variables.give_default
                give(name[0], default._quoted(""))
            return self.variables.reference(name[0])
        value = self._value(name[0])
        if value is not None and operator:  # it is +
            return value and self._inner(inside[name.end() + operator.end() :])._quoted("")
        if value is not None and (made := changed(value, inside[name.end() :])) is not None:
            return made
        return self._computed(f"${{{inside}}}", name[0])

    def _value(self, name: str) -> str | None:
        """The value that the script gives a variable; None if there is none, or it is not known."""
        return self.variables.known(self.variables.reference(name)) if self.variables.is_assigned(name) else None

    def _backticks(self) -> str:
        return self._up_to("`").replace("\\`", "`")

    def _computed(self, shown: str, name: str) -> str:
        """A variable for what only a shell can compute, and a note that it must be set."""
        self.notes.append(
            Note(f"{shown.splitlines()[0][:60]} is not computed: set the variable {name}", self._path, self._line)
        )
        return self.variables.reference(name)
