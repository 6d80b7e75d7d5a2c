"""A suite full of accidents is the same each time with --jobs, and whole when it ends early; scripts/stress tries more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

STRESS = Path(__file__).parents[2] / "scripts" / "stress.py"


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send these signals to one process")
def test_nothing_depends_on_timing():
    sizes = ["--runs", "2", "--kills", "2", "--collections", "3", "--rows", "10", "--no-memory"]
    done = subprocess.run([sys.executable, STRESS, *sizes], capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "collections  2 runs" in done.stdout
