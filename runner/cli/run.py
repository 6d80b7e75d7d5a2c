"""`postrunner run`: run a collection, report, export."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any

import click

from runner.cli.options import RunCommand, run_options, run_parameters

if TYPE_CHECKING:
    from runner.sandbox.child import Child

MEMORY_MB = 512


class _Terminated(KeyboardInterrupt):
    """SIGTERM asks for the same orderly end as Ctrl-C, with its own exit code (128 + 15)."""

    exit_code = 143


def _terminate(*_: Any) -> None:
    raise _Terminated


def _run(collection: str, **values: Any) -> int:
    options = run_options(values, click.get_current_context().meta["reporter_options"])
    before = signal.signal(signal.SIGTERM, _terminate)
    child = _start_child(collection)
    try:
        from runner.api import run_command

        return run_command(collection, options, sys.stdout, child)
    finally:
        signal.signal(signal.SIGTERM, before)
        if child is not None:
            child.close()


def _start_child(collection: str) -> Child | None:
    """Start V8 in its own process before anything heavy is imported here: both take about 80 ms."""
    from runner.formats.sniff import holds_scripts

    if not holds_scripts(collection):
        return None
    from runner.sandbox.child import Child

    return Child(MEMORY_MB)


command = RunCommand(
    "run",
    callback=_run,
    params=[click.Argument(["collection"]), *run_parameters()],
    help="Run COLLECTION, a Postman collection file.",
    short_help="Run a collection.",
    epilog="Exit codes: 0 all passed, 1 something failed, 2 a mistake in usage or files, 130 interrupted.",
)
