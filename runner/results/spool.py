"""Temporary files for what has to wait during a run, so that memory stays flat; reports mask again what they read."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from runner.deep_json import dumps, loads
from runner.outputs import scratch
from runner.secrets import Secrets
from runner.secrets.outgoing.shapes import masked_shape


class Heap:
    """Bytes stored during a run and read back by number, so that memory stays flat; small amounts stay in memory."""

    def __init__(self) -> None:
        self._file = scratch()
        self._ends = array("Q", [0])

    @property
    def count(self) -> int:
        """How many values there are."""
        return len(self._ends) - 1

    def put(self, data: bytes) -> int:
        """Store bytes; returns their number."""
        self._file.seek(self._ends[-1])  # an interrupt may have left part of a value behind the end
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))
        return len(self._ends) - 2

    def get(self, number: int) -> bytes:
        """The bytes with this number."""
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return self._file.read(end - start)

    def close(self) -> None:
        """Close the temporary file."""
        self._file.close()


class Spool(Heap):
    """The same for JSON values, which are also read back in their order."""

    def add(self, value: Any) -> int:
        """Store a value; returns its number."""
        return self.put(dumps(value, separators=(",", ":")).encode())

    def read(self, number: int) -> Any:
        """The value of this number."""
        return loads(self.get(number))

    def values(self) -> Iterator[Any]:
        """Every value, one at a time."""
        yield from map(self.read, range(self.count))


class MaskedHeap:
    """Masked bytes of a report; they are masked again if a secret has become known since."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._heap = Heap()
        self._versions = array("Q")

    def put(self, data: bytes) -> int:
        """Store bytes; returns their number."""
        self._versions.append(self._secrets.version)
        return self._heap.put(data)

    def get(self, number: int) -> bytes:
        """The bytes with this number."""
        data = self._heap.get(number)
        return data if self._versions[number] == self._secrets.version else self._secrets.mask_bytes(data)

    def close(self) -> None:
        """Close the temporary file."""
        self._heap.close()


class MaskedSpool:
    """Masked JSON of a report; it is masked again if a secret has become known since.

    `rules` say how texts under some names are masked, if not as reports mask them.
    """

    def __init__(self, secrets: Secrets, rules: Mapping[str, Callable[[Secrets, str], str]] | None = None) -> None:
        self._secrets = secrets
        self._rules = rules or {}
        self._spool = Spool()
        self._versions = array("Q")

    @property
    def count(self) -> int:
        """How many values there are."""
        return self._spool.count

    def add(self, value: Any, version: int | None = None) -> int:
        """Store a value; returns its number. `version` is that of the secrets when it was masked, if not now."""
        self._versions.append(self._secrets.version if version is None else version)
        return self._spool.add(value)

    def read(self, number: int) -> Any:
        """The value of this number."""
        value, old = self._spool.read(number), self._versions[number] != self._secrets.version
        return masked_shape(value, self._secrets, self._rules) if old else value

    def values(self) -> Iterator[Any]:
        """Every value, one at a time."""
        yield from map(self.read, range(self.count))

    def close(self) -> None:
        """Close the temporary file."""
        self._spool.close()
