"""What is imported without need is a defect."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import runner

HEAVY = (
    "httpx",
    "jinja2",
    "jsonschema",
    "vcr",
    "py_mini_racer",
    "ssl",
    "asyncio",
    "encodings.idna",
    "shlex",
    "oauthlib",
    "jwt",
    "cryptography",
    "yaml",
)
RUN = "import sys; from runner.cli import main; code = main({args!r}); print(sorted(set({heavy!r}) & set(sys.modules)))"


def loaded(*args):
    code = RUN.format(args=list(args), heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("args", [("--version",), ("--help",)])
def test_version_and_help_import_nothing_heavy(args):
    assert loaded(*args) == "[]"


def test_a_plain_run_imports_no_httpx_and_no_library_it_does_not_use(tmp_path):
    path = tmp_path / "c.json"
    path.write_text('{"info": {"name": "c"}, "item": [{"name": "r", "request": "http://127.0.0.1:1/"}]}')
    assert loaded("run", str(path), "--silent") == "[]"


@pytest.mark.parametrize(
    ("args", "script", "most"),
    [(["--version"], False, 10), (["run", "c.json"], False, 220), (["run", "c.json"], True, 220)],
)
def test_a_start_imports_no_more_modules_of_the_house_than_it_did(tmp_path, args, script, most):
    event = ', "event": [{"listen": "test", "script": {"exec": ["pm.test(1, () => {})"]}}]' if script else ""
    item = f'{{"name": "r", "request": "http://127.0.0.1:1/"{event}}}'
    (tmp_path / "c.json").write_text(f'{{"info": {{"name": "c"}}, "item": [{item}]}}')
    listing = "print([name for name in sys.modules if name.split('.')[0] == 'runner'])"
    code = f"import sys; from runner.cli import main; main({args}); {listing}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    modules = ast.literal_eval(done.stdout.splitlines()[-1])
    assert len(modules) <= most, (len(modules), modules)


def test_import_runner_imports_nothing_of_the_house():
    code = "import sys, runner; print([m for m in sys.modules if m.startswith('runner.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['runner.version']"


def test_the_public_names_are_exactly_these():
    assert sorted(runner.__all__) == runner.__all__
    assert all(getattr(runner, name) is not None for name in runner.__all__)


def test_dataclasses_are_made_the_quick_way():
    slow = [
        str(path)
        for path in (Path(runner.__file__).parent).rglob("*.py")
        if re.search(r"^from dataclasses import .*\bdataclass\b", path.read_text(), re.M)
    ]
    assert slow == []
