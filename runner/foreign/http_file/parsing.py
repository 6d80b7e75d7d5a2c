"""The requests in a text, told from its lines: what VS Code's REST Client and JetBrains' HTTP Client take alike."""

from __future__ import annotations

import re
from dataclasses import field

from runner.model.quick_dataclass import dataclass

Line = tuple[int, str]
"""A line with its number, from 1."""

METHODS = (
    "GET POST PUT PATCH DELETE HEAD OPTIONS CONNECT TRACE LOCK UNLOCK PROPFIND PROPPATCH COPY MOVE MKCOL MKCALENDAR ACL"
    " SEARCH QUERY LINK UNLINK PURGE VIEW REPORT BIND REBIND UNBIND MERGE SUBSCRIBE UNSUBSCRIBE NOTIFY GRAPHQL"
)
PROTOCOLS = ("WEBSOCKET", "WS", "WSS", "GRPC", "RSOCKET", "SSE", "EVENTSOURCE", "MQTT", "AMQP")
"""Words that stand for a method where the request is none of HTTP."""

_SEPARATOR = re.compile(r"\s*###+(.*)")
_VARIABLE = re.compile(r"\s*+@([^\s=]++)\s*+=\s*+(.*)")
_COMMENT = re.compile(r"\s*(?:#|//)\s?(.*)")
_MARK = re.compile(r"@([\w-]+)\s*=?\s*(.*?)\s*$")
_REQUEST = re.compile(rf"(?:({'|'.join((*METHODS.split(), *PROTOCOLS))})[ \t]+)?(.+)", re.IGNORECASE)
_VERSION = re.compile(r"(?<!\s)\s++HTTP/\d(?:\.\d)?(?:\s.*)?$", re.IGNORECASE)
_HEADER = re.compile(r"([^\s:{}\"<>]+)\s*:(.*)")
_SCRIPT = re.compile(r"\s*([<>])\s*\{%(.*)")
_SCRIPT_FILE = re.compile(r"\s*([<>])\s+(\S.*\.m?js)\s*$")
_AFTER = re.compile(r"\s*(?:<>|>>!?)\s")
_OTHER_FILE = re.compile(r"\s*(?:import|run)\s+(?:\S+\.(?:http|rest)\b|#).*")


@dataclass(frozen=True, slots=True)
class ScriptText:
    """A script, or the file that has it; `line` is where it begins."""

    line: int
    text: str = ""
    path: str = ""


