"""Compares postrunner with Newman on this machine, in parts (--parts):

start      time to the end of a run with one request and one pm.test, and its memory
requests   time of each further request without scripts
apart      time of each further request without scripts, at most 100, when the server writes head and body apart (Nagle)
scripts    time of each further request with one pm.test, and the memory of the whole run
sandbox    the script child alone: ready, memory, round trip of a typical script; and heavy scripts
iterations time and memory of 100, 1,000 and 10,000 iterations of one request with one pm.test
load       what a collection of 5,000 requests adds to the start
transport  CPU time of one GET of 1 KB of JSON on a kept connection: our client against a plain httpx.Client

Both run the same collections (of 1 and of --requests requests) against a server on loopback, taking turns, as a user runs
them: with compiled bytecode and after one round that does not count. Newman comes from npm into a temporary folder, or
into the folder named by POSTRUNNER_NEWMAN, which is kept and used again. Without npm only postrunner is measured. The
figures are medians; the exit code is always 0.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEWMAN = "6.2.2"
COUNT_PATH, APART_PATH = b"GET /count ", b"GET /apart/"
# What is asked for: a share of Newman's figure, or milliseconds of CPU time.
GOALS = {"first": 0.25, "further": 0.1, "memory": 0.6}
CPU_GOALS = {"requests": 0.6, "apart": 0.6, "scripts": 1.2}
PARTS = ("start", "requests", "apart", "scripts", "sandbox", "iterations", "load", "transport")
SCALE = ("iterations", "load")
NAMES = {"ours": "postrunner", "newman": f"Newman {NEWMAN}"}
MEBIBYTE = 2**20


# The server, in a process of its own.


class Answers(asyncio.Protocol):
    """Answers each request with the same small JSON, and counts them; GET /count tells and resets the number."""

    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.pending = transport, b""

    def data_received(self, data: bytes) -> None:
        *heads, self.pending = (self.pending + data).split(b"\r\n\r\n")
        for head in heads:
            answer = response(self.count_body(head))
            if head.startswith(APART_PATH):
                self.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
                end = answer.index(b"\r\n\r\n") + 4
                self.transport.write(answer[:end])
                answer = answer[end:]
            self.transport.write(answer)

    def count_body(self, head: bytes) -> bytes:
        if not head.startswith(COUNT_PATH):
            Answers.count += 1
            return b'{"ok": true, "name": "answer"}'
        body = b"%d" % Answers.count
        Answers.count = 0
        return body


def response(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    return head + body


async def serve() -> None:
    """Serves until stdin is closed, after one line with the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answers, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


@contextlib.contextmanager
def server() -> Iterator[int]:
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


def requests_seen(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/count")
    number = int(connection.getresponse().read())
    connection.close()
    return number


# What is run.


def collection(port: int, count: int, *, tested: bool, folder: str = "items") -> dict[str, object]:
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    items = [item(port, n, tested, folder) for n in range(count)]
    return {"info": {"name": f"{count} requests", "schema": schema}, "item": items}


def item(port: int, number: int, tested: bool, folder: str = "items") -> dict[str, object]:
    check = f'pm.test("answer {number} is fine", () => pm.expect(pm.response.json().ok).to.equal(true));'
    return {
        "name": f"Request {number}",
        "request": {"method": "GET", "url": f"http://127.0.0.1:{port}/{folder}/{number}?page={number}"},
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": [check]}}] if tested else [],
    }


def newman_command(folder: Path) -> list[str] | None:
    """How to start Newman, installed into the folder if it is not there; None without node and npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    package = folder / "node_modules" / "newman"
    if node is None or npm is None:
        return None
    if not package.exists():
        folder.mkdir(parents=True, exist_ok=True)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        install = subprocess.run([npm, "install", "--prefix", str(folder), *quiet, f"newman@{NEWMAN}"], check=False)
        if install.returncode:
            return None
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    assert version == NEWMAN, f"{folder} holds Newman {version}"
    return [node, str(package / "bin" / "newman.js"), "run"]


# Measuring.


@dataclass
class Figures:
    """Seconds and bytes of one runner on one collection, a value for each round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


AllFigures = dict[tuple[str, int], Figures]


def children_cpu() -> float:
    """CPU seconds of all processes that this one has waited for, and of those that they waited for."""
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_once(command: list[str], watch: Callable[[int], None] = lambda pid: None) -> tuple[float, float]:
    """Wall and CPU seconds of the whole command; it must succeed."""
    cpu, start = children_cpu(), time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=ROOT, env=environment())
    watch(process.pid)
    code = process.wait()
    wall = time.perf_counter() - start
    if code:
        sys.exit(f"exit code {code} from: {' '.join(command)}")
    return wall, children_cpu() - cpu


