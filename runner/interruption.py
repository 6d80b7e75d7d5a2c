"""Ctrl-C and its relatives: their handler only remembers them, and raises where a wait may be left.

So a run ends between two steps, and nothing that is being written is ever torn, however often the user presses the keys.
Signals within a second after one that counted are repeats and change nothing.

Imports nothing but what is built into Python, because until it listens Ctrl-C is Python's own and ends in a traceback:
the module `signal` alone takes 5 ms.
"""

from __future__ import annotations

import _thread
import os
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from types import FrameType
    from typing import Any
else:
    import _signal

REPEATS = 1.0
"""Seconds in which further signals are one with the first: shells and CI servers send two, and fingers press twice."""

ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
NEVER, LATER, AT_ONCE, WITH_ALL = range(4)
"""When a place may be left: not at all; when a signal comes after the repeats of the first; when any comes; and then the
whole process ends with it, because nothing has begun that could be left half.
"""

ECHOES = (0.02, 0.1, 0.5)
"""Seconds until a signal is sent once more to a main thread that has not heard of it."""


def exit_code_of(number: int) -> int:
    """130 for SIGINT, and 143 for SIGTERM and all that is like it."""
    return 128 + (_signal.SIGINT if number == _signal.SIGINT else _signal.SIGTERM)


class Interrupt(KeyboardInterrupt):
    """The user or the system asked for the end; `summary` is that of a run which was ended in order."""

    def __init__(self, number: int = _signal.SIGINT, summary: Any = None) -> None:
        super().__init__("interrupted")
        self.exit_code = exit_code_of(number)
        self.summary = summary


class _State:
    """What came so far, and whether the main thread may be disturbed."""

    def __init__(self) -> None:
        self.main = 0
        self.first = 0
        self.last = -REPEATS
        self.level = self.raised = NEVER
        self.heard, self.lost = True, False

    def take(self, number: int, frame: FrameType | None) -> None:
        """The handler."""
        self.heard = True
        now = monotonic()
        if now - self.last < REPEATS and not self.lost:
            return
        least = LATER if self.first and not self.lost else AT_ONCE
        self.first, self.last, self.lost = self.first or number, now, False
        if self.level == WITH_ALL:
            _end(self.first)
        if self.level >= least:
            self.level, self.raised = NEVER, self.level
            raise Interrupt(self.first)

    def lose(self) -> None:
        """Raise once more, a moment later: the first was raised where Python catches all (`__del__`, a weak reference)."""
        if hasattr(_signal, "pthread_kill"):
            self.level, self.lost = self.raised, True
            _thread.start_new_thread(_send_again, (self.main, self.first))


def _end(number: int) -> None:
    try:
        os.write(2, b"interrupted\n")
    finally:  # also when the terminal is gone
        os._exit(exit_code_of(number))


_state = _State()


def asked() -> int:
    """The exit code of the signal that asked for the end, 0 when none did."""
    return exit_code_of(_state.first) if _state.first else 0


def answer() -> None:
    """Take the end that was asked for as the normal end of what runs until then."""
    _state.first = 0


def set_aside() -> _Aside:
    """Let the block run as if the end had not been asked for; a further signal ends it like any other."""
    return _Aside()


class _Aside:
    __slots__ = ("_first",)

    def __enter__(self) -> None:
        self._first, _state.first = _state.first, 0

    def __exit__(self, *_: object) -> None:
        _state.first = _state.first or self._first


def check() -> None:
    """Raise `Interrupt` when the end was asked for."""
    if _state.first:
        raise Interrupt(_state.first)


def listen(*names: str) -> _Listening:
    """Remember these signals instead of what Python or the system does, until the block ends.

    What the user or the program set up for a signal (nohup, a handler of its own) stays. Only the main thread can listen.
    """
    return _Listening(names)


class _Listening:
    __slots__ = ("_before", "_names")

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        try:
            for number in (getattr(_signal, name) for name in self._names if hasattr(_signal, name)):
                if _signal.getsignal(number) in (_signal.SIG_DFL, _signal.default_int_handler):
                    self._before[number] = _signal.signal(number, _state.take)
                    _state.main = _thread.get_ident()
        except ValueError:  # another thread than the main one
            return
        if self._before:
            _state.first, _state.last = 0, -REPEATS

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            _signal.signal(number, handler)
            _state.first = 0


