"""Where a response differs from its snapshot, and how that is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from runner.comparison import Difference, differences, text_differences
from runner.comparison.difference import Place
from runner.deep_json import rebuilt
from runner.model.json import Json, JsonObject
from runner.secrets import MASK
from runner.snapshots.rules import RequestRules
from runner.snapshots.scrubbers import fits
from runner.snapshots.scrubbing import stable_text

MOST = 20
"""Differences of one response that are told one by one."""

LONGEST = 200
"""Characters that are shown of a value."""


def compare(expected: JsonObject, actual: JsonObject, rules: RequestRules) -> list[Difference]:
    """Where a response differs from its snapshot: both are documents, made by the same rules."""
    found: list[Difference] = []
    if not rules.status and expected.get("status") != actual["status"]:
        found.append(Difference("value", Place(None, "status"), expected.get("status"), actual["status"]))
    headers: JsonObject = {name: value for name, value in expected.get("headers", {}).items() if name not in rules.headers}
    return [*found, *_headers(headers, _settled(headers, actual["headers"])), *_bodies(expected, actual, rules)]


def _headers(expected: JsonObject, actual: JsonObject) -> Iterator[Difference]:
    for name in sorted({*expected, *actual}):
        place = Place(None, f"header.{name}")
        if name not in actual:
            yield Difference("missing", place, left=expected[name])
        elif name not in expected:
            yield Difference("new", place, right=actual[name])
        elif expected[name] != actual[name]:
            yield Difference("value", place, expected[name], actual[name])


def _bodies(expected: JsonObject, actual: JsonObject, rules: RequestRules) -> Iterator[Difference]:
    if rules.body:
        return
    one, other = expected.get("body", {}), actual.get("body", {})
    kind = next(iter(one), "no body")
    if kind != next(iter(other), "no body"):
        yield Difference("type", Place(None, "body"), kind, next(iter(other), "no body"))
    elif kind == "json":
        yield from differences(one[kind], _settled(one[kind], other[kind]), rules.tree)
    elif kind == "text":
        settled = _settled(one[kind], other[kind])
        yield from text_differences("\n".join(one[kind]), "\n".join(settled))
    elif one != other:
        here, there = one[kind], other[kind]
        for name in sorted(key for key in {*here, *there} if here.get(key) != there.get(key)):
            yield Difference("value", Place(None, f"body.{name}"), here.get(name), there.get(name))


def _settled(expected: Json, actual: Json) -> Any:
    """The actual value, with the texts of the snapshot where these fit: masks and tokens vary with the run."""

    def step(value: Any, there: Any) -> tuple[Any, Iterable[tuple[object, object]]]:
        if isinstance(value, str) and isinstance(there, str) and fits(there, value, MASK):
            return there, ()
        if there == MASK and isinstance(value, int | float) and not isinstance(value, bool):
            return there, ()
        if isinstance(value, dict) and isinstance(there, dict):
            return dict(value), [(key, there[key]) for key in value if key in there]
        if isinstance(value, list) and isinstance(there, list):
            return list(value), [(at, there[at]) for at in range(min(len(value), len(there)))]
        return value, ()

    return rebuilt(actual, step, expected)


def told(found: Sequence[Difference]) -> str:
    """Differences as lines: the path of each, then what the snapshot has (`-`) and what came (`+`)."""
    lines = [line for one in islice(found, MOST) for line in _lines(one)]
    more = len(found) - MOST
    return "\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])


def _lines(one: Difference) -> Iterator[str]:
    if one.kind == "moved" and one.to is not None:
        yield f"{one.path}: is at {one.to.path} now"
        return
    yield f"{one.path}:"
    as_lines = one.path.startswith("line ")
    if one.kind != "new":
        yield from (f"- {text}" for text in _shown(one.left, as_lines))
    if one.kind != "missing":
        yield from (f"+ {text}" for text in _shown(one.right, as_lines))


def _shown(value: Any, as_lines: bool) -> list[str]:
    if as_lines and isinstance(value, str):
        lines = value.split("\n")
        cut = lines[:MOST] + ([f"… {len(lines) - MOST} more lines"] if len(lines) > MOST else [])
        return [_cut(line) for line in cut]
    return [_cut(stable_text(value))]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
