"""The saved examples of a collection as a mock server serves them: read when they are first needed, but for their paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from runner.entropy import Entropy
from runner.formats.postman.v2_request import parse_headers, parse_request
from runner.mock.matching.paths import Pattern, Segments, segments_of, wildcards_in
from runner.mock.matching.queries import Pairs, decoded
from runner.mock.templates import Template
from runner.model.collection import Collection, Folder, Item
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import replace
from runner.model.request import ProtocolProfileBehavior, QueryParam, Request, Url
from runner.request.body import make_content
from runner.request.resolve import resolve
from runner.rules.substitute import MISSING, substitute
from runner.rules.text import json_text
from runner.rules.url import fill_path, parse_url, url_text
from runner.variables.scopes import Scopes

HTTP = ("http", "http-request")
TYPES = {
    "json": "application/json",
    "html": "text/html",
    "xml": "application/xml",
    "javascript": "application/javascript",
    "yaml": "application/yaml",
}
"""Content types of examples that have none, by the language that Postman shows their bodies in."""

OF_THE_CONNECTION = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade"}
)
"""Headers that tell how the body of an example travelled, which do not hold for its text."""

SAVED_AT = 30
"""What is taken off the score of an example that a call meets by the request it is saved at, not by its own."""

WITH_BODY = ProtocolProfileBehavior(disable_body_pruning=True)


class Paths:
    """Finds the paths under which examples are found; `get` gives the values of variables."""

    def __init__(self, get: Callable[[str], Json]) -> None:
        self._get = get
        self._bases: dict[str, Url] = {}

    def patterns(self, url: Url) -> tuple[tuple[Pattern, ...], tuple[QueryParam, ...]]:
        """The paths of an example's URL, and its query.

        The path counts as it is written and with the values of path variables; if the host is a variable whose value has a
        path, with that path and without it.
        """
        filled = fill_path(url) if url.variables and url.path else url.path
        found: dict[Segments, dict[int, str]] = {}
        paths, query = self._paths(url)
        for path in paths:
            segments = segments_of("/" + "/".join(path))
            found[segments] = wildcards_in(segments)
        if filled != url.path:
            for path, written in zip(self._paths(replace(url, path=filled))[0], paths, strict=True):
                names = wildcards_in(segments_of("/" + "/".join(written)))
                found.setdefault(segments_of("/" + "/".join(path)), names if len(path) == len(written) else {})
        return tuple([Pattern(segments, wildcards) for segments, wildcards in found.items()]), query

    def _paths(self, url: Url) -> tuple[list[tuple[str, ...]], tuple[QueryParam, ...]]:
        """The path of a URL with the values of variables, and the one behind a host that is a variable; its query."""
        behind = url_text(Url(path=url.path, query=url.query))
        before = url_text(Url(protocol=url.protocol, user=url.user, password=url.password, host=url.host, port=url.port))
        own, query = url.path, url.query
        if "{{" in behind:
            parsed = parse_url(substitute(behind, self._get))
            own, query = parsed.path, parsed.query
        if "{{" not in before:
            return [own or ("",)], query or ()
        base = self._bases.get(before)
        if base is None:
            base = self._bases[before] = parse_url(substitute(before, self._get))
        paths = [(*(base.path or ()), *(own or ())) or ("",)]
        if own is not None and base.path is not None:
            paths.append(own)
        return paths, query or base.query or ()


class Example:
    """One saved example; `place` is the path of its request in the collection, `order` its position among all.

    Variables have the values of `scopes`; the names of the others stay as they are. With `saved_at` it answers the request
    that it is saved at, and `lost` is taken off its score: that request may have changed since.
    """

    def __init__(
        self,
        source: JsonObject,
        item: Item,
        place: str,
        order: int,
        scopes: Scopes,
        paths: Paths,
        *,
        saved_at: bool = False,
    ) -> None:
        self.source = source
        self.place = place
        self.order = order
        self.id = _text(source.get("id") or source.get("_postman_id") or source.get("uid"))
        self.name = _text(source.get("name"))
        self.code = code_of(source)
        self._item, self._scopes = item, scopes
        self.lost = SAVED_AT if saved_at else 0
        original = None if saved_at else source.get("originalRequest")
        self._original = original if original and isinstance(original, dict | str) else None
        method, url = self._method_and_url()
        self.method = method
        self.patterns, self._query = paths.patterns(url)

    def _method_and_url(self) -> tuple[str, Url]:
        """What the example answers; without a request of its own that is the request that it is saved at."""
        found = self._original
        if found is None:
            return self._item.request.method.upper(), self._item.request.url
        source = found if isinstance(found, dict) else {"url": found}
        method, url = source.get("method"), source.get("url")
        if isinstance(url, dict) and not url.keys() & {"host", "path", "query"}:
            url = url.get("raw")
        return (method.upper() if isinstance(method, str) and method else "GET"), parse_url(url)

    @property
    def title(self) -> str:
        """What it is called where people read it: its name, and the path of its request."""
        return f"{self.name or self.code} ({self.place})"

    @cached_property
    def query(self) -> Pairs:
        """The enabled parameters of its URL, decoded."""
        return decoded((one.key, one.value) for one in self._query if not one.disabled)

    @cached_property
    def request(self) -> Request:
        """Its request, with the values of variables."""
        found = self._item.request if self._original is None else parse_request(self._original)
        return resolve(found, self._scopes, lambda name: MISSING).request

    @cached_property
    def request_headers(self) -> dict[str, str]:
        """The enabled headers of its request by their names in lower case; the last one of a name counts."""
        return {one.key.lower(): one.value or "" for one in self.request.headers if not one.disabled}

    @cached_property
    def request_body(self) -> bytes:
        """The bytes of its request's body."""
        content = make_content(self.request, WITH_BODY, Entropy(0))
        return bytes(content.body[:]) if content is not None else b""

    @cached_property
    def headers(self) -> tuple[tuple[str, Template], ...]:
        """The headers of its response, but for those that are about the connection."""
        found = [one for one in parse_headers(self.source.get("header")) if not one.disabled and one.key]
        kept = [(one.key, one.value or "") for one in found if one.key.lower() not in OF_THE_CONNECTION]
        if all(name.lower() != "content-type" for name, _ in kept) and self.source.get("body"):
            language = _text(self.source.get("_postman_previewlanguage")).lower()
            kept.append(("Content-Type", TYPES.get(language) or _guessed(self._body_text)))
        return tuple([(name, Template(self._filled(value))) for name, value in kept])

    @cached_property
    def body(self) -> Template:
        """The text of its response; names in it that have no value yet get theirs from each call."""
        return Template(self._filled(self._body_text))

    @property
    def _body_text(self) -> str:
        return _text(self.source.get("body"))

    def _filled(self, text: str) -> str:
        return substitute(text, self._scopes.get)

    @cached_property
    def wildcard_query(self) -> tuple[tuple[str, str], ...]:
        """The parameters whose value is a name without a value: name of the variable, name of the parameter."""
        return tuple([(value[2:-2], name) for name, value in self.query if value[:2] == "{{" and value[-2:] == "}}"])


