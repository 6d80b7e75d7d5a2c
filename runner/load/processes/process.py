"""One process of a load test, from its job to its exit code: the only one, the master, or one of its workers."""

from __future__ import annotations

import logging
import os
import sys
from io import BufferedReader, RawIOBase

from runner.errors import PostrunnerError, unforeseen
from runner.load.figures.locust_rounding import use_our_rounding
from runner.load.processes.process_input import read_job
from runner.model.json import JsonObject


def main() -> None:
    """Read the job and do it; the process ends here, whatever is still open."""
    code = 70
    try:
        code = _run(read_job(_standard_input()))
    except PostrunnerError as error:
        print(f"error: {error}", file=sys.stderr)
        if error.hint:
            print(f"  hint: {error.hint}", file=sys.stderr)
        code = error.exit_code
    except Exception as defect:
        if os.environ.get("POSTRUNNER_DEBUG"):
            raise
        print(f"error: {unforeseen(defect)}", file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _standard_input() -> RawIOBase:
    """Without a buffer, which would take what follows the job."""
    assert isinstance(sys.stdin.buffer, BufferedReader)
    raw: RawIOBase = sys.stdin.buffer.raw
    return raw


def _run(job: JsonObject) -> int:
    quiet_locust()
    use_our_rounding()
    if job["role"] == "worker":
        from runner.load.processes.worker import work

        return work(job)
    from runner.load.processes.master import lead

    return lead(job)


def quiet_locust() -> None:
    """Let Locust's log tell of nothing but its own failures, in one line each."""
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="error: %(message)s")
