"""A shell script as its commands: the words that bash would give them (Bash manual, "Shell Syntax", "Shell Expansions").

Nothing is executed. Variables become references; what only a shell could compute is a variable, too, and a note.
"""

from __future__ import annotations

import re

from runner.foreign.curl.local import Local
from runner.foreign.curl.shells.braces import expanded, unmasked
from runner.foreign.curl.shells.command import Command, Word
from runner.foreign.curl.shells.here_documents import here_document
from runner.foreign.curl.shells.outputs import output_of
from runner.foreign.curl.shells.variables import ShellVariables
from runner.foreign.curl.shells.words import NAME, Words
from runner.foreign.imported import Note

_ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)\Z", re.DOTALL)
_DECLARING = frozenset({"export", "local", "readonly", "declare", "typeset", "set"})
_REDIRECTION = re.compile(r"(?:\d*|&)(<<<|<<-?|>>|>&|<&|<>|>\||[<>])")
_OPERATOR = re.compile(r"&&|\|\||\|&|;;|[;&|()\n]")
_JQ = re.compile(r"\A\.([A-Za-z_]\w*|\[\d+\]|\[\"[^\"]+\"\])((?:\.[A-Za-z_]\w*|\[\d+\]|\[\"[^\"]+\"\])*)\Z")
LOOPS = ("for", "while", "until", "select")
MOST_ROUNDS = 1000
"""Rounds of all loops of a script: those that would be more are read as if they ran once."""
_ARRAY = re.compile(r'("?)\$\{([A-Za-z_]\w*)\[[@*]\]\}\1(?=[\s;&|()<>]|\Z)')
_ARRAY_NAME = re.compile(r"([A-Za-z_]\w*)(\+?)=")