def examples_in(
    collection: Collection,
    scopes: Scopes,
    leave_out: Callable[[str], object],
    start: int = 0,
    *,
    saved_at: bool = False,
) -> Iterator[Example]:
    """The examples of a collection, in its order behind `start` others; `leave_out` is told of each that is not a response.

    With `saved_at` each comes a second time for the request that it is saved at, if that is another one.
    """
    order, paths = start, Paths(scopes.get)
    for item, place in _items(collection.items, ""):
        responses = item.source.get("response")
        for number, source in enumerate(responses if isinstance(responses, list) else (), 1):
            wrong = _wrong(source)
            if wrong:
                leave_out(f"{place}: example {number} {wrong}")
                continue
            order += 1
            made = Example(source, item, place, order, scopes, paths)
            yield made
            if saved_at and source.get("originalRequest"):
                again = Example(source, item, place, order + 1, scopes, paths, saved_at=True)
                if (again.method, again.patterns) != (made.method, made.patterns):
                    order += 1
                    yield again


def _items(entries: tuple[Folder | Item, ...], place: str) -> Iterator[tuple[Item, str]]:
    for entry in entries:
        path = f"{place}/{entry.name}" if place else entry.name
        if isinstance(entry, Folder):
            yield from _items(entry.items, path)
        elif entry.kind in HTTP:
            yield entry, path


def _wrong(source: Json) -> str:
    """Why something in a list of examples cannot be served, "" if it can."""
    if not isinstance(source, dict):
        return "is not an object"
    if not 200 <= code_of(source) <= 999:
        return f"has the status {source.get('code')!r}, which no answer can have"
    return ""


def code_of(source: JsonObject) -> int:
    """The status code of an example: 200 if it has none, 0 if it is not a number."""
    code = source.get("code")
    if code is None or code == "":
        return 200
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 4:
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else 0


def _text(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else json_text(value)


def _guessed(text: str) -> str:
    """A content type by the beginning of a text."""
    return TYPES["json"] if text.lstrip()[:1] in ("{", "[") else "text/plain; charset=utf-8"
