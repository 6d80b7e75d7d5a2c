"""Postman's URL rules from the parts of a URL to what goes on the wire.

Nothing is normalised that Postman leaves alone: no dot segment, no double slash and no `%zz` is touched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from runner.errors import RequestError
from runner.formats.url import fill_path, split_url, url_text
from runner.model.request import Url
from runner.model.variable import Variable

__all__ = [
    "Address",
    "encode_fragment",
    "encode_path",
    "encode_query",
    "encode_userinfo",
    "host_to_ascii",
    "parse_address",
    "parse_url",
    "path_text",
    "query_text",
    "url_text",
    "utf8",
]

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
DEFAULT_PORTS = {"http": 80, "https": 443}


# -- text and parts ---------------------------------------------------------------------------------------------


def parse_url(text: str, variables: tuple[Variable, ...] = ()) -> Url:
    """Take a URL text apart as Postman does; `variables` become the path variables of the result."""
    url = split_url(text.replace("\0", "%00") if "\0" in text else text)
    return replace(url, protocol=url.protocol or None, variables=variables) if variables or url.protocol == "" else url


def query_text(url: Url) -> str | None:
    """The query as one text: None without an enabled parameter, empty for a `?` with nothing behind it."""
    if not url.query or all(param.disabled for param in url.query):
        return None
    return url_text(Url(query=url.query)).removeprefix("?")


def path_text(url: Url) -> str:
    """The path as one text, path variables in place."""
    return "/" + "/".join(fill_path(url))


# -- parts to the wire ------------------------------------------------------------------------------------------

_FRAGMENT_SET = ' "<>`'
_PATH_SET = _FRAGMENT_SET + "#?{}"
_QUERY_SET = " \"#'<>"
_USERINFO_SET = _PATH_SET + "/:;=@[\\]^|"


def _encoding_table(encoded: str) -> list[str]:
    return [f"%{b:02X}" if b < 0x20 or b >= 0x7F or chr(b) in encoded else chr(b) for b in range(256)]


_PATH_TABLE, _QUERY_TABLE, _USERINFO_TABLE = map(_encoding_table, (_PATH_SET, _QUERY_SET, _USERINFO_SET))
_FRAGMENT_TABLE = _encoding_table(_FRAGMENT_SET)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/\-._~!$&'()*+,;=:@%\[\]^|\\]*\Z")
_PLAIN_QUERY = re.compile(r"[A-Za-z0-9/\-._~!$&()*+,;=:@%?\[\]^|\\`{}]*\Z")


def utf8(text: str) -> bytes:
    """UTF-8 as Node writes it: a lone surrogate becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def encode_path(text: str) -> str:
    """Percent-encode a path; an existing `%`, valid escape or not, stays."""
    return text if _PLAIN_PATH.match(text) else "".join([_PATH_TABLE[b] for b in utf8(text)])


def encode_query(text: str) -> str:
    """Percent-encode a query; `+`, brackets, braces and an existing `%` stay."""
    return text if _PLAIN_QUERY.match(text) else "".join([_QUERY_TABLE[b] for b in utf8(text)])


def encode_fragment(text: str) -> str:
    """Percent-encode a fragment, which is shown but never sent."""
    return "".join([_FRAGMENT_TABLE[b] for b in utf8(text)])


