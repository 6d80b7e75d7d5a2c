"""What one format holds and the other cannot: changes that are kept beside what was written, and put back from there.

A change is `{at, was, value}`: the place as a JSON pointer, the value that stands there without it (missing: the key is
new) and the one that belongs there (missing: the key goes away); with `insert` the value is put into a list at its index. A
change whose place no longer has what it `was` is left alone: somebody has edited the file since.
"""

from __future__ import annotations

from collections.abc import Iterator

from runner.deep_json import same
from runner.formats.v3.paths import RESOURCES, SIDE_FILE
from runner.model.json import Json, JsonArray, JsonObject

NOTHING = (
    "response",
    "event",
    "variable",
    "description",
    "packages",
    "requests",
    "header",
    "protocolProfileBehavior",
    "auth",
)
"""Keys that say nothing where they are empty: they may be missing as well."""

SHOWN = 3
"""So many places a message names."""


def saying(value: Json, key: str = "") -> Json:
    """A value without what says nothing: empty lists and descriptions, and scripts without a text."""
    if isinstance(value, dict):
        inner = {name: saying(one, name) for name, one in value.items()}
        return {name: one for name, one in inner.items() if one or isinstance(one, bool | int) or name not in NOTHING}
    if isinstance(value, list):
        return [saying(one) for one in value if key != "event" or _has_text(one)]
    return value


def _has_text(event: Json) -> bool:
    script = event.get("script") if isinstance(event, dict) else None
    lines = script.get("exec") if isinstance(script, dict) else None
    return bool(isinstance(script, dict) and ("src" in script or (lines and lines != [""])))


def differences(wanted: Json, got: Json, at: str = "") -> Iterator[JsonObject]:
    """The changes that make `wanted` of `got`."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key, value in wanted.items():
            place = f"{at}/{_escaped(key)}"
            if key in got:
                yield from differences(value, got[key], place)
            else:
                yield {"at": place, "value": value}
        for key, value in got.items():
            if key not in wanted:
                yield {"at": f"{at}/{_escaped(key)}", "was": value}
    elif isinstance(wanted, list) and isinstance(got, list) and (places := _places(wanted, got)) is not None:
        for number, value in enumerate(wanted):
            if number in places:
                yield from differences(value, got[places[number]], f"{at}/{number}")
            else:
                yield {"at": f"{at}/{number}", "value": value, "insert": True}
    elif not same(wanted, got):
        yield {"at": at, "was": got, "value": wanted}


def _places(wanted: JsonArray, got: JsonArray) -> dict[int, int] | None:
    """Which entry of `got` is which of `wanted`; None if that cannot be said."""
    if len(wanted) == len(got):
        return {number: number for number in range(len(got))}
    places: dict[int, int] = {}
    for number, value in enumerate(wanted):
        if len(places) < len(got) and _covers(value, got[len(places)]):
            places[number] = len(places)
    return places if len(places) == len(got) else None


def _covers(more: Json, less: Json) -> bool:
    """Whether everything in `less` is in `more`, too."""
    if isinstance(more, dict) and isinstance(less, dict):
        return all(key in more and _covers(more[key], value) for key, value in less.items())
    return same(more, less)


def put_back(value: Json, changes: Json) -> list[str]:
    """Make the changes in a value that may be changed; gives the places of those that no longer fit."""
    return [
        str(change.get("at"))
        for change in (changes if isinstance(changes, list) else ())
        if isinstance(change, dict) and not _put(value, change)
    ]


def outdated(places: list[str]) -> str:
    """The message about changes that `put_back` could not make."""
    shown = ", ".join(places[:SHOWN]) + (f" and {len(places) - SHOWN} more" if len(places) > SHOWN else "")
    return f"what {RESOURCES}/{SIDE_FILE} keeps is not used where the file was changed since: {shown}"


def _put(value: Json, change: JsonObject) -> bool:
    *steps, last = [step.replace("~1", "/").replace("~0", "~") for step in str(change.get("at", "")).split("/")[1:]] or [""]
    for step in steps:
        value = _inside(value, step)
    if isinstance(value, list) and last.isdigit():
        at = int(last)
        if change.get("insert"):
            if at <= len(value):
                value.insert(at, change.get("value"))
            return at <= len(value)
        if "value" in change and at < len(value) and same(saying(value[at]), change.get("was")):
            value[at] = change["value"]
            return True
        return False
    if (
        not isinstance(value, dict)
        or (last in value) != ("was" in change)
        or not same(saying(value.get(last), last), change.get("was"))
    ):
        return False
    if "value" in change:
        value[last] = change["value"]
    else:
        del value[last]
    return True


def _inside(value: Json, step: str) -> Json:
    if isinstance(value, dict):
        return value.get(step)
    at = int(step) if step.isdigit() else -1
    return value[at] if isinstance(value, list) and 0 <= at < len(value) else None


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
