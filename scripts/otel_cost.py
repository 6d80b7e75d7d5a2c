"""Measures what `--otel` costs: the start, and the CPU time of each further request, of all processes of a run.

The variants take turns. The API and the collector are in this process, whose time does not count.
"""

import json
import os
import socketserver
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from statistics import median

GIVEN = [int(word) for word in sys.argv[1:]]
REQUESTS, ROUNDS = (*GIVEN, *(1000, 5)[len(GIVEN) :])
DEAD = "http://127.0.0.1:9"


class Answering(socketserver.StreamRequestHandler):
    """Answers each request of a connection with an empty object."""

    def handle(self) -> None:
        """Read heads and bodies until the connection ends."""
        while self.rfile.readline():
            length = 0
            while (line := self.rfile.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            self.rfile.read(length)
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")


def serve() -> str:
    """The address of a server that runs until the end."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def cpu(path: Path, count: int, options: list[str], environ: dict[str, str]) -> float:
    """CPU seconds of a run of so many iterations."""
    command = [sys.executable, "-m", "runner", "run", str(path), "-n", str(count), "--silent", *options]
    process = subprocess.Popen(command, env={**os.environ, **environ}, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print a table."""
    api, collector = serve(), serve()
    event = {"listen": "test", "script": {"exec": ["pm.test('ok', () => pm.response.to.have.status(200))"]}}
    variants = {
        "without": ([], {}),
        "--otel": (["--otel"], {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}),
        "--otel --trace-header": (["--otel", "--trace-header"], {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}),
        "--otel, 1 % of traces": (
            ["--otel"],
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector,
                "OTEL_TRACES_SAMPLER": "traceidratio",
                "OTEL_TRACES_SAMPLER_ARG": "0.01",
            },
        ),
        "--otel, no collector": (["--otel"], {"OTEL_EXPORTER_OTLP_ENDPOINT": DEAD}),
    }
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    with tempfile.TemporaryDirectory() as folder:
        for title, events in (("without scripts", []), ("with a test", [event])):
            path = Path(folder, "c.json")
            item = {"name": "a", "request": f"{api}/a", "event": events}
            path.write_text(json.dumps({"info": {"name": "C", "schema": schema}, "item": [item]}))
            found: dict[str, list[tuple[float, float]]] = {name: [] for name in variants}
            for _ in range(ROUNDS):
                for name, (options, environ) in variants.items():
                    first = cpu(path, 1, options, environ)
                    found[name].append((first, (cpu(path, 1 + REQUESTS, options, environ) - first) / REQUESTS))
            print(f"{title}: CPU of a run of one request, and of each further one ({REQUESTS} requests, {ROUNDS} rounds)")
            for name, times in found.items():
                starts, further = (median(one) for one in zip(*times, strict=True))
                print(f"  {name:24} {starts * 1000:6.0f} ms {further * 1000:8.3f} ms")


main()