def listen_for_good() -> None:
    """Remember all signals that ask for the end, where the command line is the whole process."""
    listen(*ENDINGS).__enter__()
    if _state.main == _thread.get_ident() and hasattr(_signal, "pthread_kill"):
        try:
            reader, writer = os.pipe()
            if min(reader, writer) <= 2:  # a standard stream is closed, and must stay so
                os.close(reader)
                os.close(writer)
                return
            os.set_blocking(writer, False)
            os.set_blocking(reader, False)
            _signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
            _thread.start_new_thread(_echo, (reader, _state.main))
        except (OSError, RuntimeError, ValueError):  # no thread, no descriptor to be had: it works without nearly always
            _signal.set_wakeup_fd(-1)


def _echo(reader: int, main: int) -> None:
    """Own thread: send a signal again until the main thread has heard of it.

    One that comes just before a wait begins would not end that wait, nor would one that the system gives to another thread.
    """
    import select

    pause = _thread.allocate_lock()
    pause.acquire()
    while True:
        select.select([reader], [], [])
        number = os.read(reader, 1)[0]
        _state.heard = _signal.getsignal(number) != _state.take
        for seconds in ECHOES:
            if _state.heard:
                break
            pause.acquire(timeout=seconds)
            if not _state.heard:
                _signal.pthread_kill(main, number)
        try:
            os.read(reader, 4096)
        except BlockingIOError:
            continue


def end_listening() -> int:
    """The exit code of the signal that asked for the end, else 0, when all is written.

    From now on a signal ends the process as the system does it; one after another that has counted changes nothing.
    """
    last = _signal.SIG_IGN if _state.first else _signal.SIG_DFL
    for name in ENDINGS:
        number = getattr(_signal, name, None)
        if number is not None and _signal.getsignal(number) == _state.take:
            _signal.signal(number, last)
    return asked()


def _send_again(main: int, number: int) -> None:
    pause = _thread.allocate_lock()
    pause.acquire()
    pause.acquire(timeout=ECHOES[0])
    _signal.pthread_kill(main, number)


def quiet_hook(hook: Any) -> Any:
    """`sys.unraisablehook` for an interruption that came where nobody can catch it: it comes again, and nothing is told."""

    def told(unraisable: Any) -> None:
        if isinstance(unraisable.exc_value, Interrupt):
            _state.lose()
        else:
            hook(unraisable)

    return told


class SignalPolicy:
    """How signals are treated within a block; on threads other than the main one it has no effect."""

    __slots__ = ("_before", "_level")

    def __init__(self, level: int) -> None:
        self._level = level
        self._before = -1

    def __enter__(self) -> None:
        if _thread.get_ident() == _state.main:
            self._before, _state.level = _state.level, self._level
            if self._level >= AT_ONCE and _state.first:
                _state.level = self._before  # nobody leaves a block that was not entered
                check()

    def __exit__(self, *_: object) -> None:
        if self._before >= 0:
            _state.level = self._before


def waiting() -> SignalPolicy:
    """A wait for the world: the first signal ends it, and one that came before lets it not begin."""
    return SignalPolicy(AT_ONCE)


def writing_out() -> SignalPolicy:
    """Giving a report away to somebody who may never take it: only a later signal ends that."""
    return SignalPolicy(LATER)


def undisturbed() -> SignalPolicy:
    """Work that is done whole."""
    return SignalPolicy(NEVER)


def preparing() -> SignalPolicy:
    """Work that leaves nothing behind: a signal ends the whole process at once."""
    return SignalPolicy(WITH_ALL)


__all__ = [
    "ENDINGS",
    "Interrupt",
    "SignalPolicy",
    "answer",
    "asked",
    "check",
    "end_listening",
    "listen",
    "listen_for_good",
    "preparing",
    "quiet_hook",
    "set_aside",
    "undisturbed",
    "waiting",
    "writing_out",
]
