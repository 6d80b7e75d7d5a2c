"""The `github` reporter: annotations in the log of GitHub Actions, and the run as Markdown in the summary of the job."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

from runner.errors import PostrunnerError
from runner.events import AssertionChecked, Event, ScriptFinished
from runner.model.collection import Collection
from runner.outputs import append_text
from runner.reporters.ci.markdown import LARGEST, clip, markdown_text
from runner.reporters.context import ReporterContext
from runner.reporters.details import FailureNotes
from runner.reporters.text import clean, error_text, path_text
from runner.results.execution import Execution
from runner.results.failure import Failure
from runner.results.summary import Summary

NAME = "github"

SHOWN = 10
"""GitHub shows at most this many annotations of a kind for each step."""

MESSAGE = 1_000
"""The most characters of an annotation's message."""

MOST_PLACES = 1_000
"""The most failures of a run that are kept with the line of their script."""

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file of the summary, to which steps append."""


class GitHub:
    """Prints one command for each kind of failure and appends the summary when the run is over."""

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._notes = FailureNotes(context)
        self._lines: dict[int, int] = {}

    def on(self, event: Event) -> None:
        """Print nothing before the run is over."""

    def on_execution(self, execution: Execution) -> None:
        """Remember the script lines of the failures."""
        self._notes.on_execution(execution)
        for fact, failure in execution.failed_facts():
            error = fact.assertion.error if isinstance(fact, AssertionChecked) else None
            error = fact.error if isinstance(fact, ScriptFinished) else error
            if error is not None and error.line is not None and len(self._lines) < MOST_PLACES:
                self._lines[failure.number] = error.line

    def close(self, summary: Summary) -> None:
        """Print the annotations and append the summary; raises `ExportError`."""
        if not (self._context.options.silent or self._context.flag(NAME, "no-annotations")):
            for line in self._commands(summary):
                self._context.command(line)
            self._context.stream.flush()
        path = self._context.environ.get(SUMMARY)
        if path and not self._context.flag(NAME, "no-summary"):
            room = LARGEST - (os.path.getsize(path) if os.path.isfile(path) else 0)
            append_text(path, markdown_text(summary, self._context, self._notes, room) + "\n")

    def _commands(self, summary: Summary) -> Iterator[str]:
        kinds: dict[str, list[Failure]] = {}
        for failure in summary.failures:
            if failure.kind != "run":  # what ended it is told below
                kinds.setdefault(failure.checksum, []).append(failure)
        errors = [command("error", error_text(error), title="The run did not come to its end") for error in summary.errors]
        rows = list(kinds.values())[: SHOWN - len(errors)]
        root = self._context.environ.get("GITHUB_WORKSPACE") or os.getcwd()
        places = _places([row[0] for row in rows], self._lines, root)
        errors += [self._error(row, places.get(row[0].number, {})) for row in rows]
        yield from most_commands(errors, len(errors) + len(kinds) - len(rows), "error", "kinds of failures")
        flaky = () if summary.fail_on_flaky else summary.flaky
        warnings = [command("warning", one.said, title=f"Flaky: {one.item.name}") for one in flaky]
        if not summary.fail_on_warning:
            told = dict.fromkeys(f"{one.where}: " * bool(one.where) + one.message for one in summary.warnings)
            warnings += [command("warning", text, title="Warning") for text in told]
        yield from most_commands(warnings, len(warnings), "warning", "warnings and flaky requests")

    def _error(self, row: list[Failure], place: dict[str, str]) -> str:
        failure = row[0]
        message = failure.message if failure.kind == "assertion" else f"{failure.name}: {failure.message}"
        hint = f"hint: {failure.hint}" if failure.hint else ""
        others = f"and {len(row) - 1} more like it" if len(row) > 1 else ""
        title = path_text((*failure.path, failure.item.name))
        lines = filter(None, (failure.test, message, hint, others))
        return command("error", "\n".join(lines), **place, title=title)


def most_commands(commands: list[str], count: int, kind: str, what: str) -> Iterator[str]:
    """At most `SHOWN` commands; the last one says how many are left out."""
    if count <= SHOWN:
        yield from commands
        return
    yield from commands[: SHOWN - 1]
    yield command(kind, f"{count - SHOWN + 1} more {what} are in the other reports", title="More")


def command(name: str, message: str, **properties: str) -> str:
    """A command of GitHub Actions (`::error line=3::message`) with its texts escaped."""
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(clip(clean(message), MESSAGE))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clip(clean(text), MESSAGE)).replace(":", "%3A").replace(",", "%2C")


def _places(failures: Iterable[Failure], lines: dict[int, int], root: str) -> dict[int, dict[str, str]]:
    """File and line of each failure, by its number, as far as they are known; each file is read once."""
    by_file: dict[str, list[Failure]] = {}
    collections: dict[str, Collection] = {}
    for failure in failures:
        if failure.collection is not None and os.path.exists(failure.collection.path):
            by_file.setdefault(failure.collection.path, []).append(failure)
            collections[failure.collection.path] = failure.collection
    found: dict[int, dict[str, str]] = {}
    for path, row in by_file.items():
        origin = collections[path].origin
        if origin is not None and origin.format == "v3":
            found |= _places_in_folder(collections[path], row, lines, root)
            continue
        shown = from_root(path, root)
        found |= {failure.number: {"file": shown} for failure in row}
        with suppress(PostrunnerError):  # it was changed or removed meanwhile
            known = _lines_in(path, collections[path], row, lines)
            found |= {number: {"file": shown, "line": str(line)} for number, line in known.items()}
    return found


def _places_in_folder(
    collection: Collection, row: list[Failure], lines: dict[int, int], root: str
) -> dict[int, dict[str, str]]:
    """File and line of each failure, by its number, in a collection of several files."""
    from runner.formats.postman.script_places import Spot
    from runner.formats.v3.places import spot_places

    spots = {one.number: Spot(one.item.id, one.script_id, lines.get(one.number, 1)) for one in row}
    known = spot_places(collection, spots.values())
    places = {number: known[spot] for number, spot in spots.items() if spot in known}
    return {number: {"file": from_root(path, root), "line": str(line)} for number, (path, line) in places.items()}


def _lines_in(path: str, collection: Collection, row: list[Failure], lines: dict[int, int]) -> dict[int, int]:
    """The line of each failure in the file of its collection, by its number: of its script, else of its item."""
    from runner.formats.postman.script_places import Spot, spot_lines
    from runner.formats.reading import read_text

    spots = {one.number: Spot(one.item.id, one.script_id, lines.get(one.number, 1)) for one in row}
    known = spot_lines(read_text(path), collection, spots.values())
    return {number: known[spot] for number, spot in spots.items() if spot in known}


def from_root(path: str, root: str) -> str:
    """A path as annotations need it: relative to the root of the repository, with slashes."""
    try:
        shown = os.path.relpath(path, root)
    except ValueError:  # another drive
        return path
    return (path if shown.startswith("..") else shown).replace(os.sep, "/")
