"""Responses that are as an OpenAPI document says, and the same spoiled in one known way each."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

WRONG = {"string": {"x": 1}, "integer": "x", "number": "x", "boolean": "x", "array": "x", "object": [1]}
"""A value of another type, by type."""

MISSING = object()


class Case(NamedTuple):
    """A response to a request; `spoiled` says how, and is empty for one that is as it should be."""

    method: str
    path: str
    status: int
    headers: dict[str, str]
    body: str
    spoiled: str


def resolved(root: dict, node: Any) -> dict:
    """What a node is or refers to inside of the document."""
    for _ in range(50):
        if not isinstance(node, dict):
            return {}
        if "$ref" not in node:
            return node
        found: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found.get(step.replace("~1", "/").replace("~0", "~"), {}) if isinstance(found, dict) else {}
        node = found
    return {}


def spoiled_values(root: dict, schema: Any, value: Any, *, old: bool, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Copies of a valid value, each with one violation, and its kind; alternatives of a schema are left alone."""
    node = resolved(root, schema)
    if depth > 6 or any(key in node for key in ("anyOf", "oneOf", "not", "if", "discriminator")):
        return
    for part in node.get("allOf", []):
        yield from spoiled_values(root, part, value, old=old, depth=depth + 1)
    kind = node.get("type")
    if isinstance(kind, str) and kind in WRONG:
        yield f"wrong type for {kind}", WRONG[kind]
        nullable = node.get("nullable") is True or node.get("x-nullable") is True
        if not nullable and "enum" not in node:
            yield f"null for {kind}", None
    if isinstance(node.get("enum"), list) and None not in node["enum"]:
        yield "out of enum", "none-of-them" if kind in (None, "string") else 987654
    yield from _of_limits(node, value, old=old)
    if isinstance(value, dict):
        yield from _of_object(root, node, value, old=old, depth=depth)
    elif isinstance(value, list) and value and isinstance(node.get("items"), dict):
        for how, bad in spoiled_values(root, node["items"], value[0], old=old, depth=depth + 1):
            yield how, [bad, *value[1:]]


def _of_limits(node: dict, value: Any, *, old: bool) -> Iterator[tuple[str, Any]]:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and isinstance(node.get("minimum"), (int, float)):
        yield "below minimum", node["minimum"] - 1
    if number and isinstance(node.get("maximum"), (int, float)):
        yield "above maximum", node["maximum"] + 1
    if isinstance(value, str) and node.get("minLength", 0) > 0:
        yield "too short", ""
    if isinstance(value, str) and isinstance(node.get("maxLength"), int):
        yield "too long", "x" * (node["maxLength"] + 1)
    if isinstance(value, str) and node.get("pattern", "").startswith("^"):
        yield "against pattern", "\n~ none \n"
    if isinstance(value, list) and node.get("minItems", 0) > 0:
        yield "too few items", []
    if isinstance(value, list) and isinstance(node.get("maxItems"), int) and value:
        yield "too many items", [copy.deepcopy(value[0]) for _ in range(node["maxItems"] + 1)]
    if isinstance(value, list) and node.get("uniqueItems") is True and value:
        yield "items twice", [value[0], value[0]]


def _of_object(root: dict, node: dict, value: dict, *, old: bool, depth: int) -> Iterator[tuple[str, Any]]:
    hidden = {name for name, one in node.get("properties", {}).items() if resolved(root, one).get("writeOnly") is True}
    for name in node.get("required", []):
        if name in value and name not in hidden:
            yield "missing required", {key: one for key, one in value.items() if key != name}
    if node.get("additionalProperties") is False:
        yield "extra property", {**value, "none-of-them": 1}
    for name, schema in node.get("properties", {}).items():
        if name in value:
            for how, bad in spoiled_values(root, schema, value[name], old=old, depth=depth + 1):
                yield how, {**value, name: bad}


def spoiled_responses(root: dict, method: str, path: str, good: Case, response: dict, *, old: bool) -> Iterator[Case]:
    """Everything that a good response can be spoiled to, `response` is what the document says of it."""
    responses = resolved(root, root["paths"][path])[method.lower()].get("responses", {})
    if "default" not in responses and not any(key.upper() == "4XX" for key in responses) and "418" not in responses:
        yield good._replace(status=418, spoiled="wrong status")
    content = response.get("content", {})
    if content and not {"*/*", "text/*", "text/html"} & content.keys():
        yield good._replace(headers={**good.headers, "Content-Type": "text/html"}, spoiled="wrong content type")
        without = {name: text for name, text in good.headers.items() if name != "Content-Type"}
        yield good._replace(headers=without, spoiled="no content type")
    for name, found in response.get("headers", {}).items():
        header = resolved(root, found)
        if header.get("required") is True:
            without = {key: text for key, text in good.headers.items() if key != name}
            yield good._replace(headers=without, spoiled="missing header")
        if resolved(root, header.get("schema", {})).get("type") in ("integer", "number", "boolean"):
            yield good._replace(headers={**good.headers, name: "x"}, spoiled="wrong header")
    media = resolved(root, next(iter(content.values()), {}))
    schema = media.get("schema")
    if not schema or not good.body:
        return
    yield good._replace(body=good.body[:-1] + "~", spoiled="broken JSON")
    seen = set()
    for how, value in spoiled_values(root, schema, json.loads(good.body), old=old):
        text = json.dumps(value)
        if text not in seen:
            seen.add(text)
            yield good._replace(body=text, spoiled=how)
