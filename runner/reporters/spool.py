"""Report files: where they go, and what waits for them while a run goes on."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runner.deep_json import dumps, loads
from runner.outputs import is_folder, scratch
from runner.reporters import ReporterContext

FOLDER = "newman"
"""Newman's folder: what collects its reports in CI finds those of postrunner."""


def report_path(context: ReporterContext, reporter: str, extension: str) -> Path:
    """Where a report goes: `--reporter-<name>-export` (in a folder under the default name), else the default folder.

    The default name is Newman's and carries the time: `newman/newman-run-report-2026-01-31-12-00-00-000-0.json`.
    """
    chosen = context.options.reporter_option(reporter, "export")
    name = f"newman-run-report-{context.clock.file_stamp()}.{extension}"
    if not chosen or chosen == "true":  # the option without a value
        return Path(FOLDER) / name
    return Path(chosen, name) if is_folder(chosen) else Path(chosen)


class Heap:
    """Bytes put aside while a run goes on, so that memory stays flat, and read back by number; a little stays in memory."""

    def __init__(self) -> None:
        self._file = scratch()
        self._ends = array("Q", [0])

    def put(self, data: bytes) -> int:
        """Put some bytes aside; gives their number."""
        self._file.seek(self._ends[-1])  # an interruption may have left a part of a value behind it
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))
        return len(self._ends) - 2

    def get(self, number: int) -> bytes:
        """What has this number."""
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return self._file.read(end - start)

    def close(self) -> None:
        """Give the temporary file back."""
        self._file.close()


class Spool(Heap):
    """The same for JSON values, which are also read back in their order."""

    def add(self, value: Any) -> int:
        """Put one value aside; gives its number."""
        return self.put(dumps(value, separators=(",", ":")).encode())

    def read(self, number: int) -> Any:
        """The value of this number."""
        return loads(self.get(number))

    def values(self) -> Iterator[Any]:
        """Every value, one at a time."""
        yield from map(self.read, range(len(self._ends) - 1))
