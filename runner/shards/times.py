"""Durations of requests in an earlier run, from its JSON or JUnit report: `--shard-by` balances shards with them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from runner.engine.plan import Plan, PlannedItem
from runner.errors import InvalidDocument
from runner.formats.json_stream import JsonStream
from runner.formats.reading import decode, opened
from runner.model.collection import Collection
from runner.model.json import Json
from runner.reporters.junit.names import ClassNames
from runner.reruns.failures import Key
from runner.reruns.reports import HINT, junit_root, requests_in

Taken = Mapping[int, float]
"""Milliseconds of a request by iteration, counted from 0."""

_ITERATION = re.compile(r" \(iteration (\d{1,15})\)\Z")


class Times:
    """The times in a report; `key_of` makes the report's key for a request of a collection."""

    def __init__(self, taken: Mapping[Key, Taken], key_of: Callable[[Collection, PlannedItem], Key]) -> None:
        self._taken = taken
        self._key_of = key_of

    def of(self, plan: Plan) -> list[Taken]:
        """The milliseconds of each item of a plan, by iteration; indistinguishable ones get their average."""
        keys = [self._key_of(plan.collection, planned) for planned in plan.items]
        alike = Counter(keys)
        return [{at: time / alike[key] for at, time in self._taken.get(key, {}).items()} for key in keys]


def load_times(path: str, collections: Sequence[Collection]) -> Times:
    """The times in a report of postrunner or Newman; raises `LoadError`."""
    with opened(path) as file:
        if file.peek(1)[:1] == b"<":
            names = ClassNames()
            for collection in collections:
                names.add(collection)
            return Times(_in_junit(decode(file.read()), path), lambda collection, planned: _class_of(names, planned))
        stream = JsonStream(file, path)
        return Times(_in_json(stream, path), lambda collection, planned: (collection.name, *_path(planned)))


def _path(planned: PlannedItem) -> tuple[str, ...]:
    return (*planned.path, planned.item.name)


def _class_of(names: ClassNames, planned: PlannedItem) -> Key:
    return (names.of(planned.item, planned.location)[0],)


def _in_junit(text: str, path: str) -> Mapping[Key, Taken]:
    found: dict[Key, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for case in junit_root(text, path).iter("testcase"):
        iteration = _ITERATION.search(case.get("name", ""))
        found[(case.get("classname", ""),)][int(iteration[1]) - 1 if iteration else 0] += 1000 * _number(case.get("time"))
    return found


def _number(value: Json) -> float:
    try:
        return max(0.0, float(value)) if isinstance(value, int | float | str) else 0.0
    except ValueError:
        return 0.0


def _in_json(stream: JsonStream, path: str) -> Mapping[Key, Taken]:
    """Times from a JSON report. Its executions refer to requests by id; its collections map the ids to paths."""
    trees: list[Json] = []
    taken: dict[tuple[str, int], dict[int, float]] | None = None
    for name in stream.members() if stream.opens("{") else ():
        if name == "run" and stream.opens("{"):
            for inner in stream.members():
                if inner == "executions" and stream.opens("["):
                    taken = _executions(stream)
                else:
                    stream.value()
        elif name in ("collection", "collections"):
            value = stream.value()
            trees = value if isinstance(value, list) else trees or [value]
        else:
            stream.value()
    if taken is None or not trees:
        raise InvalidDocument("is not a report of a run", where=path, hint=HINT)
    found: dict[Key, dict[int, float]] = {}
    for number, tree in enumerate(trees):
        for id, key in requests_in(tree, (_name_of(tree),)):
            if (id, number) in taken:
                found.setdefault(key, taken.pop((id, number)))
    return found


def _executions(stream: JsonStream) -> dict[tuple[str, int], dict[int, float]]:
    """The response times by id of the request, number of the collection, and iteration.

    An execution that sent several requests is listed several times; each response counts once.
    """
    found: dict[tuple[str, int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    before: Json = None
    for _ in stream.entries():
        execution = stream.value()
        cursor, number = _member(execution, "cursor"), _member(execution, "collectionIndex")
        id, iteration = _member(_member(execution, "item"), "id"), _member(cursor, "iteration")
        response = _member(_member(execution, "response"), "id")
        time = sum(_times(execution)) if response is None or response != before else 0.0
        before = response
        key = (id if isinstance(id, str) else "", number if isinstance(number, int) else 0)
        found[key][iteration if isinstance(iteration, int) else 0] += time
    return found


def _times(execution: Json) -> Iterator[float]:
    subs = _member(execution, "subRequests")
    for one in (execution, *(subs if isinstance(subs, list) else ())):
        yield _number(_member(_member(one, "response"), "responseTime"))


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _name_of(tree: Json) -> str:
    name = _member(_member(tree, "info"), "name")
    return name if isinstance(name, str) else ""
