"""The parts that are about size.

iterations  one request with one pm.test, run 100, 1,000 and 10,000 times (Newman the first two): seconds and peak memory
load        a collection of 5,000 requests of which one runs: what the other 4,999 add to the start
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path

from benching.budget import Budget, print_result
from benching.memory import MEBIBYTE, Watcher
from benching.runs import check_count, collection, run_once

ITERATIONS = (100, 1_000, 10_000)
NEWMAN_AT_MOST = 1_000
ITEMS = 5_000
ROUNDS = 3


def measure_iterations(commands: dict[str, list[str]], port: int, folder: Path, budget: Budget) -> None:
    """Print two lines for each number of iterations."""
    path = folder / "iterations.json"
    path.write_text(json.dumps(collection(port, 1, tested=True)), "utf-8")
    print_result(f"{'iterations':32}{'postrunner':>14}{'Newman':>14}{'ratio':>8}")
    for count in ITERATIONS:
        if count > ITERATIONS[0] and budget.over:
            print_result(f"{count:,} iterations: not measured, the time was over")
            continue
        found: dict[str, tuple[float, float]] = {}
        for who, command in commands.items():
            if who == "newman" and count > NEWMAN_AT_MOST:
                continue
            budget.say(f"{count:,} with {who}")
            watcher = Watcher()
            wall, _ = run_once([*command, str(path), "-n", str(count)], watcher)
            watcher.thread.join()
            check_count(who, port, count)
            found[who] = wall, watcher.peak / MEBIBYTE
        for index, unit in enumerate(("seconds", "peak memory, MiB")):
            print_line(f"{count:,} iterations, {unit}", {who: values[index] for who, values in found.items()})
    print_result("")


def measure_load(commands: dict[str, list[str]], port: int, folder: Path, budget: Budget) -> None:
    """Print what a large collection costs before its first request."""
    small, large = folder / "small.json", folder / "large.json"
    small.write_text(json.dumps(collection(port, 1, tested=True)), "utf-8")
    large.write_text(json.dumps(collection(port, ITEMS, tested=True)), "utf-8")
    walls: dict[tuple[str, Path], list[float]] = {(who, path): [] for who in commands for path in (small, large)}
    for _ in budget.rounds(most=ROUNDS):
        for (who, path), values in walls.items():
            values.append(run_once([*commands[who], str(path), "--folder", "Request 0"])[0])
            check_count(who, port, 1)
    size = large.stat().st_size / MEBIBYTE
    median = {key: statistics.median(values) for key, values in walls.items()}
    print_result(f"{'load':32}{'postrunner':>14}{'Newman':>14}{'ratio':>8}")
    print_line(
        f"{ITEMS:,} items ({size:.1f} MiB), ms",
        {who: 1000 * (median[who, large] - median[who, small]) for who in commands},
    )
    print_result("")


def print_line(title: str, found: dict[str, float]) -> None:
    """One line of a table; the ratio where both were measured."""
    newman = found.get("newman")
    shown = f"{newman:14.2f}{found['ours'] / newman:8.2f}" if newman else ""
    print_result(f"{title:32}{found['ours']:14.2f}{shown}")
