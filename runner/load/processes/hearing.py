"""Hears the wish that the test should end, from the process that started this one."""

from __future__ import annotations

from collections.abc import Callable

from gevent import spawn
from gevent.os import make_nonblocking, nb_read

from runner.load.processes.process_input import FAILED, PASSED


def hear_end(end: Callable[[bool, int | None], None], answered: Callable[[bool], object] = bool) -> None:
    """Call `end` when the end is asked for: with True if nothing is waited for any longer, and the signal's exit code.

    That is None if the process that started this one is gone. `answered` is told whether what follows the load passed.
    """

    def listen() -> None:
        asked = 0
        while True:
            byte = nb_read(0, 1)
            if byte in (PASSED, FAILED):
                answered(byte == PASSED)
                continue
            asked += 1
            end(asked > 1 or not byte, byte[0] if byte else None)
            if not byte:
                return

    make_nonblocking(0)
    spawn(listen)
