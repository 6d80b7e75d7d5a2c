"""Which proxy a request goes through: the environment variables, by Newman's rules.

http uses HTTP_PROXY; https uses HTTPS_PROXY or else HTTP_PROXY; both fall back to ALL_PROXY, which Newman does not know.
NO_PROXY is `*` or a comma-separated list of host suffixes, each optionally with `:port`. All names may be in upper or lower
case.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from runner.errors import RequestError
from runner.model.quick_dataclass import dataclass
from runner.rules.percent import utf8

# Whether the proxy looks up the name of the host (socks5h) or we do (socks5).
SOCKS = {"socks": True, "socks4": False, "socks4a": True, "socks5": False, "socks5h": True}
SOCKS_PORT = 1080
NAMES = {"http": ("HTTP_PROXY", "ALL_PROXY"), "https": ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")}
_URL = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(?:([^/?#]*)@)?(\[[^\]/?#]*\]|[^/?#:]*)(?::([0-9]{1,5}))?(?:[/?#].*)?\Z", re.S
)
_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?([^/?#]*)")
HINT = "check the variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY"


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy: how to reach it, and its credentials: `authorization` is a header ("" for none), `user` is for SOCKS."""

    scheme: str
    host: str
    port: int
    authorization: str = ""
    user: str = ""
    password: str = ""

    @property
    def is_socks(self) -> bool:
        """Whether it is a SOCKS proxy, through which requests go unchanged."""
        return self.scheme in SOCKS


class ProxySettings:
    """The proxy variables as they were when the client was made."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._proxies = {scheme: _first(environ, names) for scheme, names in NAMES.items()}
        self._exempt = _first(environ, ("NO_PROXY",)).strip()
        self._zones = tuple(_zone(entry) for entry in self._exempt.split(",") if entry.strip(" ."))

    def proxy_for(self, scheme: str, host: str, port: int) -> Proxy | None:
        """The proxy for an origin, None to connect directly; raises `RequestError` if its address is invalid."""
        address = self._proxies.get(scheme)
        if not address or self._exempt == "*" or self.exempts(host, port):
            return None
        return parse_proxy(address)

    def exempts(self, host: str, port: int) -> bool:
        """Whether NO_PROXY names this host: an entry matches whole trailing labels (`b.c` matches `a.b.c`, not `ab.c`)."""
        dotted = "." + host.lower().lstrip(".")
        return any(dotted.endswith(zone) and wanted in ("", str(port)) for zone, wanted in self._zones)


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((value for name in names for key in (name, name.lower()) if (value := environ.get(key))), "")


def _zone(entry: str) -> tuple[str, str]:
    entry = entry.strip().lower()
    if entry.startswith("["):
        host, _, port = entry[1:].partition("]")
        port = port.removeprefix(":")
    elif entry.count(":") == 1:
        host, _, port = entry.partition(":")
    else:
        host, port = entry, ""
    return "." + host.lstrip("."), port


def parse_proxy(address: str) -> Proxy:
    """The proxy that the value of a variable names; the scheme defaults to http. Raises `RequestError`."""
    found = _URL.match(address.strip())
    scheme = (found[1] or "http").lower() if found else ""
    known = scheme in PORTS or scheme in SOCKS
    if not found or not found[3] or not known or int(found[4] or 0) > 65535:
        shown = "this proxy address" if known or not scheme else f"a proxy of type {scheme}"
        raise RequestError(f"{shown} is not supported", code="ERR_INVALID_URL", hint=HINT)
    host, userinfo = found[3].strip("[]"), found[2] or ""
    port = int(found[4]) if found[4] else PORTS.get(scheme, SOCKS_PORT)
    if scheme in SOCKS:
        return Proxy(scheme, host, port, "", *credentials(userinfo))
    return Proxy(scheme, host, port, basic(userinfo) if userinfo else "")


PORTS = {"http": 80, "https": 443}


def basic(userinfo: str) -> str:
    """The value of a Basic authorization header for the user info of a URL."""
    return "Basic " + base64.b64encode(utf8(":".join(credentials(userinfo)))).decode()


def credentials(userinfo: str) -> tuple[str, str]:
    """The user name and password in the user info of a URL."""
    from urllib.parse import unquote

    user, _, password = userinfo.partition(":")
    return unquote(user), unquote(password)


def absolute_target(href: str, target: str) -> str:
    """The request target that a proxy needs for plain http: an absolute URL, without user info."""
    found = _AUTHORITY.match(href)
    return f"http://{found[1]}{target}" if found else target


def with_proxy_authorization(headers: tuple[tuple[str, str], ...], authorization: str) -> tuple[tuple[str, str], ...]:
    """The headers with `Proxy-Authorization` where Postman puts it: before Content-Length and Cookie at the end."""
    if not authorization or any(name.lower() == "proxy-authorization" for name, _ in headers):
        return headers
    at = len(headers)
    while at and headers[at - 1][0].lower() in ("content-length", "cookie"):
        at -= 1
    return (*headers[:at], ("Proxy-Authorization", authorization), *headers[at:])


def take_proxy_authorization(headers: tuple[tuple[str, str], ...]) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """The user's own `Proxy-Authorization` (None without one), and the other headers."""
    own = next((value for name, value in headers if name.lower() == "proxy-authorization"), None)
    return own, headers if own is None else tuple(pair for pair in headers if pair[0].lower() != "proxy-authorization")


def connect_head(host: str, port: int, authorization: str) -> bytes:
    """The request that opens a tunnel; of the user's request, it contains only the address."""
    name = f"[{host}]" if ":" in host else host
    lines = [f"CONNECT {name}:{port} HTTP/1.1", f"Host: {name}:{port}"]
    if authorization:
        lines.append(f"Proxy-Authorization: {authorization}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
