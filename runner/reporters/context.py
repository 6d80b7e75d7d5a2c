"""What a reporter is made from: the options, where it prints, what it must hide, and how the terminal looks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Any, TextIO, cast

from runner.clock import Clock
from runner.entropy import Entropy
from runner.interruption import Interrupt, writing_out
from runner.logs import Log, Markers
from runner.model.quick_dataclass import dataclass
from runner.options import RunOptions
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Door, Masker

WIDTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterContext:
    """What a reporter is made from: the options, where it prints, what it must hide, and how the terminal looks.

    What reporters get is already masked, including the options. `secrets` masks again what a reporter joins, decodes or
    keeps. `options.reporter_option` gives the real value of an option of the reporters.

    `width` counts characters; `live` tells that a person watches, so that a line may be taken back. `entropy` is the
    reporters' own: what they draw changes no value of the run. `markers` are those of the CI server that reads the output,
    `environ` has its variables.
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
    environ: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stream = self.stream.stream if isinstance(self.stream, Log) else self.stream
        object.__setattr__(self, "stream", Log(stream, self.markers, color=self.color))

    def draw(self, text: str) -> None:
        """Print a text of the reporter's own that moves to the start of the line, which `stream` would escape."""
        cast(Log, self.stream).draw(text)

    def with_reporter_options(self, pairs: tuple[tuple[str, str], ...]) -> ReporterContext:
        """The same context with only these reporter options."""
        return replace(self, options=replace(self.options, reporter_options=pairs))

    def command(self, text: str) -> None:
        """Print a command for the CI server, in which the reporter has escaped all outside text."""
        cast(Log, self.stream).command(text)

    @property
    def verbose(self) -> bool:
        """Whether every request is shown with headers, bodies and timings."""
        return self.options.verbose

    def flag(self, reporter: str, name: str) -> bool:
        """Whether `--reporter-<reporter>-<name>` is given and not `false`."""
        value = self.options.reporter_option(reporter, name)
        return value is not None and value.lower() not in ("false", "0", "off", "no")


def make_context(options: RunOptions, stream: TextIO, masker: Masker, environ: Mapping[str, str]) -> ReporterContext:
    """The context for this stream: colours and width of a terminal, symbols that its encoding can write."""
    raw = stream.stream if isinstance(stream, Log) else stream
    return ReporterContext(
        options=_shown_options(options, masker),
        stream=cast(TextIO, _Patient(raw)),
        secrets=cast(Secrets, Door(masker.secrets)),
        color=wants_color(options.color, stream, environ),
        unicode=not options.disable_unicode and can_write_symbols(stream),
        width=screen_width(stream, environ),
        live=is_watched(stream, environ),
        markers=Markers(environ, always=options.ci_safe),
        environ=environ,
    )


def _shown_options(options: RunOptions, masker: Masker) -> RunOptions:
    """The options as reporters see them: masked; only `reporter_option` gives the real values of its options."""
    shown = masker.masked(options)
    if shown is not options:
        object.__setattr__(shown, "reporter_option", lambda reporter, name: options.reporter_option(reporter, name))
    return shown


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
    if columns.isascii() and columns.isdigit() and columns.strip("0") and len(columns) < 10:
        return max(40, int(columns))
    try:
        return max(40, os.get_terminal_size(stream.fileno()).columns) if stream.isatty() else WIDTH
    except (OSError, ValueError):
        return WIDTH


class _Patient:
    """A stream whose reader may be slow or gone: a second Ctrl-C ends the wait for it."""

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
