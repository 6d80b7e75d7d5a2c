"""Starts the process of a load test, waits for it, and passes on what the user asks for meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from select import select
from typing import TypeVar

from runner.errors import PostrunnerError, RunAborted, UsageError
from runner.interruption import Interrupt, set_aside, waiting
from runner.load.processes.process_input import FAILED, PASSED, TELLS, job_bytes
from runner.model.json import JsonObject

COMMAND = [sys.executable, "-P", "-m", "runner.load"]

T = TypeVar("T")

LAST_WAIT = 10.0
"""Seconds that the process gets to end after the user asked for it twice."""


def check_extra() -> None:
    """Raise `UsageError` if Locust is not installed."""
    if find_spec("locust") is None:
        raise UsageError("a load test needs Locust", hint="pip install 'postrunner[load]'")


def run_process(job: JsonObject, over: Callable[[], bool] | None = None) -> int:
    """Run the process to its end; returns its exit code.

    `over` is called when the load is over, before the reports are written, and says whether all that follows the load
    passed. It is not called if the process ends without a word. The first Ctrl-C asks the process to end in order, the
    second at once.
    """
    reader, writer = os.pipe()
    try:
        process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, start_new_session=True, pass_fds=[writer])
    finally:
        os.close(writer)
    try:
        _say(process, job_bytes({**job, TELLS: writer} if over else job))
        code = _accompany(process, reader, over) if over else _patiently(process, process.wait)
    except subprocess.TimeoutExpired:
        code = 1
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()
        os.close(reader)
    if code < 0:
        raise RunAborted(f"the process of the load test was ended by signal {-code}", hint="is there enough memory?")
    return code


def _accompany(process: subprocess.Popen[bytes], reader: int, over: Callable[[], bool]) -> int:
    """Wait for the end of the load, do what follows, and wait for the reports; an error of what follows comes last."""
    error = None
    if _patiently(process, partial(_hear, reader)):
        passed = False
        try:
            with set_aside():
                passed = over()
        except PostrunnerError as caught:
            error = caught
        _say(process, PASSED if passed else FAILED)
    with set_aside():
        code = _patiently(process, process.wait)
    if error is not None:
        raise error
    return code


def _hear(reader: int, seconds: float | None = None) -> bytes:
    """What the process says, empty if it is gone or says nothing for so long."""
    ready, _, _ = select([reader], [], [], seconds)
    return os.read(reader, 1) if ready else b""


def _patiently(process: subprocess.Popen[bytes], wait: Callable[..., T]) -> T:
    """Wait, and pass on each Ctrl-C meanwhile; after the second one only for `LAST_WAIT`."""
    try:
        with waiting():
            return wait()
    except Interrupt as interrupt:
        code = bytes([interrupt.exit_code])
        _say(process, code)
    with set_aside():
        try:
            with waiting():
                return wait()
        except Interrupt:
            _say(process, code)
    return wait(LAST_WAIT)


def _say(process: subprocess.Popen[bytes], data: bytes) -> None:
    """Tell the process something; it may be gone."""
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.write(data)
        process.stdin.flush()
