"""The reporters by their names: those of postrunner in a table, those of other packages as entry points."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from runner.cancel import Cancel
from runner.errors import UsageError
from runner.events import Event, ItemStarted
from runner.logs import server_of
from runner.reporters.context import ReporterContext
from runner.results.execution import Execution
from runner.results.summary import Summary

REPORTERS = {
    "cli": "runner.reporters.cli.report:Cli",
    "json": "runner.reporters.json.report:JsonReport",
    "junit": "runner.reporters.junit.report:Junit",
    "progress": "runner.reporters.progress:Progress",
    "emojitrain": "runner.reporters.emojitrain:EmojiTrain",
    "ndjson": "runner.reporters.ndjson:NdJson",
    "html": "runner.reporters.html.report:HtmlReport",
    "markdown": "runner.reporters.ci.markdown:Markdown",
    "github": "runner.reporters.ci.github:GitHub",
    "allure": "runner.reporters.allure.report:Allure",
    "teamcity": "runner.reporters.ci.teamcity:TeamCity",
    "htmlextra": "runner.reporters.npm.aliases:html_extra",
    "junitfull": "runner.reporters.npm.aliases:junit_full",
    "json-summary": "runner.reporters.json.short:JsonSummary",
}
"""Name → `module:Class` of every reporter of postrunner; a module is imported when its reporter is asked for."""

AUTO = "auto"
"""The name for `cli` plus the reporter that suits the CI server."""

BY_SERVER = {"GitHub Actions": "github", "TeamCity": "teamcity"}
"""The reporters for CI servers (`logs.SERVERS`) that understand more than JUnit; all others read JUnit."""

ENTRY_POINTS = "postrunner.reporters"
"""The entry point group in which other packages offer reporters."""


class Reporter(Protocol):
    """A class made from a `ReporterContext`; `on` gets every event as it happens, `close` ends the report.

    One that reports whole executions has `on_execution` too, see `TakesExecutions`. One that owns
    the screen sets `dominant = True`; two of them in one run are warned about.
    """

    def on(self, event: Event) -> None:
        """Take one event."""

    def close(self, summary: Summary) -> None:
        """Finish the report; raises `ExportError` if it cannot be written."""


@runtime_checkable
class TakesExecutions(Protocol):
    """A reporter that gets executions: each when it is over, just before the event that ends it."""

    def on_execution(self, execution: Execution) -> None:
        """Take one execution; the reporter must store what it needs of it."""


@runtime_checkable
class HearsAll(Protocol):
    """A reporter that gets each event at once, also those of attempts that may not count, if `hears_all` is set."""

    hears_all: bool

    def hear(self, event: Event) -> None:
        """Take one event."""


@runtime_checkable
class ShowsRunning(Protocol):
    """A reporter that shows what is running when several units run at once; `on` gets events in order only."""

    def show_running(self, running: Sequence[ItemStarted]) -> None:
        """Show these items."""


@runtime_checkable
class EndsLast(Protocol):
    """A reporter with something to do when all reports are written, and it is known what went wrong with them."""

    def end(self, summary: Summary, cancel: Cancel) -> Sequence[str]:
        """Do it, until `cancel` is set; returns warnings, which do not change what came of the run."""


def chosen_reporters(names: Iterable[str], environ: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the reporters, each once, with `auto` resolved from these environment variables."""
    found = [name.strip() for name in names if name.strip()]
    if AUTO in found:
        server = server_of(environ)
        instead = ["cli"] if server is None else ["cli", BY_SERVER.get(server, "junit")]
        at = found.index(AUTO)
        found[at : at + 1] = instead
    return tuple(dict.fromkeys(name for name in found if name != AUTO))


def find_reporter(name: str) -> Callable[[ReporterContext], Reporter]:
    """The reporter class of this name: a built-in one, else one that another package offers; raises `UsageError`."""
    target = REPORTERS.get(name)
    if target is not None:
        module, _, attribute = target.partition(":")
        found: Callable[[ReporterContext], Reporter] = getattr(importlib.import_module(module), attribute)
        return found
    from importlib.metadata import entry_points

    offered = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if name not in offered:
        from difflib import get_close_matches

        known = [*REPORTERS, AUTO, *sorted(offered)]
        near = "".join(f"did you mean {found}? " for found in get_close_matches(name, known, 1))
        raise UsageError(
            f"there is no reporter {name!r}", where="--reporters", hint=f"{near}choose from: {', '.join(known)}"
        )
    try:
        outside: Callable[[ReporterContext], Reporter] = offered[name].load()
    except Exception as error:  # another package's code
        raise UsageError(f"the reporter {name!r} cannot be loaded: {error}", where="--reporters") from error
    return outside
