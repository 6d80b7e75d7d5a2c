"""Report files: where they go, and how they get there whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from runner.errors import ExportError
from runner.reporters import ReporterContext

FOLDER = "newman"
"""Newman's folder: what collects its reports in CI finds those of postrunner."""

IN_MEMORY = 4_000_000


def report_path(context: ReporterContext, reporter: str, extension: str) -> Path:
    """Where a report goes: `--reporter-<name>-export` (in a folder under the default name), else the default folder.

    The default name is Newman's and carries the time: `newman/newman-run-report-2026-01-31-12-00-00-000-0.json`.
    """
    chosen = context.options.reporter_option(reporter, "export")
    name = f"newman-run-report-{context.chance.file_stamp()}.{extension}"
    if not chosen or chosen == "true":  # the option without a value
        return Path(FOLDER) / name
    path = Path(chosen)
    return path / name if path.is_dir() or chosen.endswith(("/", os.sep)) else path


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Write a file beside its place and move it there when all of it is written; missing folders are made.

    Raises `ExportError`; what was at `path` before stays when anything goes wrong.
    """
    scratch: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with open(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
        _open_to_all_that_may(scratch)
        os.replace(scratch, path)
        scratch = None
    except OSError as error:
        hint = "name another file, or make its folder writable"
        raise ExportError(f"the report cannot be written: {error.strerror or error}", where=str(path), hint=hint) from error
    finally:
        if scratch is not None:
            with suppress(OSError):
                os.unlink(scratch)


def _open_to_all_that_may(path: str) -> None:
    """Give a file the rights that an ordinary new file has; a temporary one is for its owner only."""
    mask = os.umask(0)
    os.umask(mask)
    with suppress(OSError):
        os.chmod(path, 0o666 & ~mask)


class Spool:
    """JSON values put aside while a run goes on, so that memory stays flat, and read back in their order or by number.

    Up to `IN_MEMORY` bytes no file is made at all.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        self._ends = array("Q", [0])

    def add(self, value: Any) -> int:
        """Put one value aside; gives its number."""
        data = json.dumps(value, separators=(",", ":")).encode()
        self._file.seek(self._ends[-1])  # an interruption may have left a part of a value behind it
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))
        return len(self._ends) - 2

    def read(self, number: int) -> Any:
        """One value; none can be added after the first was read."""
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return json.loads(self._file.read(end - start))

    def values(self) -> Iterator[Any]:
        """Every value, one at a time."""
        yield from map(self.read, range(len(self._ends) - 1))

    def close(self) -> None:
        """Give the temporary file back."""
        self._file.close()
