"""The `junit` reporter: one suite for each item, one case for each test of each iteration, in Jenkins' and Ant's schema."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from dataclasses import asdict, field
from datetime import UTC, datetime
from typing import Any

from runner.events import (
    AssertionChecked,
    Event,
    ItemEvent,
    RequestEvent,
    RunStarted,
    ScriptError,
)
from runner.logs import Rewritten
from runner.model.quick_dataclass import dataclass
from runner.outputs import writing
from runner.reporters.context import ReporterContext
from runner.reporters.details import command_line, exchange_text
from runner.reporters.junit.names import ClassNames, Counted
from runner.reporters.junit.xml import add_element, token
from runner.reporters.report_files import report_path
from runner.reporters.text import clean, error_text, one_line, path_text, shown_url, size_text, time_text, url_of
from runner.results.execution import Execution
from runner.results.failure import Failure, error_name
from runner.results.spool import MaskedSpool
from runner.results.summary import Summary
from runner.secrets import Secrets

NAME = "junit"

REQUESTS = {"item": "request", "script": "request of pm.sendRequest", "auth": "request of the auth"}
"""The name of the case that stands for a failed request, by who sent it."""

FAILURE = "AssertionFailure"
"""Newman's type for every failed test, by which dashboards group."""

OUTCOMES = ("failure", "error", "skipped")
MOST_DETAILS, MOST_REQUESTS = 20, 5
"""The most failed executions of an item that are shown with requests and responses, and the most requests of each."""


@dataclass(slots=True)
class Case:
    """One `testcase`; `outcome` is the tag of its first child (failure, error, skipped) or empty if it passed.

    It stands for a test (`assertion` is its name) or for a request or a script that failed (`label`). `before` has the case
    of each attempt before in which the same failed, written as Surefire writes them.
    """

    assertion: str = ""
    label: str = ""
    outcome: str = ""
    type: str = ""
    message: str = ""
    place: str = ""
    stack: str = ""
    seconds: float = 0.0
    before: list[Case] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Suite:
    """One `testsuite`: all that happened to one item in all iterations; its cases and details are in the spool.

    `first` is the number of the execution with which it began, by which suites are ordered.
    """

    id: str
    first: int
    path: tuple[str, ...]
    classname: str
    counter: str
    timestamp: str
    collection: str = ""
    cycles: int = 1
    seconds: float = 0.0
    tests: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    cases: array[int] = field(default_factory=lambda: array("Q"))
    details: array[int] = field(default_factory=lambda: array("Q"))


