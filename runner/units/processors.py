"""The processors that this process may use: `--jobs auto` runs as many units beside each other."""

from __future__ import annotations

import os
from math import ceil
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")


def processors() -> int:
    """The processors this process may use: its CPU affinity, and the CPU quota of its container (rounded up)."""
    affinity = getattr(os, "sched_getaffinity", None)
    found = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min([found, *(ceil(quota) for quota in quotas(CGROUPS, MEMBERSHIP))]))


def quotas(root: Path, membership: Path) -> list[float]:
    """The CPU quotas of Linux's control groups, versions 1 and 2, that hold for this process, as numbers of processors."""
    try:
        lines = membership.read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    found = []
    for line in lines:
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0":
            folders = _up_from(root, path)
        elif "cpu" in controllers.split(","):
            folders = [*_up_from(root / "cpu", path), *_up_from(root / controllers, path)]
        else:
            continue
        found += [quota for folder in folders if (quota := _quota(folder)) is not None]
    return found


def _up_from(root: Path, path: str) -> list[Path]:
    """The folder of a group and those of the groups above it, whose quotas hold for it, too."""
    names = [name for name in path.split("/") if name not in ("", ".", "..")]
    return [root.joinpath(*names[:depth]) for depth in range(len(names), -1, -1)]


def _quota(folder: Path) -> float | None:
    try:
        if (folder / "cpu.max").is_file():
            quota, period = (folder / "cpu.max").read_text().split()
        else:
            quota, period = ((folder / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
        return int(quota) / int(period) if int(quota) > 0 and int(period) > 0 else None
    except (OSError, ValueError):  # no quota ("max"), or a file that is not there
        return None