@dataclass(slots=True, kw_only=True)
class Block:
    """What stands between two separators: at most one request. `marks` are its `# @name value` lines."""

    title: str = ""
    line: int = 0
    method: str = ""
    url: str = ""
    headers: list[tuple[int, str, str]] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    before: list[ScriptText] = field(default_factory=list)
    after: list[ScriptText] = field(default_factory=list)
    variables: list[tuple[int, str, str]] = field(default_factory=list)
    marks: list[tuple[int, str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)

    def mark(self, *names: str) -> str | None:
        """The value of the first mark of one of these names; None without one."""
        return next((value for _, name, value in self.marks if name in names), None)


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text, in order."""
    found: list[Block] = []
    title, lines = "", []
    for line in [*enumerate(re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")), 1), (0, "###")]:
        separator = _SEPARATOR.match(line[1])
        if separator is None:
            lines.append(line)
            continue
        block = _Parser(lines, title).block
        if block.url or block.variables or block.others or block.before or block.after:
            found.append(block)
        title, lines = separator[1].strip(), []
    return found


class _Parser:
    """Reads the lines of one block."""

    def __init__(self, lines: list[Line], title: str) -> None:
        self.block = Block(title=title)
        self._lines = lines
        self._at = 0
        self._head()
        if self.block.url:
            self._url_goes_on()
            self.block.url = _VERSION.sub("", self.block.url)
            self._headers()
            self._body()

    def _next(self) -> Line | None:
        return self._lines[self._at] if self._at < len(self._lines) else None

    def _head(self) -> None:
        while (line := self._next()) is not None:
            number, text = line
            if not text.strip():
                self._at += 1
            elif self._takes_script(line):
                continue
            elif comment := _COMMENT.fullmatch(text):
                self._comment(number, comment[1])
                self._at += 1
            elif variable := _VARIABLE.match(text):
                self.block.variables.append((number, variable[1], variable[2].rstrip()))
                self._at += 1
            elif _OTHER_FILE.fullmatch(text):
                self.block.others.append((number, text.strip()))
                self._at += 1
            else:
                self._request(number, text.strip())
                return

    def _comment(self, number: int, text: str) -> None:
        mark = _MARK.match(text.strip())
        if mark is not None:
            self.block.marks.append((number, mark[1], mark[2]))
        elif text.strip():
            self.block.comments.append(text.rstrip())

    def _request(self, number: int, text: str) -> None:
        self._at += 1
        text, marker, script = text.partition(" > {%")
        found = _REQUEST.fullmatch(text.strip())
        if found is not None:
            self.block.line, self.block.method, self.block.url = number, (found[1] or "GET").upper(), found[2].strip()
        if marker:
            self._script(number, script, self.block.after)

    def _url_goes_on(self) -> None:
        """A URL goes on in lines that are indented, or begin with `?` or `&`; comments between them do not end it."""
        while (line := self._next()) is not None:
            text = line[1].strip()
            indented = bool(text) and line[1][:1] in (" ", "\t")
            if text.startswith(("?", "&")) or (indented and not (_COMMENT.fullmatch(text) or _HEADER.match(text))):
                self.block.url += text
            elif not (text and _COMMENT.fullmatch(text) and self._goes_on_later()):
                return
            self._at += 1

    def _goes_on_later(self) -> bool:
        for _, text in self._lines[self._at + 1 :]:
            if _COMMENT.fullmatch(text) is None:
                return text.strip().startswith(("?", "&"))
        return False

    def _headers(self) -> None:
        while (line := self._next()) is not None:
            number, text = line
            if not text.strip():
                self._at += 1
                return
            if self._takes_script(line):
                continue
            comment, header = _COMMENT.fullmatch(text), _HEADER.match(text.strip())
            if comment is not None:
                self._comment(number, comment[1])
            elif text[:1] in (" ", "\t") and self.block.headers and (header is None or text.startswith("  ")):
                number, name, value = self.block.headers[-1]
                self.block.headers[-1] = (number, name, f"{value} {text.strip()}".strip())
            elif header is not None:
                self.block.headers.append((number, header[1], header[2].strip()))
            else:
                return
            self._at += 1

    def _body(self) -> None:
        while (line := self._next()) is not None:
            if self._takes_script(line) or _AFTER.match(line[1]):
                self._at += bool(_AFTER.match(line[1]))
                continue
            self.block.body.append(line)
            self._at += 1
        body = self.block.body
        while body and not body[0][1].strip():
            body.pop(0)
        while body and not body[-1][1].strip():
            body.pop()

    def _takes_script(self, line: Line) -> bool:
        number, text = line
        script, path = _SCRIPT.match(text), _SCRIPT_FILE.match(text)
        if script is not None:
            self._at += 1
            self._script(number, script[2], self.block.before if script[1] == "<" else self.block.after)
            return True
        if path is not None:
            self._at += 1
            (self.block.before if path[1] == "<" else self.block.after).append(ScriptText(number, path=path[2].strip()))
            return True
        return False

    def _script(self, number: int, first: str, scripts: list[ScriptText]) -> None:
        """Take the lines of a script up to its `%}`."""
        lines = [first]
        while "%}" not in lines[-1] and (line := self._next()) is not None:
            lines.append(line[1])
            self._at += 1
        lines[-1] = lines[-1].partition("%}")[0]
        scripts.append(ScriptText(number, "\n".join(lines)))
