"""What a person or a CI server reads of a run: each reporter is a function of the events."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TextIO, cast

from runner.clock import Clock
from runner.engine.summary import Summary
from runner.entropy import Entropy
from runner.errors import ExportError, PostrunnerError, UsageError
from runner.events import Event
from runner.interruption import Interrupt, writing_out
from runner.logs import Log, Markers
from runner.options import RunOptions
from runner.secrets import Secrets

REPORTERS = {
    "cli": "runner.reporters.cli:Cli",
    "json": "runner.reporters.json_report:JsonReport",
    "junit": "runner.reporters.junit:Junit",
    "progress": "runner.reporters.progress:Progress",
    "emojitrain": "runner.reporters.emojitrain:EmojiTrain",
    "ndjson": "runner.reporters.ndjson:NdJson",
    "html": "runner.reporters.html_report:HtmlReport",
}
"""Name → `module:Class` of every reporter of postrunner; a module is imported when its reporter is asked for."""

ENTRY_POINTS = "postrunner.reporters"
"""The entry point group in which other packages offer reporters."""

WIDTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterContext:
    """What a reporter is made from: the options, where it prints, what it must hide, and how the terminal looks.

    `width` counts characters; `live` tells that a person watches, so that a line may be taken back. `entropy` is the
    reporters' own: what they draw changes no value of the run. `markers` are those of the CI server that reads the output.
    """

    options: RunOptions
    stream: TextIO
    secrets: Secrets = field(default_factory=Secrets)
    color: bool = False
    unicode: bool = True
    width: int = WIDTH
    live: bool = False
    clock: Clock = field(default_factory=Clock)
    entropy: Entropy = field(default_factory=Entropy)
    markers: Markers = field(default_factory=lambda: Markers({}))

    def __post_init__(self) -> None:
        stream = self.stream.stream if isinstance(self.stream, Log) else self.stream
        object.__setattr__(self, "stream", Log(stream, self.markers, color=self.color))

    def draw(self, text: str) -> None:
        """Print a text of the reporter's own that moves to the start of the line; `stream` writes a carriage return out."""
        cast(Log, self.stream).draw(text)

    @property
    def verbose(self) -> bool:
        """Whether every request is shown with headers, bodies and timings."""
        return self.options.verbose

    def flag(self, reporter: str, name: str) -> bool:
        """Whether `--reporter-<reporter>-<name>` is given and not `false`."""
        value = self.options.reporter_option(reporter, name)
        return value is not None and value.lower() not in ("false", "0", "off", "no")


class Reporter(Protocol):
    """A class made from a `ReporterContext`; `on` gets every event, `close` ends the report.

    A reporter that owns the screen sets `dominant = True`; two of them in one run are warned about.
    """

    def on(self, event: Event) -> None:
        """Take one event."""

    def close(self, summary: Summary) -> None:
        """Finish the report; raises `ExportError` when it cannot be written."""


class Reporting:
    """All reporters of a run. One that raises is dropped with a message; the run and the other reporters go on."""

    def __init__(self, reporters: Mapping[str, Reporter]) -> None:
        self._reporters = dict(reporters)
        self._problems: list[ExportError] = []

    def on(self, event: Event) -> None:
        """Hand one event to every reporter."""
        for name, reporter in tuple(self._reporters.items()):
            self._guard(name, reporter.on, event)

    def close(self, summary: Summary) -> list[ExportError]:
        """End every report; returns what went wrong in any of them since the start."""
        for name, reporter in tuple(self._reporters.items()):
            self._guard(name, reporter.close, summary)
        return self._problems

    def _guard(self, name: str, take: Callable[[Any], None], argument: Event | Summary) -> None:
        try:
            take(argument)
        except BrokenPipeError:  # nobody reads any more (`postrunner run … | head`), and nobody is there to be told
            del self._reporters[name]
        except Interrupt:  # nobody takes what is printed, and somebody is tired of waiting
            del self._reporters[name]
            self._problems.append(ExportError("the report could not be written: nobody takes it", where=f"reporter {name}"))
        except Exception as error:  # whatever a report stumbles over, the result of the run must come through
            del self._reporters[name]
            self._problems.append(_problem(name, error))


def _problem(name: str, error: Exception) -> ExportError:
    if isinstance(error, ExportError):
        return error
    text = str(error) if isinstance(error, OSError | PostrunnerError) else f"{type(error).__name__}: {error}"
    return ExportError(f"the report could not be written: {text}", where=f"reporter {name}")


