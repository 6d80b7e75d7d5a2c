"""Findings for people: one line each, in the style of compilers, with a hint below."""

from __future__ import annotations

from collections.abc import Iterator

from runner.checks.check import Checked
from runner.checks.finding import Severity
from runner.reporters.text import one_line, plural


def lines(checked: Checked) -> Iterator[str]:
    """The lines of the report."""
    for finding in checked.findings:
        yield one_line(str(finding))
        if finding.item:
            yield one_line(f"  in {finding.item}")
        if finding.hint:
            yield one_line(f"  hint: {finding.hint}")
    yield summary(checked)


def summary(checked: Checked) -> str:
    """The number of findings and of files with findings."""
    files = plural(len(checked.files), "file")
    if not checked.findings:
        return f"{files} checked: nothing found"
    kinds = [severity for severity in reversed(Severity) if severity]
    counts = [sum(finding.severity == kind for finding in checked.findings) for kind in kinds]
    told = ", ".join(plural(count, kind.word) for kind, count in zip(kinds, counts, strict=True) if count)
    fixable = sum(bool(finding.edits) for finding in checked.findings)
    return f"{files} checked: {told}" + (f"; --fix can put {fixable} right" if fixable else "")
