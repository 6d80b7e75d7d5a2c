"""Findings as GitHub Actions annotations, each at its line."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runner.checks.check import Checked
from runner.checks.finding import Severity
from runner.reporters.ci.github import command, from_root

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def commands(checked: Checked) -> Iterator[str]:
    """The workflow commands, the worst first, as GitHub shows ten of a kind; texts from files are escaped."""
    root = os.environ.get("GITHUB_WORKSPACE") or os.getcwd()
    for finding in sorted(checked.findings, key=lambda one: -one.severity):
        text = "\n".join(filter(None, (finding.message, finding.hint and f"hint: {finding.hint}", finding.item)))
        place = {"file": from_root(finding.file, root), "line": str(finding.line), "col": str(finding.column)}
        yield command(COMMANDS[finding.severity], text, **place, title=finding.id)
    for error in checked.unreadable:
        yield command("error", str(error), title="Not readable")
