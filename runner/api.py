"""`run()`: load, run, report and export, for Python callers and for the command line alike."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, TextIO, Unpack

from runner.errors import ExportError, Interrupted, PostrunnerError, UsageError
from runner.events import Event, Warned
from runner.interruption import Interrupt, asked, listen, undisturbed, waiting
from runner.options import RunOptions
from runner.request.weakening import WEAKENED
from runner.reruns import STATE, Ran
from runner.session import EventListener, ExecutionListener, Session
from runner.sources.pipes import settle_pipes

if TYPE_CHECKING:
    import httpx

    from runner.cancel import Cancel
    from runner.model.collection import Collection
    from runner.python.collection import Collection as EditedCollection
    from runner.python.keywords import Keywords
    from runner.results.result import Result
    from runner.results.summary import Summary
    from runner.sandbox.child import Child

    AnyCollection = str | PathLike[str] | Mapping[str, object] | Collection | EditedCollection
    AnyTransport = httpx.BaseTransport | httpx.AsyncBaseTransport


def run(
    collection: AnyCollection | Iterable[AnyCollection],
    options: RunOptions | None = None,
    *,
    on_event: EventListener | None = None,
    on_execution: ExecutionListener | None = None,
    transport: AnyTransport | None = None,
    stream: TextIO | None = None,
    real_values: bool = False,
    cancel: Cancel | None = None,
    **fields: Unpack[Keywords],
) -> Result:
    """Run a collection, or several one after the other, and return the result.

    `collection` is a path, a URL, a document or a `Collection`, or several of these. Options come as keywords, as
    `RunOptions`, or as both: keywords win. `on_event` gets every event and `on_execution` every finished execution, without
    secrets unless `real_values` is set. `transport` sends through any httpx transport instead of the network; reporters
    write to `stream` (default: nowhere, so nothing is printed). `cancel.set()` ends the run from any thread, in order.
    Raises `LoadError`, `SelectionError`, `UsageError`. Ctrl-C ends the run in order, with its reports and exports, and is
    then raised: the `KeyboardInterrupt` has the result as `summary`.
    """
    from runner.python.given import collections_of, options_from, transport_of
    from runner.results.result import Result

    options = options_from(fields, options or RunOptions(reporters=()))
    if printing := [name for name in ("dry_run", "list_items", "snapshot_learn") if getattr(options, name)]:
        raise UsageError("is for the command line", where=printing[0])
    names = collections_of(collection)
    with listen("SIGINT"), ExitStack() as stack:
        with waiting():
            options = settle_pipes(names, options, stack)
            ran = Ran() if options.last_failed or options.failed_first else None
            session = Session(
                options,
                stack,
                _listener(ran, on_event) if ran else on_event,
                transport_of(transport, stack),
                stream,
                on_execution=on_execution,
                real_values=real_values,
                cancel=cancel,
                result=Result,
            )
            inputs = session.load(names)
        result = session.run(inputs)
        assert isinstance(result, Result)
        result.problems = (*result.problems, *(_record(ran, result, options) if ran else ()))
        result.add_problems()
        if asked() or isinstance(result.error, Interrupted):
            raise Interrupt(summary=result)
    return result


async def arun(
    collection: AnyCollection | Iterable[AnyCollection],
    options: RunOptions | None = None,
    *,
    on_event: EventListener | None = None,
    on_execution: ExecutionListener | None = None,
    transport: AnyTransport | None = None,
    stream: TextIO | None = None,
    real_values: bool = False,
    cancel: Cancel | None = None,
    **fields: Unpack[Keywords],
) -> Result:
    """Run as `run` does, in a thread of its own, while the event loop goes on.

    The listeners are called in that thread. Cancelling the task ends the run in order, with its reports and exports, before
    `CancelledError` is raised.
    """
    import asyncio

    from runner.cancel import Cancel

    end = cancel or Cancel()
    running = asyncio.ensure_future(
        asyncio.to_thread(
            run,
            collection,
            options,
            on_event=on_event,
            on_execution=on_execution,
            transport=transport,
            stream=stream,
            real_values=real_values,
            cancel=end,
            **fields,
        )
    )
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        end.set()
        while not running.done():
            try:
                await asyncio.wait([running])
            except asyncio.CancelledError:  # asked for again: the run ends as fast as it can already
                continue
        raise


def run_command(
    collections: str | Sequence[str],
    options: RunOptions,
    stream: TextIO,
    child: Child | None = None,
    on_event: EventListener | None = None,
    cancel: Cancel | None = None,
) -> int:
    """Run collections for the command line: reports on `stream`, messages on standard error, exit code back.

    `cancel.set()` ends the run from any thread, in order.
    """
    names = [collections] if isinstance(collections, str) else collections
    with undisturbed(), ExitStack() as stack:
        with waiting():
            options = settle_pipes(names, options, stack)
            left_out: list[str] = []
            ran = Ran()
            listener = _listener(ran, on_event, left_out)
            session = Session(options, stack, listener, None, stream, child, cancel=cancel)
            inputs = session.load(names)
            if options.silent or "cli" not in options.reporters:
                from runner.secrets.outgoing.masked import Masker

                told = (warning for one in inputs for warning in one.warnings if warning.code == WEAKENED)
                for warning in map(Masker(session.secrets).masked, told):
                    _warn(warning.message)
        summary = session.run(inputs)
        if options.snapshot_learn and not asked():
            summary.problems = (*summary.problems, *_learn(session, names, stack, cancel))
        for warning in (one for one in summary.warnings if one.code == "late"):
            _warn(warning.message)
        for problem in (*summary.problems, *_record(ran, summary, options)):
            _warn(str(problem), problem.hint)
        if not TELLING.intersection(options.reporters):
            for message in left_out:
                _warn(message)
    return asked() or summary.exit_code(options)


def _learn(session: Session, names: Sequence[str], stack: ExitStack, cancel: Cancel | None) -> Sequence[PostrunnerError]:
    """Run the collections once more, without reports, for rules about what differs; gives what went wrong."""
    from runner.snapshots.learning import learn

    again = Session(replace(session.options, reporters=(), history=None), stack, cancel=cancel)
    with waiting():
        inputs = again.load(names)
    summary = again.run(inputs)
    first, second = (one.judging.snapshots if one.judging else None for one in (session, again))
    if first is None or second is None or asked() or summary.error is not None:
        return [ExportError("nothing was learned: the second run did not come to its end", where="--snapshot-learn")]
    return learn(first, second, session.options)


def _record(ran: Ran, summary: Summary, options: RunOptions) -> Sequence[PostrunnerError]:
    """Keep what failed for `--last-failed`; gives what went wrong."""
    if not summary.failures and not os.path.lexists(STATE):
        return ()
    from runner.reruns.state import record

    return record(ran, summary, options)


def _listener(ran: Ran, on_event: EventListener | None, left_out: list[str] | None = None) -> EventListener:
    """A listener that notes what ran, and in `left_out` what exports left out: whoever exports has to know it."""

    def listen_to(event: Event) -> None:
        ran.on(event)
        if left_out is not None and isinstance(event, Warned) and event.code == "secret-left-out":
            left_out.append(event.message)
        if on_event is not None:
            on_event(event)

    return listen_to


def _warn(message: str, hint: str = "") -> None:
    """Print a warning on standard error; it is masked already, as all that a session hands out."""
    print(f"warning: {message}" + (f"\n  hint: {hint}" if hint else ""), file=sys.stderr)


TELLING = frozenset({"cli", "ndjson"})
"""Reporters that show warnings themselves."""


__all__ = ["PostrunnerError", "arun", "run", "run_command"]
