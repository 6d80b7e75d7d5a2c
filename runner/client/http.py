"""Sends prepared requests: cookies, redirects and decoding around one exchange on the wire per hop."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from time import monotonic, perf_counter, time
from types import ModuleType
from typing import TYPE_CHECKING

from runner.cookies.jar import CookieJar
from runner.errors import RequestError
from runner.formats.reading import read_bytes
from runner.model.request import PreparedRequest
from runner.model.response import Cookie, Exchange, Hop, Response, Sizes
from runner.options import RunOptions
from runner.request.redirect import next_hop, same_origin
from runner.rules.status_phrases import status_phrase
from runner.transport.http.decode import decode_body
from runner.transport.http.negotiation import check_http2
from runner.transport.limits import MAX_BODY, Limits, Wakeable
from runner.transport.network import Network
from runner.transport.raw_response import Headers, RawResponse
from runner.transport.sockets.tls import TlsSettings
from runner.transport.sockets.waiting import ready
from runner.transport.turns import Turn

if TYPE_CHECKING:
    import httpx

    from runner.cassettes.cassette import Cassette
    from runner.client.certificates import ClientCertificates
    from runner.client.detour import Detour
    from runner.client.rates import Rates
    from runner.client.tracing import Tracing

_BAD_VALUE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")


class Client:
    """Sends requests and keeps their connections open; may be used from several threads.

    `transport` replaces the network with any `httpx.BaseTransport` (a mock, a WSGI application). The proxy variables and
    NODE_EXTRA_CA_CERTS are read from `environ`, once. `max_body` limits the bytes of a body, encoded and decoded.
    `cassette` records or replays every exchange on the wire; `rates` says when a request may leave, `detour` which ones go
    to another server, `tracing` gives each request on the wire the id of a span. Once `cancel` is readable, all requests in
    progress end with an error. Raises `LoadError` if a
    certificate file cannot be used, `UsageError` if an option cannot be satisfied.
    """

    def __init__(
        self,
        options: RunOptions,
        jar: CookieJar,
        *,
        transport: httpx.BaseTransport | None = None,
        environ: Mapping[str, str] | None = None,
        max_body: int = MAX_BODY,
        cassette: Cassette | None = None,
        cancel: Wakeable | None = None,
        rates: Rates | None = None,
        detour: Detour | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        self._options = options
        self._tracing = tracing
        self._detour = detour
        self._jar = jar
        self._cassette = cassette
        self._cancel = cancel
        self._rates = rates if cassette is None or cassette.sends else None
        self._max_body = max_body
        self._idle = options.timeout_request / 1000 or None
        check_http2(options.http2)
        if options.ssl_extra_ca_certs:
            read_bytes(options.ssl_extra_ca_certs)
        environ = os.environ if environ is None else environ
        self._tls = TlsSettings(
            verify=not options.insecure,
            extra_ca=options.ssl_extra_ca_certs,
            node_ca=environ.get("NODE_EXTRA_CA_CERTS", ""),
        )
        self._certificates = _certificates(options)
        self._transport = transport
        self._patched: httpx.HTTPTransport | None = None
        self._network = Network(environ)
        self._borrows = False

    def trace(self, tracing: Tracing | None) -> None:
        """Give the requests from now on the ids of spans, or none."""
        self._tracing = tracing

    def for_other(self, jar: CookieJar, cancel: Wakeable) -> Client:
        """A client with other cookies and another cancel, on the connections of this one; closing it leaves them open."""
        other = copy(self)
        other._jar, other._cancel = jar, cancel
        other._patched, other._borrows = None, True
        return other

    def for_other_user(self, jar: CookieJar) -> Client:
        """A client with cookies, connections and TLS sessions of its own; the settings are not read again."""
        other = copy(self)
        other._jar, other._patched, other._network = jar, None, self._network.for_other_user()
        return other

    def send(
        self,
        prepared: PreparedRequest,
        *,
        deadline: float | None = None,
        preparing: float | None = None,
        turn: Turn | None = None,
        lease: object = None,
    ) -> Exchange:
        """Send a request and follow its redirects; raises `RequestError`.

        `deadline` is the `time.monotonic` time by which everything must be done; the option `timeout_request` limits the
        time to connect and the time between two bytes. `preparing` is how many milliseconds preparing the request took, for
        its timings; `turn` is its place among concurrent requests. Connections in the middle of a handshake (NTLM) are
        reused only for the same `lease`.
        """
        hops: list[Hop] = []
        limits = Limits(self._idle, deadline, self._max_body, turn, self._cancel, lease)
        user = cookie_header(prepared.headers)
        previous: PreparedRequest | None = None
        current: PreparedRequest | None = prepared
        try:
            while current is not None:
                if previous is not None and not same_origin(previous, current):
                    user = ""
                sent = self._with_cookies(current, user, previous)
                if hops:
                    self.wait_for_place(sent, deadline)
                timing = None if hops else preparing
                hop = self._hop(sent, limits, timing) if self._tracing is None else self._traced(sent, limits, timing)
                hops.append(hop)
                previous, current = sent, next_hop(sent, hop.response, len(hops) - 1)
        except RequestError as error:
            from runner.client.hints import hint_for

            error.hops = tuple(hops)
            error.hint = error.hint or hint_for(error, current or prepared, self._options)
            raise
        return Exchange(request=prepared, response=hops[-1].response, hops=tuple(hops))

    def wait_for_place(self, prepared: PreparedRequest, deadline: float | None = None) -> None:
        """Wait until a request may leave, or until the deadline; raises `RequestError` after a cancel."""
        if self._rates is None:
            return
        moment = self._rates.reserve(host_of(prepared))
        end = moment if deadline is None else min(moment, deadline)
        while (left := end - monotonic()) > 0:
            ready({}, left, self._cancel)

    def close(self) -> None:
        """Close all idle connections."""
        if not self._borrows:
            self._network.close()
        if self._patched is not None:
            self._patched.close()

    def _with_cookies(self, current: PreparedRequest, user: str, previous: PreparedRequest | None) -> PreparedRequest:
        """The hop with its `Cookie` header: `user; jar`.

        On later hops the header keeps its position. On the same origin, Postman keeps the cookies of the previous hop if
        the jar has none for the new path. The user's own cookies are dropped for good once a hop leaves the origin.
        """
        if current.behavior.disable_cookies:
            return current
        jar = self._jar.header_for(current.href)
        if not jar and (previous is None or same_origin(previous, current)):
            return current
        return _with_cookie_header(current, "; ".join(filter(None, (user, jar))), first=previous is None)

    def _hop(self, request: PreparedRequest, limits: Limits, preparing: float | None) -> Hop:
        if self._cassette is None:
            answer = self._exchange(request, limits)
        else:
            answer = self._cassette.send(request, limits, self._exchange)
        cookies: tuple[Cookie, ...] = ()
        if not request.behavior.disable_cookies:
            said = [value for name, value in answer.reader.headers if len(name) == 10 and name.lower() == b"set-cookie"]
            if said:
                self._jar.store_from(request.href, [value.decode("latin-1") for value in said])
            # As in Postman, the cookies of a response are all that the jar now has for its URL.
            cookies = self._jar.cookies_for(request.href)
        response = response_of(answer, limits, cookies, preparing)
        if self._rates is not None and response.code == 429:
            from runner.rules.retry_after import retry_after

            self._rates.slow_down(host_of(request), retry_after(response.header("retry-after") or "", time()) or 0.0)
        return Hop(
            method=request.method,
            href=request.href,
            headers=answer.headers,
            response=response,
            reused=answer.reused,
        )

    def _traced(self, request: PreparedRequest, limits: Limits, preparing: float | None) -> Hop:
        """A hop with its span, or an error with that of the request that failed."""
        assert self._tracing is not None
        sent, span = self._tracing.begin(request)
        try:
            hop = self._hop(sent, limits, preparing)
        except RequestError as error:
            error.traced, error.asked = span(), (request.method, request.href)
            raise
        return replace(hop, traced=span())

    def _exchange(self, request: PreparedRequest, limits: Limits) -> RawResponse:
        if self._detour is not None and self._detour.takes(request):
            return self._detour.send(request, limits)
        transport = self._transport or self._patched_httpx()
        if transport is None:
            return self._network.send(request, self._tls_for(request), limits)
        from runner.transport.httpx_transport import send_through

        return send_through(transport, request, limits)

    def _tls_for(self, request: PreparedRequest) -> TlsSettings:
        """The settings of the run, with those of the item's behavior and the client certificate for this URL."""
        tls, behavior = self._tls, request.behavior
        if request.scheme != "https":
            return tls
        chosen = self._certificates
        certificate = chosen.certificate_for("https", request.host, request.port, request.target) if chosen else None
        return replace(
            tls,
            verify=tls.verify if behavior.strict_ssl is None else behavior.strict_ssl,
            disabled_protocols=behavior.tls_disabled_protocols,
            ciphers=behavior.tls_cipher_selection,
            prefer_server_ciphers=behavior.tls_prefer_server_ciphers,
            certificate=certificate,
        )

    def _patched_httpx(self) -> httpx.BaseTransport | None:
        """Httpx's own transport if something has patched it (vcrpy, pytest-httpx), else None."""
        httpx = sys.modules.get("httpx")
        if httpx is None or not replaced(httpx):
            return None
        if self._patched is None:
            self._patched = httpx.HTTPTransport(verify=self._network.context(self._tls), trust_env=False)
        return self._patched


