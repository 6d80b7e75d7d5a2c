"""Attacks on what scripts are judged with: every member of the language changed, and what leaves a script compared.

`Attacker` changes one thing, has the battery run, and puts it back; the scripts are in `attack_scripts/`. Used by tests and
by `scripts/attack-scripts`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.effects import StartSend, UseCookies
from runner.events import ConsoleLogged
from runner.sandbox.sandbox import Sandbox
from runner.variables.scopes import Scopes
from tests.sandbox.conftest import Ran, World

SCRIPTS = Path(__file__).with_name("attack_scripts")
CHANGE, TESTS, BEFORE = (SCRIPTS.joinpath(f"{name}.js").read_text("utf-8") for name in ("change", "test", "prerequest"))
KINDS = ("throws", "gives undefined", "gives 1", "gives true", "records", "is gone", "is a getter that throws")
WAYS = "vtfgrs"
"""Put on a prototype: a value, a text, a function, a getter that throws, a read-only value, a setter that swallows."""

ROOTS = [
    "Object", "Function", "Array", "String", "Number", "Boolean", "Symbol", "BigInt", "RegExp",
    "Date", "Map", "Set", "WeakMap", "WeakSet", "Promise", "Proxy", "Reflect", "JSON",
    "Math", "Atomics", "ArrayBuffer", "SharedArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint32Array",
    "Float64Array", "BigInt64Array", "Error", "TypeError", "RangeError", "SyntaxError", "AggregateError", "Intl",
]  # fmt: skip
OBJECT_MEMBERS = {"constructor", "hasOwnProperty", "propertyIsEnumerable", "toString", "valueOf", "__proto__"}


@dataclass
class Facts:
    """What left a script."""

    tests: list[Any] = field(default_factory=list)
    console: list[Any] = field(default_factory=list)
    scopes: dict[str, Any] = field(default_factory=dict)
    asks: list[str] = field(default_factory=list)
    result: list[Any] = field(default_factory=list)

    def differences(self, others: Facts) -> list[str]:
        """Where others are not the same, in words."""
        found = []
        for name in ("tests", "console", "scopes", "asks", "result"):
            mine, theirs = getattr(self, name), getattr(others, name)
            if mine != theirs:
                found.append(f"{name}: {first_difference(mine, theirs)}")
        return found


def first_difference(mine: Any, theirs: Any) -> str:
    """The first entry that is not the same."""
    if isinstance(mine, list) and isinstance(theirs, list):
        for one, other in zip(mine, theirs, strict=False):
            if one != other:
                return f"{one!r} became {other!r}"[:400]
        return f"{len(mine)} became {len(theirs)}: {(mine + theirs)[-1]!r}"[:300]
    if isinstance(mine, dict):
        changed = {
            key: (mine.get(key), theirs.get(key)) for key in mine.keys() | theirs if mine.get(key) != theirs.get(key)
        }
        return repr(changed)[:300]
    return f"{mine!r} became {theirs!r}"


def facts_of(ran: Ran) -> Facts:
    """What left this script, without what no script decides (times, numbers of places)."""
    error = ran.result.error
    return Facts(
        tests=sorted([a.name, a.passed, a.skipped, a.error and [a.error.name, a.error.message]] for a in ran.assertions),
        console=[[e.level, e.messages, e.text] for e in ran.events if isinstance(e, ConsoleLogged)],
        scopes={name: ran.values(name) for name in ("environment", "globals", "collection", "local")},
        asks=sorted(
            repr(e.request if isinstance(e, StartSend) else (e.operation, e.arguments))
            for e in ran.effects
            if isinstance(e, StartSend | UseCookies)
        ),
        result=[
            error and [error.name, error.message, error.line],
            ran.result.set_next_request,
            ran.result.next_request,
            ran.result.visualizer,
            ran.result.request,
        ],
    )


class Attacker:
    """One world under attack; a new one where an attack ended it."""

    def __init__(self, timeout_ms: int = 5000) -> None:
        self._timeout_ms = timeout_ms
        self._world: World | None = None
        self.names: list[str] = []
        self.open()

    def open(self) -> None:
        """Begin with a fresh world."""
        self.close()
        self._world = World(Sandbox(timeout_ms=self._timeout_ms))
        ran = self._world.run(CHANGE.replace("ROOTS", json.dumps(ROOTS)))
        assert ran.error is None, ran.error
        self.names = ran.logged[0]

    def close(self) -> None:
        """End the world."""
        if self._world is not None:
            self._world.sandbox.close()
            self._world = None

    def run(self, source: str, **more: Any) -> Facts:
        """The facts of one script."""
        assert self._world is not None
        scopes = Scopes()
        scopes.environment.set("old", "value")
        scopes.environment.set("gone", "soon")
        return facts_of(self._world.run(source, scopes=scopes, **more))

    def battery(self, head: str = "") -> list[Facts]:
        """What leaves the test script and the pre-request script."""
        request = {"url": "http://h/p?a=1", "method": "GET", "header": [{"key": "Accept", "value": "a"}]}
        request["body"] = {"mode": "raw", "raw": "a"}
        return [self.run(head + TESTS), self.run(head + BEFORE, listen="prerequest", request=request)]

    def differences(self, usual: list[Facts], change: str, *, before: bool) -> list[str]:
        """What left the battery otherwise than usual, with a change in the same script or in the one before."""
        if before:
            self.run(change)
        found = self.battery(head="" if before else f"{change};")
        if self.run("$attack.restore()").result[0] is not None:
            self.open()
        return [text for mine, theirs in zip(usual, found, strict=True) for text in mine.differences(theirs)]

    def stolen(self) -> int:
        """How often a changed member was given something of the sandbox's own."""
        return int(self.run("console.log($attack.stolen())").console[0][1][0])


def changes(names: list[str]) -> list[tuple[str, str]]:
    """Every member changed in every way: a name for it, and the script that does it."""
    kinds = [(at, kind) for kind in KINDS for at in range(len(names)) if names[at] != "Array.prototype.length"]
    return [(f"{names[at]} {kind}", f"$attack.put({at}, {json.dumps(kind)})") for at, kind in kinds]


def pollutions() -> list[tuple[str, str]]:
    """Every name that the world's own code uses, put on Object.prototype, and places on Array.prototype."""
    folder = Path(__file__).parents[2] / "runner" / "sandbox" / "js"
    text = "\n".join(re.sub(r"//.*", "", path.read_text("utf-8")) for path in sorted(folder.rglob("*.js")))
    names = {*re.findall(r"\.([A-Za-z_]\w*)", text), *re.findall(r"\b([A-Za-z_]\w*):", text)} - OBJECT_MEMBERS
    places = [str(at) for at in range(6)]
    cells = [(place, f"A{way}") for way in WAYS for place in places]
    cells += [(name, f"O{way}") for way in WAYS for name in [*sorted(names), *places]]
    return [(f"{how} {name}", f"$attack.pollute({json.dumps(name)}, {json.dumps(how)})") for name, how in cells]
