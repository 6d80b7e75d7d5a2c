"""What `--verbose` shows of one exchange: headers, bodies, sizes and phases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.model.request import PreparedRequest
from runner.model.response import Exchange, Hop, Response
from runner.reporters.cli.symbols import Paint, Symbols
from runner.reporters.cli.tables import timings_table
from runner.reporters.text import one_line, plural, shown_body, size_text, time_text
from runner.reporters.width import wrap

CLIP = 2048
"""The most characters of a body that are shown, as in Newman."""


def exchange_lines(exchange: Exchange, symbols: Symbols, paint: Paint, width: int, indent: str) -> Iterator[str]:
    """The lines under a request line: hops, status, sizes, both heads, both bodies, timings."""
    star, response = f" {symbols.star} ", exchange.response
    last = exchange.hops[-1] if exchange.hops else exchange.request
    sent = last.headers
    for hop in exchange.hops[:-1]:
        yield indent + paint(_redirect(hop), "gray")
    upload = last.head_size + exchange.request.body_size
    received = response.sizes.header + response.sizes.body
    facts = [
        f"{response.code} {one_line(response.status)}".rstrip(),
        f"{time_text(response.time)} time",
        f"{size_text(upload)}{symbols.up} {size_text(received)}{symbols.down} size",
        f"{len(sent)}{symbols.up} {len(response.headers)}{symbols.down} headers",
        plural(len(response.cookies), "cookie"),
    ]
    yield from (indent + paint(line, "gray") for line in wrap(star.join(facts), width - len(indent)))
    connection = [f"HTTP/{response.http_version}", response.remote_address, response.tls]
    yield indent + paint(star.join(map(one_line, filter(None, connection))), "gray")

    def box(title: str, lines: Iterable[str]) -> Iterator[str]:
        yield indent + paint(f"{symbols.box_top} {title}", "gray")
        for line in lines:
            yield f"{indent}{paint(symbols.box_side, 'gray')} {line}".rstrip()
        yield indent + paint(symbols.box_end, "gray")

    space = width - len(indent) - 2
    yield from box(f"{symbols.up} headers", _headers(sent))
    if exchange.request.body_size:
        title = f"{symbols.up} body{star}{size_text(exchange.request.body_size)}"
        yield from box(title, _body(exchange.request, space))
    yield from box(f"{symbols.down} headers", _headers(response.headers))
    if response.body_size:
        kind = one_line(response.header("content-type") or "unknown type")
        yield from box(f"{symbols.down} {kind}{star}{size_text(response.body_size)}", _body(response, space))
    yield from timings_table(response.timings, indent, width)


def _redirect(hop: Hop) -> str:
    location = hop.response.header("location") or ""
    return one_line(f"{hop.response.code} {hop.response.status} to {location}")


def _headers(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in headers:
        yield one_line(f"{name}: {value}")


def _body(owner: PreparedRequest | Response, width: int) -> list[str]:
    found = shown_body(owner, CLIP)
    if found is None:
        return [f"<{size_text(owner.body_size)} that are not text>"]
    shown, more = found
    lines = wrap(shown, width)
    return [*lines, f"... {more} more characters"] if more else lines
