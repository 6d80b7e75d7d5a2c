"""All reports of a load test together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TextIO

from runner.errors import ExportError, PostrunnerError
from runner.interruption import Interrupt
from runner.load.figures.figures import Figures
from runner.load.reports.registry import find_report, settle
from runner.load.reports.report import About, Outcome, Report
from runner.load.thresholds.threshold import Verdict
from runner.options import RunOptions
from runner.reporters.context import make_context
from runner.secrets.outgoing.masked import Masker


class LoadReporting:
    """All reports of a test. One that raises is dropped with a message; the test and the other reports go on."""

    def __init__(self, reports: Mapping[str, Report], hide: Callable[[str], str]) -> None:
        self._reports = dict(reports)
        self._hide = hide
        self._problems: list[ExportError] = []

    def start(self, figures: Figures) -> None:
        """Tell that the first request is about to be sent."""
        self._each(lambda report: report.on_start(figures))

    def progress(self, figures: Figures, verdicts: Sequence[Verdict] = ()) -> None:
        """Tell what came so far; about once a second."""
        self._each(lambda report: report.on_progress(figures, verdicts))

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> list[ExportError]:
        """Finish all reports; returns everything that has gone wrong in them."""
        broken, reasons = (tuple(map(self._hide, texts)) for texts in (outcome.broken, outcome.reasons))
        shown = replace(outcome, said=self._hide(outcome.said), broken=broken, reasons=reasons)
        self._each(lambda report: report.close(figures, verdicts, shown))
        return self._problems

    def _each(self, tell: Callable[[Report], None]) -> None:
        for name, report in tuple(self._reports.items()):
            try:
                tell(report)
            except BrokenPipeError:  # the reader has left: there is nobody to tell
                del self._reports[name]
            except Interrupt:  # nobody reads what is printed, and the user does not want to wait
                del self._reports[name]
                self._problems.append(_problem(name, "nobody takes it"))
            except Exception as error:  # no defect of a report may hide the result of the test
                del self._reports[name]
                self._problems.append(error if isinstance(error, ExportError) else _problem(name, _said(error)))


def _problem(name: str, said: str) -> ExportError:
    return ExportError(f"the report could not be written: {said}", where=f"reporter {name}")


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, OSError | PostrunnerError) else f"{type(error).__name__}: {error}"


def check_reports(options: RunOptions, environ: Mapping[str, str]) -> list[str]:
    """Warnings about the chosen reports; raises `UsageError` for what no test could begin with."""
    names, _, warnings = settle(options, environ)
    dominant = [name for name in names if name == "cli" or (name in STREAMED and not _exported(options, name))]
    if len(dominant) > 1 and not options.silent:
        warnings.append(f"the reporters {' and '.join(dominant)} print to the same screen")
    return warnings


STREAMED = ("ndjson", "markdown")
"""Reports that go to standard output unless they are exported to a file."""


def _exported(options: RunOptions, name: str) -> bool:
    return options.reporter_option(name, "export") not in (None, "", "true")


def make_reporting(
    options: RunOptions,
    stream: TextIO,
    masker: Masker,
    environ: Mapping[str, str],
    about: About,
    more: Mapping[str, Report] | None = None,
) -> LoadReporting:
    """The reports that `options.reporters` names, printing to `stream`, and `more`.

    Raises `UsageError` as `check_reports` does.
    """
    names, settled, _ = settle(options, environ)
    context = make_context(settled, stream, masker, environ)
    hide = context.secrets.mask_report
    shown = replace(about, name=hide(about.name), environment=hide(about.environment), profile=hide(about.profile))
    return LoadReporting({**{name: find_report(name)(context, shown) for name in names}, **(more or {})}, hide)