def environment() -> dict[str, str]:
    """The environment as a user has it: Python may keep its bytecode, and our own variable is no option of postrunner."""
    ours = ("PYTHONDONTWRITEBYTECODE", "POSTRUNNER_NEWMAN")
    return {name: value for name, value in os.environ.items() if name not in ours}


def compile_bytecode() -> None:
    subprocess.run([sys.executable, "-m", "compileall", "-q", "runner"], cwd=ROOT, env=environment(), check=True)


class Watcher:
    """Samples the memory of a process and all its descendants every few milliseconds and keeps the highest sum."""

    def __init__(self) -> None:
        self.peak = 0
        self.measure, self.pause = (proc_tree_memory, 0.005) if Path("/proc/self/stat").exists() else (ps_tree_memory, 0.05)

    def __call__(self, pid: int) -> None:
        self.thread = threading.Thread(target=self.sample, args=(pid,))
        self.thread.start()

    def sample(self, pid: int) -> None:
        while size := self.measure(pid):
            self.peak = max(self.peak, size)
            time.sleep(self.pause)


def descendants(pid: int, parents: dict[int, int]) -> set[int]:
    found, size = {pid}, 0
    while size != len(found):
        size = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def proc_tree_memory(pid: int) -> int:
    """Linux: the proportional share (PSS) of each process, so that shared pages count once."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    return sum(map(proc_memory, descendants(pid, parents)))


def proc_memory(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def ps_tree_memory(pid: int) -> int:
    """Elsewhere: the resident sizes that `ps` tells; pages shared by two processes count twice."""
    rows = [line.split() for line in subprocess.check_output(["ps", "-axo", "pid=,ppid=,rss="], text=True).splitlines()]
    tree = descendants(pid, {int(child): int(parent) for child, parent, _ in rows})
    return sum(int(size) * 1024 for child, _, size in rows if int(child) in tree)


def measure(
    commands: dict[str, list[str]], files: dict[int, Path], rounds: int, port: int, *, memory: bool
) -> dict[tuple[str, int], Figures]:
    """All figures, by runner and number of requests; memory has rounds of its own, for watching costs time."""
    figures = {(who, count): Figures() for who in commands for count in files}
    for number in range(rounds + 1):
        for (who, count), found in figures.items():
            wall, cpu = run_once([*commands[who], str(files[count])])
            check_count(who, requests_seen(port), count)
            if number > 0:  # the first round warms the file caches
                found.wall.append(wall)
                found.cpu.append(cpu)
        progress(f"round {number} of {rounds}")
    for (who, count), found in figures.items():
        for _ in range(3 if memory else 0):
            watcher = Watcher()
            run_once([*commands[who], str(files[count])], watcher)
            watcher.thread.join()
            found.memory.append(watcher.peak)
            check_count(who, requests_seen(port), count)
    return figures


def check_count(who: str, seen: int, count: int) -> None:
    if seen != count:
        sys.exit(f"{NAMES[who]} sent {seen} requests instead of {count}")


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text}", end="\r", file=sys.stderr, flush=True)


# Telling.


@dataclass(frozen=True)
class Row:
    """One line of the table: a unit's worth, how to read it from the figures, the goals for the ratio and for ours."""

    title: str
    unit: float
    read: Callable[[Figures, Figures], float]
    goal: str = ""
    limit: float | None = None


def table_rows(part: str, count: int) -> list[Row]:
    def median(kind: str) -> Callable[[Figures, Figures], float]:
        return lambda one, many: statistics.median(getattr(one, kind))

    def further(kind: str) -> Callable[[Figures, Figures], float]:
        return lambda one, many: (median(kind)(many, one) - median(kind)(one, many)) / (count - 1)

    if part == "start":
        return [
            Row("first request, wall ms", 0.001, median("wall"), "first"),
            Row("first request, CPU ms", 0.001, median("cpu")),
            Row("peak memory, MiB", MEBIBYTE, median("memory"), "memory"),
        ]
    rows = [
        Row("each further request, wall ms", 0.001, further("wall"), "further"),
        Row("each further request, CPU ms", 0.001, further("cpu"), limit=CPU_GOALS[part]),
    ]
    if part == "scripts":
        memory = Row(
            f"peak memory, {count} requests, MiB", MEBIBYTE, lambda _, many: statistics.median(many.memory), "memory"
        )
        rows.append(memory)
    return rows


