"""How values read in reports: sizes, times, URLs, wrapped and cleaned text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from runner.errors import PostrunnerError
from runner.events import ConsoleLogged, RequestEvent
from runner.logs import visible
from runner.model.request import PreparedRequest, Url
from runner.model.response import Response
from runner.results.execution import Execution
from runner.secrets import Secrets

SIZES = ("B", "kB", "MB", "GB", "TB")


def size_text(count: float) -> str:
    """Bytes as Newman writes them: `420B`, `1.03kB` (a kB has 1000 bytes)."""
    unit = 0
    while count >= 1000 and unit < len(SIZES) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.2f}".rstrip("0").rstrip(".") + SIZES[unit]


def time_text(ms: float) -> str:
    """Milliseconds as Newman writes them: `582µs`, `79ms` up to two seconds, then `2.4s`, `1m 2.3s`, `1h 2m 3s`."""
    if ms < 1:
        return f"{int(ms * 1000)}µs"
    if ms < 1998:
        return f"{int(ms)}ms"
    seconds = ms / 1000
    if seconds < 60:
        return f"{_tenths(seconds)}s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{int(minutes)}m {_tenths(rest)}s"
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}h {minutes}m {int(rest)}s"


def _tenths(seconds: float) -> str:
    return f"{int(round(seconds * 10, 6)) / 10:g}"


def plural(count: int, noun: str) -> str:
    """`1 warning`, `2 warnings`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def clean(text: str) -> str:
    """Text without control characters, so that nothing a server or script sends can steer the terminal."""
    return visible(text)


def one_line(text: str) -> str:
    """Clean text on one line."""
    if text.isprintable():
        return text
    first, *further = clean(text).split("\n")
    if further:
        middle = filter(None, map(str.strip, further[:-1]))
        first = " ".join([first.rstrip(), *middle, further[-1].lstrip()])
    return first.replace("\t", " ")


def url_of(event: RequestEvent) -> str:
    """The URL of a request as it was sent, or as it would have been."""
    return event.exchange.request.href if event.exchange else _url_of_parts(event.request.url)


def _url_of_parts(url: Url) -> str:
    user = f"{url.user}{':' + url.password if url.password else ''}@" if url.user else ""
    host = ".".join(url.host) + (f":{url.port}" if url.port else "")
    path = "/" + "/".join(url.path) if url.path else ""
    pairs = [
        query.key + ("" if query.value is None else f"={query.value}")
        for query in url.query or ()
        if query.key is not None and not query.disabled
    ]
    query = "?" + "&".join(pairs) if pairs else ""
    return f"{url.protocol or 'http'}://{user}{host}{path}{query}" + (f"#{url.hash}" if url.hash is not None else "")


def shown_url(url: str, secrets: Secrets, *, ascii_only: bool = False) -> str:
    """A URL for people: as sent, but letters outside ASCII are decoded; masked again, as that may reveal a secret."""
    if "%" not in url or ascii_only:
        return one_line(url)
    decoded = _BEYOND_ASCII.sub(_letters, url)
    return one_line(url if decoded == url else secrets.mask(decoded))


_BEYOND_ASCII = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")


def _letters(found: re.Match[str]) -> str:
    """The text of percent-encoded bytes beyond ASCII; they stay encoded if it is not printable."""
    decoded = unquote(found[0])
    return decoded if "\ufffd" not in decoded and decoded.isprintable() else found[0]


def console_text(event: ConsoleLogged, secrets: Secrets, separator: str) -> str:
    """The text of a console call, masked again as a whole: a secret may be spread over its arguments."""
    return secrets.mask(separator.join(event.text))


def console_of(execution: Execution, secrets: Secrets) -> str:
    """What the scripts of an execution wrote to the console, a call a line."""
    return "\n".join(console_text(event, secrets, ", ") for event in execution.console)


def path_text(names: Iterable[str]) -> str:
    """The names of folders and items, from the top down, on one line."""
    return one_line(" / ".join(names))


def error_text(error: PostrunnerError) -> str:
    """An error with its place."""
    place = f"{error.where}: " if error.where else ""
    return place + error.message


def shown_body(owner: PreparedRequest | Response, limit: int) -> tuple[str, int] | None:
    """At most `limit` characters of a body, clean, and how many follow; None if it is binary."""
    found = owner.text_start(limit)
    if found is None:
        return None
    start, more = found
    shown = clean(start)
    return shown[:limit], more + max(0, len(shown) - limit)
