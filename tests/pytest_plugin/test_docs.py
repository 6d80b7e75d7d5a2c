"""The project of the documentation does what the page says."""

import re
import subprocess
import sys
from pathlib import Path

from tests.pytest_plugin.conftest import PLUGIN

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "pytest.md").read_text("utf-8")


def test_the_project_runs(tmp_path):
    for name, text in re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    promised = re.search(r"`pytest -v` in this folder:\n\n```\n(.*?)```", PAGE, re.DOTALL)[1].splitlines()
    command = [sys.executable, "-m", "pytest", "-v", *PLUGIN, "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    shown = [re.sub(r" +\[ *\d+%\]$", "", line) for line in done.stdout.splitlines() if "::" in line]
    assert shown == promised, done.stdout
