"""The table of requests on the terminal."""

from __future__ import annotations

from collections.abc import Callable

from runner.load.figures.figures import Figures
from runner.load.reports.facts import Row, per_second, rows, total
from runner.load.reports.texts import ms_text, number_text
from runner.reporters.cli.symbols import Paint
from runner.reporters.text import one_line
from runner.reporters.width import clip, columns, pad

NARROWEST = 24
"""Columns that the names keep at least; as many columns of figures are shown as then fit."""


def _percentile(percent: float) -> Callable[[Row, Figures], str]:
    return lambda row, figures: ms_text(row.requests.durations.percentile(percent))


COLUMNS: dict[str, Callable[[Row, Figures], str]] = {
    "requests": lambda row, figures: str(row.requests.count),
    "failures": lambda row, figures: str(row.requests.failures),
    "rate/s": lambda row, figures: number_text(per_second(row.requests.count, figures) or 0),
    "avg": lambda row, figures: ms_text(row.requests.durations.mean),
    "med": _percentile(50),
    "p90": _percentile(90),
    "p95": _percentile(95),
    "p99": _percentile(99),
    "max": lambda row, figures: ms_text(row.requests.durations.longest),
}
"""Heading → text of each column."""

FIRST = ("requests", "failures", "p95", "rate/s", "med", "avg", "p99", "max", "p90")
"""The columns in the order in which they get their place on a narrow screen."""


def request_table(figures: Figures, paint: Paint, width: int, most: int | None = None) -> list[str]:
    """A heading, at most `most` requests (those with the most failures, then the slowest), and all of them together."""
    found = rows(figures)
    shown = found if most is None or len(found) <= most else sorted(found, key=_worst)[: max(0, most - 1)]
    named = [*shown, total(figures)]
    names = [one_line(f"{row.method} {row.name}".strip()) or "all requests" for row in named]
    cells = {head: [make(row, figures) for row in named] for head, make in COLUMNS.items()}
    widths = {head: max(len(head), *map(columns, texts)) for head, texts in cells.items()}
    longest = max(columns("request"), *map(columns, names))
    fitting = _fitting(widths, width - min(longest, NARROWEST))
    space = width - sum(widths[head] + 2 for head in fitting)
    left = min(longest, max(space, NARROWEST))
    lines = [paint(pad("request", left) + "".join(f"  {head:>{widths[head]}}" for head in fitting), "gray")]
    for number, (row, name) in enumerate(zip(named, names, strict=True)):
        if number == len(shown) and len(shown) < len(found):
            lines.append(paint(f"and {len(found) - len(shown)} more", "gray"))
        line = pad(clip(name, left), left)
        for head in fitting:
            text = " " * (widths[head] - columns(cells[head][number])) + cells[head][number]
            line += "  " + (paint(text, "red") if head == "failures" and row.requests.failures else text)
        lines.append(line)
    return lines


def _worst(row: Row) -> tuple[int, float]:
    return -row.requests.failures, -(row.requests.durations.percentile(95) or 0)


def _fitting(widths: dict[str, int], space: int) -> list[str]:
    """The columns that fit, in their order."""
    chosen = []
    for head in FIRST:
        if widths[head] + 2 > space:
            break
        chosen.append(head)
        space -= widths[head] + 2
    return [head for head in COLUMNS if head in chosen]
