"""Which executions of two runs are compared: those of the same request in the same iteration, in their order."""

from __future__ import annotations

from collections import defaultdict, deque

from runner.diff.answers import Key, Path, Side
from runner.errors import UsageError
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The numbers of two executions, None for one that only the other side has.

    `key` is that of the left one if there is one; `occurrence` counts those of the same key from 0; `was` is the left path
    of a request that has another name or folder on the right.
    """

    key: Key
    occurrence: int
    left: int | None
    right: int | None
    was: Path | None = None


def pairs(left: Side, right: Side, *, other_collection: bool = False) -> list[Pair]:
    """The executions of both sides in the order of the left one, then what only the right one has.

    Raises `UsageError` if the two have no request in common, or are of different collections (unless allowed).
    """
    _check_collections(left, right, other_collection)
    renamed = _renamed(left, right)
    waiting: dict[Key, deque[int]] = defaultdict(deque)
    for number, key in enumerate(right.keys):
        waiting[renamed.get((key, right.ids[number]), key)].append(number)
    found, counts = list[Pair](), defaultdict[Key, int](int)
    for number, key in enumerate(left.keys):
        other = waiting[key].popleft() if waiting[key] else None
        now = None if other is None else right.keys[other]
        was = key.path if now is not None and now.path != key.path else None
        found.append(Pair(key=now or key, occurrence=counts[key], left=number, right=other, was=was))
        counts[key] += 1
    if not any(pair.right is not None for pair in found):
        raise UsageError("have no request in common", where=_both(left, right), hint=_names(left, right))
    rest = sorted((number, key) for key, numbers in waiting.items() for number in numbers)
    for number, key in rest:
        found.append(Pair(key=right.keys[number], occurrence=counts[key], left=None, right=number))
        counts[key] += 1
    return found


def _renamed(left: Side, right: Side) -> dict[tuple[Key, str], Key]:
    """Key and id on the right → key on the left, of requests with the same id whose path only one side has."""
    here = {(key.collection, key.path) for key in left.keys}
    there = {(key.collection, key.path) for key in right.keys}
    paths: dict[tuple[int, str], Path] = {}
    for key, id in zip(left.keys, left.ids, strict=True):
        if id and (key.collection, key.path) not in there:
            paths.setdefault((key.collection, id), key.path)
    found = {}
    for key, id in zip(right.keys, right.ids, strict=True):
        was = paths.get((key.collection, id))
        if was is not None and (key.collection, key.path) not in here:
            found[key, id] = key._replace(path=was)
    return found


def _check_collections(left: Side, right: Side, other_collection: bool) -> None:
    if len(left.collections) != len(right.collections):
        counts = f"{len(left.collections)} and {len(right.collections)}"
        raise UsageError(f"are of different numbers of collections: {counts}", where=_both(left, right))
    for one, other in zip(left.collections, right.collections, strict=True):
        same = one.name == other.name or (one.id and one.id == other.id)
        if not (same or other_collection):
            raise UsageError(
                f"are of different collections: {one.name!r} and {other.name!r}",
                where=_both(left, right),
                hint="--other-collection compares requests of the same name",
            )


def _both(left: Side, right: Side) -> str:
    return f"{left.label} and {right.label}"


def _names(left: Side, right: Side) -> str:
    shown = [sorted({" / ".join(key.path) for key in side.keys}) for side in (left, right)]
    parts = [", ".join(names[:3]) + (" …" if len(names) > 3 else "") if names else "nothing" for names in shown]
    return f"the first ran {parts[0]}; the second ran {parts[1]}"
