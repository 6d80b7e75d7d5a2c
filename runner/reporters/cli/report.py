"""The `cli` reporter: a run as Newman's users know it, line by line, and the totals and failures at its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from runner.events import (
    AssertionChecked,
    ConsoleLogged,
    Event,
    ItemFinished,
    ItemRetried,
    ItemStarted,
    IterationStarted,
    NextRequestSet,
    RequestEvent,
    RequestFailed,
    RequestFinished,
    RunStarted,
    ScriptFinished,
    Warned,
)
from runner.model.response import Response
from runner.reporters.cli.status_line import StatusLine
from runner.reporters.cli.symbols import ASCII, UNICODE, Paint
from runner.reporters.cli.tables import failures_table, slowest_table, summary_table
from runner.reporters.context import ReporterContext
from runner.reporters.details import FailureNotes
from runner.reporters.text import (
    clean,
    console_text,
    error_text,
    one_line,
    path_text,
    plural,
    shown_url,
    size_text,
    time_text,
    url_of,
)
from runner.reporters.width import wrap
from runner.results.execution import Execution
from runner.results.failure import error_name, script_place
from runner.results.summary import Summary
from runner.secrets import MASK

NAME = "cli"

SENDERS = {"script": "pm.sendRequest ", "auth": "auth "}
"""The label before a request that is not the item's own; such lines are nested under their item."""

LEVELS = {"error": "red", "warn": "yellow"}
"""Colours of console levels; others are plain."""