def encode_userinfo(text: str) -> str:
    """Percent-encode a user name or password of a URL."""
    return "".join([_USERINFO_TABLE[b] for b in utf8(text)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a request goes: `host` has IPv6 brackets, `port` is the text as given (None without a colon).

    `user` and `password` are percent-encoded, `path` and `search` (with its `?`) are as they go on the wire.
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
        """The value of the `Host` header: the port is in it just as it was written."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def target(self) -> str:
        """What stands in the request line."""
        return self.path + self.search

    @property
    def href(self) -> str:
        """The whole URL without user name, password and fragment."""
        return f"{self.scheme}://{self.host_header}{self.path}{self.search}"

    @property
    def connect_host(self) -> str:
        """The host to connect to, IPv6 without brackets; a URL that only has a port leads to this machine (Node)."""
        return (self.host[1:-1] if self.host.startswith("[") else self.host) or "localhost"

    @property
    def connect_port(self) -> int:
        """The port to connect to; raises `RequestError` with Node's text for one that is none."""
        if not self.port:
            return DEFAULT_PORTS[self.scheme]
        port = self.port.strip()
        if not (port.isascii() and port.isdigit() and int(port) < 65536):
            text = f"Port should be >= 0 and < 65536. Received type string ('{self.port}')."
            raise RequestError(text, code="ERR_SOCKET_BAD_PORT")
        return int(port)


def parse_address(url: Url, encode: bool = True) -> Address:
    """Where a resolved URL leads; with `encode` off path, query and user info stay as they are (`disableUrlEncoding`).

    Raises `RequestError` for an empty URL, a missing host or one with control characters, and for another scheme than http
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


# -- hosts ------------------------------------------------------------------------------------------------------

_FORBIDDEN = re.compile(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f]")
"""What no host has (URL standard, forbidden domain code points)."""

_JOINERS = ("\u200c", "\u200d")
_IPV4_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def host_to_ascii(host: str) -> str:
    """A host as it goes into DNS and the `Host` header: lower case, UTS 46, `%62` decoded, `127.1` written out.

    A host that cannot be converted stays as it is: looking it up gives the error.
    """
    host = host.lower()
    if host.startswith("["):
        return _ipv6(host)
    if host.isascii() and "%" not in host and not host.rstrip(".")[-1:].isdigit():
        return host
    from urllib.parse import unquote

    decoded = unquote(host)
    try:
        found = _ipv4(_idn(decoded))
    except (ValueError, IndexError):
        return host
    return host if not found or _FORBIDDEN.search(found) else found


def _ipv6(host: str) -> str:
    """An IPv6 address in brackets in its shortest form, as the URL standard writes it (RFC 5952, no dotted end)."""
    import ipaddress

    if not host.endswith("]") or "%" in host:
        return host
    try:
        address = ipaddress.IPv6Address(host[1:-1])
    except ValueError:
        return host
    groups = [f"{address.packed[i] << 8 | address.packed[i + 1]:x}" for i in range(0, 16, 2)]
    zeros = max(re.findall(r"(?<![^:])0(?::0)+(?![^:])", ":".join(groups)), key=len, default="")
    if not zeros:
        return f"[{':'.join(groups)}]"
    front, _, back = f":{':'.join(groups)}:".partition(f":{zeros}:")
    return f"[{front[1:]}::{back[:-1]}]"


def _idn(host: str) -> str:
    if host.isascii():
        return host
    import unicodedata

    import idna

    mapped = unicodedata.normalize("NFC", idna.uts46_remap(host, std3_rules=False, transitional=False))
    labels = mapped.split(".")
    if any(unicodedata.bidirectional(mark) in ("R", "AL", "AN") for mark in mapped):
        for label in labels:
            idna.check_bidi(label)
    for label in labels:
        if not all(idna.valid_contextj(label, at) for at, mark in enumerate(label) if mark in _JOINERS):
            raise ValueError(host)
    return ".".join([x if x.isascii() else "xn--" + x.encode("punycode").decode() for x in labels])


def _ipv4(host: str) -> str:
    """The dotted form of the IPv4 shorthands browsers know: one to four numbers, decimal, octal or hexadecimal."""
    parts = host.removesuffix(".").split(".")
    if not _IPV4_NUMBER.fullmatch(parts[-1]):
        return host
    numbers = [_ipv4_number(part) for part in parts]
    *first, last = numbers
    if len(numbers) > 4 or any(n > 255 for n in first) or last >= 256 ** (5 - len(numbers)):
        raise ValueError(host)
    address = last + sum(n << (8 * (3 - i)) for i, n in enumerate(first))
    return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))


def _ipv4_number(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if len(text) > 1 and text[0] == "0" else int(text)
