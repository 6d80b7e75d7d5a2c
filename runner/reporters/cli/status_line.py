"""The line at the bottom of a watched terminal: the running request, the time so far, and the number of failures."""

from __future__ import annotations

from collections.abc import Sequence

from runner.events import Event, ItemStarted, RunStarted
from runner.reporters.context import ReporterContext
from runner.reporters.text import path_text, plural


class StatusLine:
    """Draws the line, for `context.live` only; whoever prints clears it first, so that it never stays."""

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._drawn = self._started = self._failures = self._begun = 0
        self._before = self._items = 0

    def on(self, event: Event) -> None:
        """Take one event, after it was printed."""
        if isinstance(event, RunStarted):
            self._before, self._items = self._begun, len(event.items)
            self._started = self._started or int(event.started)
        elif isinstance(event, ItemStarted):
            self._begun += 1
            total = self._before + self._items * event.cursor.cycles
            self._draw(f"  request {self._begun} of {max(total, self._begun)}")
        elif event.failed:
            self._failures += 1

    def show_running(self, running: Sequence[ItemStarted]) -> None:
        """Show which items are running."""
        self._started = self._started or int(self._context.clock.now() * 1000)
        names = (f"{path_text((*event.path, event.item.name))}{self._iteration(event)}" for event in running)
        self._draw(f"  {len(running)} running: {', '.join(names)}" if running else "  waiting")

    def _iteration(self, event: ItemStarted) -> str:
        return f" [{event.cursor.iteration + 1}]" if event.cursor.cycles > 1 else ""

    def clear(self) -> None:
        """Overwrite the line with blanks: the terminal needs to support nothing but a carriage return."""
        if self._drawn:
            self._context.draw("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _draw(self, text: str) -> None:
        self.clear()
        seconds = max(0, int(self._context.clock.now() - self._started / 1000))
        elapsed = f"{seconds // 60}m {seconds % 60}s" if seconds >= 60 else f"{seconds}s"
        failures = f", {plural(self._failures, 'failure')}" if self._failures else ""
        line = f"{text}, {elapsed}{failures}"[: self._context.width - 1]
        self._context.draw(line)
        self._context.stream.flush()
        self._drawn = len(line)
