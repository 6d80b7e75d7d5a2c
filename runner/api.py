"""`run()`: load, run, report and export, for Python callers and for the command line alike."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TextIO

from runner.errors import Interrupted, PostrunnerError, UsageError
from runner.interruption import Interrupt, asked, listen, undisturbed, waiting
from runner.loading import AnyCollection
from runner.options import RunOptions
from runner.request.weakening import WEAKENED
from runner.session import EventListener, ExecutionListener, Session
from runner.sources.pipes import settle_pipes

if TYPE_CHECKING:
    import httpx

    from runner.cancel import Cancel
    from runner.events import Event
    from runner.results.summary import Summary
    from runner.sandbox.child import Child


def run(
    collection: AnyCollection | Sequence[AnyCollection],
    options: RunOptions | None = None,
    *,
    on_event: EventListener | None = None,
    on_execution: ExecutionListener | None = None,
    transport: httpx.BaseTransport | None = None,
    stream: TextIO | None = None,
    real_values: bool = False,
    cancel: Cancel | None = None,
    **fields: Any,
) -> Summary:
    """Run a collection, or several one after the other, and return the summary.

    `collection` is a path, a URL, a parsed document or a `Collection`, or a list of these. Options come as `RunOptions` or
    as keyword arguments of the same names. `on_event` gets every event and `on_execution` every finished execution, without
    secrets unless `real_values` is set. `transport` sends through any httpx transport instead of the network; reporters
    write to `stream` (default: nowhere, so nothing is printed). `cancel.set()` ends the run from any thread, in order.
    Raises `LoadError`, `SelectionError`, `UsageError`. Ctrl-C ends the run in order, with its reports and exports, and is
    then raised: the `KeyboardInterrupt` has the summary as `summary`.
    """
    options = options or RunOptions(**{"reporters": (), **fields})
    for name in ("dry_run", "list_items"):
        if getattr(options, name):
            raise UsageError("is for the command line", where=name)
    names: Sequence[Any] = collection if isinstance(collection, list | tuple) else [collection]
    with listen("SIGINT"), ExitStack() as stack:
        with waiting():
            options = settle_pipes(names, options, stack)
            session = Session(
                options,
                stack,
                on_event,
                transport,
                stream,
                on_execution=on_execution,
                real_values=real_values,
                cancel=cancel,
            )
            inputs = session.load(names)
        summary = session.run(inputs)
        if asked() or isinstance(summary.error, Interrupted):
            raise Interrupt(summary=summary)
    return summary


def run_command(
    collections: str | Sequence[str],
    options: RunOptions,
    stream: TextIO,
    child: Child | None = None,
    on_event: EventListener | None = None,
) -> int:
    """Run collections for the command line: reports on `stream`, messages on standard error, exit code back."""
    names = [collections] if isinstance(collections, str) else collections
    with undisturbed(), ExitStack() as stack:
        with waiting():
            options = settle_pipes(names, options, stack)
            left_out: list[str] = []
            session = Session(options, stack, _noting(left_out, on_event), None, stream, child)
            inputs = session.load(names)
            if options.silent or "cli" not in options.reporters:
                from runner.secrets.outgoing.masked import Masker

                told = (warning for one in inputs for warning in one.warnings if warning.code == WEAKENED)
                for warning in map(Masker(session.secrets).masked, told):
                    _warn(warning.message)
        summary = session.run(inputs)
        for problem in summary.problems:
            _warn(str(problem), problem.hint)
        if not TELLING.intersection(options.reporters):
            for message in left_out:
                _warn(message)
    return asked() or summary.exit_code(options)


def _warn(message: str, hint: str = "") -> None:
    """Print a warning on standard error; it is masked already, as all that a session hands out."""
    print(f"warning: {message}" + (f"\n  hint: {hint}" if hint else ""), file=sys.stderr)


TELLING = frozenset({"cli", "ndjson"})
"""Reporters that show warnings themselves."""


def _noting(left_out: list[str], on_event: EventListener | None) -> EventListener:
    """A listener that keeps what exports left out: whoever exports has to know it, whatever the reporters show."""
    from runner.events import Warned

    def listen_to(event: Event) -> None:
        if isinstance(event, Warned) and event.code == "secret-left-out":
            left_out.append(event.message)
        if on_event is not None:
            on_event(event)

    return listen_to


__all__ = ["PostrunnerError", "run", "run_command"]
