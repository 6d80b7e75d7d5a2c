"""The values of `-F` and `--form-string` as the parts of a form (curl's manual, `--form`)."""

from __future__ import annotations

import re
from dataclasses import field

from runner.foreign.curl.arguments import Operation, Refused
from runner.foreign.curl.local import Local
from runner.model.quick_dataclass import dataclass

_TYPES = {
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".htm": "text/html",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".xml": "application/xml",
}
"""The types that curl knows by the end of a name."""
UNKNOWN = "application/octet-stream"
_TYPE = re.compile(r"[^/ ]+/[^;, \n]+")


@dataclass(slots=True, kw_only=True)
class Part:
    """One part: a `text`, or the file of a `path`. `type` is what the part's header says, empty without one."""

    name: str
    text: str = ""
    path: str = ""
    file_name: str | None = None
    type: str = ""
    headers: list[str] = field(default_factory=list)
    encoder: str = ""


def parts_of(operation: Operation, local: Local) -> list[Part]:
    """The parts of an operation's form; raises `Refused` for one that curl refuses."""
    parts: list[Part] = []
    for argument in operation.arguments:
        if argument.option.name not in ("form", "form-string"):
            continue
        name, equals, value = argument.value.partition("=")
        if not equals:
            raise Refused(f"--{argument.option.name} is NAME=CONTENT")
        if argument.option.name == "form-string":
            parts.append(Part(name=name, text=value))
        elif value.startswith("@"):
            parts += _files(name, value, local)
        elif value[:1] == "(" or (value == ")" and not name):
            raise Refused("a form within a form is nothing that Postman sends")
        elif value.startswith("<"):
            parts.append(_content(name, value, local))
        else:
            reader = _Reader(value, "")
            part = Part(name=name, text=reader.word())
            reader.read_settings(part, local)
            part.type = part.type or (_type_of(part.file_name) if part.file_name else "")
            parts.append(part)
    return parts


def _files(name: str, value: str, local: Local) -> list[Part]:
    """The part of `@path`; several paths would be a part that is a form itself."""
    reader = _Reader(value[1:], ",")
    part = Part(name=name, path=local.path(reader.word()))
    reader.read_settings(part, local)
    if not reader.is_at_end:
        raise Refused("several files in one part of a form are nothing that Postman sends")
    if part.path == "-":
        part.text, part.path = local.text("-") or "", ""
        part.file_name = "-" if part.file_name is None else part.file_name
        return [part]
    part.file_name = (
        re.split(r"[/\\]" if ":\\" in part.path else "/", part.path)[-1] if part.file_name is None else part.file_name
    )
    part.type = part.type or _type_of(part.file_name) or _type_of(part.path) or UNKNOWN
    return [part]


def _content(name: str, value: str, local: Local) -> Part:
    reader = _Reader(value[1:], "")
    path = reader.word()
    part = Part(name=name, text=local.text(path) or "")
    reader.read_settings(part, local)
    if not part.type:
        found = _type_of(part.file_name or "") or _type_of(path)
        part.type = found if found != "text/plain" or part.file_name else ""
    return part


def _type_of(name: str) -> str:
    return next((type for ending, type in _TYPES.items() if name.lower().endswith(ending)), "")


class _Reader:
    """Reads a value from its beginning: a word, which may be quoted, and settings behind semicolons."""

    def __init__(self, text: str, end: str) -> None:
        self._text = text.lstrip(" \t")
        self._end = end
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        return self._at >= len(self._text)

    def word(self) -> str:
        """The next word: up to a semicolon or the end, or up to its closing quote."""
        text = self._text
        if text.startswith('"', self._at):
            found = re.compile(r'"((?:\\[\\"]|[^"])*+)"').match(text, self._at)
            if found:
                self._at = found.end()
                self._up_to_mark()
                return re.sub(r'\\([\\"])', r"\1", found[1])
        return self._up_to_mark().rstrip(" \t")

    def _up_to_mark(self) -> str:
        start = self._at
        while not self.is_at_end and self._text[self._at] != ";" and self._text[self._at] != self._end:
            self._at += 1
        return self._text[start : self._at]

    def read_settings(self, part: Part, local: Local) -> None:
        """Read `;type=`, `;filename=`, `;headers=` and `;encoder=`; what is behind a type belongs to it."""
        in_type = False
        while self._text[self._at : self._at + 1] == ";":
            self._at += 1
            start = self._at
            while self._text[self._at : self._at + 1] in (" ", "\t"):
                self._at += 1
            found = re.compile("(type|filename|headers|encoder)=").match(self._text, self._at)
            if found and not (in_type and found[1] == "type"):
                self._at = found.end()
                in_type = found[1] == "type"
                self._setting(found[1], part, local)
            elif in_type:
                part.type += ";" + self._text[start : self._at] + self._up_to_mark().rstrip(" \t")
            else:
                self.word()

    def _setting(self, name: str, part: Part, local: Local) -> None:
        while self._text[self._at : self._at + 1] in (" ", "\t"):
            self._at += 1
        if name == "type":
            part.type = self._up_to_mark().rstrip(" \t")
            if not _TYPE.match(part.type):
                raise Refused("the type of a part of the form is none")
            return
        value = self.word()
        if name == "filename":
            part.file_name = value
        elif name == "encoder":
            part.encoder = value
        elif value[:1] in ("@", "<"):
            part.headers += [line for line in (local.text(value[1:]) or "").splitlines() if line]
        else:
            part.headers.append(value)
