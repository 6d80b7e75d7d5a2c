"""SOCKS proxies, by the package python-socks; imported only by requests that go through one."""

from __future__ import annotations

import socket
from time import perf_counter

from runner.errors import RequestError
from runner.transport import failures
from runner.transport.limits import Limits
from runner.transport.sockets.proxy import SOCKS, Proxy
from runner.transport.sockets.waiting import on_thread
from runner.transport.timings import Marks

HINT = "install it with: pip install 'postrunner[socks]'"
FOREVER = 86400.0


def open_through_socks(proxy: Proxy, host: str, port: int, limits: Limits, marks: Marks) -> socket.socket:
    """A socket connected to `host` through the proxy; raises `RequestError`."""
    try:
        from python_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError, ProxyType
        from python_socks.sync import Proxy as Socks
    except ImportError:
        raise RequestError("a SOCKS proxy needs the package python-socks", code="ERR_PROXY", hint=HINT) from None
    kind = ProxyType.SOCKS4 if proxy.scheme.startswith("socks4") else ProxyType.SOCKS5
    user, password = proxy.user or None, proxy.password if proxy.user else None
    way = Socks(kind, proxy.host, proxy.port, user, password, rdns=SOCKS[proxy.scheme])
    # How long the proxy takes to look up the name and to connect cannot be told apart: all of it counts as connecting.
    marks.socket = marks.resolved = perf_counter()
    try:
        patience = limits.patience() or FOREVER
        sock = on_thread(lambda: way.connect(host, port, timeout=patience), limits, release=lambda late: late.close())
    except (ProxyTimeoutError, TimeoutError):
        raise failures.of_proxy(failures.connect_timeout(), proxy.host, proxy.port) from None
    except ProxyConnectionError as error:
        failure = failures.connect_failed(error, proxy.host, proxy.port)
        raise failures.of_proxy(failure, proxy.host, proxy.port) from None
    except ProxyError as error:
        raise RequestError(f"the SOCKS proxy could not connect: {error}", code="ECONNRESET") from None
    except OSError as error:
        raise failures.resolve_failed(error, host) from None
    marks.connected = perf_counter()
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock
