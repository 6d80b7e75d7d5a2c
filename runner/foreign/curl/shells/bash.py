"""A shell script as its commands: the words that bash would give them (Bash manual, "Shell Syntax", "Shell Expansions").

Nothing is executed. Variables become references; what only a shell could compute is a variable, too, and a note.
"""

from __future__ import annotations

import os
import re

from runner.errors import InvalidDocument
from runner.foreign.curl.local import Local
from runner.foreign.curl.shells.braces import MASKED, expanded
from runner.foreign.curl.shells.command import Command, Word
from runner.foreign.curl.shells.escapes import ansi_c
from runner.foreign.curl.shells.variables import ShellVariables
from runner.foreign.imported import Note

_NAME = re.compile(r"[A-Za-z_]\w*")
_SPECIAL = re.compile(r"[0-9@*#?$!-]")
_ASSIGNED = re.compile(r"([A-Za-z_]\w*)=(.*)\Z", re.DOTALL)
_DECLARING = frozenset({"export", "local", "readonly", "declare", "typeset", "set"})
_REDIRECTION = re.compile(r"(?:\d*|&)(<<<|<<-?|>>|>&|<&|<>|>\||[<>])")
_OPERATOR = re.compile(r"&&|\|\||\|&|;;|[;&|()\n]")
_JQ = re.compile(r"\A\.([A-Za-z_]\w*|\[\d+\]|\[\"[^\"]+\"\])((?:\.[A-Za-z_]\w*|\[\d+\]|\[\"[^\"]+\"\])*)\Z")
_END = " \t\n;&|()<>"


class Script:
    """Reads a script from its beginning to its end; `commands`, `variables` and `notes` are what came of it."""

    def __init__(self, text: str, path: str, variables: ShellVariables | None = None, first_line: int = 1) -> None:
        self._text, self._path, self._at, self._first = text, path, 0, first_line
        self.commands: list[Command] = []
        self.variables = variables or ShellVariables()
        self.notes: list[Note] = []
        self._comment = ""
        self._here: list[tuple[str, bool, bool, Command]] = []

    def read(self) -> Script:
        """Read all of it; raises `InvalidDocument` for a quote that is never closed."""
        piped: Command | None = None
        while self._at < len(self._text):
            command = self._command()
            if command.words:
                if piped:
                    self._connect(piped, command)
                self._keep(command)
            piped = self._separator(command)
        return self

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
                command.words += [Word(text, line) for text in expanded(self._word())]
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
        if command.words[0].text in ("for", "while", "until"):
            self.notes.append(Note("a loop is read as if it ran once", self._path, command.line))
        self.commands.append(command)

    def _connect(self, first: Command, second: Command) -> None:
        """Give a command the output of the one before it, if that is known; remember a jq filter for what it captures."""
        words = [word.text for word in first.words]
        if first.curl is not None and second.words[0].text == "jq":
            filters = [word.text for word in second.words[1:] if not word.text.startswith("-")]
            first.filter = filters[0] if len(filters) == 1 else ""
        elif words[0] == "echo":
            options = {"-n", "-e", "-E", "-ne", "-en"} & set(words[1:2])
            text = " ".join(words[2:] if options else words[1:])
            second.stdin = text + ("" if options & {"-n", "-ne", "-en"} else "\n")
        elif words[0] == "printf" and len(words) == 3 and words[1] in ("%s", "'%s'"):
            second.stdin = words[2]
        elif words[0] == "printf" and len(words) == 2 and "%" not in words[1]:
            second.stdin = ansi_c(words[1])
        elif words[0] == "cat" and len(words) == 2:
            second.stdin = self._content(words[1])

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

    def _here_documents(self) -> None:
        """Read the here-documents that begin behind this line end."""
        for mark, quoted, strips, command in self._here:
            lines: list[str] = []
            line_number = self._line
            while self._at < len(self._text):
                end = self._text.find("\n", self._at)
                end = len(self._text) if end < 0 else end
                line = self._text[self._at : end]
                self._at = min(end + 1, len(self._text))
                line = line.lstrip("\t") if strips else line
                if line == mark:
                    break
                lines.append(line + "\n")
            text = "".join(lines)
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

    def _word(self) -> str:
        """The next word; quoted characters that have a meaning in brace expansions are masked."""
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
                parts.append(self._dollar(quoted=False))
            elif char == "`":
                parts.append(self._substitution(self._backticks()))
            elif char == "~" and self._at == start + 1 and self._text[self._at : self._at + 1] in ("/", "", *_END):
                parts.append(os.path.expanduser("~"))
            else:
                parts.append(char)
        return "".join(parts)

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
        if name := _NAME.match(text, at):
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
            elif char == opening:
                depth += 1
            elif char == closing:
                depth -= 1
                if depth == 0:
                    return self._text[start : self._at - 1]
        raise InvalidDocument(f"the bracket {opening} is never closed", where=f"{self._path}:{self._line}".lstrip(":"))

    def _braced(self, inside: str) -> str:
        """`${NAME}`, `${NAME:-default}` and its relatives; anything else that a shell computes is a variable."""
        name = _NAME.match(inside)
        if name is None:
            return self._computed(f"${{{inside}}}", "VALUE") if not _SPECIAL.fullmatch(inside) else ""
        operator = re.match(r":?[-=?+]", inside[name.end() :])
        if name.end() == len(inside) or (operator and operator[0][-1] == "?"):
            return self.variables.reference(name[0])
        if operator and operator[0][-1] in "-=":
            if not self.variables.is_assigned(name[0]):
                default = Script(inside[name.end() + operator.end() :], self._path, self.variables, self._line)
                self.variables.assign(name[0], default._quoted(""))
            return self.variables.reference(name[0])
        return self._computed(f"${{{inside}}}", name[0])

    def _backticks(self) -> str:
        return self._up_to("`").replace("\\`", "`")

    def _substitution(self, inside: str) -> str:
        """`$(command)`: a curl command becomes a request of its own, whose answer a script puts into the variable."""
        inner = Script(inside, self._path, self.variables, self._line - inside.count("\n")).read()
        self.notes += inner.notes
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

    def _computed(self, shown: str, name: str) -> str:
        """A variable for what only a shell can compute, and a note that it must be set."""
        self.notes.append(
            Note(f"{shown.splitlines()[0][:60]} is not computed: set the variable {name}", self._path, self._line)
        )
        return self.variables.reference(name)
