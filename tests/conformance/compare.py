"""Runs the cases through Postman's own sandbox and through ours, shows what differs, and records the oracle's answers.

    ORACLE="node reference_server.js …/postman-sandbox" python -m tests.conformance.compare [--record] [--show N] [topic …]

Needs Node and the npm package postman-sandbox behind a server that speaks the protocol; no test needs either.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import shlex
import subprocess
import sys
import threading
from typing import Any

from tests.conformance.cases import CASES, FOLDER, Case, Host, belongs, facts_of, read_cases, without_same
from tests.conformance.known import known_difference

PATIENCE = 20.0
OURS = [sys.executable, str(FOLDER / "sandbox_bridge.py")]


class Server:
    """A program that speaks the protocol, and the host on its other side."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()
        self.contexts: dict[str, str] = {}
        self.count = self.made = 0

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def write(self, **message: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        try:
            line: dict[str, Any] = json.loads(self.lines.get(timeout=PATIENCE))
        except queue.Empty:
            return {"ev": "result", "error": "no answer", "result": None}
        return line

    def context(self, case: Case) -> str:
        """A context with the case's options; cases that are one script share theirs."""
        key = json.dumps(case.init, sort_keys=True) if len(case.scripts) == 1 else f"{case.name}"
        if key not in self.contexts:
            self.made += 1
            name = self.contexts[key] = f"c{self.made}"
            self.write(op="create", ctx=name, init=case.init, connect={})
            ready = self.read()
            if "error" in ready:
                self.contexts[key] = json.dumps(ready["error"])
        return self.contexts[key]

    def run(self, case: Case) -> list[Any]:
        """The facts of each script of a case."""
        name, found = self.context(case), []
        if name[0] == "{":
            return [json.loads(name)]
        self.count += 1
        host = Host()
        for message in case.messages(self.count):
            self.write(ctx=name, **message)
            lines: list[dict[str, Any]] = []
            while not lines or lines[-1]["ev"] != "result":
                line = self.read()
                if not belongs(line, message["id"]):
                    continue
                lines.append(line)
                if lines[-1].get("error") == "no answer":
                    self.contexts.clear()
                answer = host.answer(lines[-1]["name"], lines[-1]["args"]) if lines[-1]["ev"] == "event" else None
                if answer:
                    self.write(op="dispatch", ctx=name, name=answer[0], args=answer[1])
            found.append(facts_of(lines, message["id"]))
        return found


def difference(oracle: Any, ours: Any) -> str:
    for fact, other in zip(oracle, ours, strict=False):
        for key in fact:
            if fact[key] != other.get(key):
                if isinstance(fact[key], list):
                    pairs = [(a, b) for a, b in zip(fact[key], other[key], strict=False) if a != b]
                    a, b = pairs[0] if pairs else (fact[key], other[key])
                elif isinstance(fact[key], dict) and isinstance(other.get(key), dict):
                    names = [n for n in {**fact[key], **other[key]} if fact[key].get(n) != other[key].get(n)]
                    a, b = ({n: x.get(n) for n in names} for x in (fact[key], other[key]))
                else:
                    a, b = fact[key], other.get(key)
                a, b = (json.dumps(x, ensure_ascii=False)[:700] for x in (a, b))
                return f"{key}\n    oracle {a}\n    ours   {b}"
    return f"oracle {oracle} ours {ours}"


def main() -> None:
    """Compare, and record where that was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--show", type=int, default=40)
    parser.add_argument("topics", nargs="*")
    chosen = parser.parse_args()
    oracle, ours = Server(shlex.split(os.environ["ORACLE"])), Server(OURS)
    same = known = shown = 0
    for path in CASES:
        if chosen.topics and path.stem not in chosen.topics:
            continue
        recorded, cases = {}, list(read_cases(path))
        base = [server.run(Case("base", ("",)))[0]["result"] for server in (oracle, ours)]
        for case in cases:
            wanted, found = (without_same(server.run(case), b) for server, b in zip((oracle, ours), base, strict=True))
            recorded[case.name] = wanted
            if wanted == found:
                same += 1
            elif known_difference(path.stem, case.name):
                known += 1
            else:
                shown += 1
                if shown <= chosen.show:
                    print(f"{path.stem}: {case.name}\n  {difference(wanted, found)}")
        if chosen.record:
            text = json.dumps(recorded, ensure_ascii=False, sort_keys=True, indent=0)
            (FOLDER / "recorded" / f"{path.stem}.json").write_text(text + "\n", "utf-8")
    print(f"{same} the same, {known} known differences, {shown} unexplained")


if __name__ == "__main__":
    main()
