"""The `markdown` reporter: a run as a text for a job summary, a comment or a wiki, to a file or to standard output.

Whatever comes from outside stands in code spans and code blocks: there it makes no link, picture, mention or markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from runner.errors import Interrupted
from runner.events import Event
from runner.outputs import is_folder, write_text
from runner.reporters.context import ReporterContext
from runner.reporters.details import FailureNotes
from runner.reporters.text import clean, error_text, one_line, path_text, plural, size_text, time_text
from runner.results.execution import Execution
from runner.results.failure import Failure
from runner.results.figures import USUAL, SlowRequest
from runner.results.summary import Summary

NAME = "markdown"

LARGEST = 1_000_000
"""The most bytes of a text: GitHub limits a job summary to 1 MiB."""

LISTED = 100
"""The most failures, flaky items and warnings that are listed one by one."""

MESSAGE = 2_000
"""The most characters of a message that are shown."""

ROWS = (
    ("iterations", "iterations"),
    ("requests", "requests"),
    ("test scripts", "testScripts"),
    ("pre-request scripts", "prerequestScripts"),
    ("assertions", "assertions"),
)


class Markdown:
    """Writes the text when the run is over."""

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        chosen = context.options.reporter_option(NAME, "export")
        name = f"postrunner-{context.clock.file_stamp()}.md"
        self._path = (Path(chosen, name) if is_folder(chosen) else Path(chosen)) if chosen and chosen != "true" else None
        self.dominant = self._path is None
        self._notes = FailureNotes(context)

    def on(self, event: Event) -> None:
        """Nothing is written before the run is over."""

    def on_execution(self, execution: Execution) -> None:
        """Collect what is shown of failures besides their messages."""
        self._notes.on_execution(execution)

    def close(self, summary: Summary) -> None:
        """Write the text; raises `ExportError`."""
        text = markdown_text(summary, self._context, self._notes)
        if self._path is not None:
            write_text(self._path, text)
        elif not self._context.options.silent:
            self._context.stream.write(text)
            self._context.stream.flush()


def markdown_text(summary: Summary, context: ReporterContext, notes: FailureNotes, most: int = LARGEST) -> str:
    """The outcome of a run as GitHub Flavored Markdown, in at most `most` bytes."""
    kept: list[str] = []
    size = 0
    for block in _blocks(summary, context, notes):
        size += len(block.encode("utf-8", "backslashreplace")) + 2
        if size > most - 100:
            kept.append("The rest is left out: it would be longer than a job summary may be.")
            break
        kept.append(block)
    return "\n\n".join(kept) + "\n"


def _blocks(summary: Summary, context: ReporterContext, notes: FailureNotes) -> Iterator[str]:
    name = ", ".join(run.started.collection.name for run in summary.runs) or "Collection"
    yield f"## {'❌' if summary.failed else '✅'} {code(name)}: {_verdict(summary)}"
    for error in summary.errors:
        yield f"**The run did not come to its end:** {code(error_text(error))}"
    yield "\n".join(_totals(summary))
    yield from _section("Failures", [_failure(one, summary, notes) for one in summary.failures[:LISTED]], summary.failures)
    if not summary.fail_on_flaky:  # else they are failures
        flaky = [f"- {code(path_text((*one.path, one.item.name)))} {code(one.said)}" for one in summary.flaky[:LISTED]]
        yield from _section("Flaky requests", ["\n".join(flaky)] if flaky else [], summary.flaky)
    count = USUAL if context.options.slowest is None else context.options.slowest
    slowest = summary.slowest.kept[:count]
    if slowest:
        yield from _section("Slowest requests", ["\n".join(_slowest(slowest))], slowest)
    if not summary.fail_on_warning:
        found = dict.fromkeys(f"- {code(f'{one.where}: ' * bool(one.where) + one.message)}" for one in summary.warnings)
        yield from _section("Warnings", ["\n".join([*found][:LISTED])] if found else [], [*found])


def _section(title: str, blocks: Iterable[str], all_of_it: Iterable[object]) -> Iterator[str]:
    """A heading with a count, its blocks, and how many are left out."""
    shown, count = list(blocks), len(list(all_of_it))
    if not shown:
        return
    yield f"### {title} ({count})"
    yield from shown
    if count > LISTED:
        yield f"and {count - LISTED} more"


def _verdict(summary: Summary) -> str:
    if isinstance(summary.error, Interrupted):
        return "interrupted"
    failures = plural(len(summary.failures), "failure")
    verdict = f"failed with {failures}" if summary.failures else "failed" if summary.failed else "passed"
    return f"{verdict} in {time_text(summary.duration)}"


def _totals(summary: Summary) -> Iterator[str]:
    yield "| | executed | failed |"
    yield "|---|---:|---:|"
    for label, name in ROWS:
        tracker = summary.stats[name]
        yield f"| {label} | {tracker.total} | {tracker.failed} |"
    counts = (
        (len(summary.flaky), "flaky request"),
        (summary.skipped_assertions, "skipped test"),
        (summary.skipped_items, "skipped request"),
    )
    asides = [plural(count, noun) for count, noun in counts if count]
    spread = summary.spreads["response"]
    asides.append(f"{size_text(summary.response_total)} received")
    if spread.count:
        low, high = time_text(spread.min), time_text(spread.max)
        asides.append(f"average response time {time_text(spread.average)} (min {low}, max {high})")
    yield ""
    yield ", ".join(asides)


def _failure(failure: Failure, summary: Summary, notes: FailureNotes) -> str:
    several = failure.collection.name if failure.collection and len(summary.runs) > 1 else ""
    place = path_text(filter(None, (several, *failure.path, failure.item.name)))
    title = f"**{failure.number}.** {code(place)}" + (f": {code(failure.test)}" if failure.test else "")
    if failure.cursor.cycles > 1:
        title += f" (iteration {failure.cursor.iteration + 1})"
    message = failure.message if failure.kind == "assertion" else f"{failure.name}: {failure.message}"
    lines = [clip(clean(message), MESSAGE), f"at {failure.at}", *notes.lines.get(failure.number, ())]
    lines += [f"hint: {one_line(failure.hint)}"] if failure.hint else []
    parts = [title, fenced("\n".join(lines))]
    for exchange in notes.exchanges.get(failure.number, ()):
        parts.append(f"<details><summary>Request and response</summary>\n\n{fenced(chr(10).join(exchange))}\n\n</details>")
    return "\n\n".join(parts)


def _slowest(slowest: Iterable[SlowRequest]) -> Iterator[str]:
    yield "| time | request | sent |"
    yield "|---:|---|---|"
    for slow in slowest:
        iteration = f" (iteration {slow.cursor.iteration + 1})" if slow.cursor.cycles > 1 else ""
        sender = {"script": "pm.sendRequest ", "auth": "auth "}.get(slow.sent.source, "")
        name, sent = path_text((*slow.path, slow.item.name)) + iteration, f"{sender}{slow.sent.method} {slow.sent.url}"
        yield f"| {time_text(slow.time)} | {in_table(code(clip(name, 300)))} | {in_table(code(clip(sent, 300)))} |"


def code(text: str) -> str:
    """A text on one line as a code span, whatever it contains."""
    shown = one_line(text).strip() or " "
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    space = " " if "`" in (shown[0], shown[-1]) else ""
    return f"{fence}{space}{shown}{space}{fence}"


def in_table(text: str) -> str:
    """A code span in a cell of a table."""
    return text.replace("|", "\\|")


def fenced(text: str) -> str:
    """A text of several lines as a code block, whatever it contains."""
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence}text\n{text}\n{fence}"


def clip(text: str, most: int) -> str:
    """A text cut to at most `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
