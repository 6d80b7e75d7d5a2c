"""The `allure` reporter: a folder of results that Allure 2 and 3 make their report of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from runner.deep_json import pieces
from runner.events import Event, RequestEvent, RunStarted
from runner.logs import json_visible
from runner.model.collection import Collection, Folder, Item
from runner.model.json import JsonArray, JsonObject
from runner.outputs import write_text
from runner.reporters.allure.executor import executor
from runner.reporters.allure.shapes import (
    BROKEN,
    FAILED,
    PASSED,
    description,
    details,
    digest,
    failure_details,
    full_name,
    labels,
    status,
    steps,
)
from runner.reporters.context import ReporterContext
from runner.reporters.details import command_line, exchange_text
from runner.reporters.junit.names import ClassNames
from runner.reporters.text import clean, console_of, error_text, one_line
from runner.results.execution import Execution
from runner.results.spool import MaskedSpool
from runner.results.summary import Summary
from runner.version import __version__

NAME, FOLDER = "allure", "allure-results"

BODY, CONSOLE = 64_000, 64_000
"""The most characters of a body and of the console that are attached."""

MOST_ATTACHED, MOST_REQUESTS = 200, 20
"""The most passed executions of a run that have their requests attached, and the most requests of each execution."""

CATEGORIES: JsonArray = [
    {"name": "Tests that failed", "matchedStatuses": [FAILED]},
    {"name": "Requests without a response", "matchedStatuses": [BROKEN], "messageRegex": "(?s)request: .*"},
    {"name": "Errors of scripts", "matchedStatuses": [BROKEN], "messageRegex": "(?s)(prerequest|test)-script.*"},
    {"name": "Other errors", "matchedStatuses": [BROKEN]},
    {"name": "Flaky requests", "matchedStatuses": [PASSED], "flaky": True},
]


class Allure:
    """Stores masked results as requests end, and writes the files when the run is over.

    What else is in the folder stays: Allure takes results of several runs together. An attempt that does not count is a
    result of its own with the same history, which Allure shows as a retry.
    """

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        chosen = context.options.reporter_option(NAME, "results-dir")
        self._folder = Path(chosen or FOLDER)
        self._spool = MaskedSpool(context.secrets)
        self._names = ClassNames()
        self._owners: dict[int, tuple[Collection | Folder | Item, ...]] = {}
        self._known: set[str] = set()
        self._attached = 0

    def on(self, event: Event) -> None:
        """Name the items of a collection before the first of them is executed."""
        if isinstance(event, RunStarted) and event.unit not in self._known:
            self._known.add(event.unit)
            self._names.add(event.collection)

    def on_execution(self, execution: Execution) -> None:
        """Store the result of an execution, after those of its earlier attempts."""
        collection = execution.collection.name if execution.collection else ""
        path = (collection, *execution.path, execution.item.name)
        _, counter = self._names.of(execution.item, path)
        name = full_name(collection, execution.path, execution.item.name) + counter
        for attempt in execution.attempts:
            self._add(attempt.execution, name, attempt.reason)
        again = "passed only when it was run again"
        self._add(execution, name, again if execution.flaky and self._context.options.fail_on_flaky else "")

    def close(self, summary: Summary) -> None:
        """Write all files; raises `ExportError`."""
        try:
            for error in summary.errors:
                self._add_run("the run ended early", BROKEN, details(error_text(error), error.hint), summary)
            for number, failure in enumerate((one for one in summary.failures if one.kind == "warning"), 1):
                self._add_run(f"warning {number}", FAILED, details(failure.message, ""), summary)
            for entry in self._spool.values():
                for name, text in entry["files"]:
                    self._write(name, text)
                self._write(f"{entry['result']['uuid']}-result.json", self._json(entry["result"]))
            self._write("categories.json", self._json(CATEGORIES))
            self._write("environment.properties", "".join(_properties(summary)))
            if found := executor(self._context.environ):
                self._write("executor.json", self._json(found))
        finally:
            self._spool.close()

    def _add(self, execution: Execution, name: str, reason: str) -> None:
        """Store one result; with a `reason` it has failed, even if its tests passed."""
        files: list[list[str]] = []
        attached = {id(sent): self._attach(sent, files) for sent in self._shown(execution)}
        state, told = status(execution), failure_details(execution)
        if reason and state == PASSED:
            state, told = FAILED, {**told, **details(reason, "")}
        cycles = execution.cursor.cycles
        iteration = [{"name": "iteration", "value": str(execution.cursor.iteration + 1)}] if cycles > 1 else []
        result: JsonObject = {
            "uuid": self._context.entropy.uuid(),
            "historyId": digest(name, *(one["value"] for one in iteration)),
            "testCaseId": digest(name),
            "fullName": one_line(name),
            "name": one_line(execution.item.name),
            "status": state,
            "statusDetails": told,
            "stage": "finished",
            "description": description(execution.item),
            "start": int(execution.started),
            "stop": int(max(execution.started, execution.ended)),
            "labels": labels(execution, self._owners_of(execution)),
            "links": [],
            "parameters": iteration,
            "steps": steps(execution, attached),
            "attachments": self._console(execution, files),
        }
        self._spool.add({"result": result, "files": files})

    def _add_run(self, name: str, state: str, told: JsonObject, summary: Summary) -> None:
        """Store a result that does not belong to a request."""
        collection = summary.collection.name if summary.collection else ""
        moment = int(summary.completed or self._context.clock.now() * 1000)
        result = {
            "uuid": self._context.entropy.uuid(),
            "historyId": digest(collection, name),
            "testCaseId": digest(collection, name),
            "fullName": one_line(f"{collection}#{name}"),
            "name": name,
            "status": state,
            "statusDetails": told,
            "stage": "finished",
            "start": moment,
            "stop": moment,
            "labels": [{"name": "parentSuite", "value": one_line(collection)}] if collection else [],
        }
        self._spool.add({"result": result, "files": []})

    def _shown(self, execution: Execution) -> list[RequestEvent]:
        """The requests of an execution that are attached."""
        if not execution.failed:
            self._attached += 1
            if self._attached > MOST_ATTACHED:
                return []
        return list(execution.sent)[:MOST_REQUESTS]

    def _attach(self, event: RequestEvent, files: list[list[str]]) -> JsonArray:
        exchange = "\n".join(exchange_text(event, BODY))
        return [
            self._attachment("request and response", exchange, files),
            self._attachment("curl", command_line(event, self._context.options), files),
        ]

    def _console(self, execution: Execution, files: list[list[str]]) -> JsonArray:
        text = clean(console_of(execution, self._context.secrets))
        return [self._attachment("console", text[:CONSOLE], files)] if text else []

    def _attachment(self, name: str, text: str, files: list[list[str]]) -> JsonObject:
        source = f"{self._context.entropy.uuid()}-attachment.txt"
        files.append([source, text])
        return {"name": name, "source": source, "type": "text/plain"}

    def _owners_of(self, execution: Execution) -> tuple[Collection | Folder | Item, ...]:
        """The collection, the folders and the item, all of which may have tags."""
        if id(execution.item) not in self._owners and execution.collection is not None:
            waiting: list[tuple[Collection | Folder | Item, ...]] = [(execution.collection,)]
            while waiting:
                row = waiting.pop()
                if isinstance(row[-1], Item):
                    self._owners[id(row[-1])] = row
                else:
                    waiting += [(*row, child) for child in row[-1].items]
        return self._owners.get(id(execution.item), (execution.item,))

    def _json(self, value: JsonObject | JsonArray) -> str:
        return json_visible("".join(pieces(value)))

    def _write(self, name: str, text: str) -> None:
        write_text(self._folder / name, text)


def _properties(summary: Summary) -> Iterator[str]:
    """The environment of the run, as a Java properties file."""
    found = {"postrunner": __version__}
    for run in summary.runs[:1]:
        if run.started.environment.name:
            found["environment"] = run.started.environment.name
    found["collections"] = ", ".join(run.started.collection.name for run in summary.runs)
    for name, value in found.items():
        text = json.dumps(one_line(value))[1:-1].replace('\\"', '"')
        yield f"{name} = {text}\n"
