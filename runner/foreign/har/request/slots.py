"""Where a request holds values: each slot is one text of its URL, headers or body that may become a variable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from runner.foreign.har.document import Pairs
from runner.model.quick_dataclass import dataclass

PATH, QUERY, HEADER, COOKIE, JSON, FORM, TEXT = "path", "query", "header", "cookie", "json", "form", "text"
PLAIN, IN_URL, IN_JSON = "", "url", "json"
"""How the value of a variable has to be written: as it is, percent-encoded, or with the escapes of JSON."""


@dataclass(slots=True, kw_only=True)
class Slot:
    """One text of a request: `text` is what it means, `written` what the collection will have.

    `name` is that of the parameter, header, field or cookie; of a segment of a path it is the segment before. `quoted` is
    False for a number in JSON, which has no quotation marks.
    """

    where: str
    name: str
    text: str
    written: str
    quoted: bool = True

    @property
    def whole(self) -> str:
        """The value without the scheme of an `Authorization` header."""
        scheme, blank, rest = self.text.partition(" ")
        return rest if self.where == HEADER and blank and scheme.isalpha() and " " not in rest else self.text

    def form_of(self, value: str) -> str | None:
        """How this value stands in the text: one of the three forms; None if it is not there."""
        if self.where in (PATH, QUERY):
            return (
                IN_URL
                if any(_found(one, self.written) for one in (value, quote(value, safe=""), quote_plus(value)))
                else None
            )
        if _found(value, self.written):
            return PLAIN
        return IN_JSON if self.where == JSON and _found(_escaped(value), self.written) else None

    def put(self, value: str, name: str) -> None:
        """Write the variable `name` wherever the value stands."""
        for one in dict.fromkeys((value, quote(value, safe=""), quote_plus(value), _escaped(value))):
            self.written = _bounded(one).sub(lambda _: f"{{{{{name}}}}}", self.written)


def _escaped(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _bounded(value: str) -> re.Pattern[str]:
    """A value where no letter or digit goes on before or behind it, outside of variables that stand there already."""
    before = r"(?<![A-Za-z0-9])(?<!\{\{)" if value[:1].isalnum() else ""
    behind = r"(?![A-Za-z0-9])(?!\}\})" if value[-1:].isalnum() else ""
    return re.compile(before + re.escape(value) + behind)


def _found(value: str, text: str) -> bool:
    return value in text and bool(_bounded(value).search(text))


def path_slots(path: str) -> list[Slot]:
    """The segments of a path, which begins with a slash."""
    segments = path.split("/")[1:]
    names = ["", *segments]
    return [
        Slot(where=PATH, name=before, text=unquote(one), written=one) for before, one in zip(names, segments, strict=False)
    ]


def query_slots(query: str) -> list[tuple[str, Slot | None]]:
    """The parameters of a query as they are written: the key, and the value if there is one."""
    found: list[tuple[str, Slot | None]] = []
    for part in query.split("&"):
        key, equals, value = part.partition("=")
        slot = Slot(where=QUERY, name=unquote_plus(key), text=unquote_plus(value), written=value) if equals else None
        found.append((key, slot))
    return found


def header_slots(headers: Pairs) -> list[Slot]:
    """The headers."""
    return [Slot(where=HEADER, name=name, text=value, written=value) for name, value in headers]


_JSON_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}\[\]]|[^"{}\[\]\d-]+|.', re.DOTALL
)


def json_slots(text: str) -> list[str | Slot]:
    """A text of JSON in its own writing: what stands between values, and a slot for each text and number."""
    parts: list[str | Slot] = []
    key, around = "", [""]
    for match in _JSON_TOKEN.finditer(text):
        token = match[0]
        if match[1] is None and token in "{[":
            around.append(key)
            parts.append(token)
        elif match[1] is None and token in "}]":
            key = around.pop() if len(around) > 1 else ""
            parts.append(token)
        elif match[2]:
            key = _meant(match[1])
            parts.append(token)
        elif match[1] is not None:
            parts += ['"', Slot(where=JSON, name=key, text=_meant(match[1]), written=match[1]), '"']
        elif token[-1].isdigit():
            parts.append(Slot(where=JSON, name=key, text=token, written=token, quoted=False))
        else:
            parts.append(token)
    return parts


def _meant(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False)) if "\\" in text else text
    except ValueError:
        return text


_WORD = re.compile(r"[A-Za-z0-9_-]+")
_TOKEN = re.compile(r"[A-Za-z0-9_\-.~+/=%]+")
SHORTEST_PIECE = 6


def pieces_of(text: str) -> Iterator[str]:
    """A text, and the runs of characters in it that ids and tokens are made of."""
    yield text
    for pattern in (_WORD, _TOKEN):
        for match in pattern.finditer(text):
            if len(match[0]) >= SHORTEST_PIECE:
                yield match[0]


Write = Callable[[Slot], None]
