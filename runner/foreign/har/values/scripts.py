"""The test scripts of imported requests: the status that was recorded, and the values that later requests need."""

from __future__ import annotations

from collections.abc import Sequence

from runner.foreign.har.request.slots import IN_JSON, IN_URL
from runner.foreign.har.values.places import Place
from runner.foreign.test_scripts import event, setting_lines, status_lines
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable that a test script sets: its name, the place of its value, and the form in which it is needed."""

    name: str
    place: Place
    form: str


_WRITTEN = {IN_URL: "encodeURIComponent(value)", IN_JSON: "JSON.stringify(String(value)).slice(1, -1)"}


def test_event(status: int, settings: Sequence[Setting]) -> JsonObject | None:
    """The event with the tests; None if there is nothing to test."""
    lines = status_lines(status) if status else []
    for one in settings:
        lines += setting_lines(one.name, one.place.code, _WRITTEN.get(one.form, "value"))
    return event("test", lines) if lines else None
