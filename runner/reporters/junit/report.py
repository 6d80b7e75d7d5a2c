"""The `junit` reporter: one suite for each item, one case for each test of each iteration, in Jenkins' and Ant's schema."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from runner.errors import PostrunnerError
from runner.events import (
    AssertionChecked,
    Event,
    ItemEvent,
    ItemFinished,
    ItemStarted,
    RequestFailed,
    RequestFinished,
    RunStarted,
    ScriptError,
    ScriptFinished,
)
from runner.logs import Rewritten
from runner.outputs import writing
from runner.reporters.context import ReporterContext
from runner.reporters.details import command_line, exchange_text
from runner.reporters.json.shapes import masked_shape
from runner.reporters.junit.names import ClassNames, Counted
from runner.reporters.junit.xml import add_element, token
from runner.reporters.report_files import report_path
from runner.reporters.text import clean, error_text, one_line, shown_url, size_text, time_text, url_of
from runner.results.evidence import Evidence, Sent
from runner.results.failure import error_name, script_place
from runner.results.spool import Spool
from runner.results.summary import Summary
from runner.secrets import Secrets

NAME = "junit"

REQUESTS = {"item": "request", "script": "request of pm.sendRequest", "auth": "request of the auth"}
"""The name of the case that stands for a failed request, by who sent it."""

FAILURE = "AssertionFailure"
"""Newman's type of every failed test, by which dashboards group."""

OUTCOMES = ("failure", "error", "skipped")
MOST_DETAILS, MOST_REQUESTS = 20, 5
"""So many failed executions of an item are shown with requests and responses, and so many requests of each."""


@dataclass(slots=True)
class Case:
    """One `testcase`; `outcome` is the tag of its only child (failure, error, skipped) or empty when it passed.

    It stands for a test (`assertion` is its name) or for a request or a script that failed (`label`).
    """

    assertion: str = ""
    label: str = ""
    outcome: str = ""
    type: str = ""
    message: str = ""
    place: str = ""
    stack: str = ""
    seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class Suite:
    """One `testsuite`: all that happened to one item in all iterations; its cases and details lie in the spool."""

    id: str
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


@dataclass(slots=True)
class Execution:
    """What one iteration adds to a suite; it is added when the item ends. `version` is that of the secrets known then."""

    suite: Suite
    suffix: str
    version: int
    seconds: float = 0.0
    cases: list[Case] = field(default_factory=list)
    about: list[Sent] = field(default_factory=list)


