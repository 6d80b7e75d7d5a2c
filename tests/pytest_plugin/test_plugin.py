"""The plugin is in every run of pytest of who installs it: it costs nothing there, and uses what pytest promises."""

import re
import subprocess
import sys
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2] / "runner" / "pytest_plugin"


def test_only_the_public_interface_of_pytest_is_used():
    assert [path.name for path in ROOM.glob("*.py") if re.search(r"\b_pytest", path.read_text())] == []


def test_a_run_without_collections_imports_nothing_of_the_engine(tmp_path):
    (tmp_path / "test_one.py").write_text(
        "import sys\n\n\ndef test_one():\n"
        "    room = 'runner.pytest_plugin'\n"
        "    assert {name for name in sys.modules if name.split('.')[0] == 'runner'} <= {\n"
        "        'runner', 'runner.version', room, f'{room}.plugin', f'{room}.hooks'}\n"
        "    assert 'httpx' not in sys.modules\n"
    )
    plugin = ["-p", "no:postrunner", "-p", "runner.pytest_plugin.plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugin, "--rootdir", str(tmp_path), "--postrunner", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOM.parents[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
