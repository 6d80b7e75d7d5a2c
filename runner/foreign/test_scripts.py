"""Lines of test scripts that readers write: a status, and a value that later requests need."""

from __future__ import annotations

import json
from collections.abc import Sequence

from runner.model.json import JsonObject


def status_lines(status: int) -> list[str]:
    """A test of the status."""
    return [f'pm.test("Status code is {status}", function () {{', f"    pm.response.to.have.status({status});", "});"]


def setting_lines(name: str, code: str, written: str = "value") -> list[str]:
    """A test that sets a collection variable to what `code` is, and fails without it; `written` is how `value` is set."""
    return [
        f"pm.test({json.dumps(f'The response sets {name}')}, function () {{",
        f"    const value = {code};",
        '    pm.expect(value, "the value in the response").to.not.be.oneOf([undefined, null, ""]);',
        f"    pm.collectionVariables.set({json.dumps(name)}, {written});",
        "});",
    ]


def event(listen: str, lines: Sequence[str]) -> JsonObject:
    """An event with a script of these lines."""
    return {"listen": listen, "script": {"type": "text/javascript", "exec": list(lines)}}
