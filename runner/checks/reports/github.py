"""Findings as annotations of GitHub Actions, each at its line."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runner.checks.check import Checked
from runner.checks.finding import Severity
from runner.reporters.ci.github import command

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def commands(checked: Checked) -> Iterator[str]:
    """The commands, in which texts of the files stand for nothing but themselves."""
    for finding in checked.findings:
        text = "\n".join(filter(None, (finding.message, finding.hint and f"hint: {finding.hint}", finding.item)))
        place = {"file": finding.file.replace(os.sep, "/"), "line": str(finding.line), "col": str(finding.column)}
        yield command(COMMANDS[finding.severity], text, **place, title=finding.id)
    for error in checked.unreadable:
        yield command("error", str(error), title="Not readable")
