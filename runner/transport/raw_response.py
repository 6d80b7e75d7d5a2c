"""The result of one request on the wire, before decoding."""

from __future__ import annotations

from runner.transport.http.reader import Reader
from runner.transport.timings import Marks

Headers = tuple[tuple[str, str], ...]

# RFC 9110 section 9.2.2: sending these twice has the same effect as sending them once.
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
STALE_CODES = frozenset({"ECONNRESET", "EPIPE", "ECONNABORTED"})
"""The errors of an idle connection that the server has closed."""


class RawResponse:
    """The result of one request on the wire: what was read, when things happened, and the headers that were sent."""

    __slots__ = ("address", "headers", "marks", "reader", "reused", "tls")

    def __init__(self, reader: Reader, marks: Marks, headers: Headers) -> None:
        self.reader = reader
        self.marks = marks
        self.headers = headers
        self.address = self.tls = ""
        self.reused = False
