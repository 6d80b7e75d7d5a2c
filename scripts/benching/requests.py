"""The parts that run whole collections: the start, each further request, and the memory of both."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benching.budget import Budget, print_result
from benching.memory import MEBIBYTE, Watcher
from benching.runs import NAMES, check_count, collection, run_once

GOALS = {"first": 0.25, "further": 0.1, "memory": 0.6}
CPU_GOALS = {"requests": 0.6, "apart": 0.6, "scripts": 1.2}
"""What is asked for: a share of Newman's figure, or milliseconds of CPU time."""

MEMORY_OF = (1, 200)
"""Requests of the runs whose memory is measured, beside those of `--requests`."""


@dataclass
class Figures:
    """Seconds and bytes of one runner on one collection, a value for each round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


AllFigures = dict[tuple[str, int], Figures]


@dataclass(frozen=True)
class Row:
    """One line of the table: a unit's worth, how to read it from the figures, the goals for the ratio and for ours."""

    title: str
    unit: float
    read: Callable[[Callable[[int], Figures]], float]
    goal: str = ""
    limit: float | None = None


def measure_runs(part: str, commands: dict[str, list[str]], port: int, folder: Path, budget: Budget, most: int) -> None:
    """Measure `start`, `requests`, `apart` or `scripts`, and print its table."""
    most = min(most, 100) if part == "apart" else most
    counts, tested = [1] if part == "start" else [1, most], part in ("start", "scripts")
    files = _files(part, counts, port, folder, tested=tested)
    figures = {(who, count): Figures() for who in commands for count in counts}
    try:
        for number in budget.rounds(most=budget.most + 1):
            found = {}
            for who, count in figures:
                found[who, count] = run_once([*commands[who], str(files[count])])
                check_count(who, port, count)
            if number == 2:  # the first round warms the file caches: it counts only if it is the only one
                figures = {key: Figures() for key in figures}
            for key, (wall, cpu) in found.items():
                figures[key].wall.append(wall)
                figures[key].cpu.append(cpu)
    finally:
        _print_table(part, _rows(part, max(counts)), figures)


def measure_memory(commands: dict[str, list[str]], port: int, folder: Path, budget: Budget, most: int) -> None:
    """Measure the peak memory of runs with a test for each request; watching costs time, so nothing else is measured."""
    counts = list(dict.fromkeys((*MEMORY_OF, most)))
    files = _files("memory", counts, port, folder, tested=True)
    figures = {(who, count): Figures() for who in commands for count in counts}
    try:
        for _ in budget.rounds(most=min(3, budget.most)):
            for (who, count), found in figures.items():
                watcher = Watcher()
                run_once([*commands[who], str(files[count])], watcher)
                watcher.thread.join()
                found.memory.append(watcher.peak)
                check_count(who, port, count)
    finally:
        _print_table("memory", [_memory_row(count) for count in counts], figures)


def _files(part: str, counts: list[int], port: int, folder: Path, *, tested: bool) -> dict[int, Path]:
    files = {count: folder / f"{part}-{count}.json" for count in counts}
    for count, path in files.items():
        made = collection(port, count, tested=tested, folder="apart" if part == "apart" else "items")
        path.write_text(json.dumps(made), "utf-8")
    return files


def _memory_row(count: int) -> Row:
    title = f"peak of {count} request{'s' if count > 1 else ''}, MiB"
    return Row(title, MEBIBYTE, lambda of: statistics.median(of(count).memory), "memory")


def _rows(part: str, count: int) -> list[Row]:
    def first(kind: str) -> Callable[[Callable[[int], Figures]], float]:
        return lambda of: statistics.median(getattr(of(1), kind))

    def further(kind: str) -> Callable[[Callable[[int], Figures]], float]:
        def read(of: Callable[[int], Figures]) -> float:
            one, many = (statistics.median(getattr(of(number), kind)) for number in (1, count))
            return float(many - one) / (count - 1)

        return read

    if part == "start":
        return [
            Row("first request, wall ms", 0.001, first("wall"), "first"),
            Row("first request, CPU ms", 0.001, first("cpu")),
        ]
    return [
        Row("each further request, wall ms", 0.001, further("wall"), "further"),
        Row("each further request, CPU ms", 0.001, further("cpu"), limit=CPU_GOALS[part]),
    ]


def _print_table(part: str, rows: list[Row], figures: AllFigures) -> None:
    """Print what was measured, with the number of rounds that count; nothing before the first of them is whole."""
    rounds = min(max(len(found.wall), len(found.memory)) for found in figures.values())
    if not rounds:
        return
    whos = list(dict.fromkeys(who for who, _ in figures))
    title = f"{part} ({rounds} round{'s' if rounds > 1 else ''})"
    lines = [f"{title:32}" + "".join(f"{NAMES[who]:>14}" for who in whos) + (f"{'ratio':>8}" if len(whos) == 2 else "")]
    for row in rows:
        values = [row.read(lambda count, who=who: figures[who, count]) / row.unit for who in whos]  # type: ignore[misc]
        ratio = values[0] / values[1] if len(values) == 2 else None
        line = f"{row.title:32}" + "".join(f"{value:14.2f}" for value in values)
        line += f"{ratio:8.2f}" if ratio is not None else ""
        lines.append(f"{line}   {_verdict(row, values[0], ratio)}".rstrip())
    print_result("\n".join(lines) + "\n")


def _verdict(row: Row, ours: float, ratio: float | None) -> str:
    """The goal and whether it is met, "" when there is none or nothing to compare with."""
    if ours <= 0:
        return "lost in the noise: take more --requests"
    if row.limit is not None:
        return f"goal {row.limit} ms: {'met' if ours <= row.limit else 'missed'}"
    if not row.goal or ratio is None:
        return ""
    return f"goal {GOALS[row.goal]}: {'met' if ratio <= GOALS[row.goal] else 'missed'}"
