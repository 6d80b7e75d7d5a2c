"""The memory of a process and its descendants while it runs."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from pathlib import Path

MEBIBYTE = 2**20


class Watcher:
    """Samples the memory of a process and all its descendants every few milliseconds and keeps the highest sum."""

    def __init__(self) -> None:
        self.peak = 0
        self.measure, self.pause = (ProcTree(), 0.005) if Path("/proc/self/stat").exists() else (ps_tree_memory, 0.05)

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


class ProcTree:
    """Linux: the proportional share (PSS) of each process, so that shared pages count once."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def __call__(self, pid: int) -> int:
        """The sum over a process and its descendants; who is whose child is read once for each process."""
        for number in (int(name) for name in os.listdir("/proc") if name.isdigit()):
            if number not in self._parents:
                with contextlib.suppress(OSError):
                    stat = Path(f"/proc/{number}/stat").read_text()
                    self._parents[number] = int(stat.rpartition(")")[2].split()[1])
        return sum(map(proc_memory, descendants(pid, self._parents)))


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
