"""A short round of scripts/fuzz.py, so that it and the rule it checks stay alive."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def fuzz(*arguments):
    return subprocess.run([sys.executable, ROOT / "scripts" / "fuzz.py", *arguments], capture_output=True, text=True)


def test_spoiled_responses_and_bodies_are_answers_or_request_errors(tmp_path):
    done = fuzz("--runs", "2000", "--seed", "7", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("response: 2")
    assert list(tmp_path.iterdir()) == []
