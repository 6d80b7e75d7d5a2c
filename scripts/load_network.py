"""Runs load from a master and several workers that lose packets between them, kills a worker, and adds up the totals.

Each machine is a network namespace on one bridge; in each, nftables drops --loss percent of what comes in. The server
counts the requests it gets. The exit code is 1 unless: the master's exit code is 1 because of the lost worker alone, its
report is written and names it, and the server's count is the reported one and at most what is stated as unknown.
Without --kill nothing is lost: the exit code has to be 0 and both counts the same. Needs root, `ip` and `nft`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PREFIX = f"pr{os.getpid()}"
TOKEN = "the token of this measure"
PORT = 8000
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


RULES = (
    "add table inet loss",
    "add chain inet loss in {{ type filter hook input priority 0; }}",
    'add rule inet loss in iifname "eth" numgen random mod 100 < {loss} drop',
)


def run(*words: str) -> None:
    subprocess.run(words, check=True)


def address(number: int) -> str:
    return f"10.99.0.{number + 1}"


@contextmanager
def machines(names: list[str], loss: int) -> Iterator[dict[str, str]]:
    """Namespaces by name, with the address of each."""
    spaces = [f"{PREFIX}-{name}" for name in ("net", *names)]
    try:
        for space in spaces:
            run("ip", "netns", "add", space)
            run("ip", "-n", space, "link", "set", "lo", "up")
        net = spaces[0]
        run("ip", "-n", net, "link", "add", "name", "bridge0", "type", "bridge")
        run("ip", "-n", net, "link", "set", "bridge0", "up")
        for number, space in enumerate(spaces[1:]):
            run("ip", "-n", net, "link", "add", f"v{number}", "type", "veth", "peer", "name", "eth", "netns", space)
            run("ip", "-n", net, "link", "set", f"v{number}", "master", "bridge0", "up")
            run("ip", "-n", space, "addr", "add", f"{address(number)}/24", "dev", "eth")
            run("ip", "-n", space, "link", "set", "eth", "up")
            for rule in RULES:
                run("ip", "netns", "exec", space, "nft", rule.format(loss=loss))
        yield {name: address(number) for number, name in enumerate(names)}
    finally:
        for space in spaces:
            subprocess.run(["ip", "netns", "del", space], check=False, stderr=subprocess.DEVNULL)


def started(space: str, words: list[str], folder: str, **more: Any) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "POSTRUNNER_JOIN_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)}
    inside = ["ip", "netns", "exec", f"{PREFIX}-{space}", sys.executable, *words]
    return subprocess.Popen(inside, cwd=folder, env=environ, **more)


def serve() -> None:
    """Answer everything, and print the number of requests when asked to end."""

    class Counting(asyncio.Protocol):
        count = 0

        def connection_made(self, transport: Any) -> None:
            self.transport, self.left = transport, b""

        def data_received(self, data: bytes) -> None:
            *heads, self.left = (self.left + data).split(b"\r\n\r\n")
            Counting.count += len(heads)
            self.transport.write(ANSWER * len(heads))

    async def until_ended() -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, ended.set)
        async with await loop.create_server(Counting, "0.0.0.0", PORT):
            print("listening", flush=True)
            await ended.wait()
        print(Counting.count, flush=True)

    asyncio.run(until_ended())


def measure(given: argparse.Namespace, folder: str) -> bool:
    workers = [f"w{number + 1}" for number in range(given.workers)]
    with machines(["server", "master", *workers], given.loss) as at:
        request = {"method": "GET", "url": f"http://{at['server']}:{PORT}/"}
        collection = {"info": {"name": "network"}, "item": [{"name": "a", "request": request}]}
        Path(folder, "c.json").write_text(json.dumps(collection))
        server = started("server", [__file__, "--serve"], folder, stdout=subprocess.PIPE)
        assert server.stdout is not None
        server.stdout.readline()
        load = ["-m", "runner", "load", "c.json", "--users", str(given.users), "--duration", f"{given.seconds}s"]
        load += ["--think-time", "10ms", "-r", "cli,json", "--reporter-json-export", "report.json"]
        load += ["--master", "--bind", at["master"], "--expect-workers", str(given.workers)]
        master = started("master", load, folder)
        joining = ["-m", "runner", "load", "--worker", "--master-host", at["master"]]
        joined = [started(name, joining, folder) for name in workers]
        time.sleep(given.seconds / 2 + 6)
        if given.kill:
            inside = subprocess.run(["ip", "netns", "pids", f"{PREFIX}-w1"], capture_output=True, text=True, check=True)
            for pid in sorted(map(int, inside.stdout.split()), reverse=True):  # first the one that sends
                os.kill(pid, signal.SIGKILL)
        code = master.wait()
        codes = [one.wait() for one in joined]
        server.terminate()
        counted = int(server.stdout.read())
    return judged(json.loads(Path(folder, "report.json").read_text()), counted, code, codes, kill=given.kill)


def judged(report: dict[str, Any], counted: int, code: int, codes: list[int], *, kill: bool) -> bool:
    reported = report["total"]["count"]
    lost = [one for one in report["workers"] if one["lost"]]
    unknown = sum(one["unreported"] or 0 for one in lost)
    print(f"server {counted}, reported {reported}, missing {counted - reported}, stated as unknown {unknown}")
    print(f"exit codes: master {code}, workers {codes}; lost: {[one['name'] for one in lost]}; reasons {report['reasons']}")
    failed = report["total"]["failures"]
    expected = (1, 1, 0) if kill else (0, 0, 0)
    good = (code, len(lost), failed) == expected and 0 <= counted - reported <= unknown
    good = good and codes[1:] == [0] * (len(codes) - 1)
    print("as it should be" if good else "NOT as it should be")
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--users", type=int, default=40)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--loss", type=int, default=2, help="percent of packets, each way")
    parser.add_argument("--kill", action=argparse.BooleanOptionalAction, default=True, help="kill a worker in the middle")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return 0 if measure(given, folder) else 1


if __name__ == "__main__":
    sys.exit(main())
