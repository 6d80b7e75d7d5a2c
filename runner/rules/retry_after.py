"""`Retry-After`: how long a server asks to be left alone."""

from __future__ import annotations

from runner.rules.set_cookie import parse_date


def retry_after(value: str, now: float) -> float | None:
    """The seconds that a `Retry-After` header asks for: a number of them, or until an HTTP date (RFC 9110, 10.2.3).

    `now` is in seconds since the epoch. None if the header is neither; a date that is over asks for 0.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    date = parse_date(text)
    return None if date is None else max(0.0, date - now)