class Cli:
    """Prints each event as it comes."""

    dominant = True
    show_running: Callable[[Sequence[ItemStarted]], None]
    """Only there on a watched terminal, see `ShowsRunning`."""

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._symbols = UNICODE if context.unicode else ASCII
        self._paint = Paint(context.color)
        self._live = context.stream.isatty()
        self._flags = _flags(context)
        self._silent = context.options.silent or "silent" in self._flags
        self._folder: tuple[str, ...] = ()
        self._failures = 0
        self._begun = self._flaky = False
        self._console: list[str] = []
        self._warned: set[tuple[str, str]] = set()
        wants_notes = not self._silent and not self._flags & {"no-failures", "no-failure-details"}
        self._notes = FailureNotes(context) if wants_notes else None
        self._status = StatusLine(context) if context.live else None
        if self._status and not self._silent:
            self.show_running = self._status.show_running

    def on(self, event: Event) -> None:
        """Print what happened."""
        show = _SHOWS.get(type(event))
        if show is None or self._silent:
            return
        if self._console and not isinstance(event, ConsoleLogged | AssertionChecked):
            self._print_console()
        show(self, event)
        if self._status:
            self._status.on(event)
        if self._live:
            self._context.stream.flush()

    def on_execution(self, execution: Execution) -> None:
        """Collect what the list of failures shows besides their messages, and note whether the item is flaky."""
        if self._notes:
            self._notes.on_execution(execution)
        self._flaky = execution.flaky

    def close(self, summary: Summary) -> None:
        """Print the totals, the error that ended the run, and every failure."""
        if self._status:
            self._status.clear()
        if self._silent:
            return
        self._print_console()
        if "no-summary" not in self._flags:
            self._line()
            for line in summary_table(
                summary, self._symbols, self._paint, self._context.width, verbose=self._context.verbose
            ):
                self._line(line)
        asides = _asides(len(self._warned), summary.skipped_assertions, summary.skipped_items, len(summary.flaky))
        for line in ["", asides] if asides else []:
            self._line(line)
        self._print_judgements(summary)
        for line in slowest_table(summary, self._context.options.slowest or 0, self._paint, self._context.width):
            self._line(line)
        for item in summary.flaky if not summary.fail_on_flaky else ():  # it is in the list of failures then
            self._paragraph(f'  flaky: "{path_text((*item.path, item.item.name))}" {item.said}', "    ", "yellow")
        if "no-failures" not in self._flags:
            table = failures_table(summary, self._paint, self._context.width, self._notes)
            for line in ["", *table] if table else []:
                self._line(line)
        for error in summary.errors:
            self._line()
            self._paragraph(f"error: {error_text(error)}", "", "red")
            if error.hint:
                self._paragraph(f"hint: {error.hint}", "  ")
        self._context.stream.flush()

    def _print_judgements(self, summary: Summary) -> None:
        if summary.coverage is not None:
            self._paragraph(f"contract: {summary.coverage.said}", "  ")
        if summary.snapshots is not None:
            self._paragraph(f"snapshots: {summary.snapshots.said}", "  ")
            for path in summary.snapshots.unused:
                self._paragraph(f"  unused: {one_line(path)} (--snapshot-prune removes it)", "    ", "yellow")

    def _run_started(self, event: RunStarted) -> None:
        if event.part and self._begun:
            return
        if self._begun:
            self._line()
        elif "no-banner" not in self._flags:
            self._line("postrunner")
            self._line()
        self._begun = True
        self._line(self._paint(one_line(event.collection.name), "bold"))

    def _iteration_started(self, event: IterationStarted) -> None:
        self._folder = ()
        if event.cursor.cycles > 1:
            self._line()
            self._line(self._paint(f"Iteration {event.cursor.iteration + 1}/{event.cursor.cycles}", "bold"))

    def _item_started(self, event: ItemStarted) -> None:
        folder = f"{self._symbols.folder} {path_text(event.path)}\n" if event.path and event.path != self._folder else ""
        self._folder = event.path
        symbol = self._symbols.sub if event.path else self._symbols.root
        self._line(f"\n{folder}{symbol} {self._paint(one_line(event.item.name), 'bold')}")

    def _item_finished(self, event: ItemFinished) -> None:
        if event.skipped:
            self._line(self._paint(f"  -  [skipped] {one_line(event.why_skipped)}", "yellow"))
        if self._flaky:
            said = f"flaky: passed at attempt {event.cursor.attempt + 1} of {event.cursor.attempts}"
            if self._context.options.fail_on_flaky:
                self._failed(said)
            else:
                self._line(self._paint(f"  {said}", "yellow"))

    def _item_retried(self, event: ItemRetried) -> None:
        attempt = f"attempt {event.cursor.attempt + 1} of {event.cursor.attempts}"
        when = f"in {time_text(event.delay)}" if event.delay else "at once"
        self._paragraph(f"  {self._symbols.again} {attempt}: {one_line(event.reason)}, again {when}", "    ", "yellow")

    def _request_finished(self, event: RequestFinished) -> None:
        line = self._request_line(event, event.source)
        if event.exchange is None:
            self._error_lines(line, one_line(event.error.message) if event.error else "no response")
            return
        response = event.exchange.response
        if not self._context.verbose:
            self._line(f"{line} {self._paint(self._result(response), 'gray')}")
            return
        from runner.reporters.cli.verbose import exchange_lines

        self._line(line)
        indent = "    " if event.source in SENDERS else "  "
        for detail in exchange_lines(event.exchange, self._symbols, self._paint, self._context.width, indent):
            self._line(detail)
        self._line()

    def _request_failed(self, event: RequestFailed) -> None:
        self._error_lines(self._request_line(event, "item"), one_line(event.error.message))

    def _request_line(self, event: RequestEvent, source: str) -> str:
        sender = SENDERS.get(source, "")
        url = shown_url(url_of(event), self._context.secrets, ascii_only=not self._context.unicode)
        line = f"{one_line(event.method)} {url}"
        return ("    " if sender else "  ") + self._stamp() + sender + self._paint(line, "gray")

    def _result(self, response: Response) -> str:
        status = f"{response.code} {one_line(response.status)}".rstrip()
        return f"[{status}, {size_text(response.sizes.header + response.sizes.body)}, {time_text(response.time)}]"

    def _error_lines(self, line: str, message: str) -> None:
        self._line(f"{line} {self._paint('[errored]', 'red')}")
        self._failed(message)

    def _failed(self, text: str, mark: str = ".") -> None:
        self._failures += 1
        self._paragraph(f"{self._failures:>3}{mark} {text}", "     ", "red")
        self._context.stream.flush()

    def _assertion_checked(self, event: AssertionChecked) -> None:
        assertion = event.assertion
        failed = assertion.failed
        if "no-assertions" in self._flags or ("no-success-assertions" in self._flags and not failed):
            self._failures += failed
            return
        name = one_line(assertion.name)
        if failed:
            self._failed(self._stamp() + name)
        elif assertion.skipped:
            self._line("  " + self._stamp() + self._paint(f"-  [skipped] {name}", "yellow"))
        else:
            self._line("  " + self._stamp() + self._paint(f"{self._symbols.ok}  ", "green") + self._paint(name, "gray"))

    def _script_finished(self, event: ScriptFinished) -> None:
        if event.error is None:
            return
        owner = "" if event.owner in ("", event.item.name) else f" of {one_line(event.owner)}"
        place = script_place(event.listen, event.error)
        self._failed(f"{one_line(error_name(event.error))} in {place}{owner}", self._symbols.script_error)
        if event.error.message:
            self._paragraph("     " + clean(event.error.message), "     ", "gray")

    def _console_logged(self, event: ConsoleLogged) -> None:
        if "no-console" in self._flags:
            return
        text = clean(console_text(event, self._context.secrets, ", "))
        lines = wrap(text, self._context.width - 4)
        color = LEVELS.get(event.level)
        self._console += [self._paint(line, color) for line in lines] if color else lines

    def _print_console(self) -> None:
        lines, self._console = self._console, []
        if not lines:
            return
        self._line("  " + self._paint(self._symbols.box_top, "gray"))
        for line in lines:
            self._line(f"  {self._paint(self._symbols.box_side, 'gray')} {line}")
        self._line("  " + self._paint(self._symbols.box_end, "gray"))

    def _next_request_set(self, event: NextRequestSet) -> None:
        self._line()
        name = "null" if event.name is None else one_line(event.name)
        self._line(self._paint(f"Attempting to set next request to {name}", "gray"))

    def _warning(self, event: Warned) -> None:
        if (event.code, event.message) in self._warned:
            return
        self._warned.add((event.code, event.message))
        place = f"{event.where}: " if event.where else ""
        if self._context.options.fail_on_warning and not event.note:
            self._failed(f"warning: {place}{event.message}")
            return
        self._paragraph(f"  {'note' if event.note else 'warning'}: {place}{event.message}", "  ", "yellow")

    def _stamp(self) -> str:
        if "show-timestamps" not in self._flags:
            return ""
        stamp = time.strftime("%H:%M:%S", time.localtime(self._context.clock.now()))
        return self._paint(f"[{stamp}]", "gray") + " "

    def _paragraph(self, text: str, indent: str, *colors: str) -> None:
        first, *rest = wrap(clean(text), self._context.width, len(indent))
        self._line(self._paint(first, *colors))
        for line in rest:
            self._line(indent + self._paint(line.strip(), *colors))

    def _line(self, text: str = "") -> None:
        if not self._context.unicode:
            text = text.replace(MASK, "****").replace("µ", "u").encode("ascii", "backslashreplace").decode()
        if self._status:
            self._status.clear()
        self._context.stream.write(text + "\n")


def _flags(context: ReporterContext) -> set[str]:
    """The flags that are set; most runs have none and need no table."""
    if not context.options.reporter_options:
        return set()
    from runner.reporters.option_table import TABLES

    return {option.name for option in TABLES[NAME] if context.flag(NAME, option.name)}


def _asides(warnings: int, assertions: int, items: int, flaky: int) -> str:
    counts = ((warnings, "warning"), (assertions, "skipped test"), (items, "skipped request"), (flaky, "flaky request"))
    return ", ".join(plural(count, noun) for count, noun in counts if count)


_SHOWS: dict[type[Event], Callable[[Cli, Any], None]] = {
    RunStarted: Cli._run_started,
    IterationStarted: Cli._iteration_started,
    ItemStarted: Cli._item_started,
    RequestFinished: Cli._request_finished,
    RequestFailed: Cli._request_failed,
    AssertionChecked: Cli._assertion_checked,
    ScriptFinished: Cli._script_finished,
    ConsoleLogged: Cli._console_logged,
    NextRequestSet: Cli._next_request_set,
    Warned: Cli._warning,
    ItemFinished: Cli._item_finished,
    ItemRetried: Cli._item_retried,
}
