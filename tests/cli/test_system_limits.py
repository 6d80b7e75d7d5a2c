"""What the system refuses is one clear line or that script's own failure; a run that happened keeps its reports."""

import errno
import os
import subprocess
import sys

import pytest

from runner.engine.iterations import Iterations
from runner.errors import InternalError, SystemFailure, unforeseen
from runner.formats import reading
from tests.cli.conftest import item, report

SCRIPT = {"event": [{"listen": "test", "script": {"exec": ["pm.test('t', () => {})"]}}]}
posix = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of a shell on Linux")


@pytest.fixture
def limited(tmp_path):
    """A function that runs postrunner in a shell after a command for that shell."""

    def run(limit, *words):
        line = f'{limit}\nexec "$0" -m runner run "$@"'
        environ = {**os.environ, "PYTHONPATH": os.getcwd()}
        command = ["sh", "-c", line, sys.executable, *map(str, words)]
        return subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=100)

    return run


@posix
@pytest.mark.parametrize("limit", ["ulimit -n 8", "ulimit -v 150000"])
def test_a_limit_that_leaves_no_script_engine_is_that_scripts_failure(limited, collection, tmp_path, limit):
    path = collection({**item("a", "http://127.0.0.1:1/"), **SCRIPT})
    done = limited(limit, path, "-r", "progress,json", "--reporter-json-export", tmp_path / "r.json")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    errors = [failure["error"]["message"] for failure in report(tmp_path / "r.json")["failures"]]
    assert any("script" in message for message in errors)
    assert any("ECONNREFUSED" in message for message in errors)


@posix
def test_a_folder_that_is_gone_is_one_clear_line(limited, collection):
    done = limited("mkdir gone && cd gone && rmdir ../gone", collection(item("a", "http://127.0.0.1:1/")))
    assert done.returncode == 2
    first, hint = done.stderr.splitlines()
    assert first == "error: the current folder is gone or may not be read"
    assert hint.startswith("  hint: ")


@pytest.mark.parametrize("taker", ["-", "-e", "-d", "-g", "--env-file", "--cookie-jar", "--replay"])
def test_an_input_without_an_end_is_one_clear_line(postrunner, collection, monkeypatch, tmp_path, taker):
    monkeypatch.setattr(reading, "MOST_BYTES", 3_000_000)
    monkeypatch.setattr(reading, "PIECE", 1_000_000)
    endless = tmp_path / "endless"
    with open(endless, "wb") as file:
        file.truncate(4_000_000)
    words = (endless,) if taker == "-" else (collection(), taker, endless)
    done = postrunner("run", *words)
    assert done.code == 2
    assert done.err == f"error: {endless}: is larger than 1 GB, or has no end\n"


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (MemoryError(), "cannot allocate memory"),
        (OSError(errno.EMFILE, "x"), "too many open files"),
        (OSError(errno.ENOSPC, "x"), "no space left on device"),
        (RuntimeError("can't start new thread"), "resource temporarily unavailable"),
    ],
)
def test_what_the_system_refuses_is_no_defect(cause, reason):
    error = unforeseen(cause)
    assert isinstance(error, SystemFailure)
    assert reason in error.message.lower()
    assert error.hint


@pytest.mark.parametrize(
    "cause", [ValueError("x"), OSError("x"), OSError(errno.ENOENT, "x"), RuntimeError("x"), RecursionError()]
)
def test_everything_else_that_nobody_expected_is_a_defect(cause):
    assert isinstance(unforeseen(cause), InternalError)


def test_a_run_without_memory_ends_with_its_reports(postrunner, collection, monkeypatch, tmp_path):
    monkeypatch.delenv("POSTRUNNER_DEBUG", raising=False)

    def no_memory(self, place):
        raise MemoryError

    monkeypatch.setattr(Iterations, "_iteration", no_memory)
    done = postrunner("run", collection(item("a", "http://h")), "-r", "json", "--reporter-json-export", "r.json")
    assert done.code == 1
    assert "the system refused to go on" in report(tmp_path / "r.json")["error"]["message"]
