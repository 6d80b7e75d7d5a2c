"""What waits in a temporary file while a run goes on, so that memory stays flat."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from runner.deep_json import dumps, loads
from runner.outputs import scratch


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
