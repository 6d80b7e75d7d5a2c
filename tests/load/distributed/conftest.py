"""Masters and workers as processes of their own on loopback, and a server that counts what it is asked."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "a token that is long enough"


class Peer:
    """A process of `peer.py`: what it says, line by line."""

    def __init__(self, **given: object) -> None:
        command = [sys.executable, "-m", "tests.load.distributed.peer", json.dumps({"token": TOKEN, **given})]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.said: list[dict[str, object]] = []

    def hear(self, name: str) -> object:
        """The value that it says under this name next."""
        for line in self.process.stdout:
            said = json.loads(line)
            self.said.append(said)
            if name in said:
                return said[name]
        raise AssertionError(f"no {name}: {self.said} {self.process.stderr.read()}")

    def ask(self, command: object, name: str) -> object:
        """What it answers to a command."""
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self.hear(name)

    def end(self) -> int:
        """Wait for its end; gives its exit code."""
        self.said += map(json.loads, self.process.communicate(timeout=30)[0].splitlines())
        return self.process.returncode

    def told(self) -> list[str]:
        """What it has told its user."""
        return [str(said["told"]) for said in self.said if "told" in said]


@pytest.fixture
def peers():
    """Makes peers, and ends those that are left."""
    made: list[Peer] = []

    def start(role: str, port: int = 0, **given: object) -> Peer:
        made.append(Peer(role=role, port=port, **given))
        return made[-1]

    yield start
    for one in made:
        one.process.kill()
        one.process.communicate()


class Counting(ThreadingHTTPServer):
    """Answers everything with 204 and counts."""

    daemon_threads = True

    def __init__(self) -> None:
        self.count = 0
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), Answer)

    def handle_error(self, *args: object) -> None:
        """Print nothing: killed workers close no connection."""


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.count += 1
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Print nothing."""


@pytest.fixture
def server():
    """A server that counts."""
    server = Counting()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
