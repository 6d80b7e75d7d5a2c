"""The `cli` report of a load test: a live table on a watched terminal, else a line now and then; at the end a summary."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from runner.load.figures.figures import Figures
from runner.load.reports.facts import check_share, notices
from runner.load.reports.report import About, Outcome
from runner.load.reports.terminal.ending import Ending
from runner.load.reports.terminal.table import request_table
from runner.load.reports.texts import clock_text, cpu_text, ms_text, percent_text, rate_text
from runner.load.thresholds.threshold import Verdict
from runner.reporters.cli.symbols import ASCII, UNICODE, Paint
from runner.reporters.context import ReporterContext, screen_width
from runner.reporters.text import one_line, plural
from runner.reporters.width import clip
from runner.secrets import MASK

NAME = "cli"

INTERVAL = 10
"""Seconds between the lines where no table can be drawn."""

HEIGHT = 24
"""Lines of a terminal that does not say how many it has."""


class Terminal:
    """Draws the table anew about once a second; what it printed before stays above it."""

    def __init__(self, context: ReporterContext, about: About) -> None:
        self._context = context
        self._about = about
        self._paint = Paint(context.color)
        self._silent = context.options.silent or context.flag(NAME, "silent")
        self._drawn = 0
        self._told = 0

    def on_start(self, figures: Figures) -> None:
        """Say what is tested."""
        said = filter(None, (self._about.profile, self._about.environment and f"environment {self._about.environment}"))
        if not self._silent and not self._context.flag(NAME, "no-banner"):
            self._print("postrunner load", "")
            self._print(self._paint(one_line(self._about.name), "bold"), *map(one_line, said), "")

    def on_progress(self, figures: Figures, verdicts: Sequence[Verdict]) -> None:
        """Draw the table, or print a line when it is time for one."""
        if self._silent:
            return
        if self._context.live:
            self._redraw(self._table(figures, verdicts))
        elif figures.seconds // INTERVAL > self._told:
            self._told = int(figures.seconds // INTERVAL)
            self._print(self._line(figures))

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> None:
        """Replace the table by the summary."""
        if self._silent:
            return
        self._redraw([])
        good, bad = ("✓", "✗") if self._context.unicode else (ASCII.ok, "FAIL")
        width = screen_width(self._context.stream, self._context.environ)
        self._print(*Ending(self._paint, width, good, bad).lines(figures, verdicts, outcome))

    def _table(self, figures: Figures, verdicts: Sequence[Verdict]) -> list[str]:
        """All lines: no more than the terminal has, each no wider than it."""
        width = screen_width(self._context.stream, self._context.environ) - 1
        head = [*self._facts(figures), ""]
        tail = [self._verdict(verdict) for verdict in verdicts]
        tail += [self._paint(clip(one.said, width), "red" if one.bad else "yellow") for one in notices(figures)]
        tail = ["", *tail] if tail else []
        room = self._height() - len(head) - len(tail) - 4
        return [*(clip(line, width) for line in head), *request_table(figures, self._paint, width, max(1, room)), *tail]

    def _facts(self, figures: Figures) -> Iterator[str]:
        share, total = check_share(figures), figures.total
        yield f"{self._time(figures)}   users {figures.users}   {self._cpu(figures)}"
        parts = [f"requests {total.count} ({rate_text(figures.rate)})"]
        parts.append(f"failed {total.failures} ({percent_text(total.error_rate)})")
        parts += [] if share is None else [f"checks {percent_text(share)}"]
        parts.append(f"iterations {figures.iterations.count}")
        parts += [f"dropped {figures.dropped}"] if figures.dropped else []
        yield "   ".join(parts)

    def _verdict(self, verdict: Verdict) -> str:
        good, bad = (UNICODE.ok, "✗") if self._context.unicode else (ASCII.ok, "FAIL")
        mark = self._paint(good, "green") if verdict.passed else self._paint(bad, "red")
        return f"{mark} {one_line(verdict.text)}  {verdict.shown}"

    def _line(self, figures: Figures) -> str:
        """The state of the test on one line."""
        total = figures.total
        parts = [plural(figures.users, "user"), f"{plural(total.count, 'request')} ({rate_text(figures.rate)})"]
        parts += (f"p{percent} {ms_text(total.durations.percentile(percent))}" for percent in (50, 95, 99))
        parts.append(f"{total.failures} failed")
        parts += [f"{figures.dropped} dropped"] if figures.dropped else []
        parts += [self._cpu(figures)] if figures.workers else []
        return f"  {self._time(figures)}: {', '.join(filter(None, parts))}"

    def _time(self, figures: Figures) -> str:
        planned = self._about.seconds
        if planned is None:
            iterations = self._about.iterations
            done = f" ({figures.iterations.count} of {plural(iterations, 'iteration')})" if iterations else ""
            return f"{clock_text(figures.seconds)}{done}"
        return f"{clock_text(figures.seconds)} of {clock_text(planned)} ({clock_text(planned - figures.seconds)} left)"

    def _cpu(self, figures: Figures) -> str:
        """How busy the workers are: each of few, the busiest of many."""
        used = sorted((worker.cpu for worker in figures.workers.values() if not worker.lost), reverse=True)
        if len(used) > 4:
            return f"CPU of {len(used)} workers at most {cpu_text(used[0])}"
        return f"CPU {' '.join(map(cpu_text, used))}" if used else ""

    def _height(self) -> int:
        try:
            return os.get_terminal_size(self._context.stream.fileno()).lines
        except (OSError, ValueError):
            return HEIGHT

    def _redraw(self, lines: list[str]) -> None:
        """Put these lines in the place of those drawn last."""
        back = f"\x1b[{self._drawn}A\r" if self._drawn else ""
        rest = "\x1b[J" if len(lines) < self._drawn else ""
        self._drawn = len(lines)
        self._context.draw(back + "".join(f"{self._plain(line)}\x1b[K\n" for line in lines) + rest)
        self._context.stream.flush()

    def _print(self, *lines: str) -> None:
        for line in lines:
            self._context.stream.write(f"{self._plain(line)}\n")
        self._context.stream.flush()

    def _plain(self, text: str) -> str:
        if self._context.unicode:
            return text
        text = text.replace(MASK, "****").replace("µ", "u").replace("–", "-").replace("×", "x")
        return text.encode("ascii", "backslashreplace").decode()
