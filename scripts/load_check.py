"""Runs `postrunner load` against a server that logs each request, and compares its figures with that log.

Counts have to be equal for each request, percentiles within 2 % of those of the server's raw times (nearest rank), and an
arrival rate within 1 %; memory is that of all processes of the test. The server answers after a time drawn from a
log-normal distribution, so that there are no steps that would hide a wrong rank. Its times are from the arrival of the last
byte of a request to the writing of its answer.
"""

import argparse
import asyncio
import json
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

MEDIANS = {"quick": 100.0, "usual": 200.0, "slow": 400.0}
"""Requests, and the median of their times in ms."""

SPREAD = 0.5
PERCENTS = (50, 90, 95, 99)
CLOSE, RATE_CLOSE = 0.02, 0.01
SETTLED = 180
"""Seconds after which memory should be flat."""

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'


LOG: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
"""Of each request by its name: when it came, and the ms until it was answered."""

DICE = random.Random(7)


class Answering(asyncio.Protocol):
    """A connection of the server: one request after the other, without bodies."""

    def connection_made(self, transport):
        """Get ready."""
        self.transport, self.waiting = transport, b""

    def data_received(self, data):
        """Answer later, if this is the end of a request."""
        self.waiting += data
        if not self.waiting.endswith(b"\r\n\r\n"):
            return
        name, self.waiting = self.waiting.split(b" ", 2)[1].decode().strip("/"), b""
        now = time.monotonic()
        wait = MEDIANS[name] / 1000 * math.exp(DICE.gauss(0, SPREAD))
        asyncio.get_running_loop().call_later(wait, self.answer, name, now)

    def answer(self, name, since):
        """Answer, and log it. A client that is gone by then has had no answer, but its request counts."""
        now = time.monotonic()
        self.transport.write(ANSWER)
        LOG[name].append((since, (now - since) * 1000))


async def serve(path, slower):
    """Listen until SIGTERM, then write the log."""
    MEDIANS.update({name: ms * slower for name, ms in MEDIANS.items()})
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, over.set)
    server = await loop.create_server(Answering, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await over.wait()
    Path(path).write_text(json.dumps(LOG))


def collection(port, test):
    """One request for each name, with a test in each if `test`."""
    script = {"listen": "test", "script": {"exec": ["pm.test('is ok', () => pm.response.to.have.jsonBody('ok', true))"]}}
    items = [{"name": name, "request": {"method": "GET", "url": f"http://127.0.0.1:{port}/{name}"}} for name in MEDIANS]
    return {"info": {"name": "check"}, "item": [{**item, "event": [script] if test else []} for item in items]}


def children(pid):
    """A process and all that it started."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def memory(pid):
    """MB that a process and its children have to themselves."""
    total = 0
    for one in children(pid):
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total / 1e6


def measured(words):
    """The exit code of a load test, and its memory as pairs of seconds and MB."""
    process, began, seen = subprocess.Popen(words), time.monotonic(), []
    while True:
        try:
            return process.wait(2), seen
        except subprocess.TimeoutExpired:
            seen.append((time.monotonic() - began, memory(process.pid)))


def nearest_rank(values, percent):
    """The percentile of raw values."""
    return sorted(values)[max(1, math.ceil(round(len(values) * percent / 100, 6))) - 1]


def compare(report, log):
    """Print client beside server; returns how many figures are not as they should be."""
    wrong = 0
    told = {row["name"]: row for row in report["requests"]}
    print(
        f"\n{'request':10} {'client':>9} {'server':>9}   "
        + "".join(f"{f'p{one} ms, client/server':>27}" for one in PERCENTS)
    )
    for name, rows in log.items():
        row = told.get(name, {"count": 0, "duration": {}})
        times = [ms for _, ms in rows]
        cells = []
        for percent in PERCENTS:
            raw = nearest_rank(times, percent)
            ours = row["duration"].get({50: "med"}.get(percent, f"p({percent})")) or 0
            off = ours / raw - 1
            wrong += abs(off) > CLOSE
            cells.append(f"{ours:10.1f} {raw:8.1f} {off:+6.1%}{'!' if abs(off) > CLOSE else ' '}")
        wrong += row["count"] != len(rows)
        print(f"{name:10} {row['count']:9} {len(rows):9}{' ' if row['count'] == len(rows) else '!'}  " + " ".join(cells))
    return wrong


def compare_rate(wanted, log):
    """Print how the rate of arrivals was held; returns whether it was not."""
    first = sorted(at for at, _ in log[next(iter(MEDIANS))])
    held = (len(first) - 1) / (first[-1] - first[0])
    off = held / wanted - 1
    print(f"rate: {held:.2f} iterations a second, {off:+.2%}{'!' if abs(off) > RATE_CLOSE else ''}")
    return abs(off) > RATE_CLOSE


def options():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--duration", default="20s")
    parser.add_argument("--rate", type=float, help="iterations a second, instead of users")
    parser.add_argument("--processes", help="workers, a number or auto")
    parser.add_argument("--test", action="store_true", help="a test in each request")
    parser.add_argument("--slower", type=float, default=1.0, help="factor of the server's times: on a busy machine, 5")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    """Run and compare."""
    given = options()
    if given.serve:
        return asyncio.run(serve(given.serve, given.slower))
    load = ["--rate", f"{given.rate:g}/s"] if given.rate else ["--users", str(given.users)]
    load += ["--processes", given.processes] if given.processes else []
    with tempfile.TemporaryDirectory() as folder:
        log, report, written = (str(Path(folder, name)) for name in ("log.json", "report.json", "c.json"))
        serving = [sys.executable, __file__, "--serve", log, "--slower", str(given.slower)]
        server = subprocess.Popen(serving, stdout=subprocess.PIPE, text=True)
        try:
            Path(written).write_text(json.dumps(collection(int(server.stdout.readline()), given.test)))
            words = [sys.executable, "-m", "runner", "load", written, "--duration", given.duration, *load]
            code, used = measured([*words, "-r", "cli,json", "--reporter-json-export", report])
        finally:
            server.terminate()
            server.wait()
        figures, raw = json.loads(Path(report).read_text()), json.loads(Path(log).read_text())
    wrong = compare(figures, raw) + (compare_rate(given.rate, raw) if given.rate else 0)
    settled = [mb for at, mb in used if at >= SETTLED]
    print(f"memory: at most {max(mb for _, mb in used):.0f} MB" if used else "memory: the test was too short")
    if settled:
        print(
            f"memory after {SETTLED} s: {settled[0]:.0f} MB, at the end {settled[-1]:.0f} MB, at most {max(settled):.0f} MB"
        )
    print(f"load average {', '.join(f'{one:.1f}' for one in os.getloadavg())} on {os.cpu_count()} cores")
    print(f"exit code {code}; {wrong} figures are not as they should be")
    return 1 if wrong or code else 0


sys.exit(main())
