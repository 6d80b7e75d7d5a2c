"""What written Python uses to keep the checks of one request apart. Its source is copied; nothing here is called."""

from __future__ import annotations

from linecache import getline
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
        if not isinstance(error, Exception):
            return False
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        line = getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).strip() if trace else ""
        failures.append(f"{self.name}: {type(error).__name__}: {str(error) or line}")
        return True
