"""Starts the process of a load test, waits for it, and passes on what the user asks for meanwhile."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec

from runner.errors import RunAborted, UsageError
from runner.interruption import Interrupt, set_aside, waiting
from runner.load.processes.process_input import job_bytes
from runner.model.json import JsonObject

COMMAND = [sys.executable, "-P", "-m", "runner.load"]

LAST_WAIT = 10.0
"""Seconds that the process gets to end after the user asked for it twice."""


def check_extra() -> None:
    """Raise `UsageError` if Locust is not installed."""
    if find_spec("locust") is None:
        raise UsageError("a load test needs Locust", hint="pip install 'postrunner[load]'")


def run_process(job: JsonObject) -> int:
    """Run the process to its end; returns its exit code.

    The first Ctrl-C asks it to end in order, the second at once.
    """
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, start_new_session=True)
    try:
        _say(process, job_bytes(job))
        code = _wait(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()
    if code < 0:
        raise RunAborted(f"the process of the load test was ended by signal {-code}", hint="is there enough memory?")
    return code


def _wait(process: subprocess.Popen[bytes]) -> int:
    try:
        with waiting():
            return process.wait()
    except Interrupt as interrupt:
        code = bytes([interrupt.exit_code])
        _say(process, code)
    with set_aside():
        try:
            with waiting():
                return process.wait()
        except Interrupt:
            _say(process, code)
    with suppress(subprocess.TimeoutExpired):
        return process.wait(LAST_WAIT)
    return 1


def _say(process: subprocess.Popen[bytes], data: bytes) -> None:
    """Tell the process something; it may be gone."""
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.write(data)
        process.stdin.flush()
