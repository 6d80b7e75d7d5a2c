"""The part `sandbox` of the benchmark; started by bench.py.

The script child alone: the time until it is ready, its memory, and the round trip of a typical test script (2 KB of JSON,
three tests, two variables). Then heavy scripts in postrunner and in Newman: what each further iteration takes, so that
neither starting nor loading a library counts.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import bench

sys.path.insert(0, str(bench.ROOT))

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


def main() -> None:
    """Measure and print both tables."""
    measure_child()
    measure_heavy()


def measure_child() -> None:
    """Print the figures of the script child."""
    from runner.sandbox.sandbox import Sandbox

    ready = []
    for _ in range(ROUNDS):
        start, sandbox = time.perf_counter(), Sandbox()
        sandbox.start()
        round_trip(sandbox, "1")
        ready.append(1000 * (time.perf_counter() - start))
        sandbox.close()
    sandbox = Sandbox()
    trips = sorted(1000 * round_trip(sandbox, TYPICAL) for _ in range(TRIPS))
    child = sandbox._child
    assert child is not None
    memory = bench.proc_memory(child._process.pid) / bench.MEBIBYTE
    sandbox.close()
    print(f"{'sandbox':48}{'postrunner':>12}")
    print(f"{'ready with the first script done, ms':48}{statistics.median(ready):12.1f}")
    verdict = "met" if statistics.median(trips) <= 0.9 else "missed"
    print(f"{'typical script, median ms':48}{statistics.median(trips):12.2f}   goal 0.9 ms: {verdict}")
    print(f"{'typical script, 95th percentile ms':48}{trips[len(trips) * 95 // 100]:12.2f}")
    print(
        f"{'memory of the child, MiB':48}{memory:12.1f}   goal 110 MiB: {'met' if memory <= 110 else 'missed'}\n",
        flush=True,
    )


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


def measure_heavy() -> None:
    """Print a line for each heavy script."""
    with tempfile.TemporaryDirectory(prefix="postrunner-bench-") as name, bench.server() as port:
        folder = Path(name)
        commands = {"ours": [sys.executable, "-m", "runner", "run"]}
        newman = bench.newman_command(Path(os.environ.get("POSTRUNNER_NEWMAN") or folder / "newman"))
        if newman is not None:
            commands["newman"] = newman
        print(f"{'heavy scripts, ms':48}{'postrunner':>12}{'Newman':>12}{'ratio':>8}")
        for title, text in HEAVY.items():
            found = {who: 1000 * further(command, folder, port, text) for who, command in commands.items()}
            other = found.get("newman")
            shown = f"{other:12.0f}{found['ours'] / other:8.2f}" if other else ""
            print(f"{title:48}{found['ours']:12.0f}{shown}", flush=True)
    print()


def further(command: list[str], folder: Path, port: int, text: str) -> float:
    """Seconds that each further iteration of this test script takes, as the median of several rounds."""
    path = folder / "script.json"
    document: dict[str, Any] = bench.collection(port, 1, tested=True)
    document["item"][0]["event"][0]["script"]["exec"] = [text]
    path.write_text(json.dumps(document), "utf-8")
    once = statistics.median(bench.run_once([*command, str(path)])[0] for _ in range(ROUNDS))
    often = statistics.median(bench.run_once([*command, str(path), "-n", str(MORE + 1)])[0] for _ in range(ROUNDS))
    return (often - once) / MORE


if __name__ == "__main__":
    main()
