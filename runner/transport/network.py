"""One request on the wire: take a connection, exchange, and try once more if an idle connection turns out to be dead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING

from runner.errors import RequestError
from runner.model.request import PreparedRequest
from runner.transport import failures
from runner.transport.connections import Connection, Connections
from runner.transport.http.http1 import Outgoing, exchange, outgoing
from runner.transport.http.negotiation import Negotiation
from runner.transport.http.reader import Reader
from runner.transport.limits import Limits
from runner.transport.raw_response import IDEMPOTENT, STALE_CODES, Headers, RawResponse
from runner.transport.route import Route, route_of
from runner.transport.sockets.proxy import ProxySettings
from runner.transport.sockets.tls import TlsContexts, TlsSettings
from runner.transport.timings import Marks

if TYPE_CHECKING:
    import ssl


class Network:
    """The connections of one client; may be used from several threads."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._proxies = ProxySettings(environ)
        self._open(TlsContexts())

    def _open(self, contexts: TlsContexts) -> None:
        self._contexts = contexts
        self._connections = Connections(contexts)
        self._negotiation = Negotiation(self._connections)

    def for_other_user(self) -> Network:
        """Connections and TLS sessions of their own, with the same settings."""
        other = copy(self)
        other._open(self._contexts.for_other_user())
        return other

    def send(self, request: PreparedRequest, tls: TlsSettings, limits: Limits) -> RawResponse:
        """Send one request and read its response; raises `RequestError`."""
        proxy = self._proxies.proxy_for(request.scheme, request.host, request.port)
        route, headers, target = route_of(request, proxy, tls)
        if request.behavior.protocol_version in ("http2", "auto"):
            answer = self._negotiation.send(request, route, headers, limits)
            if answer is not None:
                return answer
        message = outgoing(request.method, target, headers, request.body, request.head_encoding)
        return self._exchange(route, request, message, headers, limits)

    def _exchange(
        self, route: Route, request: PreparedRequest, message: Outgoing, headers: Headers, limits: Limits
    ) -> RawResponse:
        """Exchange on an idle connection, or else on a new one.

        The server may just have closed an idle connection. Then the request is sent again, once and on a new connection,
        but only if no byte of a response was received and sending it twice does no harm: its method is idempotent, or the
        system had not accepted a single byte of it.
        """
        connection = self._connections.take(route, bound=message.bound, lease=limits.lease)
        if connection is not None:
            answer = RawResponse(_reader(request, limits), Marks(), headers)
            answer.reused = True
            try:
                return self._over(connection, message, answer, limits)
            except RequestError as error:
                harmless = request.method in IDEMPOTENT or not message.touched
                if connection.aborted or answer.reader.started or not harmless or error.code not in STALE_CODES:
                    raise
        answer = RawResponse(_reader(request, limits), Marks(), headers)
        return self._over(self._connections.open(route, limits, answer.marks), message, answer, limits)

    def _over(self, connection: Connection, message: Outgoing, answer: RawResponse, limits: Limits) -> RawResponse:
        answer.address, answer.tls = connection.address, connection.tls
        reader = answer.reader
        try:
            exchange(connection.sock, message, reader, limits, answer.marks)
        except BaseException as error:
            self._connections.drop(connection)
            if isinstance(error, RequestError):
                raise broken_off(error, reader, aborted=connection.aborted) from None
            raise
        # A connection authenticated for one user must never carry the request of another.
        if reader.reusable and (not message.bound or asks_to_go_on(reader)):
            self._connections.give_back(connection, reader.idle_seconds(), bound=message.bound, lease=limits.lease)
        else:
            self._connections.drop(connection)
        return answer

    def context(self, tls: TlsSettings) -> ssl.SSLContext:
        """The TLS context for `tls`."""
        return self._contexts.context(tls)

    def close(self) -> None:
        """Close all connections; a request in progress on another thread ends with an error."""
        self._connections.close()
        self._negotiation.close()


TIME_CODES = frozenset({"ESOCKETTIMEDOUT", "ETIMEDOUT"})


def broken_off(error: RequestError, reader: Reader, *, aborted: bool) -> RequestError:
    """The error of an exchange: that we canceled it, or with how much of the body had come when the time was over."""
    if aborted:
        return failures.request_aborted()
    if error.code in TIME_CODES and reader.in_body and not error.hint:
        kind = "an event stream" if reader.is_event_stream() else "a response"
        error.hint = f"{kind} had begun: {len(reader.body())} bytes of its body had come"
    return error


def asks_to_go_on(reader: Reader) -> bool:
    """Whether the server continues an NTLM or Negotiate handshake, whose next step must use the same connection."""
    return reader.status == 401 and any(
        name.lower() == b"www-authenticate" and _CHALLENGE.match(value) for name, value in reader.headers
    )


_CHALLENGE = re.compile(rb"(?:ntlm|negotiate)[ ]+\S", re.I)


def _reader(request: PreparedRequest, limits: Limits) -> Reader:
    behavior = request.behavior
    return Reader(is_head=request.method == "HEAD", lenient=behavior.insecure_http_parser, max_body=limits.max_body)
