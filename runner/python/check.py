"""`check()`: what is wrong with files, for Python callers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from os import PathLike

from runner.checks.check import check_files
from runner.checks.finding import Finding
from runner.checks.known import known_from
from runner.checks.settings import settings_from
from runner.options import RunOptions
from runner.python.given import options_from

AnyPath = str | PathLike[str]


def check(
    path: AnyPath | Sequence[AnyPath],
    *,
    environment: object = None,
    globals: object = None,
    iteration_data: object = None,
    working_dir: AnyPath | None = None,
    rules: Mapping[str, str] | None = None,
) -> list[Finding]:
    """The findings in one or several files and folders, in the order of files and lines; nothing is sent.

    `environment`, `globals` and `iteration_data` are what `run` takes; `rules` gives rules other severities
    (`{"missing-file": "off"}`). Raises `LoadError` for a file that cannot be read, and `UsageError`.
    """
    given = {"environment": environment, "globals": globals, "iteration_data": iteration_data, "working_dir": working_dir}
    paths = [path] if isinstance(path, str | PathLike) else path
    settings = settings_from({"rules": rules or {}}, (), None)
    known = known_from(options_from(given, RunOptions()))
    checked = check_files([os.fspath(one) for one in paths], known, settings.levels)
    if checked.unreadable:
        raise checked.unreadable[0]
    return checked.findings
