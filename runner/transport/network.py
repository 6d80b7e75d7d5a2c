"""One request on the wire: pick a connection, exchange, and try once more when an idle connection proved dead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from runner.errors import RequestError
from runner.model.request import PreparedRequest
from runner.request.headers import check_target
from runner.transport import failures
from runner.transport.connections import Connection, Connections, Route
from runner.transport.http.http1 import Outgoing, exchange, outgoing
from runner.transport.http.negotiation import Versions
from runner.transport.http.reader import Reader
from runner.transport.limits import Limits
from runner.transport.raw_response import IDEMPOTENT, Headers, RawResponse
from runner.transport.sockets.proxy import (
    Proxy,
    ProxySettings,
    absolute_target,
    take_proxy_authorization,
    with_own_authorization,
    with_proxy_authorization,
)
from runner.transport.sockets.tls import TlsContexts, TlsSettings
from runner.transport.timings import Marks

if TYPE_CHECKING:
    import ssl

STALE_CODES = frozenset({"ECONNRESET", "EPIPE", "ECONNABORTED"})


class Network:
    """The connections of one client; may be used from several threads."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._proxies = ProxySettings(environ)
        self._contexts = TlsContexts()
        self._connections = Connections(self._contexts)
        self._versions = Versions()

    def send(self, request: PreparedRequest, tls: TlsSettings, limits: Limits) -> RawResponse:
        """Send one request and read its response; raises `RequestError`."""
        proxy = self._proxies.proxy_for(request.scheme, request.host, request.port)
        if request.behavior.protocol_version in ("http2", "auto"):
            answer = self._versions.send(request, tls, proxy, limits)
            if answer is not None:
                return answer
        if proxy is None or proxy.is_socks:
            route = Route(request.scheme, request.host, request.port, tls if request.scheme == "https" else None, proxy)
            headers, target = request.headers, request.target
        else:
            route, headers, target = through_proxy(proxy, request, tls)
        message = outgoing(request.method, target, headers, request.body, request.head_encoding)
        return self._exchange(route, request, message, headers, limits)

    def _exchange(
        self, route: Route, request: PreparedRequest, message: Outgoing, headers: Headers, limits: Limits
    ) -> RawResponse:
        """Exchange on an idle connection, else on a new one.

        An idle connection may have been closed by the server just now. Then the request is sent again, once and on a new
        connection, but only when no byte of a response came and sending it twice can do no harm: its method is idempotent
        or the system had not taken a single byte of it.
        """
        connection = self._connections.take(route, bound=message.bound)
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
        # A connection that a user has authenticated must never carry somebody else's request.
        if reader.reusable and (not message.bound or asks_to_go_on(reader)):
            self._connections.give_back(connection, reader.idle_seconds(), bound=message.bound)
        else:
            self._connections.drop(connection)
        return answer

    def context(self, tls: TlsSettings) -> ssl.SSLContext:
        """The TLS context for `tls`."""
        return self._contexts.context(tls)

    def close(self) -> None:
        """Close all connections; a request that is under way on another thread ends with an error."""
        self._connections.close()
        self._versions.close()


TIME_CODES = frozenset({"ESOCKETTIMEDOUT", "ETIMEDOUT"})


def broken_off(error: RequestError, reader: Reader, *, aborted: bool) -> RequestError:
    """The error of an exchange: that we gave it up, or how far it had come when time ran out in the middle of a body."""
    if aborted:
        return failures.request_aborted()
    if error.code in TIME_CODES and reader.in_body and not error.hint:
        kind = "an event stream" if reader.is_event_stream() else "a response"
        error.hint = f"{kind} had begun: {len(reader.body())} bytes of its body had come"
    return error


def through_proxy(proxy: Proxy, request: PreparedRequest, tls: TlsSettings) -> tuple[Route, Headers, str]:
    """The route through a proxy, with the headers and the target that belong to it.

    Plain http goes to the proxy itself, and one connection serves every origin; https goes through a tunnel. A
    `Proxy-Authorization` header of the user is for the proxy: it opens the tunnel and never reaches the origin.
    """
    # Only the authorities and -k count for the proxy's own certificate, never the target's client certificate.
    authorities = TlsSettings(verify=tls.verify, extra_ca=tls.extra_ca, node_ca=tls.node_ca)
    proxy_tls = authorities if proxy.scheme == "https" else None
    if request.scheme != "https":
        headers = with_proxy_authorization(request.headers, proxy.authorization)
        target = absolute_target(request.href, request.target)
        check_target(target)  # the host is in it
        return Route("http", "", 0, None, proxy, proxy_tls), headers, target
    own, headers = take_proxy_authorization(request.headers)
    proxy = with_own_authorization(proxy, own)
    return Route("https", request.host, request.port, tls, proxy, proxy_tls), headers, request.target


def asks_to_go_on(reader: Reader) -> bool:
    """Whether the server goes on with an NTLM or Negotiate handshake: the next step must come on this connection."""
    return reader.status == 401 and any(
        name.lower() == b"www-authenticate" and _CHALLENGE.match(value) for name, value in reader.headers
    )


_CHALLENGE = re.compile(rb"(?:ntlm|negotiate)[ ]+\S", re.I)


def _reader(request: PreparedRequest, limits: Limits) -> Reader:
    behavior = request.behavior
    return Reader(is_head=request.method == "HEAD", lenient=behavior.insecure_http_parser, max_body=limits.max_body)
