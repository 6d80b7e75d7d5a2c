"""An interrupted push says what Postman has: nothing of it, all or nothing, or all of it."""

import json
import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UID = "12345678-00000000-0000-4000-8000-000000000001"
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
THERE = {"info": {"name": "Mine", "schema": SCHEMA, "uid": UID, "_postman_id": UID[9:]}, "item": []}
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot send these signals to one process")


class Hanging(BaseHTTPRequestHandler):
    """A Postman API that never answers the call number `hangs_at`, and tells that it was asked."""

    def handle_any(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.calls.append((self.command, self.path))
        if self.server.hangs_at == (
            self.command,
            self.path.partition("?")[0],
            self.server.calls.count((self.command, self.path)),
        ):
            self.server.asked.set()
            self.server.ended.wait(120)
            return
        status, answer = self.server.answers.get((self.command, self.path), (200, {"collection": THERE}))
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = handle_any

    def log_message(self, *args):
        """Print nothing."""


@pytest.fixture
def hanging(tmp_path):
    """The server, and a file in the folder that is linked to what it has but says something else."""
    document = {"info": {"name": "Mine", "schema": SCHEMA, "description": "new"}, "item": []}
    (tmp_path / "c.json").write_text(json.dumps(document))
    links = {"c.json": {"kind": "collection", "uid": UID}}
    (tmp_path / "postrunner.lock.json").write_text(json.dumps({"version": 1, "links": links}))
    with ThreadingHTTPServer(("127.0.0.1", 0), Hanging) as http:
        http.daemon_threads = True
        http.asked, http.ended, http.calls, http.answers = threading.Event(), threading.Event(), [], {}
        http.folder = tmp_path
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield http
        http.ended.set()
        http.shutdown()
        thread.join()


def interrupted(http, *arguments, number=signal.SIGINT):
    """Exit code and standard error of a push that gets a signal while the server does not answer."""
    environ = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        "PYTHONPATH": str(ROOT),
        "POSTMAN_API_KEY": "PMAK-1",
        "POSTRUNNER_POSTMAN_API_URL": f"http://127.0.0.1:{http.server_port}",
    }
    command = [sys.executable, "-m", "runner", "push", "c.json", "--yes", *arguments]
    process = subprocess.Popen(
        command, cwd=http.folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert http.asked.wait(60)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    return process.returncode, err


PATH = f"/collections/{UID}"


@pytest.mark.parametrize(
    ("hangs_at", "number", "told"),
    [
        (("GET", PATH, 1), signal.SIGINT, "interrupted: nothing was sent, Postman has what it had"),
        (("PUT", PATH, 1), signal.SIGTERM, "interrupted: it was being sent, and Postman has taken all of it or nothing"),
    ],
)
def test_the_message_says_what_postman_has(hanging, hangs_at, number, told):
    hanging.hangs_at = hangs_at
    before = (hanging.folder / "c.json").read_bytes()
    code, err = interrupted(hanging, number=number)
    assert code == 128 + number
    assert told in err
    assert "Traceback" not in err
    assert (hanging.folder / "c.json").read_bytes() == before


def test_a_task_goes_on_without_us(hanging):
    hanging.answers["PUT", PATH] = (202, {"task": {"id": "t-1", "status": "in-progress"}})
    hanging.hangs_at = ("GET", "/collection-updates-tasks/t-1", 1)
    code, err = interrupted(hanging)
    assert code == 130
    assert "interrupted: Postman goes on with it (task t-1)" in err


def test_a_copy_may_be_there_or_not(hanging):
    (hanging.folder / "postrunner.lock.json").unlink()
    hanging.hangs_at = ("POST", "/collections", 1)
    code, err = interrupted(hanging, "--copy")
    assert code == 130
    assert "the copy was being sent, and may be in Postman or not" in err
    assert not (hanging.folder / "postrunner.lock.json").exists()


def test_a_push_after_an_interrupted_one_goes_on(hanging, postrunner, monkeypatch):
    hanging.hangs_at = ("GET", PATH, 2)
    code, err = interrupted(hanging)
    assert code == 130
    assert "interrupted: Postman has all of it, but the lock file does not know yet" in err
    there = {**THERE, "info": {**THERE["info"], "description": "new"}}
    hanging.answers["GET", PATH] = (200, {"collection": there})
    hanging.hangs_at = None
    monkeypatch.setenv("POSTMAN_API_KEY", "PMAK-1")
    monkeypatch.setenv("POSTRUNNER_POSTMAN_API_URL", f"http://127.0.0.1:{hanging.server_port}")
    assert postrunner("push").out == "c.json: Postman has the same already\n"


@pytest.mark.parametrize(("status", "told"), [(503, "it was being sent"), (409, "")])
def test_an_error_of_the_server_says_what_postman_has(hanging, postrunner, monkeypatch, status, told):
    hanging.hangs_at = None
    hanging.answers["PUT", PATH] = (status, {"error": {"message": "not now"}})
    monkeypatch.setenv("POSTMAN_API_KEY", "PMAK-1")
    monkeypatch.setenv("POSTRUNNER_POSTMAN_API_URL", f"http://127.0.0.1:{hanging.server_port}")
    done = postrunner("push", "--yes")
    assert done.code == 1
    assert "not now" in done.err
    assert told in done.err
    assert ("it was being sent" in done.err) == bool(told)
