"""Headers of two messages: names in any case and order, those left out that differ in every answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from runner.comparison.difference import Difference, Place

Headers = Sequence[tuple[str, str]]

VOLATILE = frozenset(
    {
        "age",
        "cf-ray",
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "etag",
        "expires",
        "keep-alive",
        "last-modified",
        "nel",
        "ratelimit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "report-to",
        "retry-after",
        "server-timing",
        "traceparent",
        "tracestate",
        "transfer-encoding",
        "via",
        "x-amz-cf-id",
        "x-amz-cf-pop",
        "x-amz-id-2",
        "x-amz-request-id",
        "x-amzn-requestid",
        "x-amzn-trace-id",
        "x-b3-spanid",
        "x-b3-traceid",
        "x-cache",
        "x-cache-hits",
        "x-correlation-id",
        "x-ms-request-id",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-request-id",
        "x-response-time",
        "x-runtime",
        "x-served-by",
        "x-timer",
        "x-trace-id",
    }
)
"""Headers that differ between two equal answers: times, identities, caches, counters, and how a body is transferred."""


def header_differences(left: Headers, right: Headers, leave_out: Collection[str] = VOLATILE) -> Iterator[Difference]:
    """Where two lists of headers differ, as `header.NAME`; `leave_out` has names in small letters.

    Several values of a name are compared in their order. Of `Set-Cookie` the value and the date count only if
    `leave_out` is empty: sessions have another one each time.
    """
    here, there = _by_name(left, leave_out), _by_name(right, leave_out)
    for name, (shown, values) in here.items():
        place = Place(None, f"header.{shown}")
        if name not in there:
            yield Difference("missing", place, left=", ".join(values))
        elif values != (others := there[name][1]):
            yield Difference("value", place, ", ".join(values), ", ".join(others))
    for name, (shown, values) in there.items():
        if name not in here:
            yield Difference("new", Place(None, f"header.{shown}"), right=", ".join(values))


def _by_name(headers: Headers, leave_out: Collection[str]) -> dict[str, tuple[str, list[str]]]:
    found: dict[str, tuple[str, list[str]]] = {}
    for shown, value in headers:
        name = shown.lower()
        if name not in leave_out:
            text = _without_value(value) if name == "set-cookie" and leave_out else value.strip()
            found.setdefault(name, (shown, []))[1].append(text)
    return found


def _without_value(cookie: str) -> str:
    """A cookie's name and attributes, in one order."""
    pair, *attributes = (part.strip() for part in cookie.split(";"))
    kept = [one for one in attributes if not one.lower().startswith(("expires=", "max-age="))]
    return "; ".join([pair.partition("=")[0] + "=…", *sorted(kept, key=str.lower)])
