"""The tests of one room, for breaks that are tried without coverage: all of them meet each break."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 360.0
"""Seconds that the tests of a room may be expected to take."""


class RoomTests:
    """The test files of a room and those that import it; raises `SystemExit` if they fail without a break, too."""

    def __init__(self, room: str, tests: list[str], run: Callable[[list[str], float], str]) -> None:
        self._tests = tests or tests_of(room)
        start = time.monotonic()
        said = run(self._tests, LONGEST) if self._tests else "there are none"
        self._seconds = time.monotonic() - start
        if said != "survived":
            raise SystemExit(f"the tests of {room}, without a break: {said}")

    def of(self, path: str, line: int) -> list[str]:
        """The tests that a break of this line meets."""
        return self._tests

    def seconds(self, tests: list[str]) -> float:
        """How long they take without a break."""
        return self._seconds


def tests_of(room: str) -> list[str]:
    """`tests/ROOM/`, and each other test file that names the room's modules."""
    module = f"runner.{room.strip('/').replace('/', '.').removesuffix('.py')}"
    own = ROOT / "tests" / room
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    named = [file for file in files if own in file.parents or module in file.read_text()]
    return [file.relative_to(ROOT).as_posix() for file in named]
