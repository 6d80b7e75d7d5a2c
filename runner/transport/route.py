"""Where a request is sent: to its server, to a proxy, or through one."""

from __future__ import annotations

from dataclasses import replace

from runner.model.quick_dataclass import dataclass
from runner.model.request import PreparedRequest
from runner.request.headers import check_target
from runner.transport.raw_response import Headers
from runner.transport.sockets.proxy import Proxy, absolute_target, take_proxy_authorization, with_proxy_authorization
from runner.transport.sockets.tls import TlsSettings


@dataclass(frozen=True, slots=True)
class Route:
    """Where a connection leads to; connections of equal routes are interchangeable.

    `tls` is None for plain http, `proxy_tls` is None unless the proxy itself speaks TLS.
    """

    scheme: str
    host: str
    port: int
    tls: TlsSettings | None = None
    proxy: Proxy | None = None
    proxy_tls: TlsSettings | None = None


def route_of(request: PreparedRequest, proxy: Proxy | None, tls: TlsSettings) -> tuple[Route, Headers, str]:
    """The route of a request, and the headers and target to send on it.

    Plain http is sent to the proxy itself, on one connection for all origins; https goes through a tunnel. The user's own
    `Proxy-Authorization` header is for the proxy: it opens the tunnel and never reaches the origin.
    """
    if proxy is None or proxy.is_socks:
        route = Route(request.scheme, request.host, request.port, tls if request.scheme == "https" else None, proxy)
        return route, request.headers, request.target
    # The proxy's own certificate is checked with the same authorities and -k; it never gets the client certificate.
    authorities = TlsSettings(verify=tls.verify, extra_ca=tls.extra_ca, node_ca=tls.node_ca)
    proxy_tls = authorities if proxy.scheme == "https" else None
    if request.scheme != "https":
        headers = with_proxy_authorization(request.headers, proxy.authorization)
        target = absolute_target(request.href, request.target)
        check_target(target)  # now it includes the host
        return Route("http", "", 0, None, proxy, proxy_tls), headers, target
    own, headers = take_proxy_authorization(request.headers)
    if own is not None:
        proxy = replace(proxy, authorization=own)
    return Route("https", request.host, request.port, tls, proxy, proxy_tls), headers, request.target