class Junit:
    """Writes an XML file when the run is over.

    Where Newman's report loses something, this one does not: every iteration keeps its own cases, script and request
    errors are cases with an `error`, skipped tests and items are `skipped`, and the totals are those of the cases. The
    response time of an execution is shared evenly by its cases, so that the times add up. Cases are stored on disk as
    they come, so that memory stays flat.
    """

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._secrets = context.secrets
        self._path = report_path(context, NAME, "xml")
        self._spool = MaskedSpool(context.secrets, dict.fromkeys(("label", "outcome"), _as_it_is))
        self._suites: dict[tuple[int, int], Suite] = {}
        self._classes = ClassNames()
        self._collections: dict[str, str] = {}
        self._unit = ""

    def on(self, event: Event) -> None:
        """Name the items of a collection before the first of them is executed."""
        if isinstance(event, RunStarted):
            self._unit = event.unit
            if event.unit not in self._collections:
                self._collections[event.unit] = event.collection.name
                self._classes.add(event.collection)

    def on_execution(self, execution: Execution) -> None:
        """Store the cases of an execution, with the requests that its failures are about."""
        cases, seconds, about = self._cases(execution)
        for attempt in execution.attempts:
            inner = [case for one in (attempt.execution, *attempt.within) for case in self._cases(one)[0]]
            failed = [case for case in inner if case.outcome in ("failure", "error")]
            _add_before(cases, failed or [Case(label="request", outcome="failure", type="Retry", message=attempt.reason)])
        suite = self._suite(execution)
        suffix = f" (iteration {execution.cursor.iteration + 1})" if execution.cursor.cycles > 1 else ""
        self._add_cases(suite, suffix, cases, seconds)
        if about and len(suite.details) < MOST_DETAILS:
            shown = [suffix.strip(" ()")] if suffix else []
            for one in about[:MOST_REQUESTS]:
                shown += [*exchange_text(one), command_line(one, self._context.options)]
            suite.details.append(self._spool.add(["", "\n".join(shown)]))

    def _cases(self, execution: Execution) -> tuple[list[Case], float, list[RequestEvent]]:
        """The cases of an execution, the seconds it waited for responses, and the requests that its failures are about."""
        cases, seconds = [], 0.0
        failures = {id(fact): failure for fact, failure in execution.failed_facts()}
        about: list[RequestEvent] = []
        for fact in execution.facts:
            failure = failures.get(id(fact))
            sent = execution.about(failure) if failure else ()
            about += [one for one in sent if not any(one is other for other in about)]
            if isinstance(fact, AssertionChecked):
                cases.append(self._test_case(fact, sent))
            elif failure is not None:
                cases.append(self._error_case(fact, failure))
            elif isinstance(fact, RequestEvent) and fact.response and fact.source == "item":
                seconds += fact.response.time / 1000
        if execution.flaky and self._context.options.fail_on_flaky:
            again = f"passed at attempt {execution.cursor.attempt + 1} of {execution.cursor.attempts}"
            cases.append(Case(label="flaky", outcome="failure", type="Flaky", message=again))
        if execution.skipped:
            cases.append(Case(label="request", outcome="skipped", message=execution.skip_reason))
        return cases, seconds, about

    def close(self, summary: Summary) -> None:
        """Write the file; raises `ExportError`."""
        if warnings := [_warning_case(failure) for failure in summary.failures if failure.kind == "warning"]:
            self._add_run_cases("warnings", *warnings)
        for error in summary.errors:
            case = Case(label="run", outcome="error", type=error_name(error), message=error_text(error), stack=error.hint)
            self._add_run_cases("the run ended early", case)
        try:
            with writing(self._path) as file:
                self._write(Rewritten(file, self._context.markers.in_xml))
        finally:
            self._spool.close()

    # -- cases ----------------------------------------------------------------------------------------------------

    def _test_case(self, event: AssertionChecked, about: tuple[RequestEvent, ...]) -> Case:
        assertion = event.assertion
        if not event.failed:
            return Case(assertion=assertion.name, outcome="skipped" if assertion.skipped else "")
        error = assertion.error or ScriptError(name="AssertionError", message="the test failed without an error")
        place = f"at assertion:{assertion.index} in {event.listen}-script"
        return Case(
            assertion=assertion.name,
            outcome="failure",
            type=FAILURE,
            message=error.message,
            place="\n".join([*(_request_line(sent, self._secrets) for sent in about), place]),
            stack=error.stack,
        )

    def _error_case(self, fact: ItemEvent, failure: Failure) -> Case:
        """The case of a request or a script that failed."""
        label, place = f"{getattr(fact, 'listen', '')}-script", f"at {failure.at}"
        if isinstance(fact, RequestEvent):
            label, place = REQUESTS.get(fact.source, "request"), _request_line(fact, self._secrets)
        stack = failure.stack or failure.hint
        return Case(label=label, outcome="error", type=failure.name, message=failure.message, place=place, stack=stack)

    def _suite(self, execution: Execution) -> Suite:
        key = (execution.run, id(execution.item))
        if key not in self._suites:
            collection = self._collections.get(self._unit, "")
            path = (*execution.path, execution.item.name)
            classname, counter = self._classes.of(execution.item, (collection, *path))
            self._suites[key] = Suite(
                id=execution.item.id,
                first=execution.number,
                path=path,
                classname=classname,
                counter=counter,
                timestamp=_iso(execution.started / 1000),
                collection=collection,
                cycles=execution.cursor.cycles,
            )
        suite = self._suites[key]
        if execution.number < suite.first:  # it began first, but an execution that it ran ended before it
            suite.first, suite.timestamp = execution.number, _iso(execution.started / 1000)
        return suite

    def _add_run_cases(self, name: str, *cases: Case) -> None:
        """Add a suite with cases that do not belong to an execution."""
        timestamp = _iso(self._context.clock.now())
        suite = Suite(id="run", first=sys.maxsize, path=(name,), classname=name, counter="", timestamp=timestamp)
        self._suites[-1, len(self._suites)] = suite
        self._add_cases(suite, "", [*cases], 0.0)

    def _add_cases(self, suite: Suite, suffix: str, cases: list[Case], seconds: float) -> None:
        """Share an execution's time among its cases and store them, masked."""
        for case in cases:
            case.seconds = seconds / len(cases)
            suite.tests += 1
            if case.outcome:
                suite.outcomes[case.outcome] += 1
        suite.seconds += seconds
        if cases:
            suite.cases.append(self._spool.add([suffix, [asdict(case) for case in cases]]))

    # -- the file -------------------------------------------------------------------------------------------------

    def _write(self, file: Rewritten) -> None:
        suites = sorted(self._suites.values(), key=lambda suite: suite.first)
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        named = {"name": token(", ".join(self._collections.values()))}
        with add_element(file, 0, "testsuites", {**named, **_totals(suites)}):
            for number, suite in enumerate(suites):
                self._write_suite(file, number, suite)

    def _write_suite(self, file: Rewritten, number: int, suite: Suite) -> None:
        path = (suite.collection, *suite.path) if len(self._collections) > 1 and suite.collection else suite.path
        attributes = {
            "name": token(" / ".join(path) + suite.counter),
            "package": token(suite.collection),
            "id": str(number),
            "timestamp": suite.timestamp,
            "hostname": "localhost",
            **_totals([suite]),
            "skipped": str(suite.outcomes["skipped"]),
        }
        with add_element(file, 1, "testsuite", attributes):
            with add_element(file, 2, "properties", {}):
                for key, value in (("item.id", suite.id), ("iterations", str(suite.cycles))):
                    add_element(file, 3, "property", {"name": key, "value": self._secrets.mask(value)}, "")
            counted, iteration = Counted(), ""
            for suffix, fields in self._kept(suite.cases):
                if suffix != iteration:
                    counted, iteration = Counted(), suffix
                cases = [_case(values) for values in fields]
                for case, name in _named(cases, counted):
                    _write_case(file, case, name + suffix, suite.classname)
            add_element(file, 2, "system-out", {}, "\n\n".join(text for _, text in self._kept(suite.details)))
            add_element(file, 2, "system-err", {}, "")

    def _kept(self, numbers: array[int]) -> Iterator[tuple[str, Any]]:
        """The stored text, with its iteration."""
        yield from map(self._spool.read, numbers)


