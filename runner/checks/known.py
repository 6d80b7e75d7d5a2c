"""The variables that a run would start with, from the options of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.checks.subject import Known
from runner.errors import UsageError
from runner.options import RunOptions
from runner.options.check import check_needs
from runner.sources.environments import load_environments, load_globals
from runner.sources.sources import load_rows

if TYPE_CHECKING:
    from runner.contract.contract import Contracts


def known_from(options: RunOptions) -> Known:
    """The variables that the options name; raises `LoadError`."""
    check_needs(options)
    named = options.environment or options.env_file or options.env_var
    return Known(
        environment=load_environments(options) if named else None,
        globals=load_globals(options) if options.globals or options.global_var else None,
        rows=load_rows(options) if options.iteration_data else None,
        folders=(options.working_dir or ".",),
        contracts=_contracts(options) if options.contract else None,
    )


def _contracts(options: RunOptions) -> Contracts:
    import os

    from runner.contract.loading import EXAMPLES, load_contracts

    if EXAMPLES in options.contract:
        message = "examples are compared with responses, and a check has none"
        raise UsageError(message, where="--contract", hint="postrunner run --contract examples")
    return load_contracts(options, os.environ)
