"""What written Python uses to keep the checks of one request apart. Its source is copied; nothing here is called."""

from __future__ import annotations

from traceback import extract_tb
from types import TracebackType

failures: list[str] = []


class NotSent(Exception):
    """A request of the collection that is not written as Python."""


class check:
    """A check of its own: its failure is kept, and what comes after it goes on."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if isinstance(error, Exception):
            where = extract_tb(trace)[-1].line
            failures.append(f"{self.name}: {type(error).__name__}: {error or where}")
        return isinstance(error, Exception)
