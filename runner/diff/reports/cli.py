"""An outcome for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from runner.diff.outcome import Change, Entry, Outcome
from runner.diff.reports.words import (
    KINDS,
    areas_text,
    aside_of,
    mark_of,
    side_text,
    times_text,
    title_of,
    totals,
    value_of,
    verdict,
)
from runner.model.json import Json
from runner.reporters.cli.symbols import Paint
from runner.reporters.context import ReporterContext
from runner.reporters.text import clean, one_line
from runner.reporters.width import clip, columns

SHOWN = 100
"""Entries that are listed; the other outputs have more."""

CHANGES = 20
"""Changes of an entry that are shown."""

LINES = 12
"""Lines of a value that are shown."""

TIMES = 5
"""Requests whose times differ most that are shown."""

COLORS = {"-": "red", "+": "green", "~": "yellow", ">": "yellow"}


class Lines:
    """The lines of the output, in the width, colours and symbols of a terminal."""

    def __init__(self, outcome: Outcome, context: ReporterContext) -> None:
        self._outcome = outcome
        self._width = context.width
        self._paint = Paint(context.color)
        self._arrow = "→" if context.unicode else "->"
        self._dots = "…" if context.unicode else "..."

    def all(self) -> Iterator[str]:
        """Every line."""
        outcome = self._outcome
        yield f"{self._paint('-', 'red')} {one_line(side_text(outcome.left))}"
        yield f"{self._paint('+', 'green')} {one_line(side_text(outcome.right))}"
        for note in outcome.notes:
            yield f"note: {one_line(note)}"
        for entry in outcome.entries[:SHOWN]:
            yield ""
            yield from self._entry(entry)
        if more := len(outcome.entries) + outcome.left_out - SHOWN:
            yield from ["", f"and {more} more"] if more > 0 else []
        yield ""
        yield from self._times()
        yield from filter(None, (totals(outcome), areas_text(outcome)))
        for reason in outcome.failed:
            yield self._paint(one_line(f"fails by {reason}"), "red")
        if not outcome.failed:
            yield self._paint(verdict(outcome), "green")

    def _entry(self, entry: Entry) -> Iterator[str]:
        mark, aside = mark_of(entry), aside_of(entry)
        title = f"{mark} {title_of(entry, self._outcome.iterations)}"
        painted = self._paint(title, "bold", COLORS[mark])
        yield painted + (self._paint(f"  {one_line(aside)}", "gray") if aside else "")
        for change in entry.changes[:CHANGES]:
            yield from self._change(change)
        for line in entry.lines:
            color = {"-": "red", "+": "green"}.get(line[:1])
            yield "    " + (self._paint(clean(line), color) if color else clean(line))
        if more := max(len(entry.changes) - CHANGES, 0) + entry.more:
            yield f"    and {more} more"

    def _change(self, change: Change) -> Iterator[str]:
        """A change in one line if it fits, else each side in lines of its own."""
        path = one_line(change.path)
        if change.kind == "moved":
            yield f"    {path} moved to {one_line(change.to)}"
            return
        sides = [(change.has_left, "-", change.left), (change.has_right, "+", change.right)]
        texts = [one_line(value_of(change, value)) for there, _, value in sides if there]
        line = f"    {path}  " + f" {self._arrow} ".join(texts)
        several = any(there and isinstance(value, str) and "\n" in value for there, _, value in sides)
        if columns(line) <= self._width and not several:
            one = [self._paint(text, color) for text, color in zip(texts, self._colors(change), strict=True)]
            yield f"    {path}  " + f" {self._arrow} ".join(one) + self._said(change)
            return
        yield f"    {path}{self._said(change)}"
        for there, mark, value in sides:
            if there:
                yield from self._lines(change, mark, value)

    def _said(self, change: Change) -> str:
        word = KINDS.get(change.kind, "")
        return self._paint(f"  {word}", "gray") if word else ""

    def _colors(self, change: Change) -> list[str]:
        return [*(["red"] if change.has_left else []), *(["green"] if change.has_right else [])]

    def _lines(self, change: Change, mark: str, value: Json) -> Iterator[str]:
        lines = value_of(change, value).split("\n")
        for line in lines[:LINES]:
            yield self._paint(self._fit(f"      {mark} {clean(line)}"), COLORS[mark])
        if len(lines) > LINES:
            yield f"      {mark} and {len(lines) - LINES} more lines"

    def _fit(self, text: str) -> str:
        """A line that is cut at the right border."""
        return text if columns(text) <= self._width else clip(text, self._width - len(self._dots)) + self._dots

    def _times(self) -> Iterator[str]:
        shown = [one for one in self._outcome.times if one.slower or one.apart][:TIMES]
        for times in shown:
            took = times_text(times.left, times.right).replace("→", self._arrow)
            yield f"time: {one_line(' / '.join(times.path))}  {took}  ({times.ratio:.2g} times as long)"
        if shown:
            yield ""


def lines_of(outcome: Outcome, context: ReporterContext) -> Iterator[str]:
    """The lines for a terminal."""
    return Lines(outcome, context).all()
