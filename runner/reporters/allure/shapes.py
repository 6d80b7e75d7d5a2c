"""What Allure's results say about an execution: labels, steps, status, and the name that stays the same from run to run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from runner.events import AssertionChecked, RequestEvent, ScriptFinished
from runner.model.collection import Collection, Folder, Item, description_of
from runner.model.json import JsonArray, JsonObject
from runner.reporters.text import clean, one_line, url_of
from runner.results.execution import Execution
from runner.rules.tags import tags_in

_META = re.compile(r"^\s*//\s*@allure\.(?:label\.([\w-]+)|(id))\s*=\s*(.+?)\s*$", re.MULTILINE)
"""How scripts for newman-reporter-allure set labels: `// @allure.label.owner=me`, `// @allure.id=7`."""

FAILED, BROKEN, PASSED, SKIPPED = "failed", "broken", "passed", "skipped"


def full_name(collection: str, path: Iterable[str], name: str) -> str:
    """The name by which a request is known in every run."""
    return "/".join([collection, *path]) + f"#{name}"


def digest(*texts: str) -> str:
    """A hash of these texts."""
    return hashlib.md5("\n".join(texts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def status(execution: Execution) -> str:
    """The status of an execution: failed if a test failed, broken if only a script or a request did."""
    if execution.failed:
        kinds = {failure.kind for failure in execution.failures}
        return FAILED if "assertion" in kinds else BROKEN
    if execution.skipped:
        return SKIPPED
    return PASSED if execution.finished else BROKEN


def labels(execution: Execution, owners: Iterable[Collection | Folder | Item]) -> JsonArray:
    """Suites, package, tags, and the labels that its test scripts set."""
    collection = execution.collection.name if execution.collection else ""
    first, rest = execution.path[:1], execution.path[1:]
    found = [
        ("parentSuite", collection),
        ("suite", first[0] if first else ""),
        ("subSuite", " > ".join(rest)),
        ("package", ".".join(part.replace(".", "_") for part in (collection, *execution.path))),
        ("framework", "postrunner"),
        ("language", "javascript"),
        *(("tag", tag) for tag in tags_in(owners)),
        *_named(execution.item),
    ]
    return [{"name": name, "value": one_line(value)} for name, value in found if value]


def _named(item: Item) -> Iterator[tuple[str, str]]:
    for event in item.events:
        if event.listen == "test":
            for name, id, value in _META.findall(event.script.exec):
                yield name or f"ALLURE_{id.upper()}", value


def steps(execution: Execution, attachments: dict[int, JsonArray]) -> JsonArray:
    """Each test, request and script error, in order; `attachments` maps the `id()` of a request to its files."""
    found: JsonArray = []
    before = execution.started
    for fact in execution.facts:
        ended = max(before, fact.wall)
        step: JsonObject | None = None
        if isinstance(fact, AssertionChecked):
            error = fact.assertion.error
            state = FAILED if fact.failed else SKIPPED if fact.assertion.skipped else PASSED
            step = _step(fact.assertion.name, state, ended, ended)
            if fact.failed:
                step["statusDetails"] = details(error.message if error else "", error.stack if error else "")
        elif isinstance(fact, RequestEvent):
            took = fact.response.time if fact.response else 0.0
            sender = {"script": "pm.sendRequest ", "auth": "auth "}.get(fact.source, "")
            code = f" → {fact.response.code}" if fact.response else ""
            step = _step(
                f"{sender}{fact.method} {url_of(fact)}{code}", BROKEN if fact.failed else PASSED, ended - took, ended
            )
            step["attachments"] = attachments.get(id(fact), [])
            if fact.error is not None:
                step["statusDetails"] = details(fact.error.message, fact.error.hint)
        elif isinstance(fact, ScriptFinished) and fact.error is not None:
            step = _step(f"{fact.listen} script: {fact.error.name}", BROKEN, ended, ended)
            step["statusDetails"] = details(fact.error.message, fact.error.stack)
        if step is not None:
            found.append(step)
        before = ended
    return found


def _step(name: str, state: str, start: float, stop: float) -> JsonObject:
    timed = {"start": int(start), "stop": int(stop)}
    return {
        "name": one_line(name),
        "status": state,
        "stage": "finished",
        "steps": [],
        "attachments": [],
        "parameters": [],
        **timed,
    }


def details(message: str, trace: str) -> JsonObject:
    """Why something has not passed."""
    return {"message": clean(message), "trace": clean(trace)}


def failure_details(execution: Execution) -> JsonObject:
    """Why an execution has not passed: all its failures, with their stacks; and whether it is flaky."""
    if not execution.failed:
        early = not execution.finished and not execution.skipped
        why = f"skipped {execution.skip_reason}" if execution.skipped else "the run ended before it did" if early else ""
        found = details(why, "") if why else {}
        return {**found, "flaky": True} if execution.flaky else found
    lines = [": ".join(filter(None, (one.test or one.at, one.message))) for one in execution.failures]
    stacks = [text for one in execution.failures for text in (one.stack, one.hint and f"hint: {one.hint}") if text]
    return details("\n".join(lines), "\n\n".join(stacks))


def description(item: Item) -> str:
    """The description of a request."""
    return clean(description_of(item))
