"""The commands of `--on-fail` and `--on-recover`: without a shell, told by environment variables, limited in time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress

from runner.cancel import Cancel
from runner.errors import UsageError
from runner.interruption import Interrupt, waiting
from runner.options.values import parse_command

LIMIT = 60.0
"""Seconds that a command may take."""

PATIENCE = 2.0
"""Seconds that a command which is asked to end may take for that."""

WINDOWS = os.name == "nt"


def check_command(flag: str, command: str) -> None:
    """Raise `UsageError` for a command whose program is not there: better now than when it is needed."""
    try:
        program = parse_command(command)[0]
    except UsageError as error:
        raise UsageError(error.message, where=flag, hint=error.hint) from None
    if not WINDOWS and shutil.which(program) is None:  # Windows splits the text itself
        raise UsageError(f"there is no program {program!r} to run", where=flag, hint="a path needs ./ before a name")


def run_hook(flag: str, command: str, facts: Mapping[str, str], environ: Mapping[str, str], cancel: Cancel) -> str:
    """Run a command to its end; returns what went wrong, in words, or nothing.

    What it prints goes to standard error, since standard output may be a report. After `LIMIT` it is ended, with what it
    started; so it is by Ctrl-C and by `cancel`.
    """
    words = command if WINDOWS else parse_command(command)
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=_standard_error(),
            env={**environ, **facts},
            start_new_session=not WINDOWS,
        )
    except (OSError, ValueError) as error:
        return f"{flag}: the command could not be started: {error}"
    try:
        with cancel.waking(lambda: _signal(process, hard=True)), waiting():
            code = process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        _end(process)
        return f"{flag}: the command took longer than {LIMIT:g} s and was ended"
    except Interrupt:
        _end(process)
        return f"{flag}: the command was interrupted"
    if cancel.is_set:
        return f"{flag}: the command was interrupted"
    return f"{flag}: the command ended with {code}" if code else ""


def _standard_error() -> int | None:
    try:
        return sys.__stderr__.fileno() if sys.__stderr__ is not None else subprocess.DEVNULL
    except (OSError, ValueError):  # it is closed
        return subprocess.DEVNULL


def _end(process: subprocess.Popen[bytes]) -> None:
    _signal(process, hard=False)
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    _signal(process, hard=True)
    process.wait()


def _signal(process: subprocess.Popen[bytes], *, hard: bool) -> None:
    """Ask the command and what it started to end, or end them."""
    with suppress(OSError):
        if WINDOWS:
            process.kill() if hard else process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL if hard else signal.SIGTERM)
