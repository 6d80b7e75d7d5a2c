"""The `junit` reporter: one suite for each item, one case for each test of each iteration, in Jenkins' schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from runner.engine.summary import Summary, error_name, script_place
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
from runner.reporters import ReporterContext
from runner.reporters.spool import replacing, report_path
from runner.reporters.text import clean, one_line, shown_url, size_text, time_text, url_of
from runner.secrets import Secrets

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME = "junit"

REQUESTS = {"item": "request", "script": "request of pm.sendRequest", "auth": "request of the auth"}
"""The name of the case that stands for a failed request, by who sent it."""


@dataclass(slots=True)
class Case:
    """One `testcase`; `outcome` is the tag of its only child (failure, error, skipped) or empty when it passed."""

    name: str
    outcome: str = ""
    type: str = ""
    message: str = ""
    text: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class Suite:
    """One `testsuite`: all that happened to one item in all iterations."""

    id: str
    name: str
    timestamp: str
    cases: list[Case] = field(default_factory=list)
    seconds: float = 0.0
    collection: str = ""

    def count(self, outcome: str) -> int:
        """How many of its cases ended so."""
        return sum(case.outcome == outcome for case in self.cases)


@dataclass(slots=True)
class Execution:
    """What one iteration adds to a suite; it is added when the item ends."""

    suite: Suite
    suffix: str
    request: str = ""
    seconds: float = 0.0
    cases: list[Case] = field(default_factory=list)


class Junit:
    """Writes an XML file when the run is over.

    Where Newman's report loses something, this one does not: every iteration keeps its own cases, script and request errors
    are cases with an `error`, skipped tests and items are `skipped`, and the totals are those of the cases. The response
    time of an execution is shared evenly by its cases, so that the times add up.
    """

    OPTIONS = ("export",)

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._secrets = context.secrets
        self._path = report_path(context, NAME, "xml")
        self._suites: dict[tuple[int, str, tuple[str, ...]], Suite] = {}
        self._collections: list[str] = []
        self._open: dict[str, Execution] = {}

    def on(self, event: Event) -> None:
        """Keep what becomes a case."""
        keep = _KEEPS.get(type(event))
        if keep is not None:
            keep(self, event)

    def close(self, summary: Summary) -> None:
        """Write the file; raises `ExportError`."""
        for execution in self._open.values():
            _settle(execution)
        if summary.error is not None:
            self._end_early(summary.error)
        name = ", ".join(self._collections)
        if len(self._collections) > 1:
            for suite in self._suites.values():
                suite.name = f"{suite.collection} / {suite.name}" if suite.collection else suite.name
        text = document(name, list(self._suites.values()), self._secrets)
        with replacing(self._path) as file:
            file.write(text)

    def _run_started(self, event: RunStarted) -> None:
        self._collections.append(event.collection.name)

    def _item_started(self, event: ItemStarted) -> None:
        self._execution(event)

    def _item_finished(self, event: ItemFinished) -> None:
        execution = self._open.pop(event.cursor.ref, None)
        if execution is None:
            return
        if event.skipped:
            execution.cases.append(Case("request" + execution.suffix, "skipped", message="by pm.execution.skipRequest"))
        _settle(execution)

    def _request_finished(self, event: RequestFinished) -> None:
        execution = self._execution(event)
        if event.error is not None:
            self._error(execution, REQUESTS.get(event.source, "request"), event.error, _request_line(event, self._secrets))
        elif event.exchange is not None and event.source == "item":
            execution.request = _request_line(event, self._secrets)
            execution.seconds += event.exchange.response.time / 1000

    def _request_failed(self, event: RequestFailed) -> None:
        self._error(self._execution(event), "request", event.error, _request_line(event, self._secrets))

    def _script_finished(self, event: ScriptFinished) -> None:
        if event.error is not None:
            place = script_place(event.listen, event.error)
            self._error(self._execution(event), f"{event.listen}-script", event.error, f"at {place}")

    def _assertion_checked(self, event: AssertionChecked) -> None:
        execution, assertion = self._execution(event), event.assertion
        case = Case(assertion.name + execution.suffix)
        execution.cases.append(case)
        if assertion.skipped:
            case.outcome = "skipped"
        elif not assertion.passed:
            error = assertion.error or ScriptError(name="AssertionError", message="the test failed without an error")
            place = f"at assertion:{assertion.index} in {event.listen}-script"
            case.outcome, case.type, case.message = "failure", error.name, error.message
            case.text = "\n".join(filter(None, (execution.request, place, error.message, error.stack)))

    def _error(self, execution: Execution, name: str, error: ScriptError | PostrunnerError, place: str) -> None:
        stack = error.stack if isinstance(error, ScriptError) else error.hint
        text = "\n".join(filter(None, (place, error.message, stack)))
        execution.cases.append(Case(name + execution.suffix, "error", error_name(error), error.message, text))

    def _execution(self, event: ItemEvent) -> Execution:
        found = self._open.get(event.cursor.ref)
        if found is None:
            suffix = f" (iteration {event.cursor.iteration + 1})" if event.cursor.cycles > 1 else ""
            found = self._open[event.cursor.ref] = Execution(self._suite(event), suffix)
        return found

    def _suite(self, event: ItemEvent) -> Suite:
        key = (len(self._collections), event.item.id, (*event.path, event.item.name))
        if key not in self._suites:
            collection = self._collections[-1] if self._collections else ""
            self._suites[key] = Suite(event.item.id, " / ".join(key[2]), self._now(), collection=collection)
        return self._suites[key]

    def _now(self) -> str:
        return datetime.fromtimestamp(self._context.chance.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S")

    def _end_early(self, error: PostrunnerError) -> None:
        case = Case("run", "error", error_name(error), str(error), f"{error}\n{error.hint}".rstrip())
        self._suites[0, "", ()] = Suite("run", "the run ended early", self._now(), [case])


def _settle(execution: Execution) -> None:
    """Share the execution's time among its cases and hand them to the suite."""
    for case in execution.cases:
        case.seconds = execution.seconds / len(execution.cases)
    execution.suite.cases += execution.cases
    execution.suite.seconds += execution.seconds


