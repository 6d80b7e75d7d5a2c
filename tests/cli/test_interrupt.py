"""Ctrl-C and SIGTERM end a run in order: the reports so far are written."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.cli.conftest import item, report


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_the_reports_written(collection, server, tmp_path, number, code):
    hang = f'await pm.sendRequest("{server.url}/mark"); await new Promise((ended) => setTimeout(ended, 60000))'
    basic = {"type": "basic", "basic": {"username": "u", "password": "pass-word"}}
    items = [item("done", server.url), item("hangs", server.url + "/2", hang, auth=basic)]
    command = [sys.executable, "-m", "runner", "run", str(collection(*items)), "-r", "cli,json"]
    command += ["--reporter-json-export", "r.json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path, env=environ()
    ) as child:
        assert server.marked.wait(30)
        child.send_signal(number)
        out, _ = child.communicate(timeout=30)
    assert child.returncode == code
    assert "Traceback" not in out
    run = report(tmp_path / "r.json")
    assert [e["item"]["name"] for e in run["executions"]] == ["done", "hangs"]
    assert [e["response"]["code"] for e in run["executions"]] == [200, 200]
    assert json.dumps(run["error"]) != "null"


def environ():
    """The environment with the checkout on the path and unbuffered output."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return {**os.environ, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1"}