def verdict(row: Row, ours: float, ratio: float | None) -> str:
    """The goal and whether it is met, "" when there is none or nothing to compare with."""
    if ours <= 0:
        return "lost in the noise: take more --requests"
    if row.limit is not None:
        return f"goal {row.limit} ms: {'met' if ours <= row.limit else 'missed'}"
    if not row.goal or ratio is None:
        return ""
    return f"goal {GOALS[row.goal]}: {'met' if ratio <= GOALS[row.goal] else 'missed'}"


def table(part: str, figures: AllFigures, count: int) -> str:
    whos = list(dict.fromkeys(who for who, _ in figures))
    lines = [f"{part:32}" + "".join(f"{NAMES[who]:>14}" for who in whos) + (f"{'ratio':>8}" if len(whos) == 2 else "")]
    for row in table_rows(part, count):
        values = [row.read(figures[who, 1], figures[who, count]) / row.unit for who in whos]
        ratio = values[0] / values[1] if len(values) == 2 else None
        line = f"{row.title:32}" + "".join(f"{value:14.2f}" for value in values)
        line += f"{ratio:8.2f}" if ratio is not None else ""
        lines.append(f"{line}   {verdict(row, values[0], ratio)}".rstrip())
    return "\n".join(lines) + "\n"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="how often each collection is run by each runner (default 7)")
    parser.add_argument("--requests", type=int, default=500, help="size of the larger collection (default 500)")
    parser.add_argument("--parts", default=",".join(PARTS), help="what to measure, by commas (default: everything)")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.rounds < 1 or chosen.requests < 2:
        parser.error("--rounds needs 1 or more, --requests 2 or more")
    chosen.parts = chosen.parts.split(",")
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"--parts knows {', '.join(PARTS)}; not {', '.join(sorted(unknown))}")
    return chosen


def main() -> None:
    chosen = options()
    if chosen.serve:
        asyncio.run(serve())
        return
    compile_bytecode()
    with tempfile.TemporaryDirectory(prefix="postrunner-bench-") as name:
        folder, runs = Path(name), [part for part in chosen.parts if part not in (*SCALE, "sandbox", "transport")]
        if runs:
            measure_runs(runs, chosen, folder)
        if scale := [part for part in chosen.parts if part in SCALE]:
            run_part("bench_scale.py", ",".join(scale))
        if "sandbox" in chosen.parts:
            run_part("bench_scripts.py")
        if "transport" in chosen.parts:
            subprocess.run([sys.executable, ROOT / "scripts" / "bench_transport.py"], env=environment(), check=True)


def run_part(script: str, *arguments: str) -> None:
    """Run another file of the benchmark, which finds this one by its name."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    subprocess.run([sys.executable, ROOT / "scripts" / script, *arguments], env=environ, check=True)


def measure_runs(parts: list[str], chosen: argparse.Namespace, folder: Path) -> None:
    """Print a table for each part that runs whole collections."""
    commands = {"ours": [sys.executable, "-m", "runner", "run"]}
    newman = newman_command(Path(os.environ.get("POSTRUNNER_NEWMAN") or folder / "newman"))
    if newman is not None:
        commands["newman"] = newman
    with server() as port:
        for part in parts:
            plain, most = part in ("requests", "apart"), min(chosen.requests, 100 if part == "apart" else chosen.requests)
            files = {count: folder / f"{part}-{count}.json" for count in ([1] if part == "start" else [1, most])}
            for count, path in files.items():
                made = collection(port, count, tested=not plain, folder="apart" if part == "apart" else "items")
                path.write_text(json.dumps(made), "utf-8")
            figures = measure(commands, files, chosen.rounds, port, memory=not plain)
            print(table(part, figures, max(files)), flush=True)
    if newman is None:
        print(f"Newman {NEWMAN} was not measured: node and npm are not here, or npm could not install it.\n")


if __name__ == "__main__":
    main()
