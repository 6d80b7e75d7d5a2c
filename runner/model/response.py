"""What came back: the response, its cookies, its timings, and the hops that led to it."""

from __future__ import annotations

import re

from runner.model.charset import known_charset
from runner.model.discreet import Discreet
from runner.model.payload import text_start
from runner.model.quick_dataclass import dataclass
from runner.model.request import PreparedRequest, Request, size_of_headers

_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Milliseconds each phase took; None for a phase that did not happen (a reused connection has no dns, tcp, tls)."""

    prepare: float | None = None
    wait: float | None = None
    dns: float | None = None
    tcp: float | None = None
    tls: float | None = None
    first_byte: float | None = None
    download: float | None = None
    process: float | None = None
    total: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie(Discreet):
    """A cookie as the jar holds it; `expires` is seconds since the epoch, None for a session cookie."""

    name: str
    value: str
    domain: str = ""
    path: str = "/"
    expires: float | None = None
    max_age: int | None = None
    secure: bool = False
    http_only: bool = False
    host_only: bool = True
    same_site: str | None = None
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Bytes: `body` as it came over the wire, `header` of the response head, `decoded` after content decoding."""

    body: int = 0
    header: int = 0
    decoded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Discreet, shows=("http_version",)):
    """A response; `body` is decoded (gzip, deflate, br, zstd), header names keep their case, `time` is whole ms.

    `cut_off` is True if a compressed body broke off: `body` is what could be decoded.
    """

    code: int
    status: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    time: int = 0
    sizes: Sizes = Sizes()
    timings: Timings = Timings()
    cookies: tuple[Cookie, ...] = ()
    http_version: str = "1.1"
    remote_address: str = ""
    tls: str = ""
    cut_off: bool = False

    @property
    def body_size(self) -> int:
        """The bytes of the decoded body."""
        return len(self.body)

    def text_start(self, limit: int, charset: str = "utf-8") -> tuple[str, int] | None:
        """The first `limit` characters of the body and how many follow; None if it is not text."""
        return text_start(self.body, limit, charset)

    def bytes_start(self, limit: int) -> bytes:
        """The first `limit` bytes of the body."""
        return self.body[:limit]

    @property
    def charset(self) -> str:
        """Python's name of the charset that `Content-Type` names; empty without a known one."""
        named = _CHARSET.search(self.header("content-type") or "")
        return (known_charset(named[1]) or "") if named else ""

    def header(self, name: str) -> str | None:
        """The last value of a header, in whatever case its name is; None if it is missing."""
        name = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """The id of the span of a request, and when that was on its way, in seconds since the epoch."""

    span: int
    started: float
    ended: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop(Discreet):
    """One request on the wire and its response: redirects make several. `headers` are the ones that were sent.

    `traced` is there if the run has telemetry.
    """

    method: str
    href: str
    headers: tuple[tuple[str, str], ...]
    response: Response
    reused: bool = False
    traced: Traced | None = None

    @property
    def head_size(self) -> int:
        """The bytes of the headers that were sent."""
        return size_of_headers(self.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange(Discreet):
    """One send: the prepared request, the final response, and all hops, the last one included.

    `sent` is the resolved request with the headers that went out on the first hop, as test scripts see it.
    """

    request: PreparedRequest
    response: Response
    hops: tuple[Hop, ...] = ()
    sent: Request | None = None
