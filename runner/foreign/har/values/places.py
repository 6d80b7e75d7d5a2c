"""Where in a response a value stands, and the JavaScript that takes it out of there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Literal
from urllib.parse import unquote

from runner.deep_json import loads
from runner.foreign.har.document import Entry
from runner.foreign.har.request.slots import SHORTEST_PIECE, pieces_of
from runner.formats.places import Steps
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass
from runner.secrets.names import words, words_of

Kind = Literal["json", "header", "cookie", "input", "meta", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A value in a response: in a field of its JSON, a header, a cookie, a form or a `meta` of its HTML, or its text.

    `steps` lead to it; `name` is what it is called there, `owner` what it belongs to (`user` of `user.id`). A `pattern` of
    JavaScript with one group takes it out of a longer text. `escaped` is True if it is percent-encoded there.
    """

    kind: Kind
    steps: Steps = ()
    name: str = ""
    owner: str = ""
    pattern: str = ""
    escaped: bool = False

    @property
    def code(self) -> str:
        """The expression of a test script that is this value."""
        found = _SOURCES[self.kind](self.steps)
        if self.pattern:
            found = f"{found}.match(/{self.pattern}/)[1]"
        return f"decodeURIComponent({found})" if self.escaped else found

    @property
    def uncertainty(self) -> int:
        """What speaks against this place where several have the value: patterns, entries of lists, depth."""
        lists = sum(isinstance(step, int) for step in self.steps)
        return 100 * bool(self.pattern) + 40 * (self.kind == "text") + 10 * lists + len(self.steps)


def _json_code(steps: Steps) -> str:
    return "pm.response.json()" + "".join(
        f".{step}" if isinstance(step, str) and _NAME.fullmatch(step) else f"[{json.dumps(step, ensure_ascii=False)}]"
        for step in steps
    )


_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_SOURCES: dict[Kind, Callable[[Steps], str]] = {
    "json": _json_code,
    "header": lambda steps: f"pm.response.headers.get({json.dumps(steps[0])})",
    "cookie": lambda steps: f"pm.cookies.get({json.dumps(steps[0])})",
    "input": lambda steps: f"cheerio.load(pm.response.text())({json.dumps(f'input[name={json.dumps(steps[0])}]')}).val()",
    "meta": lambda steps: (
        f"cheerio.load(pm.response.text())({json.dumps(f'meta[name={json.dumps(steps[0])}]')}).attr('content')"
    ),
    "text": lambda steps: "pm.response.text()" + ("" if steps else ".trim()"),
}

LONGEST_TEXT = 5_000_000
"""Characters of the longest body that is searched for values outside of JSON."""

_IGNORED = words(
    "date server set-cookie content-length content-type cache-control expires last-modified vary connection age via"
    " keep-alive transfer-encoding content-encoding strict-transport-security content-security-policy report-to nel"
    " permissions-policy referrer-policy accept-ranges alt-svc p3p"
)
"""Headers of responses that give nothing that a request could need."""


def places_in(entry: Entry, wanted: frozenset[str]) -> Iterator[tuple[str, Place]]:
    """The wanted values that a response gives, each with its places."""
    for name, value in entry.set_cookies:
        yield from _whole_or_escaped(value, Place(kind="cookie", steps=(name,), name=name), wanted)
    for name, value in entry.response_headers:
        if name.lower() not in _IGNORED:
            place = Place(kind="header", steps=(name,), name=name)
            if value in wanted:
                yield value, place
            else:
                yield from _pieces(value, place, wanted)
    document = _json_of(entry.text) if entry.text else None
    if isinstance(document, list | dict):
        yield from _in_json(document, wanted)
    elif entry.text:
        yield from _in_text(entry.text, wanted)


def _json_of(text: str) -> Json:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        found: Json = loads(text)
    except ValueError:
        return None
    return found


def _in_json(document: Json, wanted: frozenset[str]) -> Iterator[tuple[str, Place]]:
    waiting: list[tuple[Steps, Json]] = [((), document)]
    while waiting:
        steps, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*steps, key), one) for key, one in value.items()]
        elif isinstance(value, list):
            waiting += [((*steps, at), one) for at, one in enumerate(value)]
        elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            text = str(value)
            names = [step for step in steps if isinstance(step, str)]
            place = Place(
                kind="json", steps=steps, name=names[-1] if names else "", owner=names[-2] if len(names) > 1 else ""
            )
            if text in wanted:
                yield text, place
            elif len(text) >= SHORTEST_PIECE:
                yield from _pieces(text, place, wanted)


