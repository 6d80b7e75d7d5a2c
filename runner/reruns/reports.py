"""What failed according to a report: our JSON and JUnit reports, and Newman's JSON report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runner.errors import InvalidDocument
from runner.formats.json_text import parse_json
from runner.formats.reading import read_text
from runner.model.collection import Collection, Item
from runner.model.json import Json
from runner.reporters.junit.names import ClassNames
from runner.reruns.failures import Failures, Key, Path

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

HINT = "name a JSON or JUnit report of postrunner, or a JSON report of Newman"


def load_report(path: str, collections: list[Collection]) -> Failures:
    """What failed according to a report; raises `LoadError`."""
    text = read_text(path)
    if text.lstrip().startswith("<"):
        return Failures(f"in {path}", dict(_in_junit(text, path)), _ClassKeys(collections).key_of)
    return Failures(f"in {path}", dict(_in_json(parse_json(text, path), path)), _key_of)


# -- JSON -------------------------------------------------------------------------------------------------------------


def _key_of(collection: Collection, path: Path, item: Item | None) -> Key:
    return (collection.name, *path)


def _in_json(document: Json, path: str) -> Iterator[tuple[Key, str]]:
    """Each failed request. Reports have no paths; they contain the whole collection, in which ids lead to the paths."""
    report = document if isinstance(document, dict) else {}
    run, trees = report.get("run"), report.get("collections", [report.get("collection")])
    failures = run.get("failures") if isinstance(run, dict) else None
    if not isinstance(failures, list) or not isinstance(trees, list):
        raise InvalidDocument("is not a report of a run", where=path, hint=HINT)
    names = [_text(_member(_member(tree, "info"), "name")) for tree in trees]
    paths: dict[str, list[Key]] = {}
    for name, tree in zip(names, trees, strict=True):
        for id, key in requests_in(tree, (name,)):
            paths.setdefault(id, []).append(key)
    for failure in failures:
        found = paths.get(_text(_member(_member(failure, "source"), "id")), [])
        if _member(failure, "at") == "run":
            found = []
        for key in found or [(name,) for name in names]:
            yield key, "/".join(key[1:]) or key[0]
    if isinstance(run, dict) and run.get("error") and not failures:
        yield from (((name,), name) for name in names)


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
        raise InvalidDocument(f"is not XML: {error}", where=path, hint=HINT) from None
    if root.tag != "testsuites" or any(suite.find("properties/property[@name='item.id']") is None for suite in root):
        raise InvalidDocument("is not a JUnit report of postrunner", where=path, hint=HINT)
    return root


def _in_junit(text: str, path: str) -> Iterator[tuple[Key, str]]:
    for suite in junit_root(text, path):
        for case in suite.iter("testcase"):
            wrong = [child for child in case if child.tag in ("failure", "error")]
            if wrong and wrong[0].get("type") != "Bailed":
                name = case.get("classname", "")
                whole = suite.find("properties/property[@value='run']") is not None
                yield (RUN, "the run") if whole else ((name,), name)


class _ClassKeys:
    """The class names that the report uses for the requests of these collections."""

    def __init__(self, collections: list[Collection]) -> None:
        self._names = ClassNames()
        for collection in collections:
            self._names.add(collection)

    def key_of(self, collection: Collection, path: Path, item: Item | None) -> Key:
        return RUN if item is None else (self._names.of(item, (collection.name, *path))[0],)
