"""`postrunner mock`."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from tests.cli.test_interrupt import environ
from tests.mock.conftest import ask, collection, example


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to one process")
def test_a_mock_server_serves_reads_what_is_saved_and_ends_with_ctrl_c(tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(collection(example("GET /u", body="1", name="A"))))
    command = [sys.executable, "-m", "runner", "mock", str(path), "--port", "0", "--explain"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    with subprocess.Popen(command, env={**environ(), "PYTHONUTF8": "1"}, **pipes) as child:
        assert child.stdout.readline() == "1 example of 'Mocked'\n"
        url = re.search(r"http://\S+", child.stdout.readline())[0]
        assert ask(url, "GET /u").text == "1"
        assert child.stdout.readline() == "GET /u → 200 A (Request 1), score 100\n"
        assert child.stdout.readline() == "    won: A (Request 1), score 100: 100, same path\n"
        path.write_text("{")
        assert "what was served before stays" in child.stderr.readline()
        path.write_text(json.dumps(collection(example("GET /u", body="2"))))
        assert child.stdout.readline().endswith("saved: 1 example\n")
        assert ask(url, "GET /u").text == "2"
        child.send_signal(signal.SIGINT)
        assert "stopped" in child.communicate(timeout=30)[0]
    assert child.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to one process")
def test_calls_are_answered_when_nobody_reads_the_log_any_more(tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(collection(example("GET /u", body="1"))))
    command = [sys.executable, "-m", "runner", "mock", str(path), "--port", "0"]
    with subprocess.Popen(command, env=environ(), stdout=subprocess.PIPE, text=True) as child:
        child.stdout.readline()
        url = re.search(r"http://\S+", child.stdout.readline())[0]
        child.stdout.close()
        assert [ask(url, "GET /u").text for _ in range(3)] == ["1", "1", "1"]
        child.kill()


@pytest.mark.parametrize(
    ("args", "text"),
    [
        ((), "COLLECTION|OPENAPI"),
        (("nowhere.json",), "nowhere.json"),
        (("c.json", "--port", "70000"), "70000"),
        (("c.json", "--delay", "-1"), "-1"),
        (("c.json", "--tls-certificate", "x.pem"), "only with --tls"),
        (("c.json",), "no saved example"),
    ],
)
def test_a_wrong_call_is_refused(postrunner, tmp_path, args, text):
    (tmp_path / "c.json").write_text(json.dumps(collection()))
    done = postrunner("mock", *args)
    assert done.code == 2
    assert text in done.err
