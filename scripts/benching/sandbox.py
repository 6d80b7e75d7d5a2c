"""The script child alone: the time until it is ready, its memory, and the round trip of a typical test script (2 KB of
JSON, three tests, two variables). Then heavy scripts in postrunner and in Newman: what each further iteration takes, so
that neither starting nor loading a library counts.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from benching.budget import Budget, print_result
from benching.memory import MEBIBYTE, proc_memory
from benching.runs import ROOT, collection, run_once

sys.path.insert(0, str(ROOT))

TYPICAL = """
const users = pm.response.json();
pm.test("status", () => pm.response.to.have.status(200));
pm.test("rows", () => pm.expect(users).to.have.lengthOf(32));
pm.test("first", () => pm.expect(users[0]).to.have.property("name", "user 0"));
pm.environment.set("first", users[0].id);
pm.collectionVariables.set("count", users.length);
"""
LARGE_JSON = (
    "JSON.stringify(Array.from({length: 60000}, (_, i) => ({id: i, name: 'name of ' + i, tags: ['a', 'b'], ok: true})))"
)
HEAVY = {
    "JSON.parse of 5 MB, ten times": f"const text = {LARGE_JSON}; for (let n = 0; n < 10; n++) JSON.parse(text);",
    "lodash sortBy of 100,000": "const lodash = require('lodash'); const rows = Array.from({length: 100000}, (_, i) =>"
    " ({id: (i * 7919) % 100003, name: 'n' + i % 97})); lodash.sortBy(rows, ['name', 'id']);",
    "CryptoJS AES of 1 MB": "require('crypto-js').AES.encrypt('x'.repeat(1 << 20), 'key').toString();",
    "CryptoJS SHA256 of 1 MB": "require('crypto-js').SHA256('x'.repeat(1 << 20)).toString();",
}
ROUNDS, TRIPS, MORE = 5, 500, 5


def measure(commands: dict[str, list[str]], port: int, folder: Path, budget: Budget) -> None:
    """Print both tables."""
    measure_child(budget)
    measure_heavy(commands, port, folder, budget)


def measure_child(budget: Budget) -> None:
    """Print the figures of the script child."""
    from runner.sandbox.sandbox import Sandbox

    ready = []
    for _ in budget.rounds("start", most=ROUNDS, share=0.2):
        start, sandbox = time.perf_counter(), Sandbox()
        sandbox.start()
        round_trip(sandbox, "1")
        ready.append(1000 * (time.perf_counter() - start))
        sandbox.close()
    sandbox = Sandbox()
    trips = sorted(1000 * round_trip(sandbox, TYPICAL) for _ in range(TRIPS))
    child = sandbox._child
    assert child is not None
    memory = proc_memory(child._process.pid) / MEBIBYTE
    sandbox.close()
    print_result(f"{'sandbox':48}{'postrunner':>12}")
    print_result(f"{'ready with the first script done, ms':48}{statistics.median(ready):12.1f}")
    verdict = "met" if statistics.median(trips) <= 0.9 else "missed"
    print_result(f"{'typical script, median ms':48}{statistics.median(trips):12.2f}   goal 0.9 ms: {verdict}")
    print_result(f"{'typical script, 95th percentile ms':48}{trips[len(trips) * 95 // 100]:12.2f}")
    verdict = "met" if memory <= 110 else "missed"
    print_result(f"{'memory of the child, MiB':48}{memory:12.1f}   goal 110 MiB: {verdict}\n")


def round_trip(sandbox: Any, text: str) -> float:
    """Seconds of one script, from the call to its result."""
    from runner.effects import AskScript
    from runner.events import Cursor
    from runner.model.collection import Item, Script
    from runner.model.request import Request
    from runner.model.response import Response
    from runner.sandbox.script_call import ScriptCall
    from runner.variables.scopes import Scopes

    body = json.dumps([{"id": n, "name": f"user {n}", "mail": f"user{n}@example.com"} for n in range(32)]).encode()
    call = ScriptCall(
        cursor=Cursor(),
        item=Item(id="1", name="r", request=Request()),
        script=Script(id="s", exec=text),
        listen="test",
        sees_response=True,
        scopes=Scopes(),
        run_item=lambda id, variables: iter(()),
        request={"url": "http://127.0.0.1/users", "method": "GET"},
        response=Response(code=200, status="OK", body=body, headers=(("Content-Type", "application/json"),)),
    )
    start, answer, step = time.perf_counter(), None, sandbox.run(call)
    while True:
        try:
            asked = step.send(answer)
        except StopIteration as stop:
            if stop.value.error is not None:
                sys.exit(f"the script failed: {stop.value.error}")
            return time.perf_counter() - start
        answer = sandbox.ask(asked, asked.timeout) if isinstance(asked, AskScript) else None


def measure_heavy(commands: dict[str, list[str]], port: int, folder: Path, budget: Budget) -> None:
    """Print a line for each heavy script."""
    print_result(f"{'heavy scripts, ms':48}{'postrunner':>12}{'Newman':>12}{'ratio':>8}")
    for number, (title, text) in enumerate(HEAVY.items()):
        if number and budget.over:
            print_result(f"{title:48} not measured: the time was over")
            continue
        path = folder / "script.json"
        document: dict[str, Any] = collection(port, 1, tested=True)
        document["item"][0]["event"][0]["script"]["exec"] = [text]
        path.write_text(json.dumps(document), "utf-8")
        walls: dict[tuple[str, int], list[float]] = {(who, count): [] for who in commands for count in (1, MORE + 1)}
        for _ in budget.rounds(title, most=ROUNDS, share=1 / (len(HEAVY) - number)):
            for (who, count), values in walls.items():
                values.append(run_once([*commands[who], str(path), "-n", str(count)])[0])
        found = {
            who: 1000 * (statistics.median(walls[who, MORE + 1]) - statistics.median(walls[who, 1])) / MORE
            for who in commands
        }
        other = found.get("newman")
        shown = f"{other:12.0f}{found['ours'] / other:8.2f}" if other else ""
        print_result(f"{title:48}{found['ours']:12.0f}{shown}")
    print_result("")