def host_of(request: PreparedRequest) -> str:
    """What a limit of requests is about: a host with its port."""
    return f"{request.host}:{request.port}"


def _certificates(options: RunOptions) -> ClientCertificates | None:
    if not (options.ssl_client_cert or options.ssl_client_key or options.ssl_client_cert_list):
        return None
    from runner.client.certificates import ClientCertificates

    return ClientCertificates(options)


def replaced(httpx: ModuleType) -> bool:
    """Whether `httpx.HTTPTransport.handle_request` comes from another module than the method next to it."""
    kind = getattr(httpx, "HTTPTransport", None)
    method, neighbour = getattr(kind, "handle_request", None), getattr(kind, "close", None)
    return method is not None and getattr(method, "__globals__", None) is not getattr(neighbour, "__globals__", None)


def cookie_header(headers: Headers) -> str:
    """The value of the `Cookie` header, "" without one."""
    return next((value for name, value in headers if len(name) == 6 and name.lower() == "cookie"), "")


def _with_cookie_header(request: PreparedRequest, value: str, *, first: bool) -> PreparedRequest:
    """The request with this `Cookie` header ("" removes it), at its present position or, if new, where Postman puts it."""
    if _BAD_VALUE.search(value):
        raise RequestError('Invalid character in header content ["Cookie"]', code="ERR_INVALID_CHAR")
    headers = request.headers
    at = next((at for at, (name, _) in enumerate(headers) if name.lower() == "cookie"), None)
    if at is not None:
        line = ((headers[at][0], value),) if value else ()
        rest = tuple(header for header in headers[at + 1 :] if header[0].lower() != "cookie")
        return replace(request, headers=(*headers[:at], *line, *rest))
    if not value:
        return request
    at = len(headers)
    if first and request.cookie_before_length:
        # Content-Length is at the end; only the Content-Type of a file body may follow it.
        last = [name.lower() for name, _ in headers[-2:]]
        at += last.index("content-length") - len(last) if "content-length" in last else 0
    return replace(request, headers=(*headers[:at], ("Cookie", value), *headers[at:]))


