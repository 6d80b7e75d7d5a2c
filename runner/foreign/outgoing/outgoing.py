"""Makes the requests of a collection as the engine does, with holes for the values of variables.

Each request is prepared twice: with marks for the variables whose names are kept, and with values. Filled with the same
values the first must be the second, byte by byte; if it is not (a value may change how a URL is split), variables
with a value are written as values, and what is still not the same is an error of that request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product

from runner.auth import AuthContext, authorize
from runner.clock import Clock
from runner.effects import ReadFile, Send, drive
from runner.engine.plan import PlannedItem
from runner.entropy import Entropy
from runner.errors import PostrunnerError
from runner.foreign.imported import Note
from runner.foreign.outgoing.marks import MarkedScopes, Marks
from runner.foreign.outgoing.texts import Text, filled, joined
from runner.foreign.written import ExportOptions
from runner.logs import visible
from runner.model.collection import Collection
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass, replace
from runner.model.request import Auth as RequestAuth
from runner.model.request import PreparedRequest, Request
from runner.protocols.table import is_sent
from runner.request.address import parse_address
from runner.request.behavior import parse_behavior
from runner.request.files import load_files
from runner.request.headers import SYSTEM_HEADERS
from runner.request.prepare import prepare
from runner.request.resolve import resolve
from runner.rules.substitute import MISSING
from runner.rules.text import text_of
from runner.variables.scopes import Scopes

ENCODERS_OF: Mapping[str, tuple[str, ...]] = {"urlencoded": ("form",), "graphql": ("json", "")}
"""How values may be written in the body of a mode, the usual way first; in all others they stand as they are."""

STAND_IN_PORT = "1"

STATIC = frozenset({"noauth", "basic", "bearer", "apikey"})
"""Auth types that always add the same; `oauth2` does if the collection has its token."""

NOT_WRITTEN = frozenset({"host", "content-length", "postman-token"})
"""Headers that are made when a request is sent: from its URL, from its body, at random."""

SAMPLE = "5e&cret"
"""Stands for the value of a secret where requests are compared; its `&` tells whether it is a parameter of a URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderLine:
    """A header that is sent; Postman `added` those that the request does not have itself."""

    name: str
    value: Text
    added: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """An auth that is computed when the request is sent, with its parameters."""

    type: str
    params: dict[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request as it goes out. A URL that begins with a hole may lack its `http://`.

    `headers` are those in the order of the wire, without `NOT_WRITTEN`, unless the collection has its own. `body` is None
    without one; an empty one is sent with a `Content-Length: 0`. With an `error`, which
    says why it cannot be written, the rest is empty.
    """

    planned: PlannedItem
    method: str = ""
    url: Text = ()
    headers: tuple[HeaderLine, ...] = ()
    body: Text | None = None
    auth: Auth | None = None
    error: str = ""

    @property
    def path(self) -> str:
        """Where the item stands: `Folder/Request`."""
        return "/".join((*self.planned.path, self.planned.item.name))

    def gap(self, message: str) -> Note:
        """The note that something of this request is not written."""
        return Note(visible(message), item=self.path)

    def scripts(self, listen: str) -> Iterator[tuple[str, str]]:
        """What each of its scripts of a phase is called in a sentence, and its text."""
        phase = "pre-request" if listen == "prerequest" else listen
        for row in self.planned.scripts.get(listen, ()):
            if row.script.exec.strip():
                yield f"the {phase} script of {row.owner!r}", row.script.exec


class Maker:
    """Makes the requests of a collection; `scopes` are the variables that it starts with."""

    def __init__(self, collection: Collection, options: ExportOptions) -> None:
        self._options = options
        self.scopes = Scopes(
            environment=options.environment.values, collection=collection.variables, globals=options.globals.values
        )

    def make(self, planned: PlannedItem) -> Outgoing:
        """One item as it goes out."""
        if not is_sent(planned.item.kind):
            return Outgoing(planned=planned, error=f"items of the kind {planned.item.kind} cannot be sent yet")
        lift = self.scopes.collection.overlay(planned.variables)
        try:
            truth = self._outgoing(planned, MarkedScopes(self.scopes, self._secret, self._value), Marks())
            for keeps in (self._kept, lambda name: not self._fixed(name)):
                for ways in product(ENCODERS_OF.get(_mode(planned), ("",)), ("query", "param")):
                    found = self._with_names(planned, keeps, ways)
                    if found is not None and self._wire(found) == self._wire(truth):
                        return found
        except PostrunnerError as error:
            return Outgoing(planned=planned, error=error.message)
        finally:
            lift()
        return Outgoing(planned=planned, error="the values of its variables change more than the places where they stand")

    def value_of(self, name: str) -> str:
        """The value that a variable has now; a sample of one that is secret; of an unknown one its name in braces."""
        value = self.scopes.get(name)
        if self._secret(name) and value in (MISSING, ""):
            return SAMPLE
        return f"{{{{{name}}}}}" if value is MISSING else text_of(value)

    def _secret(self, name: str) -> bool:
        return name in self._options.secrets

    def _value(self, name: str, value: Json) -> Json:
        return self.value_of(name)

    def _fixed(self, name: str) -> bool:
        return not self._secret(name) and self.scopes.get(name) is not MISSING

    def _kept(self, name: str) -> bool:
        return not self._options.resolve or not self._fixed(name)

    def _with_names(self, planned: PlannedItem, keeps: Callable[[str], bool], ways: tuple[str, str]) -> Outgoing | None:
        """The request with names for the variables that `keeps` chooses; None if it cannot be made with them."""
        marks = Marks()

        def mark(name: str, value: Json) -> Json:
            scheme, colon, _ = self.value_of(name).partition("://")
            return marks.hole(name, scheme + colon if colon and scheme.isalpha() else "")

        try:
            return self._outgoing(planned, MarkedScopes(self.scopes, keeps, mark), marks, ways)
        except PostrunnerError:
            return None

    def _wire(self, one: Outgoing) -> object:
        """The bytes of a request when its holes have their values, to be compared."""

        def fill(text: Text) -> bytes:
            return filled(text, self.value_of, str.encode)

        url = fill(one.url)
        lines = [(line.name, fill(line.value)) for line in one.headers]
        signed = {name: fill(value) for name, value in one.auth.params.items()} if one.auth else None
        body = None if one.body is None else fill(one.body)
        return one.method, url if b"://" in url else b"http://" + url, lines, body, signed

    def _outgoing(
        self, planned: PlannedItem, scopes: Scopes, marks: Marks, ways: tuple[str, str] = ("", "query")
    ) -> Outgoing:
        auth = planned.item.request.auth or planned.auth
        behavior = parse_behavior(planned.behavior, self._options.run)
        entropy = Entropy("/".join(planned.location))
        request = resolve(replace(planned.item.request, auth=auth), scopes, lambda name: MISSING).request
        port = request.url.port
        if port is not None and marks.any_in(port):  # no port, but it does not change how the rest is made
            request = replace(request, url=replace(request.url, port=STAND_IN_PORT))
        request = _with_files(request, marks)
        static = _is_static(request.auth)
        signed = _signed(request, AuthContext(clock=Clock(), entropy=entropy, behavior=behavior)) if static else request
        prepared = prepare(signed, behavior, entropy)
        address = parse_address(signed.url, encode=not behavior.disable_url_encoding)
        scheme = "" if signed.url.protocol is None and marks.any_in(address.host) else f"{address.scheme}://"
        start = scheme + (address.host_header if port is None or not marks.any_in(port) else f"{address.host}:{port}")
        path, mark, query = prepared.target.partition("?")
        in_path, in_query = ("", "") if behavior.disable_url_encoding else ("path", ways[1])
        url = (
            *marks.found(start.encode()),
            *marks.found(path.encode("latin-1"), in_path),
            *marks.found((mark + query).encode("latin-1"), in_query),
        )
        has_length = any(name.lower() == "content-length" for name, _ in prepared.headers)
        return Outgoing(
            planned=planned,
            method=prepared.method,
            url=joined(url),
            headers=_headers(request, prepared, marks),
            body=marks.found(bytes(prepared.body[:]), ways[0]) if prepared.has_body or has_length else None,
            auth=None if static or request.auth is None else _auth(request.auth, marks),
        )


def _mode(planned: PlannedItem) -> str:
    body = planned.item.request.body
    return body.mode or "" if body else ""


def _is_static(auth: RequestAuth | None) -> bool:
    return auth is None or auth.type in STATIC or (auth.type == "oauth2" and bool(auth.params.get("accessToken")))


def _auth(auth: RequestAuth, marks: Marks) -> Auth:
    params = {name: marks.found(text_of(value).encode()) for name, value in auth.params.items() if value is not None}
    return Auth(type=auth.type, params=params)


def _with_files(request: Request, marks: Marks) -> Request:
    """The request with a mark for the content of each file."""
    return drive(load_files(request), lambda asked: marks.file(asked.path) if isinstance(asked, ReadFile) else None)


def _signed(request: Request, context: AuthContext) -> Request:
    flow = authorize(request.auth, request, context)
    first = next((asked for asked in flow if isinstance(asked, Send)), None)
    flow.close()
    return request if first is None else first.request


def _headers(request: Request, prepared: PreparedRequest, marks: Marks) -> tuple[HeaderLine, ...]:
    """The headers of the wire, without those that are made when the request is sent."""
    own = {header.key.lower() for header in request.headers if not header.disabled}
    found = []
    for name, value in prepared.headers:
        if name.lower() in own or name.lower() not in NOT_WRITTEN:
            text = marks.found(value.encode(prepared.head_encoding))
            found.append(
                HeaderLine(name=name, value=text, added=(name, value) in SYSTEM_HEADERS and name.lower() not in own)
            )
    return tuple(found)
