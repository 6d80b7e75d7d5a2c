"""Scripts do here what they do in Postman's own sandbox, whose answers are recorded; known differences are listed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.cases import CASES, FOLDER, Case, Host, facts_of, read_cases, without_same
from tests.conformance.known import KNOWN
from tests.conformance.sandbox_bridge import Context


class Bridge:
    """The bridge's contexts in this process, without its threads."""

    def __init__(self) -> None:
        self.contexts: dict[str, Context] = {}
        self.count = 0

    def context(self, case: Case) -> tuple[Context, list[dict[str, Any]]]:
        """A context with the case's options; cases that are one script share theirs."""
        key = json.dumps(case.init, sort_keys=True) if len(case.scripts) == 1 else case.name
        lines: list[dict[str, Any]] = []
        if key not in self.contexts:
            self.contexts[key] = Context({"ctx": key, "init": case.init}, lines.append)
            self.contexts[key].start()
        self.contexts[key].send_line = lines.append
        return self.contexts[key], lines

    def run(self, case: Case) -> list[Any]:
        """The facts of each script of a case."""
        context, lines = self.context(case)
        if any("error" in line for line in lines):
            return [line["error"] for line in lines]
        self.count += 1
        host = Host()
        return [self.execute(context, lines, message, host) for message in case.messages(self.count)]

    def execute(self, context: Context, lines: list[dict[str, Any]], message: dict[str, Any], host: Host) -> Any:
        """Run one script to its result, answering what it asks."""
        lines.clear()
        context.take(message)
        answered = 0
        while not any(line["ev"] == "result" for line in lines):
            if answered == len(lines):
                time.sleep(context.pause() or 0)
                context.wake()
            for line in lines[answered:]:
                answer = host.answer(line["name"], line["args"]) if line["ev"] == "event" else None
                answered += 1
                if answer:
                    context.take({"op": "dispatch", "name": answer[0], "args": answer[1]})
        return facts_of(list(lines), message["id"])

    def close(self) -> None:
        """End all children."""
        for context in self.contexts.values():
            context.close()


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    bridge = Bridge()
    yield bridge
    bridge.close()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_scripts_do_what_they_do_in_postman(bridge: Bridge, path: Path):
    recorded = json.loads((FOLDER / "recorded" / f"{path.stem}.json").read_text("utf-8"))
    base = bridge.run(Case("base", ("",)))[0]["result"]
    cases = list(read_cases(path))
    different = {case.name for case in cases if without_same(bridge.run(case), base) != recorded[case.name]}
    assert different == set(KNOWN.get(path.stem, {}))


def test_every_case_is_recorded():
    for path in CASES:
        recorded = json.loads((FOLDER / "recorded" / f"{path.stem}.json").read_text("utf-8"))
        assert [case.name for case in read_cases(path) if case.name not in recorded] == []
