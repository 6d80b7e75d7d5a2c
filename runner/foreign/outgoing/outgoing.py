"""Makes the requests of a collection as the engine does, with holes for the values of variables.

Each request is prepared twice: with marks for the variables whose names are kept, and with values. Filled with the same
values the first must be the second, byte by byte; if it is not (a value may change how a URL is split), variables
with a value are written as values, and what is still not the same is an error of that request.
"""

from __future__ import annotations

import re
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
from runner.model.request import PreparedRequest, ProtocolProfileBehavior, Request, Url
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

MADE = frozenset({"host", "content-length", "postman-token"})
"""Headers that are made when a request is sent: from its URL, from its body, at random."""

UNKNOWN = ("", "unknown", "http://unknown/path")
"""What variables without a value are taken for, in turn: no host has braces, and scripts may set a name or a whole URL."""

SAMPLE = "5e&cret"
"""Stands for the value of a secret where requests are compared; its `&` tells whether it is a parameter of a URL."""


_URL = re.compile(rb"([A-Za-z]+://)?+([^/?]*+)(.*)", re.DOTALL)

ValueOf = Callable[[str], str]
"""The value of a variable by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderLine:
    """A header that is sent; Postman `added` those that the request does not have itself.

    The value of one that is `made` is none yet: it comes from the URL, the body or the cookies when the request is sent, or
    is random. `Cookie` is one of these lines only where its place is not the end.
    """

    name: str
    value: Text
    added: bool = False
    made: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """An auth that is computed when the request is sent, with its parameters."""

    type: str
    params: dict[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request as it goes out. A URL that begins with a hole may lack its `http://` and its path.

    `lines` are its headers in the order of the wire. `body` is None without one; an empty one is sent with a
    `Content-Length: 0`. With an `error`, which says why it cannot be written, the rest is empty.
    """

    planned: PlannedItem
    method: str = ""
    url: Text = ()
    lines: tuple[HeaderLine, ...] = ()
    body: Text | None = None
    auth: Auth | None = None
    error: str = ""

    @property
    def path(self) -> str:
        """Where the item stands: `Folder/Request`."""
        return "/".join((*self.planned.path, self.planned.item.name))

    @property
    def headers(self) -> tuple[HeaderLine, ...]:
        """The headers without those that are made when the request is sent."""
        return tuple(line for line in self.lines if not line.made)

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
            for unknown in UNKNOWN:
                found = self._found(planned, lambda name, unknown=unknown: self.value_of(name, unknown))  # type: ignore[misc]
                if found is not None:
                    return found
        except PostrunnerError as error:
            return Outgoing(planned=planned, error=error.message)
        finally:
            lift()
        return Outgoing(planned=planned, error="the values of its variables change more than the places where they stand")

    def _found(self, planned: PlannedItem, value_of: ValueOf) -> Outgoing | None:
        """The request with holes that is the one with values when it is filled; None if there is none."""

        def valued(name: str) -> bool:
            return self._secret(name) or (self.scopes.get(name) is MISSING and value_of(name) != braced(name))

        truth = self._outgoing(planned, MarkedScopes(self.scopes, valued, lambda name, _: value_of(name)), Marks())
        own = {variable.key for variable in planned.variables}  # of folders: they are known to no other request
        for keeps in (lambda name: self._kept(name) and name not in own, lambda name: not self._fixed(name)):
            for ways in product(ENCODERS_OF.get(_mode(planned), ("",)), ("query", "param")):
                found = self._with_names(planned, keeps, ways)
                if found is not None and _wire(found, value_of) == _wire(truth, value_of):
                    return found
        return None

    def value_of(self, name: str, unknown: str = "") -> str:
        """The value that a variable has now, of a secret a sample; of an unknown one `unknown`, or its name in braces."""
        value = self.scopes.get(name)
        if self._secret(name) and value in (MISSING, ""):
            return SAMPLE
        return (unknown or braced(name)) if value is MISSING else text_of(value)

    def _secret(self, name: str) -> bool:
        return name in self._options.secrets

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

        def stands(name: str) -> bool:
            return keeps(name) and not marks.any_in(name)  # the value of a variable may be in the name of another

        try:
            return self._outgoing(planned, MarkedScopes(self.scopes, stands, mark), marks, ways)
        except PostrunnerError:
            return None

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
        has_length = any(name.lower() == "content-length" for name, _ in prepared.headers)
        return Outgoing(
            planned=planned,
            method=prepared.method,
            url=_url(signed.url, port, behavior, marks, ways[1]),
            lines=_lines(request, prepared, marks),
            body=marks.found(bytes(prepared.body[:]), ways[0]) if prepared.has_body or has_length else None,
            auth=None if static or request.auth is None else _auth(request.auth, marks),
        )


def _url(url: Url, port: str | None, behavior: ProtocolProfileBehavior, marks: Marks, in_query: str) -> Text:
    """The URL of the wire; `port` is the one that stands in the place of the URL's own."""
    encode = not behavior.disable_url_encoding
    address = parse_address(url, encode=encode)
    scheme = "" if url.protocol is None and marks.any_in(address.host) else f"{address.scheme}://"
    start = scheme + (address.host_header if port is None or not marks.any_in(port) else f"{address.host}:{port}")
    path, mark, query = address.target.partition("?")
    if path == "/" and not url.path and marks.any_in(start):  # the variable may be a URL with a path
        path = ""
    found = marks.found(path.encode("latin-1"), "path" if encode else "")
    found += marks.found((mark + query).encode("latin-1"), in_query if encode else "")
    return joined((*marks.found(start.encode()), *found))


def braced(name: str) -> str:
    """What stands for a variable without a value."""
    return f"{{{{{name}}}}}"


def _wire(one: Outgoing, value_of: ValueOf) -> object:
    """The bytes of a request when its holes have their values, to be compared."""

    def fill(text: Text) -> bytes:
        return filled(text, value_of, str.encode)

    scheme, host, target = _URL.match(fill(one.url)).groups()  # type: ignore[union-attr]  # which fits any bytes
    lines = [(line.name, fill(line.value)) for line in one.headers]
    signed = {name: fill(value) for name, value in one.auth.params.items()} if one.auth else None
    body = None if one.body is None else fill(one.body)
    path = target if target.startswith(b"/") else b"/" + target
    return one.method, scheme or b"http://", host, path, lines, body, signed


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


def _lines(request: Request, prepared: PreparedRequest, marks: Marks) -> tuple[HeaderLine, ...]:
    """The headers of the wire."""
    own = {header.key.lower() for header in request.headers if not header.disabled}
    found = []
    for name, value in prepared.headers:
        theirs = name.lower() in own
        made = not theirs and name.lower() in MADE
        text = () if made else marks.found(value.encode(prepared.head_encoding))
        if made and name == "Content-Length" and prepared.cookie_before_length and "cookie" not in own:
            found.append(HeaderLine(name="Cookie", value=(), made=True))
        found.append(HeaderLine(name=name, value=text, added=not theirs and (name, value) in SYSTEM_HEADERS, made=made))
    return tuple(found)