class Script(Words):
    """Reads a script from its beginning to its end; `commands`, `variables` and `notes` are what came of it."""

    def __init__(self, text: str, path: str, variables: ShellVariables | None = None, first_line: int = 1) -> None:
        super().__init__(text, path, variables, first_line)
        self.commands: list[Command] = []
        self._rounds_left = MOST_ROUNDS
        self._comment = ""
        self._here: list[tuple[str, bool, bool, Command]] = []

    def read(self) -> Script:
        """Read all of it; raises `InvalidDocument` for a quote that is never closed."""
        self._read()
        return self

    def _read(self, *, in_loop: bool = False) -> None:
        """Read up to the end, or behind the `done` of a loop."""
        piped: Command | None = None
        inner = 0
        while self._at < len(self._text):
            command = self._command()
            first = command.plain[0].text if command.plain else ""
            rounds = self._rounds(command) if first == "for" else []
            if command.words and not rounds:
                self._keep(command)
            before, piped = piped, self._separator(command)  # which reads here-documents of both
            if before and command.words:
                self._connect(before, command)
            self._keep_output(command)
            if rounds:
                self._repeat(command.plain[1].text, rounds)
            elif first in LOOPS:
                inner += 1
            elif first == "done":
                if in_loop and not inner:
                    return
                inner -= 1

    def _keep_output(self, command: Command) -> None:
        """Take down what a command writes into a file, or reads into a variable."""
        words = [word.text for word in command.plain]
        if command.writes and (output := output_of(command, self._content)) is not None:
            self.variables.files[command.writes] = output
        elif words[:1] == ["read"] and command.stdin is not None and NAME.fullmatch(words[-1]):
            text = command.stdin if "-d" in words else command.stdin.partition("\n")[0]
            self.variables.assign(words[-1], text.strip())

    def _rounds(self, command: Command) -> list[str]:
        """The values that a `for` loop goes through; none if they are not known."""
        words = [word.text for word in command.plain]
        if len(words) < 4 or words[2] != "in" or len(words) - 3 > self._rounds_left:
            return []
        known = [self.variables.known(word) for word in words[3:]]
        return [value for value in known if value is not None] if None not in known else []

    def _repeat(self, name: str, values: list[str]) -> None:
        """Read what stands between `do` and `done` once for each value."""
        start = self._at
        self._rounds_left -= len(values)
        for value in values:
            self._at = start
            self.variables.assign(name, value)
            self._read(in_loop=True)

    # -- commands -----------------------------------------------------------------------------------------------------

    def _command(self) -> Command:
        """The words up to the next operator."""
        command = Command([])
        while self._at < len(self._text):
            char = self._text[self._at]
            if char in " \t":
                self._at += 1
            elif char == "\\" and self._text[self._at + 1 : self._at + 2] == "\n":
                self._at += 2
            elif char == "#":
                self._skip_comment(command)
            elif found := _REDIRECTION.match(self._text, self._at):
                self._redirection(found, command)
            elif _OPERATOR.match(self._text, self._at):
                break
            else:
                line = self._line
                command.words += [Word(text, line) for text in self._words()]
        if command.words:
            command.comment, self._comment = self._comment, ""
        return command

    def _skip_comment(self, command: Command) -> None:
        end = self._text.find("\n", self._at)
        end = len(self._text) if end < 0 else end
        if not command.words:
            self._comment = self._text[self._at : end].lstrip("#! ").strip()
        self._at = end

    def _separator(self, command: Command) -> Command | None:
        """Go behind an operator; the command if what follows gets its output."""
        found = _OPERATOR.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        if found[0] == "\n":
            self._here_documents()
            if not command.words and self._text[self._at : self._at + 1] == "\n":
                self._comment = ""
        return command if found[0] in ("|", "|&") else None

    def _keep(self, command: Command) -> None:
        """Take down assignments, and the command if it is another."""
        words = command.words[1:] if command.words[0].text in _DECLARING else command.words
        found = [_ASSIGNED.match(word.text) for word in words]
        if all(found):
            for one in found:
                if one:
                    self.variables.assign(one[1], one[2])
            return
        if command.plain and command.plain[0].text in LOOPS:
            self.notes.append(Note("a loop is read as if it ran once", self._path, command.line))
        self.commands.append(command)

    def _connect(self, first: Command, second: Command) -> None:
        """Give a command the output of the one before it, if that is known; remember a jq filter for what it captures."""
        if first.curl is not None and second.words[0].text == "jq":
            filters = [word.text for word in second.words[1:] if not word.text.startswith("-")]
            first.filter = filters[0] if len(filters) == 1 else ""
        elif (output := output_of(first, self._content)) is not None:
            second.stdin = output

    # -- redirections -------------------------------------------------------------------------------------------------

    def _redirection(self, found: re.Match[str], command: Command) -> None:
        self._at = found.end()
        while self._text[self._at : self._at + 1] in (" ", "\t"):
            self._at += 1
        start = self._at
        target = "".join(expanded(self._word())[:1])
        if found[1] in ("<<", "<<-"):
            quoted = any(mark in self._text[start : self._at] for mark in "'\"\\")
            self._here.append((target, quoted, found[1] == "<<-", command))
        elif found[1] == "<<<":
            command.stdin = target + "\n"
        elif found[1] == "<":
            command.stdin = self._content(target)
        elif found[1] in (">", ">|"):
            command.writes = target

    def _here_documents(self) -> None:
        """Read the here-documents that begin behind this line end."""
        for mark, quoted, strips, command in self._here:
            line_number = self._line
            text, self._at = here_document(self._text, self._at, mark, strips=strips)
            if not quoted:
                inner = Script(text, self._path, self.variables, line_number)
                text = inner._quoted("")
                self.notes += inner.notes
            command.stdin = text
        self._here.clear()

    def _content(self, path: str) -> str | None:
        """The text of a file that a command reads; None if it cannot be read."""
        return Local(self.variables, None).text(path)

    # -- words --------------------------------------------------------------------------------------------------------

    def _words(self) -> list[str]:
        """What the next word becomes: one word, or several (braces, an array, a value that is not in quotes), or none."""
        start = self._at
        if found := _ARRAY.match(self._text, start):
            self._at = found.end()
            return self.variables.arrays.get(found[2], [])
        parts = self._parts()
        if self._text[self._at : self._at + 1] == "(" and (found := _ARRAY_NAME.fullmatch("".join(parts))):
            self._read_array(found[1], adds=bool(found[2]))
            return []
        if len(parts) == 1 and self._text[start] in "$`" and self._text[start + 1] not in "'\"":
            known = self.variables.known(parts[0])
            if known is not None and (known.startswith("-") or known.split() != [known]):
                return [unmasked(one) for one in known.split()]
        return expanded("".join(parts))

    def _read_array(self, name: str, *, adds: bool) -> None:
        self._at += 1
        words = list(self.variables.arrays.get(name, ())) if adds else []
        while self._at < len(self._text) and self._text[self._at] != ")":
            words += [word.text for word in self._command().words]
            if self._text[self._at : self._at + 1] not in (")", ""):
                self._at += 1
        self._at += 1
        self.variables.arrays[name] = words

    def _substitution(self, inside: str) -> str:
        """`$(command)`: a curl command becomes a request of its own, whose answer a script puts into the variable."""
        inner = Script(inside, self._path, self.variables, self._line - inside.count("\n"))
        inner._rounds_left = self._rounds_left
        inner.read()
        self._rounds_left = inner._rounds_left
        self.notes += inner.notes
        output = inner._output()
        if output is not None:
            return output.rstrip("\n")
        curls = [command for command in inner.commands if command.curl is not None]
        before = re.search(r"(?:\A|[\s;])([A-Za-z_]\w*)=\"?\$?[(`]?\Z", self._text[: self._at - len(inside) - 1])
        name = before[1] if before else "OUTPUT"
        if len(curls) == 1 and len(inner.commands) <= 2:
            curls[0].capture = name
            self.commands.append(curls[0])
            if before and (_JQ.match(curls[0].filter) or not curls[0].filter):
                return self.variables.reference(name)
            return self._computed(f"$({inside.strip()})", name)
        return self._computed(f"$({inside.strip()})", name)

    def _output(self) -> str | None:
        """What the script prints, if it is one command and that is known; `<FILE` alone prints a file."""
        if not self.commands and (found := re.fullmatch(r"\s*<\s*([\w./-]+)\s*", self._text)):
            return self._content(found[1])
        return output_of(self.commands[0], self._content) if len(self.commands) == 1 else None
