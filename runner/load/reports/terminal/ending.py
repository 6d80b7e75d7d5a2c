"""What the terminal shows when a load test is over: k6's summary, then each request and what failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runner.load.figures.durations import Durations
from runner.load.figures.figures import Figures
from runner.load.reports.facts import check_share, checks, least_users, notices, per_second
from runner.load.reports.metrics import trend_values, unanswered
from runner.load.reports.report import Outcome
from runner.load.reports.terminal.table import request_table
from runner.load.reports.texts import ms_text, percent_text, rate_text
from runner.load.thresholds.threshold import Verdict
from runner.reporters.cli.symbols import Paint
from runner.reporters.text import one_line, plural, size_text
from runner.reporters.width import wrap

LABEL = 31
"""Columns of a label with its dots, as in k6."""

LISTED = 20
"""The most failures and failed checks that are listed."""


class Ending:
    """Makes the lines; `good` and `bad` are the marks before a verdict."""

    def __init__(self, paint: Paint, width: int, good: str, bad: str) -> None:
        self._paint = paint
        self._width = width
        self._good, self._bad = good, bad

    def lines(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> Iterator[str]:
        """All of it."""
        if verdicts:
            yield from self._heading("THRESHOLDS")
            for verdict in verdicts:
                yield self.verdict(verdict)
        yield from self._heading("TOTAL RESULTS")
        yield from self._totals(figures)
        yield from self._heading("REQUESTS")
        yield from (f"  {line}" for line in request_table(figures, self._paint, self._width - 2))
        yield from self._failures(figures)
        yield ""
        for notice in notices(figures, outcome):
            first, *rest = wrap(one_line(notice.said), self._width, 2)
            color = "red" if notice.bad else "yellow"
            yield self._paint(first, color)
            yield from (self._paint(f"  {line}", color) for line in rest)
        first, *rest = wrap(one_line(_verdict(figures, outcome)), self._width, 2)
        yield self._paint(first, "bold", "red" if outcome.exit_code else "green")
        yield from (f"  {line}" for line in rest)

    def verdict(self, verdict: Verdict) -> str:
        """A threshold with its mark and the measured value."""
        mark = self._paint(self._good, "green") if verdict.passed else self._paint(self._bad, "red")
        return f"  {mark} {one_line(verdict.text)}  {verdict.shown}"

    def _heading(self, text: str) -> Iterator[str]:
        yield from ("", self._paint(text, "bold"))

    def _totals(self, figures: Figures) -> Iterator[str]:
        total, share = figures.total, check_share(figures)
        passed, failed = figures.passed.total, figures.failed.total
        if share is not None:
            yield _row("checks_total", f"{passed + failed}", rate_text(per_second(passed + failed, figures)))
            yield _row("checks_succeeded", percent_text(share), f"{passed} out of {passed + failed}")
            yield self._counted("checks_failed", failed, passed + failed)
        yield _row("http_req_duration", _trend(total.durations))
        yield self._counted("http_req_failed", unanswered(total), total.tried)
        yield _row("http_reqs", str(total.count), rate_text(figures.rate))
        yield self._counted("failed_requests", total.failures, total.tried)
        yield _row("iteration_duration", _trend(figures.iterations))
        iterations = figures.iterations.count
        yield _row("iterations", str(iterations), rate_text(per_second(iterations, figures)))
        yield self._counted("failed_iterations", figures.iterations_failed, iterations)
        if figures.dropped:
            line = _row("dropped_iterations", str(figures.dropped), rate_text(per_second(figures.dropped, figures)))
            yield self._paint(line, "yellow")
        yield _row("vus", str(figures.users), f"min={least_users(figures)} max={figures.most_users}")
        for name, count in (("data_received", total.received), ("data_sent", total.sent)):
            yield _row(name, size_text(count), f"{size_text(per_second(count, figures) or 0)}/s")

    def _counted(self, name: str, count: int, of: int) -> str:
        line = _row(name, percent_text(count / of if of else None), f"{count} out of {of}")
        return self._paint(line, "red") if count else line

    def _failures(self, figures: Figures) -> Iterator[str]:
        wrong = [one for one in checks(figures) if one.failed]
        if wrong:
            yield from self._heading("FAILED CHECKS")
        for one in wrong[:LISTED]:
            text = f"{one_line(one.request)}: {one_line(one.name)}"
            yield from self._listed(f"{percent_text(one.share)} passed, {one.failed} failed", text)
        yield from _more(len(wrong) - LISTED, "failed check")
        kinds = list(figures.failures)
        if kinds:
            yield from self._heading("FAILURES")
        for (request, kind, message), count in kinds[:LISTED]:
            yield from self._listed(f"{count} × {kind}", f"{one_line(request)}: {one_line(message)}")
        yield from _more(sum(count for _, count in kinds[LISTED:]), "failure")

    def _listed(self, count: str, text: str) -> Iterator[str]:
        first, *rest = wrap(f"{count}  {text}", self._width - 2, 4)
        yield f"  {self._paint(first, 'red')}"
        yield from (f"      {line}" for line in rest)


def _row(name: str, *values: str) -> str:
    return f"  {name.ljust(LABEL, '.')}: {' '.join(values)}"


def _trend(durations: Durations) -> str:
    return " ".join(f"{name}={ms_text(value)}" for name, value in trend_values(durations).items())


def _more(count: int, noun: str) -> Iterator[str]:
    if count > 0:
        yield f"  and {plural(count, f'more {noun}')}"


def _verdict(figures: Figures, outcome: Outcome) -> str:
    why = "; ".join(outcome.reasons) or "nothing failed that had to pass"
    return f"{outcome.verdict} after {ms_text(figures.seconds * 1000)}: {why}"