def _as_it_is(secrets: Secrets, text: str) -> str:
    """Text of this report's own, which needs no masking."""
    return text


def _warning_case(failure: Failure) -> Case:
    """The case of a warning that is a failure; `place` names the item that was running."""
    place = path_text((*failure.path, failure.item.name))
    return Case(label="warning", outcome="failure", type=failure.name, message=failure.message, place=place)


def _named(cases: list[Case], counted: Counted) -> Iterator[tuple[Case, str]]:
    """Each case with its name. Tests are numbered first: a failed request must not change a test's name."""
    order = sorted(range(len(cases)), key=lambda number: bool(cases[number].label))
    names = counted.unique([token(cases[number].assertion or cases[number].label) for number in order])
    by_number = dict(zip(order, names, strict=True))
    return ((case, by_number[number]) for number, case in enumerate(cases))


def _case(values: dict[str, Any]) -> Case:
    """Read a stored case."""
    return Case(**{**values, "before": [_case(one) for one in values["before"]]})


def _add_before(cases: list[Case], failed: list[Case]) -> None:
    """Add what failed in an attempt to the case of the same name, or to a new one that passed."""
    left = list(cases)
    for one in failed:
        fits = (case for case in left if (case.assertion, case.label) == (one.assertion, one.label))
        case = next(fits, None)
        if case is None:
            case = Case(assertion=one.assertion, label=one.label)
            cases.append(case)
        else:
            left = [other for other in left if other is not case]
        case.before.append(one)


def _write_case(file: Rewritten, case: Case, name: str, classname: str) -> None:
    named = {"name": name, "classname": classname, "time": f"{case.seconds:.3f}"}
    if not case.outcome and not case.before:
        add_element(file, 2, "testcase", named, "")
        return
    with add_element(file, 2, "testcase", named):
        if case.outcome:
            add_element(file, 3, case.outcome, _attributes(case), _text_of(case) if case.outcome != "skipped" else "")
        again = "rerun" if case.outcome in ("failure", "error") else "flaky"
        for one in sorted(case.before, key=lambda one: one.outcome == "error"):  # failures first, as the schema wants
            with add_element(file, 3, again + one.outcome.capitalize(), _attributes(one)):
                add_element(file, 4, "stackTrace", {}, _text_of(one))


def _attributes(case: Case) -> dict[str, str]:
    return {key: value for key, value in (("type", case.type), ("message", case.message)) if value}


def _text_of(case: Case) -> str:
    return clean("\n".join(filter(None, (case.place, case.message, case.stack))))


def _request_line(event: RequestEvent, secrets: Secrets) -> str:
    line = f"{one_line(event.request.method)} {shown_url(url_of(event), secrets)}"
    response = event.response
    if response is None:
        return line
    size = size_text(response.sizes.header + response.sizes.body)
    status = one_line(f"{response.code} {response.status}").rstrip()
    return f"{line} [{status}, {size}, {time_text(response.time)}]"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _totals(suites: list[Suite]) -> dict[str, str]:
    return {
        "tests": str(sum(suite.tests for suite in suites)),
        "failures": str(sum(suite.outcomes["failure"] for suite in suites)),
        "errors": str(sum(suite.outcomes["error"] for suite in suites)),
        "time": f"{sum(suite.seconds for suite in suites):.3f}",
    }
