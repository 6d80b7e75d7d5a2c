"""The tables of the cli reporter: the summary, the failures, the phases of a request."""

from __future__ import annotations

from collections.abc import Iterator

from runner.model.response import Timings
from runner.reporters.cli.symbols import DIFF_COLORS, Paint, Symbols
from runner.reporters.details import INDENT, FailureNotes
from runner.reporters.text import clean, one_line, path_text, size_text, time_text
from runner.reporters.width import clip, columns, pad, wrap
from runner.results.failure import DIFFERS, Failure
from runner.results.figures import Spread
from runner.results.summary import Summary

ROWS = (
    ("iterations", "iterations"),
    ("requests", "requests"),
    ("test-scripts", "testScripts"),
    ("prerequest-scripts", "prerequestScripts"),
    ("assertions", "assertions"),
)
"""Label and tracker of each row of the summary table."""

REUSED = ("dns", "tcp")
"""Phases that a reused connection skips; any other phase that did not happen has no column."""

LABEL, NUMBER, NARROWEST = 25, 18, 10

PHASES = (
    ("prepare", "prepare"),
    ("wait", "wait"),
    ("dns-lookup", "dns"),
    ("tcp-handshake", "tcp"),
    ("ssl-handshake", "tls"),
    ("transfer-start", "first_byte"),
    ("download", "download"),
    ("process", "process"),
    ("total", "total"),
)
"""Heading and field of each column of the timings table."""