_FIELD = re.compile(r"<(input|meta)\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w:-])([\w:-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


def _in_text(text: str, wanted: frozenset[str]) -> Iterator[tuple[str, Place]]:
    if text.strip() in wanted:
        yield text.strip(), Place(kind="text", name="")
    searched = text[:LONGEST_TEXT]
    if "<" in searched:
        for match in _FIELD.finditer(searched):
            said = {one[1].lower(): unescape(one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(match[2])}
            tag = match[1].lower()
            name, value = said.get("name", ""), said.get("value" if tag == "input" else "content", "")
            if name and value in wanted:
                yield value, Place(kind="input" if tag == "input" else "meta", steps=(name,), name=name)
    yield from _pieces(searched, Place(kind="text", steps=("",)), wanted)


def _whole_or_escaped(value: str, place: Place, wanted: frozenset[str]) -> Iterator[tuple[str, Place]]:
    if value in wanted:
        yield value, place
    plain = unquote(value)
    if plain != value and plain in wanted:
        yield plain, Place(kind=place.kind, steps=place.steps, name=place.name, escaped=True)


# -- pieces of longer texts ---------------------------------------------------------------------------------------------

_BEFORE = re.compile(r"(?:[A-Za-z_$][\w$.-]{0,40})?[^A-Za-z0-9\r\n]{1,6}\Z")
_LONG_BEFORE = re.compile(r"[^\r\n]{1,60}\Z")
_PLAIN = re.compile(r"[\w-]+", re.ASCII)
_ADDRESS = re.compile(r"(?:https?:/)?/[^\s<>\"']*", re.IGNORECASE)
_SEGMENT = re.compile(r"(?<=[/=])[^/?&=#]+")


def _pieces(text: str, place: Place, wanted: frozenset[str]) -> Iterator[tuple[str, Place]]:
    """The wanted values that are part of a text, with a pattern that finds them there."""
    found = dict.fromkeys(piece for piece in pieces_of(text) if piece in wanted)
    if _ADDRESS.fullmatch(text):
        segments = (match[0] for match in _SEGMENT.finditer(text))
        found |= dict.fromkeys(one for segment in segments for one in (segment, unquote(segment)) if one in wanted)
    for piece in found:
        written = piece if piece in text else next((one for one in _SEGMENT.findall(text) if unquote(one) == piece), "")
        if not written:
            continue
        if written == text:
            yield piece, place
            continue
        taken = pattern_for(text, written)
        if taken is not None:
            pattern, name = taken
            yield (
                piece,
                Place(
                    kind=place.kind,
                    steps=place.steps,
                    name=name or place.name,
                    owner=place.owner,
                    pattern=pattern,
                    escaped=written != piece,
                ),
            )


def pattern_for(text: str, piece: str) -> tuple[str, str] | None:
    """A regular expression whose group is the first such piece of a text, and the name before it; None if none is sure."""
    for match in re.finditer(re.escape(piece), text):
        start, end = match.span()
        before = text[max(0, start - 61) : start]
        behind = text[end : end + 1]
        if (before[-1:].isalnum() and piece[0].isalnum()) or (behind.isalnum() and piece[-1].isalnum()):
            continue
        if _PLAIN.fullmatch(piece) and not re.match(r"[\w-]", behind):
            group = r"([\w-]+)"
        else:
            closing = behind if behind and not behind.isalnum() else ""
            group = f"([^\\s\"'<>&{re.escape(closing) if closing not in ' <>&' else ''}]+)"
        for around in (_BEFORE, _LONG_BEFORE):
            context = around.search(before)
            left = context[0] if context else ""
            pattern = _escaped(left) + group
            taken = re.search(pattern, text, re.ASCII)
            if taken is not None and taken[1] == piece:
                return pattern, _name_before(left)
        return None
    return None


def _escaped(text: str) -> str:
    """A text as a pattern that JavaScript and Python read alike."""
    return re.sub(r"([\\^$.*+?()\[\]{}|/])", r"\\\1", text)


def _name_before(left: str) -> str:
    """What a piece is called by the words before it: `items/` says an id of an item."""
    found = re.findall(r"[A-Za-z_][\w-]*", left)
    if not found:
        return ""
    if left.endswith("/"):
        return f"{singular(found[-1])}_id" if words_of(found[-1]) else ""
    return str(found[-1])


def singular(word: str) -> str:
    """An English plural in the singular, as far as its end tells: companies, boxes, users."""
    lower = word.lower()
    if lower.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if lower.endswith(("sses", "xes", "shes", "ches")):
        return word[:-2]
    return word[:-1] if lower.endswith("s") and not lower.endswith(("ss", "us", "is")) and len(word) > 3 else word
