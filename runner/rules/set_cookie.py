"""The text of a `Set-Cookie` header, read as browsers and tough-cookie (loose) read it, and cookie dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from runner.model.json import Json
from runner.model.response import Cookie

_TERMINATORS = re.compile(r"[\n\r\0]")
_CONTROL = re.compile(r"[\x00-\x1f]")
_AGE = re.compile(r"-?[0-9]+\Z")
SAME_SITE = frozenset({"strict", "lax", "none"})
NEVER = 0.0

_DELIMITERS = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)")
_DAY = re.compile(r"\d{1,2}(?!\d)")
_YEAR = re.compile(r"(\d{4}|\d{2})(?!\d)")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def parse_set_cookie(text: str, now: float) -> Cookie | None:
    """A cookie from one `Set-Cookie` value, None if it is unusable; an empty `path` or `domain` is that of the request."""
    pair, _, rest = text.strip().partition(";")
    pair = _TERMINATORS.split(pair, maxsplit=1)[0].removeprefix("=")
    name, equals, value = pair.partition("=")
    name, value = (name.strip(), value.strip()) if equals and name else ("", pair.strip())
    if _CONTROL.search(name) or _CONTROL.search(value) or not text.strip():
        return None
    attributes: dict[str, str] = {}
    extensions: list[str] = []
    for part in rest.split(";"):
        key, _, said = part.strip().partition("=")
        key, said = key.strip().lower(), said.strip()
        if key in KNOWN and _is_valid(key, said):
            attributes[key] = said
        elif key not in KNOWN and part.strip():
            extensions.append(part.strip())
    age = int(attributes["max-age"][:18]) if "max-age" in attributes else None
    same_site = attributes.get("samesite", "").lower()
    return Cookie(
        name=name,
        value=value,
        domain=attributes.get("domain", "").removeprefix(".").lower(),
        path=attributes.get("path", ""),
        expires=time_of(parse_date(attributes.get("expires", "")), age, now),
        max_age=age,
        secure="secure" in attributes,
        http_only="httponly" in attributes,
        same_site=same_site if same_site in SAME_SITE else None,
        extensions=tuple(extensions),
    )


KNOWN = frozenset({"expires", "max-age", "domain", "path", "secure", "httponly", "samesite"})


def _is_valid(key: str, said: str) -> bool:
    """Whether an attribute counts; if it does not, an earlier one of the same name stays in force."""
    if key == "max-age":
        return bool(_AGE.match(said))
    if key == "expires":
        return parse_date(said) is not None
    return key != "domain" or said.strip(".") != ""


def time_of(expires: Json, age: int | None, now: float) -> float | None:
    """When a cookie expires, in seconds since the epoch; None at the end of the run. `Max-Age` wins over `Expires`."""
    if isinstance(age, int):
        return now + age if age > 0 else NEVER
    if isinstance(expires, str):
        return parse_iso(expires)
    return float(expires) if isinstance(expires, (int, float)) else None


def parse_date(text: str) -> float | None:
    """A cookie date (RFC 6265 section 5.1.1: its parts in any order) in seconds since the epoch, None if it is invalid."""
    clock: tuple[int, ...] | None = None
    day = month = year = None
    for token in _DELIMITERS.split(text):
        if clock is None and (found := _TIME.match(token)):
            clock = tuple(map(int, found.groups()))
        elif day is None and (found := _DAY.match(token)):
            day = int(found[0])
        elif month is None and token[:3].lower() in MONTHS:
            month = MONTHS.index(token[:3].lower()) + 1
        elif year is None and (found := _YEAR.match(token)):
            year = int(found[0])
            if len(found[0]) == 2:
                year += 1900 if year >= 70 else 2000
    if clock is None or day is None or month is None or year is None:
        return None
    if not 1 <= day <= 31 or year < 1601 or clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        return None
    # The 31st of a shorter month is a day of the next one, as in JavaScript.
    hours, minutes, seconds = clock
    return (datetime(year, month, 1, hours, minutes, seconds, tzinfo=UTC) + timedelta(days=day - 1)).timestamp()


def iso_time(seconds: float) -> str:
    """A time as JavaScript's `toISOString` writes it."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=min(max(seconds, -62135596800), 253402300799))
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_iso(text: str) -> float | None:
    """An ISO time or a cookie date in seconds since the epoch; None for `Infinity` and anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return parse_date(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
