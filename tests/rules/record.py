"""Records Postman's answers: `python -m tests.rules.record NODE_MODULES`, where postman-collection is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.rules.inputs import GENERATORS, SCOPE, WRITTEN, generated

FOLDER = Path(__file__).parent
COUNT = 300


def recorded(rule: str) -> list[list[Any]]:
    """Pairs of an input and Postman's answer."""
    pairs: list[list[Any]] = json.loads((FOLDER / f"{rule}.json").read_text("utf-8"))
    return pairs


def record(rule: str, modules: str) -> None:
    """Ask Postman's libraries and keep what they say."""
    inputs = [*WRITTEN.get(rule, []), *generated(rule, COUNT)]
    asked = json.dumps({"rule": rule, "inputs": inputs, "scope": SCOPE})
    command = ["node", str(FOLDER / "record.js"), modules]
    answers = json.loads(subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout)
    lines = [json.dumps(pair, ensure_ascii=False) for pair in zip(inputs, answers, strict=True)]
    (FOLDER / f"{rule}.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")


if __name__ == "__main__":
    for name in GENERATORS:
        record(name, sys.argv[1])
