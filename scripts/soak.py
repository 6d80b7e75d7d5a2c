"""Measures whether a long run needs more memory than a short one, for each reporter.

A collection of one request with one test runs --iterations times against a server on loopback. The resident memory of
postrunner and of its script child is read on the way; the exit code is 1 when the end is more than --growth MiB above what
it was after a tenth. Works where there is /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORTERS = ("cli", "progress", "emojitrain", "ndjson", "json", "junit", "html")
TEST = 'pm.test("answer is fine", () => pm.expect(pm.response.json().ok).to.equal(true));'
BEFORE = """
pm.environment.set("token", "token-" + pm.variables.replaceIn("{{$guid}}"));
pm.request.headers.add({key: "X-Token", value: pm.environment.get("token")});
pm.sendRequest(pm.request.url.toString(), () => {});
console.log("iteration", pm.info.iteration);
"""
MEBIBYTE = 1024


class Answers(asyncio.Protocol):
    """Answers each request with the same JSON of --body bytes and counts them."""

    count = 0
    answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.pending = transport, b""

    def data_received(self, data: bytes) -> None:
        *heads, self.pending = (self.pending + data).split(b"\r\n\r\n")
        for _ in heads:
            Answers.count += 1
            self.transport.write(self.answer)


def start_server(size: int) -> int:
    """Serve on a thread of its own; gives the port."""
    body = json.dumps({"ok": True, "text": "x" * size}).encode()
    Answers.answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    ports: list[int] = []
    ready = threading.Event()

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await server.serve_forever()

    threading.Thread(target=asyncio.run, args=(serve(),), daemon=True).start()
    ready.wait()
    return ports[0]


@dataclass
class Memory:
    """KiB of one process at moments of the run, by how many requests were answered until then."""

    samples: list[tuple[int, int]] = field(default_factory=list)

    def at(self, count: int) -> float:
        """MiB at the first sample from this request on, or at the last one."""
        return next((kib for seen, kib in self.samples if seen >= count), self.samples[-1][1]) / MEBIBYTE

    def peak(self) -> float:
        """MiB at most."""
        return max(kib for _, kib in self.samples) / MEBIBYTE


def resident(process: int) -> int:
    """KiB of resident memory; 0 when the process is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def children(process: int) -> Iterator[int]:
    """The processes that a process started."""
    try:
        yield from map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
    except OSError:
        return


def soak(reporter: str, port: int, iterations: int, folder: Path, busy: bool) -> tuple[Memory, Memory, float]:
    """Run with one reporter; gives the memory of postrunner and of its child, and the seconds."""
    scripts = {"test": TEST, **({"prerequest": BEFORE} if busy else {})}
    events = [{"listen": listen, "script": {"exec": text}} for listen, text in scripts.items()]
    item = {"name": "One", "request": f"http://127.0.0.1:{port}/", "event": events}
    collection = folder / "collection.json"
    collection.write_text(json.dumps({"info": {"name": "soak"}, "item": [item]}))
    command = [sys.executable, "-m", "runner", "run", str(collection), "-n", str(iterations), "-r", reporter]
    if reporter in ("json", "junit", "html", "ndjson"):
        command += [f"--reporter-{reporter}-export", str(folder / f"report.{reporter}")]
    host, child, began = Memory(), Memory(), time.monotonic()
    Answers.count = 0
    with (folder / "out").open("wb") as out, subprocess.Popen(command, stdout=out, cwd=ROOT) as process:
        while process.poll() is None:
            if kib := resident(process.pid):
                host.samples.append((Answers.count, kib))
            child.samples += [(Answers.count, kib) for one in children(process.pid) if (kib := resident(one))]
            time.sleep(0.1)
    if process.returncode:
        sys.exit(f"{reporter}: exit code {process.returncode}")
    return host, child, time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--iterations", type=int, default=100_000)
    parser.add_argument("--reporters", default=",".join(REPORTERS))
    parser.add_argument("--body", type=int, default=200, help="bytes of each response (default: 200)")
    parser.add_argument("--growth", type=float, default=10, help="MiB that are not growth yet (default: 10)")
    parser.add_argument("--busy", action="store_true", help="each iteration has a new secret, a header, a sub-request")
    options = parser.parse_args()
    port, worst = start_server(options.body), 0.0
    print("MiB        |  postrunner                 |  script child     |")
    print("reporter   |    10 %     end    peak      |    10 %     end   | seconds")
    for reporter in options.reporters.split(","):
        with tempfile.TemporaryDirectory() as folder:
            host, child, seconds = soak(reporter, port, options.iterations, Path(folder), options.busy)
        total = options.iterations * (2 if options.busy else 1)
        ends = [(memory.at(total // 10), memory.at(total)) for memory in (host, child)]
        worst = max(worst, *(end - start for start, end in ends))
        cells = f"{ends[0][0]:8.1f}{ends[0][1]:8.1f}{host.peak():8.1f}      |{ends[1][0]:8.1f}{ends[1][1]:8.1f}   |"
        print(f"{reporter:<10} |{cells}{seconds:8.1f}", flush=True)
    return int(worst > options.growth)


if __name__ == "__main__":
    sys.exit(main())