def _request_line(event: RequestFinished | RequestFailed, secrets: Secrets) -> str:
    line = f"{event.request.method} {shown_url(url_of(event), secrets)}"
    if isinstance(event, RequestFailed) or event.exchange is None:
        return line
    response = event.exchange.response
    size = size_text(response.sizes.header + response.sizes.body)
    return f"{line} [{one_line(f'{response.code} {response.status}').rstrip()}, {size}, {time_text(response.time)}]"


def document(name: str, suites: list[Suite], secrets: Secrets) -> str:
    """The XML text of all suites, masked."""
    from xml.etree import ElementTree

    def text(value: str) -> str:
        return _FORBIDDEN.sub("\ufffd", clean(secrets.mask(value)))

    root = ElementTree.Element("testsuites", {"name": text(name), **_totals(suites)})
    for suite in suites:
        named = {"name": text(suite.name), "id": suite.id, "timestamp": suite.timestamp}
        element = ElementTree.SubElement(root, "testsuite", {**named, **_totals([suite])})
        element.set("skipped", str(suite.count("skipped")))
        for case in suite.cases:
            _add_case(element, case, class_name(text(suite.name)), text)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_case(suite: Element, case: Case, classname: str, text: Callable[[str], str]) -> None:
    from xml.etree.ElementTree import SubElement

    named = {"name": text(case.name), "time": f"{case.seconds:.3f}", "classname": classname}
    element = SubElement(suite, "testcase", named)
    if case.outcome:
        details = {key: text(value) for key, value in (("type", case.type), ("message", case.message)) if value}
        SubElement(element, case.outcome, details).text = text(case.text) or None


def _totals(suites: list[Suite]) -> dict[str, str]:
    return {
        "tests": str(sum(len(suite.cases) for suite in suites)),
        "failures": str(sum(suite.count("failure") for suite in suites)),
        "errors": str(sum(suite.count("error") for suite in suites)),
        "time": f"{sum(suite.seconds for suite in suites):.3f}",
    }


def class_name(suite: str) -> str:
    """Newman's class name of a suite: its words with capitals put together (`Users / Add user` → `UsersAddUser`)."""
    return "".join(word.capitalize() for word in _WORDS.findall(suite))


_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\dA-Z_]+|\d+")
_FORBIDDEN = re.compile("[\ud800-\udfff\ufffe\uffff]")

_KEEPS: dict[type[Event], Callable[[Junit, Any], None]] = {
    RunStarted: Junit._run_started,
    ItemStarted: Junit._item_started,
    RequestFinished: Junit._request_finished,
    RequestFailed: Junit._request_failed,
    ScriptFinished: Junit._script_finished,
    AssertionChecked: Junit._assertion_checked,
    ItemFinished: Junit._item_finished,
}
