"""`postrunner run`: run a collection, report, export."""

from __future__ import annotations

import signal
import sys
from typing import Any

import click

from runner.cli.options import RunCommand, run_options, run_parameters


class _Terminated(KeyboardInterrupt):
    """SIGTERM asks for the same orderly end as Ctrl-C, with its own exit code (128 + 15)."""

    exit_code = 143


def _terminate(*_: Any) -> None:
    raise _Terminated


def _run(collection: str, **values: Any) -> int:
    options = run_options(values, click.get_current_context().meta["reporter_options"])
    from runner.api import run_command

    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        return run_command(collection, options, sys.stdout)
    finally:
        signal.signal(signal.SIGTERM, before)


command = RunCommand(
    "run",
    callback=_run,
    params=[click.Argument(["collection"]), *run_parameters()],
    help="Run COLLECTION, a Postman collection file.",
    short_help="Run a collection.",
    epilog="Exit codes: 0 all passed, 1 something failed, 2 a mistake in usage or files, 130 interrupted.",
)
