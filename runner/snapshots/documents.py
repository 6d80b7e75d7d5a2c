"""The document of a snapshot: a response without what varies, as it stands in a file and is compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from runner.deep_json import rebuilt
from runner.formats.json_text import JsonStyle, dump_json
from runner.model.json import Json, JsonObject
from runner.snapshots.keys import Key
from runner.snapshots.rules import RequestRules
from runner.snapshots.scrubbing import IGNORED, Scrubber, Spot, ignoring, scrubbed, sorted_arrays

VERSION = 1
"""Of the form of files: the value of `snapshot`."""

_STYLE = JsonStyle(final_newline=True)


def document_of(answer: JsonObject, rules: RequestRules) -> JsonObject:
    """What counts of an answer under these rules, with placeholders."""
    plain = RequestRules().spot()
    headers = {name: value for name, value in answer["headers"].items() if name not in rules.headers}
    body: JsonObject = answer.get("body", {})
    document: JsonObject = {"status": IGNORED if rules.status else answer["status"]}
    if rules.body and body:
        body = {"text": IGNORED}
    spot: Spot = plain
    tree: Any = body
    if "json" in body:
        spot, tree = rules.spot(), body["json"]
        if rules.tree.ignored or rules.tree.unordered:
            tree = sorted_arrays(ignoring(tree, spot), spot)
    scrubber = Scrubber()
    scrubber.count(headers, plain)
    if "binary" not in body:
        scrubber.count(tree, spot)
    numbers = scrubber.numbers()
    document["headers"] = _sorted(scrubbed(headers, plain, numbers))
    if "json" in body:
        document["body"] = {"json": _sorted(scrubbed(tree, spot, numbers))}
    elif "text" in body:
        document["body"] = {"text": str(scrubbed(body["text"], plain, numbers)).split("\n")}
    elif body:
        document["body"] = body
    return document


def file_text(key: Key, document: JsonObject) -> str:
    """The text of the file."""
    return dump_json({"snapshot": VERSION, **key.to_json(), **document}, _STYLE)


def _sorted(tree: Json) -> Json:
    """A tree with the members of its objects in the order of their names."""

    def step(value: Any, about: object) -> tuple[Any, Iterable[tuple[object, object]]]:
        if isinstance(value, dict):
            value = {key: value[key] for key in sorted(value)}
            return value, [(key, None) for key in value]
        return value, ((at, None) for at in range(len(value))) if isinstance(value, list) else ()

    found: Json = rebuilt(tree, step)
    return found
