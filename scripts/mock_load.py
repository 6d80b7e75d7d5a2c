"""Measures `postrunner mock`: the start with many examples of 1 KB, and calls a second with one core for the server.

Each connection sends its next call when it has the whole answer to the last one; no pipelining. The client is a selector
loop that knows how long answers are, on another core if there is one.
"""

import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GIVEN = [int(word) for word in sys.argv[1:]]
EXAMPLES, CONNECTIONS, SECONDS = (*GIVEN, *(10_000, 16, 5)[len(GIVEN) :])


def collection(count: int) -> dict:
    """A collection with as many requests, each with one example of about 1 KB."""
    body = json.dumps({"id": 0, "text": "x" * 1000})
    items = []
    for number in range(count):
        url = {"raw": f"{{{{base}}}}/group{number % 100}/item/{number}", "host": ["{{base}}"]}
        url["path"] = [f"group{number % 100}", "item", str(number)]
        request = {"method": "GET", "header": [], "url": url}
        response = {"id": f"r{number}", "name": "OK", "originalRequest": request, "code": 200, "body": body}
        response["header"] = [{"key": "Content-Type", "value": "application/json"}]
        items.append({"name": f"Item {number}", "request": request, "response": [response]})
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return {"info": {"name": "Load", "schema": schema}, "variable": [{"key": "base", "value": "http://x"}], "item": items}


def started(path: str, *options: str) -> tuple[subprocess.Popen, int, float]:
    """The server's process, its port, and the seconds until it listened."""
    command = [sys.executable, "-m", "runner", "mock", path, "--port", "0", "--quiet", *options]
    pin = {"preexec_fn": lambda: os.sched_setaffinity(0, {0})} if hasattr(os, "sched_setaffinity") else {}
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **pin)
    for line in process.stdout:
        if "mock server at" in line:
            return process, int(line.split("127.0.0.1:")[1].split()[0]), time.perf_counter() - begin
    raise SystemExit("the server did not start")


def load(port: int, count: int) -> tuple[int, float]:
    """Calls that were answered, and the seconds that it took."""
    paths = [f"/group{n % 100}/item/{n}" for n in range(min(count, 500))]
    calls = [f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n".encode() for path in paths]
    with socket.create_connection(("127.0.0.1", port)) as probe:
        probe.sendall(calls[0])
        time.sleep(0.3)
        size = len(probe.recv(65536))
    selector = selectors.DefaultSelector()
    for number in range(CONNECTIONS):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        one.sendall(calls[number % len(calls)])
        selector.register(one, selectors.EVENT_READ, [0, number])
    done, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < SECONDS:
        for key, _ in selector.select():
            state = key.data
            state[0] += len(key.fileobj.recv(65536))
            if state[0] >= size:
                state[0] -= size
                done += 1
                state[1] += 1
                key.fileobj.sendall(calls[state[1] % len(calls)])
    return done, time.perf_counter() - begin


def main() -> None:
    """Print the figures."""
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, os.sched_getaffinity(0) - {0})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "load.json")
        path.write_text(json.dumps(collection(EXAMPLES)))
        process, port, seconds = started(str(path))
        print(f"{EXAMPLES} examples, {path.stat().st_size / 1e6:.1f} MB: listening after {seconds:.2f} s")
        done, took = load(port, EXAMPLES)
        process.terminate()
        cpu = os.wait4(process.pid, 0)[2]
        process.returncode = 0
        used = cpu.ru_utime + cpu.ru_stime
        print(f"{CONNECTIONS} connections: {done / took:.0f} calls a second; server {used:.2f} s CPU")


main()
