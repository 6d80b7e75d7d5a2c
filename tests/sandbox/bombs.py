"""Script bombs: each is a script of the first of three requests; the other two must run, and the report must be whole."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

import httpx

import runner
from runner.deep_json import loads

KINDS = json.loads(Path(__file__).with_name("bombs.json").read_text("utf-8"))
SHORT: dict[str, str] = KINDS["scripts"]
ENDS_THE_ITERATION = {"itself"}


def bombs() -> dict[str, str]:
    """Every bomb by its name."""
    values, places = KINDS["values"].items(), KINDS["places"].items()
    made = {f"{name}, {place}": text.replace("X", value) for name, value in values for place, text in places}
    return {**SHORT, **made}


def misses(name: str, script: str, listen: str, timeout_ms: int = 1000) -> list[str]:
    """What a run with this bomb did not keep: its requests, its reports, its exit code."""
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path)
        return httpx.Response(200, json={"id": 7})

    judged = "pm.test('right', () => pm.expect(1).to.equal(1)); pm.test('wrong', () => pm.expect(1).to.equal(2));"
    events = {"a": [(listen, script)], "b": [("test", judged)], "c": [("prerequest", judged)]}
    items = [
        {
            "name": path,
            "request": {"url": f"http://h/{path}"},
            "event": [{"listen": kind, "script": {"exec": text}} for kind, text in scripts],
        }
        for path, scripts in events.items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        summary = runner.run(
            {"info": {"name": "bombs"}, "item": items},
            transport=httpx.MockTransport(answer),
            stream=io.StringIO(),
            reporters=("json",),
            reporter_options=(("json-export", str(report)),),
            timeout_script=timeout_ms,
            timeout=60_000,
        )
        whole = loads(report.read_text("utf-8"))
    found = []
    wanted = {"/a"} if name in ENDS_THE_ITERATION or name.endswith(", next") else {"/a", "/b", "/c"}
    if not wanted <= set(sent):
        found.append(f"sent {sorted(set(sent))}")
    if len(wanted) > 1 and summary.exit_code() != 1:
        found.append(f"exit code {summary.exit_code()}")
    if "run" not in whole:
        found.append("half a report")
    if len(wanted) > 1:
        verdicts = [f.message for f in summary.failures if "expected 1 to equal 2" in f.message]
        if len(verdicts) < 2:
            found.append(f"verdicts of others: {[f.message[:80] for f in summary.failures][-3:]}")
    return found
