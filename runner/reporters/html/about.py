"""What the HTML report shows besides the requests: variables and descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.deep_json import dumps, same
from runner.model.collection import Collection, Folder, Item, description_of
from runner.model.json import JsonObject
from runner.model.variable import Variable
from runner.reporters.html.choice import Choice
from runner.reporters.json.shapes import variable_json
from runner.results.summary import CollectionRun, Summary
from runner.secrets.outgoing.masked import unmasked

MOST_VARIABLES, VALUE, DESCRIPTION = 500, 1000, 4000
"""The most variables of a scope that are shown, and the most characters of a value and of a description."""


def scopes(summary: Summary, choice: Choice) -> list[JsonObject]:
    """Each scope of each collection's run that holds anything: `title`, `rows` of name, value and change, and `more`."""
    found = []
    for run in summary.runs:
        of = f" of {run.started.collection.name}" if len(summary.runs) > 1 else ""
        for scope, title, before, after in _states(run):
            rows = list(_rows(choice.variables(scope, before), choice.variables(scope, after)))
            if rows:
                shown = {"title": title + of, "rows": rows[:MOST_VARIABLES], "more": max(0, len(rows) - MOST_VARIABLES)}
                found.append(shown)
    return found


def _states(run: CollectionRun) -> Iterator[tuple[str, str, tuple[Variable, ...], tuple[Variable, ...]]]:
    started, ended = run.started, run.finished
    environment, shared, own = started.environment.values, started.globals.values, started.collection.variables
    name = started.environment.name if started.environment.source else ""
    title = f"Environment {name}" if name else "Environment"
    yield "environment", title, environment, ended.environment.values if ended else environment
    yield "globals", "Globals", shared, ended.globals.values if ended else shared
    yield "collection", "Collection variables", own, ended.collection_variables.values if ended else own


def _rows(before: Iterable[Variable], after: Iterable[Variable]) -> Iterator[tuple[str, str, str]]:
    """Name, value at the end, and what scripts did to it: `new`, `changed` or `removed`."""
    known = {variable.key: variable for variable in before if not variable.disabled}
    kept = set()
    for variable in after:
        kept.add(variable.key)
        old = known.get(variable.key)
        same_value = old is not None and same(unmasked(old).value, unmasked(variable).value)  # hidden ones look alike
        change = "new" if old is None else "" if same_value else "changed"
        yield (*_shown(variable), "off" if variable.disabled else change)
    for key, variable in known.items():
        if key not in kept:
            yield (*_shown(variable), "removed")


def _shown(variable: Variable) -> tuple[str, str]:
    shown = variable_json(variable)
    value = shown["value"]
    text = value if isinstance(value, str) else "" if value is None else dumps(value, ensure_ascii=False)
    return shown["key"], text if len(text) <= VALUE else text[:VALUE] + "…"


def description(node: Collection | Folder | Item) -> str:
    """The description of a collection, folder or request, cut to what is shown."""
    text = description_of(node)
    return text if len(text) <= DESCRIPTION else text[:DESCRIPTION] + "…"


def folder_descriptions(collection: Collection) -> dict[tuple[str, ...], str]:
    """The description of every folder that has one, by its path."""
    found: dict[tuple[str, ...], str] = {}
    waiting: list[tuple[tuple[str, ...], Collection | Folder]] = [((), collection)]
    while waiting:
        path, node = waiting.pop()
        for child in node.items:
            if isinstance(child, Folder):
                inner = (*path, child.name)
                text = description(child)
                found |= {inner: text} if text else {}
                waiting.append((inner, child))
    return found
