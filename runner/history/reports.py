"""What failed according to a report: our JSON and JUnit reports, and Newman's JSON report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from runner.errors import InvalidDocument
from runner.formats.json_text import parse_json
from runner.formats.reading import read_text
from runner.history.failures import Failures, Key, Path, by_key
from runner.model.collection import Collection, Item
from runner.model.json import Json, JsonObject
from runner.reporters.junit.names import ClassNames

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

HINT = "name a JSON or JUnit report of postrunner, or a JSON report of Newman"


def load_report(path: str, collections: list[Collection]) -> Failures:
    """What failed according to a report; raises `LoadError`."""
    text = read_text(path)
    if text.lstrip().startswith("<"):
        return Failures(f"in {path}", by_key(_in_junit(text, path)), _ClassKeys(collections).key_of)
    return Failures(f"in {path}", by_key(_in_json(parse_json(text, path), path)), _key_of)


# -- JSON -------------------------------------------------------------------------------------------------------------


def _key_of(collection: Collection, path: Path, item: Item | None) -> Key:
    return (collection.name, *path)


def _in_json(document: Json, path: str) -> Iterator[tuple[Key, int | None]]:
    """Each failed request with its iteration. Reports have no paths, but the whole collection, whose ids lead to them."""
    report = document if isinstance(document, dict) else {}
    run, trees = report.get("run"), report.get("collections", [report.get("collection")])
    failures = run.get("failures") if isinstance(run, dict) else None
    if not isinstance(failures, list) or not isinstance(trees, list):
        raise InvalidDocument("is no report of a run", where=path, hint=HINT)
    names = [_text(_member(_member(tree, "info"), "name")) for tree in trees]
    paths: dict[str, list[Key]] = {}
    for name, tree in zip(names, trees, strict=True):
        for id, key in requests_in(tree, (name,)):
            paths.setdefault(id, []).append(key)
    executed = _executed(run) if isinstance(run, dict) else {}
    for failure in failures:
        cursor = _member(failure, "cursor")
        found = paths.get(_text(_member(_member(failure, "source"), "id")), [])
        found = found or paths.get(executed.get(_text(_member(cursor, "ref")), ""), [])
        if _member(failure, "at") == "run":
            found = []
        iteration = _iteration(cursor)
        yield from ((key, iteration) for key in found)
        yield from (((name,), None) for name in names if not found)
    if isinstance(run, dict) and run.get("error") and not failures:
        yield from (((name,), None) for name in names)


def _executed(run: JsonObject) -> dict[str, str]:
    """The ids of what was executed, by execution: Newman names nothing else for the failed request of a script."""
    executions = run.get("executions")
    rows = executions if isinstance(executions, list) else []
    return {_text(_member(_member(row, "cursor"), "ref")): _text(_member(_member(row, "item"), "id")) for row in rows}


def _iteration(cursor: Json) -> int | None:
    """The iteration of a cursor, if there are several."""
    iteration, cycles = _member(cursor, "iteration"), _member(cursor, "cycles")
    known = type(iteration) is int and type(cycles) is int and cycles > 1
    return iteration if known and isinstance(iteration, int) else None


def requests_in(tree: Json, path: Key) -> Iterator[tuple[str, Key]]:
    """The id and path of each request of a report's collection or folder, which has this path itself."""
    waiting = [(path, tree)]
    while waiting:
        above, node = waiting.pop()
        entries = _member(node, "item")
        for entry in entries if isinstance(entries, list) else ():
            key = (*above, _text(_member(entry, "name")))
            if isinstance(_member(entry, "item"), list):
                waiting.append((key, entry))
            else:
                yield _text(_member(entry, "id")), key


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


# -- JUnit ------------------------------------------------------------------------------------------------------------

ITERATION = re.compile(r" \(iteration (\d{1,15})\)\Z")
"""What the name of a case ends with if there are several iterations."""

RUN: Key = ("",)
"""The key of every collection as a whole: the report does not say which of them ended early."""


def junit_root(text: str, path: str) -> Element:
    """The root of one of our JUnit reports; raises `InvalidDocument` for anything else."""
    from xml.etree import ElementTree

    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InvalidDocument("has a document type, which no report has", where=path, hint=HINT)
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise InvalidDocument(f"is no XML: {error}", where=path, hint=HINT) from None
    if root.tag != "testsuites" or any(suite.find("properties/property[@name='item.id']") is None for suite in root):
        raise InvalidDocument("is no JUnit report of postrunner", where=path, hint=HINT)
    return root


def _in_junit(text: str, path: str) -> Iterator[tuple[Key, int | None]]:
    for suite in junit_root(text, path):
        several = suite.find("properties/property[@name='iterations']")
        several = several if several is not None and several.get("value") != "1" else None
        for case in suite.iter("testcase"):
            wrong = [child for child in case if child.tag in ("failure", "error")]
            if wrong and not _is_bail(wrong[0]):
                name = case.get("classname", "")
                whole = suite.find("properties/property[@value='run']") is not None
                iteration = ITERATION.search(case.get("name", "")) if several is not None else None
                yield (RUN, None) if whole else ((name,), int(iteration[1]) - 1 if iteration else None)


def _is_bail(wrong: Element) -> bool:
    return wrong.get("type") == "Bailed"


class _ClassKeys:
    """The class names that the report uses for the requests of these collections."""

    def __init__(self, collections: list[Collection]) -> None:
        self._names = ClassNames()
        for collection in collections:
            self._names.add(collection)

    def key_of(self, collection: Collection, path: Path, item: Item | None) -> Key:
        return RUN if item is None else (self._names.of(item, (collection.name, *path))[0],)
