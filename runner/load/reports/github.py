"""The `github` and `markdown` reports of a load test: annotations, and its figures as Markdown."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from runner.load.figures.figures import Figures
from runner.load.reports.facts import Row, check_share, checks, notices, per_second, rows, total
from runner.load.reports.report import About, Outcome
from runner.load.reports.texts import ms_text, percent_text, rate_text
from runner.load.thresholds.outcome import undecided
from runner.load.thresholds.threshold import Verdict
from runner.outputs import append_text, is_folder, write_text
from runner.reporters.ci.github import SUMMARY, command, most_commands
from runner.reporters.ci.markdown import LARGEST, LISTED, MESSAGE, clip, code, in_table
from runner.reporters.context import ReporterContext
from runner.reporters.text import plural, size_text

GITHUB, MARKDOWN = "github", "markdown"


class GitHub:
    """Prints a command for each crossed threshold, notice and kind of failure, and appends the job summary."""

    def __init__(self, context: ReporterContext, about: About) -> None:
        self._context = context
        self._about = about

    def on_start(self, figures: Figures) -> None:
        """Nothing is printed before the test is over."""

    def on_progress(self, figures: Figures, verdicts: Sequence[Verdict]) -> None:
        """Nothing is printed before the test is over."""

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> None:
        """Print the annotations and append the summary; raises `ExportError`."""
        if not (self._context.options.silent or self._context.flag(GITHUB, "no-annotations")):
            for line in _commands(figures, verdicts, outcome):
                self._context.command(line)
            self._context.stream.flush()
        path = self._context.environ.get(SUMMARY)
        if path and not self._context.flag(GITHUB, "no-summary"):
            room = LARGEST - (os.path.getsize(path) if os.path.isfile(path) else 0)
            append_text(path, markdown_text(figures, verdicts, outcome, self._about, room) + "\n")


class Markdown:
    """Writes the text when the test is over, to a file or to standard output."""

    def __init__(self, context: ReporterContext, about: About) -> None:
        self._context = context
        self._about = about
        chosen = context.options.reporter_option(MARKDOWN, "export")
        name = f"postrunner-{context.clock.file_stamp()}.md"
        self._path = (Path(chosen, name) if is_folder(chosen) else Path(chosen)) if chosen and chosen != "true" else None

    def on_start(self, figures: Figures) -> None:
        """Nothing is written before the test is over."""

    def on_progress(self, figures: Figures, verdicts: Sequence[Verdict]) -> None:
        """Nothing is written before the test is over."""

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> None:
        """Write the text; raises `ExportError`."""
        text = markdown_text(figures, verdicts, outcome, self._about)
        if self._path is not None:
            write_text(self._path, text)
        elif not self._context.options.silent:
            self._context.stream.write(text)
            self._context.stream.flush()


def _commands(figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> Iterator[str]:
    crossed = [verdict for verdict in verdicts if not verdict.passed]
    errors = [command("error", f"measured {one.shown}", title=f"Threshold crossed: {one.text}") for one in crossed]
    said = notices(figures, outcome)
    errors += [command("error", one.said, title=f"Load test: {one.code}") for one in said if one.bad]
    warnings = [command("warning", one.said, title=f"Load test: {one.code}") for one in said if not one.bad]
    failing = {key for key, _ in undecided(figures, verdicts)}
    for key, count in figures.failures:
        request, kind, message = key
        allowed = key not in failing
        told = command("warning" if allowed else "error", f"{message}\n{count} times", title=f"{request}: {kind} failed")
        (warnings if allowed else errors).append(told)
    yield from most_commands(errors, len(errors), "error", "kinds of failures")
    yield from most_commands(warnings, len(warnings), "warning", "warnings")


def markdown_text(
    figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome, about: About, most: int = LARGEST
) -> str:
    """The outcome of a load test as GitHub Flavored Markdown, in at most `most` bytes."""
    kept: list[str] = []
    size = 0
    for block in _blocks(figures, verdicts, outcome, about):
        size += len(block.encode("utf-8", "backslashreplace")) + 2
        if size > most - 100:
            kept.append("The rest is left out: it would be longer than a job summary may be.")
            break
        kept.append(block)
    return "\n\n".join(kept) + "\n"


def _blocks(figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome, about: About) -> Iterator[str]:
    took = ms_text(figures.seconds * 1000)
    yield f"## {'❌' if outcome.exit_code else '✅'} {code(about.name)}: {outcome.verdict.lower()} after {took}"
    said = filter(None, (about.profile, about.environment and f"environment {about.environment}"))
    yield ", ".join(map(code, said)) or "load test"
    if outcome.reasons:
        yield "\n".join(f"- {code(reason)}" for reason in outcome.reasons)
    for notice in notices(figures, outcome):
        yield f"> {'❌' if notice.bad else '⚠️'} {code(notice.said)}"
    if verdicts:
        lines = ["| | threshold | measured |", "|---|---|---:|"]
        lines += [f"| {'✅' if one.passed else '❌'} | {in_table(code(one.text))} | {one.shown} |" for one in verdicts]
        yield "\n".join(lines)
    yield "\n".join(_requests(figures))
    yield _totals(figures)
    wrong = [one for one in checks(figures) if one.failed]
    if wrong:
        yield f"### Failed checks ({len(wrong)})"
        yield "\n".join(_checks(figures))
    if figures.failures.total:
        yield f"### Failures ({figures.failures.total})"
        yield "\n".join(_failures(figures))


def _requests(figures: Figures) -> Iterator[str]:
    yield "| request | requests | rate | failed | avg | med | p90 | p95 | p99 | max |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    found = rows(figures)
    for row in found[:LISTED]:
        yield _request(in_table(code(clip(f"{row.method} {row.name}".strip(), 300))), row, figures)
    if len(found) > LISTED:
        yield f"| and {len(found) - LISTED} more | | | | | | | | | |"
    yield _request("**all requests**", total(figures), figures)


def _request(name: str, row: Row, figures: Figures) -> str:
    one = row.requests
    durations = one.durations
    times = [durations.mean, *(durations.percentile(percent) for percent in (50, 90, 95, 99)), durations.longest]
    cells = [str(one.count), rate_text(per_second(one.count, figures)), str(one.failures), *map(ms_text, times)]
    return f"| {name} | {' | '.join(cells)} |"


def _totals(figures: Figures) -> str:
    share, requests = check_share(figures), figures.total
    parts = [
        f"{plural(figures.iterations.count, 'iteration')} (average {ms_text(figures.iterations.mean)})",
        f"at most {plural(figures.most_users, 'user')}",
        f"{percent_text(requests.error_rate)} of requests failed",
        *([f"{percent_text(share)} of checks passed"] if share is not None else []),
        f"{size_text(requests.received)} received, {size_text(requests.sent)} sent",
    ]
    return ", ".join(parts)


def _checks(figures: Figures) -> Iterator[str]:
    yield "| request | check | passed | failed |"
    yield "|---|---|---:|---:|"
    for one in [one for one in checks(figures) if one.failed][:LISTED]:
        request, name = (in_table(code(clip(text, 300))) for text in (one.request, one.name))
        yield f"| {request} | {name} | {one.passed} | {one.failed} |"


def _failures(figures: Figures) -> Iterator[str]:
    yield "| times | request | kind | message |"
    yield "|---:|---|---|---|"
    kinds = list(figures.failures)
    for (request, kind, message), count in kinds[:LISTED]:
        yield f"| {count} | {in_table(code(clip(request, 300)))} | {kind} | {in_table(code(clip(message, MESSAGE)))} |"
    rest = sum(count for _, count in kinds[LISTED:])
    if rest:
        yield f"| {rest} | | | others |"
