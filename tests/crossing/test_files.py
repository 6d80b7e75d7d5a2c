"""What scripts leave in scopes is written to files as the JSON that crossed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import runner
from tests.cli.conftest import server
from tests.patience import growing

__all__ = ["server"]

SETS = """
    const list = [1]; pm.SCOPE.set('list', list); list.push({a: 2});
    pm.SCOPE.set('date', new Date(0)); pm.SCOPE.set('nan', NaN); pm.SCOPE.set('undef', undefined);
    pm.SCOPE.set('f', () => 1);
    pm.SCOPE.set('n', '7', 'number'); pm.SCOPE.set('typed', '8'); pm.SCOPE.set('flag', 'false');
    pm.SCOPE.set('map', new Map([[1, 2]]));
    pm.SCOPE.get('kept').push(3); pm.SCOPE.unset('gone'); pm.SCOPE.values.add({key: 'added', value: 1});
"""
BEFORE = [
    {"key": "kept", "value": [1, 2], "note": "mine"},
    {"key": "gone", "value": "x"},
    {"key": "typed", "value": 1, "type": "number"},
    {"key": "flag", "value": False, "type": "boolean"},
    {"key": "off", "value": "o", "enabled": False},
]
AFTER = {
    "kept": [1, 2],
    "typed": 8,
    "flag": True,
    "off": "o",
    "list": [1, {"a": 2}],
    "date": "1970-01-01T00:00:00.000Z",
    "nan": None,
    "undef": None,
    "f": None,
    "n": "7",
    "map": {},
}


def collection(url: str, script: str, **more: Any) -> dict[str, Any]:
    event = [{"listen": "test", "script": {"exec": script}}]
    return {"info": {"name": "c"}, "item": [{"name": "r", "request": url, "event": event}], **more}


def exported(folder: Path, scope: str) -> list[dict[str, Any]]:
    found: dict[str, Any] = json.loads((folder / "out.json").read_text("utf-8"))
    return found["variable"] if scope == "collection" else found["values"]


@pytest.mark.parametrize(
    ("scope", "name"), [("environment", "environment"), ("globals", "globals"), ("collection", "collectionVariables")]
)
def test_exports_hold_what_crossed(tmp_path: Path, server: Any, scope: str, name: str):
    more = {"variable": BEFORE} if scope == "collection" else {}
    (tmp_path / "c.json").write_text(json.dumps(collection(server.url, SETS.replace("SCOPE", name), **more)))
    (tmp_path / "in.json").write_text(json.dumps({"name": "in", "values": BEFORE}))
    given: dict[str, Any] = {
        "environment": {"environment": (str(tmp_path / "in.json"),)},
        "globals": {"globals": str(tmp_path / "in.json")},
    }.get(scope, {"export_collection_values": True})
    runner.run(str(tmp_path / "c.json"), **given, **{f"export_{scope}": str(tmp_path / "out.json")})
    values = exported(tmp_path, scope)
    assert {entry["key"]: entry["value"] for entry in values} == AFTER
    assert [entry.get("note") for entry in values if entry["key"] == "kept"] == ["mine"]
    assert [entry["enabled"] for entry in values if entry["key"] == "off"] == [False]


def test_a_script_whose_time_is_up_leaves_what_it_had_set(tmp_path: Path, server: Any):
    script = "pm.environment.set('a', 1); setInterval(() => pm.environment.set('b', 2), 1);"
    (tmp_path / "c.json").write_text(json.dumps(collection(server.url, script)))
    for ms in growing(300):
        runner.run(str(tmp_path / "c.json"), timeout_script=ms, export_environment=str(tmp_path / "out.json"))
        if len(exported(tmp_path, "environment")) == 2:
            break
    assert {entry["key"]: entry["value"] for entry in exported(tmp_path, "environment")} == {"a": 1, "b": 2}
