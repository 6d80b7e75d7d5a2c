"""Ctrl-C and SIGTERM in the middle of a long run: every report is whole, and tells that the run was ended."""

import json
import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runner.reporters.registry import REPORTERS
from tests.reporters.test_junit import check

ROOT = Path(__file__).parents[2]
TEST = (
    'pm.test("fine", () => pm.expect(pm.response.code).to.equal(200)); pm.test("not fine", () => pm.expect(1).to.equal(2))'
)
FILES = ("json", "junit", "html", "ndjson", "markdown", "htmlextra", "junitfull", "json-summary")


class Counting(BaseHTTPRequestHandler):
    """Answers at once, and tells when it was asked 50 times."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked += 1
        if self.server.asked == 50:
            self.server.enough.set()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    def log_message(self, *args):
        """Print nothing."""


@pytest.fixture
def interrupted(tmp_path):
    """End an endless run with a signal; gives the exit code and standard output."""

    def run(number):
        with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as http:
            http.asked, http.enough = 0, threading.Event()
            thread = threading.Thread(target=http.serve_forever, args=(0.01,))
            thread.start()
            item = {"name": "One", "request": f"http://127.0.0.1:{http.server_port}/"}
            item["event"] = [{"listen": "test", "script": {"exec": TEST}}]
            path = tmp_path / "c.json"
            path.write_text(json.dumps({"info": {"name": "endless"}, "item": [item]}))
            exports = [word for name in FILES for word in (f"--reporter-{name}-export", str(tmp_path / f"r.{name}"))]
            exports += ["--reporter-allure-results-dir", str(tmp_path / "allure")]
            names = ["-r", ",".join(REPORTERS), "-n", "1000000"]
            command = [sys.executable, "-m", "runner", "run", str(path), *names, *exports]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                assert http.enough.wait(60)
                process.send_signal(number)
                out, _ = process.communicate(timeout=60)
            http.shutdown()
            thread.join()
        return process.returncode, out.decode()

    return run


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send these signals to one process")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_every_report_of_an_interrupted_run_can_be_read(interrupted, tmp_path, number, code):
    returned, out = interrupted(number)
    assert returned == code
    assert "error: interrupted" in out
    run = json.loads((tmp_path / "r.json").read_text("utf-8"))["run"]
    assert len(run["executions"]) >= 49
    assert run["error"]["message"] == "interrupted"
    root = ElementTree.fromstring((tmp_path / "r.junit").read_text("utf-8"))
    check(root)
    assert int(root.get("tests")) >= 98
    assert (tmp_path / "r.html").read_text("utf-8").rstrip().endswith("</html>")
    lines = [json.loads(line) for line in (tmp_path / "r.ndjson").read_text("utf-8").splitlines()]
    assert lines[-1]["event"] == "summary"
    assert lines[-1]["exitCode"] == code
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".part")]
