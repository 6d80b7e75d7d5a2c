"""The test scripts of imported requests: the status that was recorded, and the values that later requests need."""

from __future__ import annotations

import json
from collections.abc import Sequence

from runner.foreign.har.request.slots import IN_JSON, IN_URL
from runner.foreign.har.values.places import Place
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable that a test script sets: its name, the place of its value, and the form in which it is needed."""

    name: str
    place: Place
    form: str


_FORMS = {
    IN_URL: "encodeURIComponent({})",
    IN_JSON: "JSON.stringify(String({})).slice(1, -1)",
}


def test_event(status: int, settings: Sequence[Setting]) -> JsonObject | None:
    """The event with the tests; None if there is nothing to test."""
    lines = []
    if status:
        lines += [
            f'pm.test("Status code is {status}", function () {{',
            f"    pm.response.to.have.status({status});",
            "});",
        ]
    for one in settings:
        lines += [
            f"pm.test({json.dumps(f'The response sets {one.name}')}, function () {{",
            f"    const value = {one.place.code};",
            '    pm.expect(value, "the value in the response").to.not.be.oneOf([undefined, null, ""]);',
            f"    pm.collectionVariables.set({json.dumps(one.name)}, {_FORMS.get(one.form, '{}').format('value')});",
            "});",
        ]
    return {"listen": "test", "script": {"type": "text/javascript", "exec": lines}} if lines else None