def summary_table(summary: Summary, symbols: Symbols, paint: Paint, width: int, *, verbose: bool) -> list[str]:
    """Newman's summary: counts, then totals over the whole width; it shrinks to a narrow screen."""
    totals = _totals(summary, verbose)
    number = max(NUMBER, -(-(max(map(len, totals)) + 2 - LABEL - 2) // 2))
    number = max(NARROWEST, min(number, (width - LABEL - 4) // 2))
    widths = (LABEL, number, number)

    def rule(corners: str) -> str:
        left, middle, right = tuple(corners)
        return paint(left + middle.join(symbols.rule * width for width in widths) + right, "gray")

    def row(cells: tuple[str, str, str], colors: tuple[str, ...] = ()) -> str:
        padded = [" " * (width - len(cell) - 1) + cell for cell, width in zip(cells, widths, strict=True)]
        painted = [paint(cell, color) if color else cell for cell, color in zip(padded, colors or ("",) * 3, strict=True)]
        side = paint(symbols.box_side, "gray")
        return side + f" {side}".join(painted) + f" {side}"

    lines = [rule(symbols.table_top), row(("", "executed", "failed"))]
    for label, name in ROWS:
        tracker = summary.stats[name]
        color = "red" if tracker.failed else "green"
        lines += [rule(symbols.table_middle), row((label, str(tracker.total), str(tracker.failed)), (color, "", color))]
    return [*lines, rule(symbols.table_join), *_wide_rows(totals, sum(widths) + 2, symbols, paint)]


def _wide_rows(totals: list[str], width: int, symbols: Symbols, paint: Paint) -> list[str]:
    def rule(corners: str) -> str:
        return paint(corners[0] + symbols.rule * width + corners[2], "gray")

    side = paint(symbols.box_side, "gray")
    lines: list[str] = []
    for text in totals:
        lines += [f"{side} {part.ljust(width - 1)}{side}" for part in wrap(text, width - 2)] + [rule(symbols.table_line)]
    return [*lines[:-1], rule(symbols.table_end)]


def _totals(summary: Summary, verbose: bool) -> list[str]:
    totals = [
        f"total run duration: {time_text(summary.duration)}",
        f"total data received: {size_text(summary.response_total)} (approx)",
    ]
    averages = [("response time", "response")]
    if verbose:
        averages += [("DNS lookup time", "dns"), ("first byte time", "firstByte")]
    return totals + [_average(label, summary.spreads[name]) for label, name in averages if summary.spreads[name].count]


def _average(label: str, spread: Spread) -> str:
    low, high, deviation = time_text(spread.min), time_text(spread.max), time_text(spread.deviation)
    return f"average {label}: {time_text(spread.average)} [min: {low}, max: {high}, s.d.: {deviation}]"


def failures_table(summary: Summary, paint: Paint, width: int, notes: FailureNotes | None = None) -> list[str]:
    """Every failure with its number, kind of error, message, place, item and iteration.

    With `notes`: below it the line of the script, and after the last failure of an execution its request and response.
    """
    failures = [failure for failure in summary.failures if failure.kind != "run"]  # what ended it is told below
    if not failures:
        return []
    digits = len(str(len(summary.failures)))
    names = [one_line(failure.name) for failure in failures]
    column = max([len("iteration: 999"), *map(columns, names)])
    lines = [paint(f" {'#':>{digits}}   {'failure':<{column}}  detail", "red")]
    for failure, name in zip(failures, names, strict=True):
        left = [f" {failure.number:0{digits}}.  {name}"]
        if failure.cursor.cycles > 1:
            left.append(f" {'':{digits}}   iteration: {failure.cursor.iteration + 1}")
        indent = digits + column + 6
        several = failure.collection.name if failure.collection and len(summary.runs) > 1 else ""
        right = _detail(failure, width - indent, several)
        left += [""] * (len(right) - len(left))
        right += [("", ())] * (len(left) - len(right))
        lines.append("")
        for start, (end, colors) in zip(left, right, strict=True):
            lines.append((pad(start, indent) + paint(end, *colors)).rstrip())
        if notes and notes.lines.get(failure.number):
            lines += ["", *(" " * INDENT + paint(line, "gray") for line in notes.lines[failure.number])]
        for exchange in notes.exchanges.get(failure.number, ()) if notes else ():
            lines += ["", *_exchange_lines(exchange, width, paint)]
    return lines


def slowest_table(summary: Summary, count: int, paint: Paint, width: int) -> Iterator[str]:
    """The `count` slowest requests with response time, item and iteration; no lines without requests."""
    slowest = summary.slowest.kept[:count]
    if not slowest:
        return
    yield from ("", paint("  slowest requests", "bold"))
    times = [time_text(slow.time) for slow in slowest]
    column = max(map(columns, times))
    for slow, time in zip(slowest, times, strict=True):
        several = slow.collection.name if slow.collection and len(summary.runs) > 1 else ""
        iteration = f" (iteration {slow.cursor.iteration + 1})" if slow.cursor.cycles > 1 else ""
        name = path_text(filter(None, (several, *slow.path, slow.item.name))) + iteration
        sender = {"script": "pm.sendRequest ", "auth": "auth "}.get(slow.sent.source, "")
        sent = one_line(f"{sender}{slow.sent.method} {slow.sent.url}")
        yield f"  {pad('', column - columns(time))}{time}  {clip(name, width - column - 4)}"
        yield paint(f"  {pad('', column)}  {clip(sent, width - column - 4)}", "gray")


def _exchange_lines(exchange: list[str], width: int, paint: Paint) -> Iterator[str]:
    """The lines of a request and its response, and the command on one line of any length, so that it can be copied."""
    *shown, command = exchange
    for line in shown:
        for part in wrap(line, width - INDENT):
            yield " " * INDENT + paint(part, "gray")
    yield ""
    yield " " * INDENT + command


def _detail(failure: Failure, width: int, collection: str) -> list[tuple[str, tuple[str, ...]]]:
    """The right column with its colours: the test's name, the message, the place in the script, the item, the hint.

    `collection` stands before the folders of the item when the run has several.
    """
    by = {"script": " of pm.sendRequest", "auth": " of the auth"}.get(failure.sent_by, "")
    path = path_text(filter(None, (collection, *failure.path, failure.item.name)))
    title = [one_line(failure.test)] if failure.test is not None else []
    is_diff = failure.name == DIFFERS
    message = clean(failure.message).split("\n") if is_diff else [clean(failure.message)]
    hint = [f"hint: {one_line(failure.hint)}"] if failure.hint else []
    place = [] if is_diff else [f"at {failure.at}{by}"]
    texts = [*title, *message, *place, f'inside "{path}"', *hint]
    told = [(line, DIFF_COLORS.get(text[:1], ()) if is_diff else ()) for text in texts for line in wrap(text, width)]
    return [(line, colors or (("gray",) if number else ())) for number, (line, colors) in enumerate(told)]


def timings_table(timings: Timings, indent: str, width: int) -> list[str]:
    """The phases of one request, in as many rows as the width needs; one that a reused connection spared is `(cache)`."""
    phases = [
        (title, getattr(timings, name)) for title, name in PHASES if name in REUSED or getattr(timings, name) is not None
    ]
    heads, values = [indent], [indent]
    for title, value in phases:
        text = "(cache)" if value is None else time_text(value)
        size = max(len(title), len(text)) + 3
        if len(heads[-1]) + size - 3 > width and heads[-1] != indent:
            heads.append(indent)
            values.append(indent)
        heads[-1] += title.ljust(size)
        values[-1] += text.ljust(size)
    return [line.rstrip() for pair in zip(heads, values, strict=True) for line in pair]
