"""Where a request goes: from the parts of a URL to what goes on the wire.

Nothing is normalised that Postman leaves alone: dot segments, double slashes and `%zz` stay.
"""

from __future__ import annotations

import re

from runner.errors import RequestError
from runner.model.quick_dataclass import dataclass
from runner.model.request import Url
from runner.rules.hosts import host_to_ascii
from runner.rules.percent import encode_path, encode_query, encode_userinfo
from runner.rules.url import path_text, query_text, url_text

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a request goes: `host` has IPv6 brackets, `port` is the text as given (None without a colon).

    `user` and `password` are percent-encoded; `path` and `search` (with its `?`) are as sent.
    """

    scheme: str
    host: str
    port: str | None
    path: str
    search: str = ""
    user: str | None = None
    password: str | None = None

    @property
    def host_header(self) -> str:
        """The value of the `Host` header, with the port exactly as it was written."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def target(self) -> str:
        """The target in the request line: path and query."""
        return self.path + self.search

    @property
    def href(self) -> str:
        """The whole URL without user name, password and fragment."""
        return f"{self.scheme}://{self.host_header}{self.path}{self.search}"

    @property
    def connect_host(self) -> str:
        """The host to connect to, IPv6 without brackets; a URL with nothing but a port leads to this machine (Node)."""
        return (self.host[1:-1] if self.host.startswith("[") else self.host) or "localhost"

    @property
    def connect_port(self) -> int:
        """The port to connect to; raises `RequestError` with Node's text for an invalid one."""
        if not self.port:
            return DEFAULT_PORTS[self.scheme]
        port = self.port.strip()
        digits = port.lstrip("0") or "0"
        if not (port.isascii() and port.isdigit() and len(digits) <= 5 and int(digits) < 65536):
            text = f"Port should be >= 0 and < 65536. Received type string ('{self.port}')."
            raise RequestError(text, code="ERR_SOCKET_BAD_PORT")
        return int(digits)


def parse_address(url: Url, encode: bool = True) -> Address:
    """Where a resolved URL leads; without `encode` path, query and user info stay as they are (`disableUrlEncoding`).

    Raises `RequestError` for an empty URL, a host that is missing or has control characters, and a scheme other than http
    and https.
    """
    scheme = (url.protocol or "http").removesuffix("://").lower()
    host = ".".join(url.host)
    nowhere = not host and url.port is None
    if nowhere and not url_text(url):
        raise RequestError("runtime: request url is empty")
    if scheme not in DEFAULT_PORTS:
        raise RequestError(f"Invalid protocol: {scheme}:")
    if nowhere or _CONTROL.search(host):
        raise RequestError(f'Invalid URI "{url_text(url)}"')
    path, query = path_text(url), query_text(url)
    user, password = url.user, url.password
    if encode:
        path, query = encode_path(path), None if query is None else encode_query(query)
        user, password = [None if text is None else encode_userinfo(text) for text in (user, password)]
    return Address(
        scheme=scheme,
        host=host_to_ascii(host),
        port=url.port,
        path=path,
        search="" if query is None else "?" + query,
        user=user,
        password=password,
    )
