"""A child process at the other end of three pipes, killed at a deadline. The child confines itself."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from runner.errors import SandboxError, unforeseen
from runner.sandbox.processes.watchdog import Watchdog
from runner.sandbox.protocol import FROM_CHILD, LARGEST_FRAME, BadReply

FOLDER = Path(__file__).absolute().parents[1]


PIECE, KEPT, MOST_SAID = 1 << 20, 1 << 16, 1 << 20
"""Bytes read at a time, bytes kept of the error output, and the most that a child may write to it."""

ENVIRONMENT = (
    *("TZ", "TZDIR", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "WINDIR"),
)
"""The variables that a child inherits: formats of dates and numbers, and paths of system libraries."""


def python(program: str) -> list[str]:
    """The command line that runs a file of this package, without the user's settings and site packages."""
    return [sys.executable, "-I", "-S", *(["-B"] if sys.dont_write_bytecode else []), str(FOLDER / program)]


def bare_environment() -> dict[str, str]:
    """The environment of a child."""
    return {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}


class Process:
    """A child process and its frames (`frames.py`); it inherits no environment, no descriptors and no working directory.

    Raises `SandboxError` if the system refuses the process or its pipes.
    """

    def __init__(self, command: list[str]) -> None:
        self._killed = False
        self._watchdog = Watchdog(self.kill)
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=FOLDER.anchor,
                env=bare_environment(),
                start_new_session=True,
            )
        except OSError as error:
            cause = unforeseen(error)
            raise SandboxError(
                f"scripts get no process: {(error.strerror or str(error)).lower()}", hint=cause.hint
            ) from None
        self._said = Said(_pipe(self._process.stderr), self.kill)

    @property
    def alive(self) -> bool:
        """Whether the process can still answer."""
        return not self._killed and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def kill(self) -> None:
        """Kill the process."""
        self._killed = True
        self._process.kill()

    def close(self) -> None:
        """End the process and its pipes."""
        self._watchdog.close()
        self.kill()
        self._process.wait()
        self._said.end()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _within(self, timeout_ms: float | None) -> _Limit:
        """Kill the process if the block takes longer, and raise TimeoutError; EOFError if the process died by itself."""
        return _Limit(self, timeout_ms)

    def _write(self, frame: bytes) -> None:
        stream = _pipe(self._process.stdin)
        try:
            stream.write(len(frame).to_bytes(4, "little") + frame)
            stream.flush()
        except OSError as error:
            raise EOFError from error

    def _read(self) -> tuple[bytes, bytes]:
        """One frame, read in pieces: its length may be a lie. Raises EOFError at the end, BadReply if it is not a frame."""
        stream = _pipe(self._process.stdout)
        pieces = []
        try:
            head = stream.read(5)
            left = int.from_bytes(head[:4], "little") - 1 if len(head) == 5 else -1
            if len(head) == 5 and not (0 <= left < LARGEST_FRAME and head[4:] in FROM_CHILD):
                self.kill()
                raise BadReply(f"{head!r} does not begin a frame")
            while left > 0 and (piece := stream.read(min(left, PIECE))):
                pieces.append(piece)
                left -= len(piece)
        except (OSError, ValueError) as error:  # the pipe was closed while it was read
            raise EOFError from error
        if left:
            raise EOFError
        return head[4:], b"".join(pieces)

    def _last_words(self) -> tuple[int, str]:
        """Its exit code and the end of its error output."""
        self.kill()
        code = self._process.wait()
        return code, self._said.end().strip()


class _Limit:
    """The time limit of a block. It is entered for each script; a generator would cost several times as much."""

    __slots__ = ("_process", "_timeout_ms")

    def __init__(self, process: Process, timeout_ms: float | None) -> None:
        self._process = process
        self._timeout_ms = timeout_ms

    def __enter__(self) -> None:
        if self._timeout_ms is not None:
            self._process._watchdog.set(time.monotonic() + self._timeout_ms / 1000)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        process = self._process
        if self._timeout_ms is not None:
            process._watchdog.clear()
        if process._killed and (kind is None or (issubclass(kind, EOFError) and not process._said.too_much)):
            process._process.wait()
            raise TimeoutError("the script did not end in time") from None


class Said:
    """The error output of the process, read on a separate thread so that the process never blocks on it.

    The last `KEPT` bytes are kept. A process that writes more than `MOST_SAID` is killed, and `too_much` becomes true.
    """

    def __init__(self, stream: IO[bytes], kill: Callable[[], None]) -> None:
        self.too_much = False
        self._stream = stream
        self._read_some: Callable[[int], bytes] = stream.read1  # type: ignore[attr-defined]  # also where gevent made the pipe
        self._kill = kill
        self._kept = b""
        self._thread = threading.Thread(target=self._read, daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:  # the system has no more threads
            self._kept = str(error).encode()
            kill()

    def end(self) -> str:
        """The text, once the process has ended; does not wait long for another process that holds the pipe open."""
        if self._thread.ident is not None:
            self._thread.join(timeout=1)
        return self._kept.decode(errors="replace")

    def _read(self) -> None:
        size = 0
        with contextlib.suppress(OSError, ValueError):
            while piece := self._read_some(KEPT):
                self._kept = (self._kept + piece)[-KEPT:]
                size += len(piece)
                if size > MOST_SAID and not self.too_much:
                    self.too_much = True
                    self._kill()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """A pipe that `Popen` was asked to open, for the type checker."""
    assert stream is not None
    return stream


def folders_of_packages() -> list[str]:
    """The search path for packages, for a child that starts without one."""
    return [path for path in (str(FOLDER.parents[1]), *sys.path) if os.path.isabs(path)]
