"""The command line: options in, exit code out."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 passed, 1 failed, 2 a mistake in usage or files."""
    from runner.interruption import ENDINGS, listen

    given = sys.argv[1:] if arguments is None else arguments
    # Where the command line is the whole process, nothing comes after it that a signal could end.
    with listen(*ENDINGS, for_good=arguments is None), _safe_output(always="--ci-safe" in given):
        return _main(given)


@contextmanager
def _safe_output(*, always: bool) -> Iterator[None]:
    """Let everything that is printed pass through `Log`."""
    from runner.logs import Log, Markers

    before = sys.stdout, sys.stderr
    markers = Markers(os.environ, always=always)
    sys.stdout, sys.stderr = (cast(TextIO, stream and Log(stream, markers)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _main(arguments: list[str]) -> int:
    from runner.interruption import asked, waiting

    gc.disable()  # until the run begins: nothing that imports make is garbage, and looking for it takes 15 ms
    try:
        with waiting():
            from runner.cli.early import start_early

            start_early(arguments)
            from runner.cli.app import run_app

            return run_app(arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return asked() or 130
    finally:
        from runner.cli.early import end_children

        end_children()
        gc.enable()
