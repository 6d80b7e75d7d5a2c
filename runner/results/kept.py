"""The executions of a run for a Python caller, stored in a temporary file: memory stays flat, however long the run."""

from __future__ import annotations

import io
import pickle
import weakref
from collections.abc import Iterator, Sequence
from typing import cast, overload

from runner.errors import FileUnreadable
from runner.files import LargeFile
from runner.model.collection import Collection, Folder, Item
from runner.model.payload import PIECE, Stored
from runner.results.execution import Execution
from runner.results.failure import Failure
from runner.results.spool import Heap
from runner.secrets.outgoing.masked import Masker

SHARED = frozenset({Item, Folder, Collection, LargeFile})
"""Objects that are not pickled: nodes, which all executions share with the collection, and files, which are copied once."""


class Executions(Sequence[Execution]):
    """The executions of a run in the order they ended, with their real values; each is read when it is asked for."""

    def __init__(self) -> None:
        self._heap = Heap()
        self._numbers: list[int] = []
        self._nodes: list[object] = []
        self._places: dict[int, int] = {}
        self._failures: dict[int, list[list[Failure]]] = {}
        self._whole: dict[int, Execution] = {}
        self.masker: Masker | None = None
        """Hides secrets in failures that became known after these were stored."""
        weakref.finalize(self, self._heap.close)

    def keep(self, execution: Execution) -> None:
        """Store a finished execution; what cannot be pickled (JSON of a thousand levels) stays in memory."""
        number = len(self)
        several = list(execution.with_attempts())
        failures = [one.failures for one in several]
        if any(failures):
            self._failures[number] = failures
        for one in several:
            one.failures = []
        file = io.BytesIO()
        try:
            _Pickler(file, self).dump(execution)
        except (RecursionError, TypeError, pickle.PicklingError, FileUnreadable):
            self._whole[number] = execution
        self._numbers.append(-1 if number in self._whole else self._heap.put(file.getvalue()))
        for one, own in zip(several, failures, strict=True):
            one.failures = own

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Execution: ...
    @overload
    def __getitem__(self, index: slice) -> list[Execution]: ...
    def __getitem__(self, index: int | slice) -> Execution | list[Execution]:
        """One execution, or a list of several."""
        numbers = range(len(self))[index]
        return self._read(numbers) if isinstance(numbers, int) else list(map(self._read, numbers))

    def __iter__(self) -> Iterator[Execution]:
        return map(self._read, range(len(self)))

    def __repr__(self) -> str:
        return f"<{len(self)} executions>"

    def _read(self, number: int) -> Execution:
        execution = self._whole.get(number)
        if execution is None:
            file = io.BytesIO(self._heap.get(self._numbers[number]))
            execution = cast(Execution, _Unpickler(file, self).load())
        failures = self._failures.get(number, ())
        for one, own in zip(execution.with_attempts(), failures, strict=False):
            one.failures = list(map(self.masker.masked, own)) if self.masker else own
        return execution

    def _place_of(self, node: object) -> int:
        """The number of an object that executions share; it lives as long as they do, so no other object gets its id."""
        if id(node) not in self._places:
            self._places[id(node)] = len(self._nodes)
            self._nodes.append(node)
        return self._places[id(node)]


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, executions: Executions) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._executions = executions
        self._copies: dict[int, tuple[int, int]] = {}

    def persistent_id(self, value: object) -> int | tuple[int, int] | None:
        """The number of a shared object; of a file, which is copied, the number of its first piece and its size."""
        if type(value) not in SHARED:  # called several hundred times for each execution
            return None
        if not isinstance(value, LargeFile):
            return self._executions._place_of(value)
        if id(value) not in self._copies:
            heap, size = self._executions._heap, len(value)
            self._copies[id(value)] = heap.count, size
            for at in range(0, size, PIECE):
                heap.put(value.read(at, min(PIECE, size - at)))
        return self._copies[id(value)]


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, executions: Executions) -> None:
        super().__init__(file)
        self._executions = executions

    def persistent_load(self, number: int | tuple[int, int]) -> object:
        """The shared object of this number, or the copy of a file."""
        return self._executions._nodes[number] if isinstance(number, int) else _Copy(self._executions, *number)


class _Copy(Stored):
    """The bytes of a file that a request sent, in pieces of `PIECE`; it holds the executions, whose file has them."""

    def __init__(self, executions: Executions, first: int, size: int) -> None:
        self._executions = executions
        self._first = first
        self._size = size

    def __len__(self) -> int:
        return self._size

    def read(self, at: int, size: int) -> bytes:
        """The `size` bytes from `at` on."""
        found = b""
        while size:
            skipped = at % PIECE
            piece = self._executions._heap.get(self._first + at // PIECE)[skipped : skipped + size]
            found, at, size = found + piece, at + len(piece), size - len(piece)
        return found
