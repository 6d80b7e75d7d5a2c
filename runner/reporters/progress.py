"""The `progress` reporter: a bar while the run goes on, then one line of totals and the failures."""

from __future__ import annotations

from runner.events import Event, ItemFinished, RunStarted
from runner.reporters.cli.symbols import Paint
from runner.reporters.cli.tables import failures_table
from runner.reporters.context import ReporterContext
from runner.reporters.text import error_text, one_line, path_text, plural, time_text
from runner.results.summary import Summary
from runner.secrets import MASK

BAR = 30


class Progress:
    """Draws the bar on terminals only: in a log file each step would be a line."""

    dominant = True

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._silent = context.options.silent or context.flag("progress", "silent")
        self._live = context.stream.isatty() and not self._silent
        self._paint = Paint(context.color)
        self._name = ""
        self._before = self._items = self._done = self._failures = 0
        self._drawn = ""

    def on(self, event: Event) -> None:
        """Count, and redraw the bar if it changes."""
        if isinstance(event, RunStarted):
            self._name = one_line(event.collection.name)
            self._before, self._items = self._done, len(event.items)
        elif isinstance(event, ItemFinished):
            self._done += 1
            self._draw(max(self._done, self._before + self._items * event.cursor.cycles))
        elif event.failed:
            self._failures += 1

    def close(self, summary: Summary) -> None:
        """Remove the bar and print the outcome."""
        if self._silent:
            return
        context = self._context
        lines = [self._paint(self._verdict(summary), "red" if summary.failed else "green")]
        if not summary.fail_on_flaky:  # else they are failures
            lines += [f'flaky: "{path_text((*item.path, item.item.name))}" {one_line(item.said)}' for item in summary.flaky]
        table = failures_table(summary, self._paint, context.width)
        lines += ["", *table] if table else []
        for error in summary.errors:
            lines += ["", f"error: {one_line(error_text(error))}"]
        text = "\n".join(lines) + "\n"
        if not context.unicode:
            text = text.replace(MASK, "****").replace("µ", "u")
        encoding = "utf-8" if context.unicode else "ascii"
        context.draw(self._erase())
        context.stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        context.stream.flush()

    def _verdict(self, summary: Summary) -> str:
        requests, assertions = (summary.stats[name].total for name in ("requests", "assertions"))
        counts = (
            f"{plural(requests, 'request')}, {plural(assertions, 'assertion')}, {plural(len(summary.failures), 'failure')}"
        )
        counts += f", {len(summary.flaky)} flaky" if summary.flaky else ""
        counts += f", {summary.unsent} skipped" if summary.unsent else ""
        return f"{self._name}: {counts} in {time_text(summary.duration)}"

    def _draw(self, total: int) -> None:
        if not self._live:
            return
        filled = BAR * self._done // total
        failed = f", {plural(self._failures, 'failure')}" if self._failures else ""
        bar = f"[{'=' * filled}{' ' * (BAR - filled)}] {self._done}/{total}{failed}"
        text = f"{self._name[: max(0, self._context.width - len(bar) - 2)]} {bar}".encode("ascii", "replace").decode()
        if text != self._drawn:
            self._context.draw(self._erase())
            self._context.stream.write(text)
            self._context.stream.flush()
            self._drawn = text

    def _erase(self) -> str:
        return f"\r{' ' * len(self._drawn)}\r" if self._drawn else ""
