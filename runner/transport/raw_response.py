"""What the wire gives back, before anybody decodes it."""

from __future__ import annotations

from runner.transport.http.reader import Reader
from runner.transport.timings import Marks

Headers = tuple[tuple[str, str], ...]

# RFC 9110 section 9.2.2: sending these twice is the same as sending them once.
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
STALE_CODES = frozenset({"ECONNRESET", "EPIPE", "ECONNABORTED"})
"""How an idle connection fails that the server had closed meanwhile."""


class RawResponse:
    """What came of one request on the wire: the read response, when things happened, the headers really sent."""

    __slots__ = ("address", "headers", "marks", "reader", "reused", "tls")

    def __init__(self, reader: Reader, marks: Marks, headers: Headers) -> None:
        self.reader = reader
        self.marks = marks
        self.headers = headers
        self.address = self.tls = ""
        self.reused = False
