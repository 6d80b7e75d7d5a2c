"""Measures the CPU time that `run --contract` adds to each response of 2 KB, with jsonschema-rs and without.

Runs of few and of many requests take turns, so that the start counts for neither; what is printed are the medians of the
rounds. The goals are 0.3 ms with jsonschema-rs and 2.5 ms without.
"""

from __future__ import annotations

import argparse
import http.server
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

FEW = 50
GOALS = {"jsonschema-rs": 0.3, "jsonschema": 2.5}
WITHOUT = "import sys; sys.modules['jsonschema_rs'] = None; "
MAIN = "import runpy; runpy.run_module('runner', run_name='__main__')"

ITEM = {
    "type": "object",
    "required": ["id", "name", "price", "tags", "created"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "name": {"type": "string", "minLength": 1, "maxLength": 80},
        "price": {"type": "number", "minimum": 0},
        "status": {"enum": ["new", "sold", "gone"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "created": {"type": "string", "format": "date-time"},
    },
}


def body() -> bytes:
    """A response of about 2 KB."""
    rows = [
        {"id": n + 1, "name": f"Item {n}", "price": 1.5, "status": "new", "tags": ["a"], "created": "2026-01-01T00:00:00Z"}
        for n in range(21)
    ]
    return json.dumps({"items": rows, "total": 21}, separators=(",", ":")).encode()


def document(url: str) -> dict:
    """The contract of one operation with a parameter in its path, one in its query and a header in its response."""
    item = {"$ref": "#/components/schemas/Item"}
    schema = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": item}}}
    params = [
        {"name": "shop", "in": "path", "required": True, "schema": {"type": "integer"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
    ]
    ok = {"description": "", "content": {"application/json": {"schema": schema}}}
    ok["headers"] = {"X-Total": {"required": True, "schema": {"type": "integer"}}}
    get = {"parameters": params, "responses": {"200": ok}}
    others = {f"/other{n}/{{id}}/parts": {"get": {"responses": {"200": {"description": ""}}}} for n in range(50)}
    paths = {**others, "/shops/{shop}/items": {"get": get}}
    info = {"title": "T", "version": "1"}
    return {
        "openapi": "3.0.3",
        "info": info,
        "servers": [{"url": url}],
        "paths": paths,
        "components": {"schemas": {"Item": ITEM}},
    }


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers everything with the same body."""

    protocol_version = "HTTP/1.1"
    content = body()

    def do_GET(self) -> None:
        """Send it."""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Total: 21\r\nContent-Length: {len(self.content)}"
        self.wfile.write(f"{head}\r\n\r\n".encode() + self.content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def cpu_of(command: list[str]) -> float:
    """Seconds of CPU time that a command and its children took."""
    before = os.times()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> int:
    """Measure and compare with the goals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as place:
        contract, collection = Path(place, "api.json"), Path(place, "c.json")
        contract.write_text(json.dumps(document(url)))
        request = {"name": "r", "request": {"method": "GET", "url": f"{url}/shops/7/items?limit=20"}}
        schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
        collection.write_text(json.dumps({"info": {"name": "C", "schema": schema}, "item": [request]}))
        run = ["run", str(collection), "--reporters", "cli", "--silent", "-n"]
        ways = {
            "plain": (MAIN, []),
            "jsonschema-rs": (MAIN, ["--contract", str(contract)]),
            "jsonschema": (WITHOUT + MAIN, ["--contract", str(contract)]),
        }

        def each(name: str) -> float:
            code, more = ways[name]
            few, many = (cpu_of([sys.executable, "-c", code, *run, str(n), *more]) for n in (FEW, given.requests))
            return 1000 * (many - few) / (given.requests - FEW)

        measured = {name: [each(name) for _ in range(given.rounds)] for name in ways}
    server.shutdown()
    plain = statistics.median(measured["plain"])
    print(f"{len(Answers.content)} bytes; a request without a contract: {plain:.2f} ms CPU")
    failed = False
    for name, goal in GOALS.items():
        more = statistics.median(measured[name]) - plain
        failed |= more > goal
        print(f"with {name}: {more:.2f} ms CPU more (goal {goal}){'' if more <= goal else ' MISSED'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
