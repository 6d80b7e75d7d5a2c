"""Bodies of `.http` files: texts, forms, GraphQL, and the files that they name."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote_plus

from runner.foreign.http_file.parsing import Block, Line
from runner.model.json import JsonObject

_FILE = re.compile(r"\s*<(@\S*)?\s+(\S.*?)\s*$")
_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE)
_QUOTED = r"(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;]+))"
_NAME = re.compile(rf"\bname={_QUOTED}", re.IGNORECASE)
_FILE_NAME = re.compile(rf"\bfilename={_QUOTED}", re.IGNORECASE)

LANGUAGES = {"json": "json", "xml": "xml", "html": "html", "javascript": "javascript"}


class Bodies:
    """Makes the body of a block. `text` translates references, `read` reads a file that is named (None if it cannot)."""

    def __init__(
        self, block: Block, text: Callable[[str], str], read: Callable[[str], str | None], tell: Callable[[int, str], None]
    ) -> None:
        self._block, self.text, self._read, self._tell = block, text, read, tell

    def body(self) -> JsonObject | None:
        """The body, None without one."""
        lines = self._block.body
        if not lines:
            return None
        type = next((value for _, name, value in self._block.headers if name.lower() == "content-type"), "")
        if self.is_graphql:
            return self._graphql("\n".join(text for _, text in lines))
        if "multipart/form-data" in type.lower() and (found := _BOUNDARY.search(type)):
            return {"mode": "formdata", "formdata": self._parts(found[1] or found[2])}
        file = _FILE.fullmatch(lines[0][1]) if len(lines) == 1 else None
        if file is not None and not file[1]:
            return {"mode": "file", "file": {"src": self.text(file[2])}}
        content = self._with_files(lines)
        if "x-www-form-urlencoded" in type.lower():
            return {"mode": "urlencoded", "urlencoded": self._pairs(content)}
        body: JsonObject = {"mode": "raw", "raw": self.text(content)}
        language = next((name for word, name in LANGUAGES.items() if word in type.lower()), "text")
        return {**body, "options": {"raw": {"language": language}}}

    @property
    def is_graphql(self) -> bool:
        """Whether the body is a query of GraphQL, by the method or VS Code's header."""
        return self._block.method == "GRAPHQL" or any(
            name.lower() == "x-request-type" and value.lower() == "graphql" for _, name, value in self._block.headers
        )

    def _graphql(self, text: str) -> JsonObject:
        """The query, and the variables that follow behind an empty line as an object."""
        query, _, variables = re.sub(
            r"(?<![ \t\n])[ \t]*+\n[ \t]*+\n[ \t\n]*+(?=\{[^{}]*[\"}])", "\0", text, count=1
        ).partition("\0")
        whole = self._with_files([(0, query)]) if _FILE.fullmatch(query) else query
        return {
            "mode": "graphql",
            "graphql": {"query": self.text(whole.strip()), "variables": self.text(variables.strip())},
        }

    def _pairs(self, text: str) -> list[JsonObject]:
        """The fields of a form, which may stand in lines of their own."""
        joined = "".join(line.strip() for line in text.split("\n"))
        pairs = (part.partition("=") for part in joined.split("&") if part)
        return [
            {"key": self.text(unquote_plus(key)), "value": self.text(unquote_plus(value)), "type": "text"}
            for key, _, value in pairs
        ]

    def _parts(self, boundary: str) -> list[JsonObject]:
        found: list[JsonObject] = []
        part: list[Line] = []
        for line in [*self._block.body, (0, f"--{boundary}--")]:
            if line[1].strip() in (f"--{boundary}", f"--{boundary}--"):
                if part and (row := self._part(part)) is not None:
                    found.append(row)
                part = []
            else:
                part.append(line)
        return found

    def _part(self, lines: list[Line]) -> JsonObject | None:
        """One part: its headers up to an empty line, and a text or a file behind it."""
        blank = next((at for at, (_, text) in enumerate(lines) if not text.strip()), len(lines))
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (text.partition(":") for _, text in lines[:blank])
        }
        disposition = headers.get("content-disposition", "")
        name, file_name = _NAME.search(disposition), _FILE_NAME.search(disposition)
        if name is None:
            if any(text.strip() for _, text in lines):
                self._tell(lines[0][0], "a part of the form without a name is not imported")
            return None
        content = lines[blank + 1 :]
        row: JsonObject = {"key": self.text(name[1] if name[1] is not None else name[2])}
        file = next((found for _, text in content if (found := _FILE.fullmatch(text))), None)
        if file is not None:
            row |= {"type": "file", "src": self.text(file[2])}
        else:
            row |= {"value": self.text("\n".join(text for _, text in content)), "type": "text"}
        if file_name is not None:
            own = file_name[1] if file_name[1] is not None else file_name[2]
            if file is None:
                self._tell(
                    lines[0][0], f"the part {row['key']} has the name of a file but its content here: sent as a text"
                )
            elif own != re.split(r"[/\\]", file[2])[-1]:
                row["fileName"] = self.text(own)
        if headers.get("content-type"):
            row["contentType"] = self.text(headers["content-type"])
        return row

    def _with_files(self, lines: list[Line]) -> str:
        """The text with the contents of the files that it names in lines of their own."""
        parts = []
        for number, text in lines:
            file = _FILE.fullmatch(text)
            if file is None:
                parts.append(text)
                continue
            content = self._read(file[2])
            if content is None:
                self._tell(number, f"the file {file[2]} that belongs into the body cannot be read")
            parts.append(text if content is None else content)
        return "\n".join(parts)