def response_of(
    answer: RawResponse, limits: Limits, cookies: tuple[Cookie, ...], preparing: float | None = None
) -> Response:
    """The response with its body decoded; raises `RequestError` if the body cannot be decoded."""
    reader, marks = answer.reader, answer.marks
    headers = tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in reader.headers])
    wire = body = reader.body()
    cut_off = False
    if wire:
        encodings = [value for name, value in headers if len(name) == 16 and name.lower() == "content-encoding"]
        if encodings:
            body, cut_off = decode_body(wire, ",".join(encodings), limits.max_body, limits.patience)
    time = marks.response_time()
    status = _text(reader.reason) or status_phrase(reader.status)
    head = sum([len(name) + len(value) + 4 for name, value in headers]) + len(reader.reason) + 17
    return Response(
        code=reader.status,
        status=status,
        headers=headers,
        body=body,
        time=time,
        sizes=Sizes(body=len(wire), header=head, decoded=len(body)),
        timings=marks.timings(perf_counter(), preparing),
        cookies=cookies,
        http_version=reader.version,
        remote_address=answer.address,
        tls=answer.tls,
        cut_off=cut_off,
    )


def _text(reason: bytes) -> str:
    try:
        return reason.decode().strip()
    except UnicodeDecodeError:
        return reason.decode("latin-1").strip()
