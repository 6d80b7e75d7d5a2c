"""The command line: options in, exit code out."""

from __future__ import annotations

import gc
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 passed, 1 failed, 2 a mistake in usage or files."""
    from runner.cli.early import end_children, start_early

    arguments = sys.argv[1:] if arguments is None else arguments
    gc.disable()  # until the run begins: nothing that imports make is garbage, and looking for it takes 15 ms
    start_early(arguments)
    try:
        from runner.cli.app import run_app

        return run_app(arguments)
    finally:
        end_children()
        gc.enable()
