"""Where report files go."""

from __future__ import annotations

from pathlib import Path

from runner.outputs import is_folder
from runner.reporters.context import ReporterContext

FOLDER = "newman"
"""Newman's folder, so that CI jobs that collect its reports find those of postrunner."""


def report_path(context: ReporterContext, reporter: str, extension: str) -> Path:
    """Where a report goes: `--reporter-<name>-export` (in a folder under the default name), else the default folder.

    The default name is Newman's and carries the time: `newman/newman-run-report-2026-01-31-12-00-00-000-0.json`.
    """
    chosen = context.options.reporter_option(reporter, "export")
    name = f"newman-run-report-{context.clock.file_stamp()}.{extension}"
    if not chosen or chosen == "true":  # the option without a value
        return Path(FOLDER) / name
    return Path(chosen, name) if is_folder(chosen) else Path(chosen)