class Junit:
    """Writes an XML file when the run is over.

    Where Newman's report loses something, this one does not: every iteration keeps its own cases, script and request errors
    are cases with an `error`, skipped tests and items are `skipped`, and the totals are those of the cases. The response
    time of an execution is shared evenly by its cases, so that the times add up. Cases are put aside as they come, so that
    memory stays flat.
    """

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._secrets = context.secrets
        self._path = report_path(context, NAME, "xml")
        self._spool = Spool()
        self._suites: dict[tuple[int, int], Suite] = {}
        self._classes = ClassNames(context.secrets)
        self._collections: list[str] = []
        self._open: dict[str, Execution] = {}
        self._evidence = Evidence()
        self._about: tuple[Sent, ...] = ()

    def on(self, event: Event) -> None:
        """Keep what becomes a case."""
        self._about = self._evidence.on(event)
        keep = _KEEPS.get(type(event))
        if keep is not None:
            keep(self, event)
        if self._about and isinstance(event, ItemEvent):
            known = self._execution(event).about
            known += [sent for sent in self._about if not any(sent is other for other in known)]

    def close(self, summary: Summary) -> None:
        """Write the file; raises `ExportError`."""
        for execution in self._open.values():
            self._settle(execution)
        for error in summary.errors:
            self._end_early(error)
        try:
            with writing(self._path) as file:
                self._write(Rewritten(file, self._context.markers.in_xml))
        finally:
            self._spool.close()

    # -- events ---------------------------------------------------------------------------------------------------

    def _run_started(self, event: RunStarted) -> None:
        self._collections.append(event.collection.name)
        self._classes.add(event.collection)

    def _item_started(self, event: ItemStarted) -> None:
        self._execution(event)

    def _item_finished(self, event: ItemFinished) -> None:
        execution = self._open.pop(event.cursor.ref, None)
        if execution is None:
            return
        if event.skipped:
            execution.cases.append(Case(label="request", outcome="skipped", message="by pm.execution.skipRequest"))
        self._settle(execution)

    def _request_finished(self, event: RequestFinished) -> None:
        execution = self._execution(event)
        if event.error is not None:
            self._error(execution, REQUESTS.get(event.source, "request"), event.error, _request_line(event, self._secrets))
        elif event.exchange is not None and event.source == "item":
            execution.seconds += event.exchange.response.time / 1000

    def _request_failed(self, event: RequestFailed) -> None:
        execution = self._execution(event)
        self._error(execution, "request", event.error, _request_line(event, self._secrets))

    def _script_finished(self, event: ScriptFinished) -> None:
        if event.error is not None:
            place = script_place(event.listen, event.error)
            self._error(self._execution(event), f"{event.listen}-script", event.error, f"at {place}")

    def _assertion_checked(self, event: AssertionChecked) -> None:
        execution, assertion = self._execution(event), event.assertion
        case = Case(assertion=assertion.name)
        execution.cases.append(case)
        if assertion.skipped:
            case.outcome = "skipped"
        elif assertion.failed:
            error = assertion.error or ScriptError(name="AssertionError", message="the test failed without an error")
            place = f"at assertion:{assertion.index} in {event.listen}-script"
            case.outcome, case.type, case.message = "failure", FAILURE, error.message
            requests = [_request_line(sent, self._secrets) for sent in self._about]
            case.place, case.stack = "\n".join([*requests, place]), error.stack

    def _error(self, execution: Execution, name: str, error: ScriptError | PostrunnerError, place: str) -> None:
        stack = error.stack if isinstance(error, ScriptError) else error.hint
        case = Case(label=name, outcome="error", type=error_name(error), message=error.message, place=place, stack=stack)
        execution.cases.append(case)

    def _execution(self, event: ItemEvent) -> Execution:
        found = self._open.get(event.cursor.ref)
        if found is None:
            suffix = f" (iteration {event.cursor.iteration + 1})" if event.cursor.cycles > 1 else ""
            found = self._open[event.cursor.ref] = Execution(self._suite(event), suffix, self._secrets.version)
        return found

    def _suite(self, event: ItemEvent) -> Suite:
        key = (len(self._collections), id(event.item))
        if key not in self._suites:
            collection, path = self._collections[-1] if self._collections else "", (*event.path, event.item.name)
            classname, counter = self._classes.of(event.item, (collection, *path))
            self._suites[key] = Suite(
                id=event.item.id,
                path=path,
                classname=classname,
                counter=counter,
                timestamp=self._now(),
                collection=collection,
                cycles=event.cursor.cycles,
            )
        return self._suites[key]

    def _now(self) -> str:
        return datetime.fromtimestamp(self._context.clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S")

    def _end_early(self, error: PostrunnerError) -> None:
        text = error_text(error, self._secrets)
        case = Case(label="run", outcome="error", type=error_name(error), message=text, stack=error.hint)
        name = "the run ended early"
        suite = Suite(id="run", path=(name,), classname=name, counter="", timestamp=self._now())
        self._suites[0, len(self._suites)] = suite
        self._settle(Execution(suite, "", self._secrets.version, cases=[case]))

    def _settle(self, execution: Execution) -> None:
        """Share the execution's time among its cases and put them aside, masked."""
        suite = execution.suite
        for case in execution.cases:
            case.seconds = execution.seconds / len(execution.cases)
            suite.tests += 1
            if case.outcome:
                suite.outcomes[case.outcome] += 1
        suite.seconds += execution.seconds
        if execution.cases:
            cases = self._masked([asdict(case) for case in execution.cases])
            suite.cases.append(self._spool.add([execution.version, execution.suffix, cases]))
        if execution.about and len(suite.details) < MOST_DETAILS:
            shown: list[str] = []
            for sent in execution.about[:MOST_REQUESTS]:
                shown += [*exchange_text(sent, self._secrets), command_line(sent, self._context.options, self._secrets)]
            title = [execution.suffix.strip(" ()")] if execution.suffix else []
            suite.details.append(self._spool.add([execution.version, "", "\n".join([*title, *shown])]))

    # -- the file -------------------------------------------------------------------------------------------------

    def _write(self, file: Rewritten) -> None:
        suites = list(self._suites.values())
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        named = {"name": token(self._secrets.mask_name(", ".join(self._collections)))}
        with add_element(file, 0, "testsuites", {**named, **_totals(suites)}):
            for number, suite in enumerate(suites):
                self._write_suite(file, number, suite)

    def _write_suite(self, file: Rewritten, number: int, suite: Suite) -> None:
        show = self._secrets.mask_name
        path = (suite.collection, *suite.path) if len(self._collections) > 1 and suite.collection else suite.path
        attributes = {
            "name": token(show(" / ".join(path)) + suite.counter),
            "package": token(show(suite.collection)),
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
                cases = [Case(**values) for values in fields]
                for case, name in _named(cases, counted):
                    _write_case(file, case, name + suffix, suite.classname)
            add_element(file, 2, "system-out", {}, "\n\n".join(text for _, text in self._kept(suite.details)))
            add_element(file, 2, "system-err", {}, "")

    def _kept(self, numbers: array[int]) -> Iterator[tuple[str, Any]]:
        """What was put aside, with its iteration; masked once more when a secret became known since."""
        for version, suffix, value in map(self._spool.read, numbers):
            yield suffix, value if version == self._secrets.version else self._masked(value)

    def _masked(self, value: Any) -> Any:
        """Cases or details without secrets; the names of tests that stand in a script stay, and what this report says."""
        masked = masked_shape(value, self._secrets)
        for case, shown in zip(value, masked, strict=True) if isinstance(value, list) else ():
            shown |= {"label": case["label"], "outcome": case["outcome"]}
        return masked


def _named(cases: list[Case], counted: Counted) -> Iterator[tuple[Case, str]]:
    """Each case with its name. Tests are counted first: a request that fails must not change the name of one."""
    order = sorted(range(len(cases)), key=lambda number: bool(cases[number].label))
    names = counted.unique([token(cases[number].assertion or cases[number].label) for number in order])
    by_number = dict(zip(order, names, strict=True))
    return ((case, by_number[number]) for number, case in enumerate(cases))


def _write_case(file: Rewritten, case: Case, name: str, classname: str) -> None:
    named = {"name": name, "classname": classname, "time": f"{case.seconds:.3f}"}
    if not case.outcome:
        add_element(file, 2, "testcase", named, "")
        return
    details = {key: value for key, value in (("type", case.type), ("message", case.message)) if value}
    with add_element(file, 2, "testcase", named):
        text = "\n".join(filter(None, (case.place, case.message, case.stack))) if case.outcome != "skipped" else ""
        add_element(file, 3, case.outcome, details, clean(text))


def _request_line(event: RequestFinished | RequestFailed, secrets: Secrets) -> str:
    line = f"{one_line(secrets.mask(event.request.method))} {shown_url(url_of(event), secrets)}"
    if isinstance(event, RequestFailed) or event.exchange is None:
        return line
    response = event.exchange.response
    size = size_text(response.sizes.header + response.sizes.body)
    status = one_line(f"{response.code} {secrets.mask(response.status)}").rstrip()
    return f"{line} [{status}, {size}, {time_text(response.time)}]"


def _totals(suites: list[Suite]) -> dict[str, str]:
    return {
        "tests": str(sum(suite.tests for suite in suites)),
        "failures": str(sum(suite.outcomes["failure"] for suite in suites)),
        "errors": str(sum(suite.outcomes["error"] for suite in suites)),
        "time": f"{sum(suite.seconds for suite in suites):.3f}",
    }


_KEEPS: dict[type[Event], Callable[[Junit, Any], None]] = {
    RunStarted: Junit._run_started,
    ItemStarted: Junit._item_started,
    RequestFinished: Junit._request_finished,
    RequestFailed: Junit._request_failed,
    ScriptFinished: Junit._script_finished,
    AssertionChecked: Junit._assertion_checked,
    ItemFinished: Junit._item_finished,
}
