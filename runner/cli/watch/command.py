"""`postrunner watch`: run, wait until a file that was read is saved, run again."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from runner.cancel import Cancel
from runner.cli.app import report
from runner.cli.early import EarlyChild
from runner.cli.options import RunCommand, run_parameters
from runner.cli.run import given, run_given
from runner.cli.watch.files import WatchedFiles
from runner.cli.watch.listening import Listener
from runner.descriptors import HeardBy
from runner.errors import FileUnreadable, PostrunnerError, UsageError
from runner.interruption import Interrupt, answer, asked, undisturbed, waiting
from runner.logs import Log
from runner.reporters.context import is_watched
from runner.reporters.text import plural
from runner.reruns.state import anything_failed
from runner.sources.pipes import first_pipe

SIGINT_CODE = 130
NAMED = 3
"""How many of the saved files are named."""

CLEAR = "\x1b[2J\x1b[H"
"""Empties the screen, and leaves what has scrolled out of it."""


def _watch(collections: tuple[str, ...], no_clear: bool, **_: Any) -> int:
    files, first = WatchedFiles(), True
    with undisturbed(), HeardBy(files), Listener(files):
        while not asked():
            saved = files.begin()
            if not no_clear and not first:
                _clear()
            try:
                _run_once(collections, files, saved)
            except PostrunnerError as error:
                if first and isinstance(error, UsageError | FileUnreadable):
                    raise  # what was typed: no save mends it
                report(error)
            sys.stdout.flush()
            if asked():
                break
            first = False
            if not saved.is_set:
                print(f"watching {plural(files.count(), 'file')}: a save runs again, Ctrl-C ends", file=sys.stderr)
            if not _wait(saved):
                return 0
            print(_said(files.saved), file=sys.stderr)
    return asked()


def _run_once(collections: Sequence[str], files: WatchedFiles, saved: Cancel) -> None:
    """Run all anew, from the configuration on, what failed last time first; ends early when a file is saved meanwhile."""
    names, options = given(collections)
    if (pipe := first_pipe(names, options)) is not None:
        raise UsageError("can be read only once, and a watch reads again", where=pipe, hint="save it to a file")
    files.take_collections(names)
    if not (options.last_failed or options.rerun) and anything_failed():
        options = replace(options, failed_first=True)
    run_given(names, options, saved)
    early: EarlyChild = click.get_current_context().obj
    if options.jobs == 1:
        early.prepare(names[0])


def _wait(saved: Cancel) -> bool:
    """Wait for a save; False if Ctrl-C came instead, which is the normal end. Raises `Interrupt` for other signals."""
    try:
        with waiting():
            return saved.wait(None)
    except Interrupt:
        if asked() != SIGINT_CODE:
            raise
        answer()
        return False


def _said(saved: Sequence[str]) -> str:
    more = f" and {plural(len(saved) - NAMED, 'more file')}" if len(saved) > NAMED else ""
    return f"saved: {', '.join(saved[:NAMED])}{more}"


def _clear() -> None:
    if isinstance(sys.stdout, Log) and is_watched(sys.stdout.stream, os.environ):
        sys.stdout.draw(CLEAR)
        sys.stdout.flush()


command = RunCommand(
    "watch",
    callback=_watch,
    params=[
        click.Argument(["collections"], nargs=-1, metavar="COLLECTION..."),
        click.Option(["--no-clear"], is_flag=True, help="Leave on the terminal what earlier runs have printed."),
        *run_parameters(),
    ],
    help="""Run each COLLECTION, and again whenever a file is saved that the run has read.

    These are the collections, environments, data, certificates and configuration, and what requests upload and scripts
    require. What failed last time runs first. A save during a run ends it in order, and the next run begins. All options of
    `postrunner run` are taken. It needs one more package: pip install 'postrunner[watch]'.""",
    short_help="Run a collection whenever it is saved.",
    epilog="""\b
Exit codes:
  0        Ctrl-C between two runs
  2        a mistake on the command line, or a file that is not there, in the first run
  130/143  interrupted by Ctrl-C during a run / by SIGTERM; the reports are written""",
)
