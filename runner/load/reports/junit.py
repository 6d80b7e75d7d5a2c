"""The `junit` report of a load test: a case for each threshold and for each request, red when the test is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from runner.load.figures.figures import Figures
from runner.load.reports.facts import Row, notices, per_second, rows
from runner.load.reports.metrics import trend_values
from runner.load.reports.report import About, Outcome
from runner.load.reports.texts import ms_text, percent_text, rate_text
from runner.load.thresholds.outcome import undecided
from runner.load.thresholds.threshold import Verdict
from runner.logs import Rewritten
from runner.model.quick_dataclass import dataclass
from runner.outputs import writing
from runner.reporters.context import ReporterContext
from runner.reporters.junit.names import Counted
from runner.reporters.junit.xml import add_element, token
from runner.reporters.report_files import report_path
from runner.reporters.text import plural

NAME = "junit"

SHOWN = 20
"""The most messages of a failed request that its case has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One `testcase`; `outcome` is `failure`, `error` or empty if it passed. `text` is what is told besides the message."""

    name: str
    seconds: float = 0.0
    outcome: str = ""
    type: str = ""
    message: str = ""
    text: str = ""


class Junit:
    """Writes the file when the test is over.

    Failures of a request make its case red unless a threshold decides about them: the file is as red as the exit code.
    """

    def __init__(self, context: ReporterContext, about: About) -> None:
        self._context = context
        self._about = about
        self._path = report_path(context, NAME, "xml")

    def on_start(self, figures: Figures) -> None:
        """Nothing is written before the test is over."""

    def on_progress(self, figures: Figures, verdicts: Sequence[Verdict]) -> None:
        """Nothing is written before the test is over."""

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> None:
        """Write the file; raises `ExportError`."""
        suites = {
            "thresholds": [_threshold_case(verdict) for verdict in verdicts],
            "requests": list(_request_cases(figures, verdicts)),
            "test": list(_test_cases(figures, outcome)),
        }
        if outcome.exit_code and not any(case.outcome for cases in suites.values() for case in cases):
            why = "; ".join(outcome.reasons) or outcome.verdict
            suites["test"].append(Case(name="the outcome", outcome="failure", type="Outcome", message=why))
        with writing(self._path) as file:
            self._write(Rewritten(file, self._context.markers.in_xml), suites, figures, outcome)

    def _write(self, file: Rewritten, suites: dict[str, list[Case]], figures: Figures, outcome: Outcome) -> None:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        name = token(self._about.name)
        whole = {"name": name, **_totals([case for cases in suites.values() for case in cases]), "time": _time(figures)}
        stamp = datetime.fromtimestamp(figures.started, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        with add_element(file, 0, "testsuites", whole):
            for number, (suite, cases) in enumerate((suite, cases) for suite, cases in suites.items() if cases):
                head = {"name": suite, "package": name, "id": str(number), "timestamp": stamp, "hostname": "localhost"}
                with add_element(file, 1, "testsuite", {**head, **_totals(cases), "time": _time(figures)}):
                    if suite == "test":
                        self._properties(file, figures, outcome)
                    counted = Counted()
                    for case, unique in zip(cases, counted.unique([token(case.name) for case in cases]), strict=True):
                        _write_case(file, case, unique, f"{name}.{suite}")

    def _properties(self, file: Rewritten, figures: Figures, outcome: Outcome) -> None:
        """The figures of the whole test, and what a reader must know of them."""
        total, about = figures.total, self._about
        found = [
            ("profile", about.profile),
            ("environment", about.environment),
            ("verdict", outcome.verdict),
            ("http_reqs", f"{total.count} {rate_text(figures.rate)}"),
            ("http_req_duration", _said(Row("", "", total))),
            ("failed_requests", f"{total.failures} {percent_text(total.error_rate)}"),
            ("iterations", str(figures.iterations.count)),
            ("vus_max", str(figures.most_users)),
            *((f"notice.{one.code}", one.said) for one in notices(figures, outcome)),
        ]
        with add_element(file, 2, "properties", {}):
            for key, value in found:
                add_element(file, 3, "property", {"name": key, "value": value}, "")


def _threshold_case(verdict: Verdict) -> Case:
    measured = f"measured {verdict.shown}"
    if verdict.passed:
        return Case(name=verdict.text, text=measured)
    return Case(name=verdict.text, outcome="failure", type="Threshold", message=f"{verdict.text}: {measured}")


def _request_cases(figures: Figures, verdicts: Sequence[Verdict]) -> Iterator[Case]:
    """A case for each request: red if it has failures that no threshold decides about."""
    failing = {request for (request, _, _), _ in undecided(figures, verdicts)}
    for row in rows(figures):
        one = row.requests
        name, seconds = f"{row.method} {row.name}".strip(), (one.durations.mean or 0) / 1000
        text = f"{plural(one.count, 'request')}, {rate_text(per_second(one.count, figures))}, {_said(row)}"
        if not one.failures:
            yield Case(name=name, seconds=seconds, text=text)
            continue
        kinds = [(kind, said, count) for (request, kind, said), count in figures.failures if request == row.name]
        message = f"{one.failures} of {plural(one.tried, 'request')} failed ({percent_text(one.error_rate)})"
        text = "\n".join([message, *(f"{count} × {kind}: {said}" for kind, said, count in kinds[:SHOWN]), text])
        outcome = "failure" if row.name in failing else ""
        yield Case(name=name, seconds=seconds, outcome=outcome, type="RequestsFailed", message=message, text=text)


def _test_cases(figures: Figures, outcome: Outcome) -> Iterator[Case]:
    """The test as a whole: what ended it early, and workers that were lost."""
    bad = [notice for notice in notices(figures, outcome) if notice.bad]
    said = "\n".join(notice.said for notice in notices(figures, outcome))
    if not bad:
        yield Case(name="the test came to its end", seconds=figures.seconds, text=said or outcome.verdict)
    for notice in bad:
        kind = "failure" if notice.code == "aborted" else "error"
        yield Case(name=notice.code, outcome=kind, type=notice.code.capitalize(), message=notice.said, text=said)


def _said(row: Row) -> str:
    return " ".join(f"{name}={ms_text(value)}" for name, value in trend_values(row.requests.durations).items())


def _write_case(file: Rewritten, case: Case, name: str, classname: str) -> None:
    with add_element(file, 2, "testcase", {"name": name, "classname": classname, "time": f"{case.seconds:.3f}"}):
        if case.outcome:
            add_element(file, 3, case.outcome, {"type": case.type, "message": case.message}, case.text or case.message)
        elif case.text:
            add_element(file, 3, "system-out", {}, case.text)


def _time(figures: Figures) -> str:
    return f"{figures.seconds:.3f}"


def _totals(cases: Sequence[Case]) -> dict[str, str]:
    failures, errors = (sum(case.outcome == kind for case in cases) for kind in ("failure", "error"))
    return {"tests": str(len(cases)), "failures": str(failures), "errors": str(errors)}
