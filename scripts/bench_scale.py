"""The parts of the benchmark that are about size; started by bench.py.

iterations  one request with one pm.test, run 100, 1,000 and 10,000 times (Newman the first two): seconds and peak memory
load        a collection of 5,000 requests of which one runs: what the other 4,999 add to the start
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

import bench

ITERATIONS = (100, 1_000, 10_000)
NEWMAN_AT_MOST = 1_000
ITEMS = 5_000
ROUNDS = 3


def main() -> None:
    """Measure and print both parts."""
    parts = sys.argv[1].split(",")
    with tempfile.TemporaryDirectory(prefix="postrunner-bench-") as name, bench.server() as port:
        folder = Path(name)
        commands = {"ours": [sys.executable, "-m", "runner", "run"]}
        newman = bench.newman_command(Path(os.environ.get("POSTRUNNER_NEWMAN") or folder / "newman"))
        if newman is not None:
            commands["newman"] = newman
        if "iterations" in parts:
            measure_iterations(commands, port, folder)
        if "load" in parts:
            measure_load(commands, port, folder)


def measure_iterations(commands: dict[str, list[str]], port: int, folder: Path) -> None:
    """Print a line for each number of iterations."""
    path = folder / "iterations.json"
    path.write_text(json.dumps(bench.collection(port, 1, tested=True)), "utf-8")
    print(f"{'iterations':32}{'postrunner':>14}{'Newman':>14}{'ratio':>8}")
    for count in ITERATIONS:
        found: dict[str, tuple[float, float]] = {}
        for who, command in commands.items():
            if who == "newman" and count > NEWMAN_AT_MOST:
                continue
            watcher = bench.Watcher()
            wall, _ = bench.run_once([*command, str(path), "-n", str(count)], watcher)
            watcher.thread.join()
            bench.check_count(who, bench.requests_seen(port), count)
            found[who] = wall, watcher.peak / bench.MEBIBYTE
        for index, unit in enumerate(("seconds", "peak memory, MiB")):
            print_line(f"{count:,} iterations, {unit}", {who: values[index] for who, values in found.items()})
    print(flush=True)


def measure_load(commands: dict[str, list[str]], port: int, folder: Path) -> None:
    """Print what a large collection costs before its first request."""
    small, large = folder / "small.json", folder / "large.json"
    small.write_text(json.dumps(bench.collection(port, 1, tested=True)), "utf-8")
    large.write_text(json.dumps(bench.collection(port, ITEMS, tested=True)), "utf-8")
    found = {}
    for who, command in commands.items():
        walls: dict[Path, list[float]] = {small: [], large: []}
        for _ in range(ROUNDS):
            for path, values in walls.items():
                values.append(bench.run_once([*command, str(path), "--folder", "Request 0"])[0])
                bench.check_count(who, bench.requests_seen(port), 1)
        found[who] = 1000 * (statistics.median(walls[large]) - statistics.median(walls[small]))
    size = large.stat().st_size / bench.MEBIBYTE
    print(f"{'load':32}{'postrunner':>14}{'Newman':>14}{'ratio':>8}")
    print_line(f"{ITEMS:,} items ({size:.1f} MiB), ms", found)
    print(flush=True)


def print_line(title: str, found: dict[str, float]) -> None:
    """One line of a table; the ratio where both were measured."""
    newman = found.get("newman")
    shown = f"{newman:14.2f}{found['ours'] / newman:8.2f}" if newman else ""
    print(f"{title:32}{found['ours']:14.2f}{shown}", flush=True)


if __name__ == "__main__":
    main()