def make_reporting(
    options: RunOptions, stream: TextIO | None, secrets: Secrets, environ: Mapping[str, str] | None = None
) -> Reporting:
    """The reporters that `options.reporters` names, printing to `stream` (None: nowhere).

    Raises `UsageError` for a name that does not exist, and for an option that a built-in reporter does not have.
    """
    out = stream if stream is not None else _Nowhere()
    names = tuple(dict.fromkeys(name.strip() for name in options.reporters if name.strip()))
    classes = {name: find_reporter(name) for name in names}
    if options.reporter_options:
        from runner.reporters.known_options import settle_reporter_options

        options, warnings = settle_reporter_options(options, classes)
        for warning in warnings:
            print(f"warning: {warning}", file=sys.stderr)
    context = make_context(options, out, secrets, os.environ if environ is None else environ)
    reporters = {name: make(context) for name, make in classes.items()}
    dominant = [name for name, reporter in reporters.items() if getattr(reporter, "dominant", False)]
    if len(dominant) > 1 and stream is not None:
        print(f"warning: the reporters {' and '.join(dominant)} print to the same screen", file=sys.stderr)
    return Reporting(reporters)


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

        known = [*REPORTERS, *sorted(offered)]
        near = "".join(f"did you mean {found}? " for found in get_close_matches(name, known, 1))
        raise UsageError(
            f"there is no reporter {name!r}", where="--reporters", hint=f"{near}choose from: {', '.join(known)}"
        )
    try:
        outside: Callable[[ReporterContext], Reporter] = offered[name].load()
    except Exception as error:  # another package's code
        raise UsageError(f"the reporter {name!r} cannot be loaded: {error}", where="--reporters") from error
    return outside


def make_context(options: RunOptions, stream: TextIO, secrets: Secrets, environ: Mapping[str, str]) -> ReporterContext:
    """The context that fits this stream: colours and width of a terminal, symbols its encoding can write."""
    raw = stream.stream if isinstance(stream, Log) else stream
    return ReporterContext(
        options=options,
        stream=cast(TextIO, _Patient(raw)),
        secrets=secrets,
        color=wants_color(options.color, stream, environ),
        unicode=not options.disable_unicode and can_write_symbols(stream),
        width=screen_width(stream, environ),
        live=is_watched(stream, environ),
        markers=Markers(environ, always=options.ci_safe),
    )


def is_watched(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether a line may be drawn and taken back: on a terminal that can, and not in CI (whose terminals are logs)."""
    return stream.isatty() and environ.get("TERM") != "dumb" and environ.get("CI", "false").lower() in ("", "0", "false")


def wants_color(choice: str, stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to colour: `on` and `off` decide; `auto` follows NO_COLOR, FORCE_COLOR, TERM=dumb, then the terminal."""
    if choice != "auto":
        return choice == "on"
    if environ.get("NO_COLOR"):
        return False
    force = environ.get("FORCE_COLOR")
    if force is not None:
        return force not in ("0", "false")
    return environ.get("TERM") != "dumb" and stream.isatty()


def can_write_symbols(stream: TextIO) -> bool:
    """Whether the stream's encoding has the symbols of the reports (an old Windows code page has not)."""
    try:
        "❏→↳✓┌│└─•".encode(getattr(stream, "encoding", None) or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def screen_width(stream: TextIO, environ: Mapping[str, str]) -> int:
    """Columns of the terminal: COLUMNS, else what the terminal says, else 80; never fewer than 40."""
    columns = environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return max(40, int(columns))
    try:
        return max(40, os.get_terminal_size(stream.fileno()).columns) if stream.isatty() else WIDTH
    except (OSError, ValueError):
        return WIDTH


class _Patient:
    """A stream whose reader may be slow, or gone for good: waiting for it ends with a second Ctrl-C."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        written: int = self._give(self._stream.write, text)
        return written

    def flush(self) -> None:
        self._give(self._stream.flush)

    def _give(self, take: Callable[..., Any], *given: str) -> Any:
        try:
            with writing_out():
                return take(*given)
        except Interrupt:
            from runner.outputs import let_go

            let_go(self._stream)
            raise


class _Nowhere(io.StringIO):
    """A stream for runs that print nothing."""

    def write(self, text: str) -> int:
        return len(text)
