"""A process of our own at the other end of three pipes, killed at a deadline. What it may do is left to itself."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from runner.errors import SandboxError, unforeseen
from runner.sandbox.confinement import bare_environment
from runner.sandbox.frames import read_frame
from runner.sandbox.watchdog import Watchdog

FOLDER = Path(__file__).absolute().parent


def python(program: str) -> list[str]:
    """The command line that runs a file of this folder, without the user's settings and site packages."""
    return [sys.executable, "-I", "-S", *(["-B"] if sys.dont_write_bytecode else []), str(FOLDER / program)]


class Process:
    """The process and its frames (`frames.py`); it gets no environment, no descriptor and no folder of ours.

    Raises `SandboxError` when the system gives no process, or no pipes for it.
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

    @property
    def alive(self) -> bool:
        """Whether the process can still answer."""
        return not self._killed and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def kill(self) -> None:
        """End the process at once."""
        self._killed = True
        self._process.kill()

    def close(self) -> None:
        """End the process and its pipes."""
        self._watchdog.close()
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    @contextlib.contextmanager
    def _within(self, timeout_ms: float | None) -> Iterator[None]:
        """Kill the process when the block takes longer; raises TimeoutError then, EOFError when it died by itself."""
        if timeout_ms is not None:
            self._watchdog.set(time.monotonic() + timeout_ms / 1000)
        try:
            yield
        except EOFError:
            if not self._killed:
                raise
        finally:
            self._watchdog.clear()
        if self._killed:
            self._process.wait()
            raise TimeoutError("the script did not end in time")

    def _write(self, frame: bytes) -> None:
        stream = _pipe(self._process.stdin)
        try:
            stream.write(len(frame).to_bytes(4, "little") + frame)
            stream.flush()
        except OSError as error:
            raise EOFError from error

    def _read(self) -> tuple[bytes, bytes]:
        frame = read_frame(_pipe(self._process.stdout))
        if not frame:
            raise EOFError
        return frame[:1], frame[1:]

    def _last_words(self) -> tuple[int, str]:
        """How it ended: its exit code and what it said last."""
        self._process.kill()
        code = self._process.wait()
        return code, _pipe(self._process.stderr).read().decode(errors="replace").strip()


def _pipe(stream: Any) -> BinaryIO:
    found: BinaryIO = stream
    return found


def folders_of_packages() -> list[str]:
    """Where this process finds its packages, for one that starts without any."""
    return [path for path in (str(FOLDER.parents[1]), *sys.path) if os.path.isabs(path)]
