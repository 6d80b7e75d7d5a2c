"""The command line: options in, exit code out."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 passed, 1 failed, 2 a mistake in usage or files."""
    from runner.cli.app import run_app

    return run_app(sys.argv[1:] if arguments is None else arguments)
