"""The child process that hosts V8: started early, killed at a deadline, restarted when needed."""

from __future__ import annotations

import json
import math
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn, cast

from runner.deep_json import dumps, loads, rebuilt
from runner.errors import SandboxError
from runner.model.json import Json
from runner.sandbox.prelude import prelude_files
from runner.sandbox.processes.process import FOLDER, MOST_SAID, Process, python
from runner.sandbox.protocol import FROM_CHILD, READY, BadReply

LONE_SURROGATE = re.compile(rb"(?<!\\)((?:\\\\)*)\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
"""A lone surrogate, escaped: JavaScript strings may hold one, UTF-8 cannot encode it."""

LONGEST_START = 60
"""Seconds that the engine may take to start; usually it takes 0.1."""

PRELUDE_HAS = "core.js"
"""The bundle that the prelude includes already: chai."""

NO_ENGINE = "the script engine cannot start"
DEFAULT_MEMORY_MB = 2048
"""Node's default on most machines. It is a limit: memory is allocated only as scripts need it."""


class Child(Process):
    """One process with at most `worlds` JavaScript worlds, identified by number; world 0 always exists.

    Once it is ready, `lacking` names the confinement features that the system does not have. `extra` lists further
    JavaScript files, run after the prelude and in its scope.
    """

    def __init__(self, memory_mb: int = DEFAULT_MEMORY_MB, extra: tuple[Path, ...] = (), worlds: int = 1) -> None:
        self.memory_mb = memory_mb
        self.ready_since: float | None = None
        self.held_up = 0.0
        self.wants_scopes = False
        self.lacking: tuple[str, ...] = ()
        self._libraries: set[tuple[int, str]] = set()
        super().__init__(command(memory_mb, extra, worlds))

    def again(self) -> Child:
        """A new child of the same kind."""
        return Child(self.memory_mb)

    def load(self, bundle: str, world: int = 0) -> None:
        """Load a library into this world before its next message, unless it is loaded already."""
        if bundle != PRELUDE_HAS and (world, bundle) not in self._libraries:
            self._libraries.add((world, bundle))
            self._tell(b"l", world, (FOLDER / "bundles" / bundle).read_bytes())

    def open_world(self, world: int, words: list[int]) -> None:
        """Create a world whose random numbers are seeded with these eight words; world 0 exists, so it is only seeded."""
        self.wait_until_ready()
        self._tell(b"n", world, json.dumps(words).encode())

    def drop_world(self, world: int) -> None:
        """Free a world's memory."""
        self._libraries = {known for known in self._libraries if known[0] != world}
        self._tell(b"d", world, b"")

    def _tell(self, kind: bytes, world: int, text: bytes) -> None:
        try:
            self._write(kind + world.to_bytes(4, "little") + text)
        except EOFError as error:
            raise self._death() from error

    def ask(
        self, message: Mapping[str, object], timeout_ms: float | None, meanwhile: Callable[[], None] | None = None
    ) -> Json:
        """The reply of world 0 to one message; raises TimeoutError after killing the process, SandboxError if it died.

        `meanwhile` is called between message and reply. If it raises, the process is killed: nobody would read its reply.
        """
        return self.answer(dump_message(message).encode("ascii"), timeout_ms, meanwhile=meanwhile)

    def answer(
        self, message: bytes, timeout_ms: float | None, world: int = 0, meanwhile: Callable[[], None] | None = None
    ) -> Json:
        """The reply of a world to a JSON message; raises as `ask` does."""
        self.wait_until_ready()
        self._send(message, timeout_ms, world)
        if meanwhile is not None:
            began = time.monotonic()
            try:
                meanwhile()
            except BaseException:
                self.kill()
                raise
            self.held_up += time.monotonic() - began
        try:
            with self._within(timeout_ms):
                kind, text = self._read()
            if kind == b"e":
                raise SandboxError(f"the script engine failed: {one_line(text)}")
            return read_reply(kind, text)
        except EOFError as error:
            raise self._death() from error
        except BadReply:
            self.kill()
            raise
        except MemoryError:
            self.kill()
            raise BadReply("a reply takes more than there is memory for") from None

    def _send(self, message: bytes, timeout_ms: float | None, world: int) -> None:
        try:
            with self._within(timeout_ms):
                self._write(b"m" + world.to_bytes(4, "little") + message)
        except EOFError as error:
            raise self._death() from error

    def wait_until_ready(self) -> None:
        """Wait until the engine is ready; raises SandboxError if it cannot start."""
        if self.ready_since is not None:
            return
        try:
            with self._within(LONGEST_START * 1000):
                kind, text = self._read()
            if kind != b"r":
                raise SandboxError(f"{NO_ENGINE}: {one_line(text)}")
            lacking = read_reply(b"m", text)
            if wrong := READY(lacking):
                raise BadReply(f"ready{wrong}")
        except EOFError as error:
            raise self._death() from error
        except TimeoutError:
            raise SandboxError(f"{NO_ENGINE}: not ready after {LONGEST_START} s", hint=START_HINT) from None
        except SandboxError:
            self.kill()
            raise
        self.lacking = tuple(cast(list[str], lacking))
        self.ready_since = time.monotonic()

    def _death(self) -> SandboxError:
        """The reason why the process ended, taken from its error output."""
        code, said = self._last_words()
        if self.ready_since is None:
            lines = (one_line(line.strip("# ").encode()) for line in said.splitlines() if line.strip("# "))
            return SandboxError(f"{NO_ENGINE}: {next(lines, f'exit code {code}')}", hint=START_HINT)
        if self._said.too_much:
            return BadReply(f"it wrote more than {MOST_SAID >> 20} MB to its error output")
        if "out of memory" in said.lower() or "allocation" in said.lower():
            return SandboxError(
                f"the script needs more memory than --script-memory allows ({self.memory_mb} MB)", hint=AGAIN
            )
        return SandboxError(f"the script engine crashed (exit code {code}), perhaps for lack of memory", hint=AGAIN)


AGAIN = "the script child was ended and starts again for the next script"
START_HINT = "mini-racer must be installed; a limit on address space (ulimit -v) also stops it"


def read_reply(kind: bytes, text: bytes) -> Json:
    """The JSON of a reply; raises `BadReply`."""
    if kind != b"m":
        raise BadReply(f"{FROM_CHILD[kind]} is not a reply")
    if b"\\ud" in text or b"\\uD" in text:
        text = LONE_SURROGATE.sub(rb"\1\\ufffd", text)
    try:
        reply: Json = loads(text.decode(), _READER)
    except ValueError as error:
        raise BadReply(f"not JSON: {one_line(str(error).encode())}") from None
    return reply


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


_READER = json.JSONDecoder(parse_constant=_refuse)
_WRITER = json.JSONEncoder(separators=(",", ":"), default=str, allow_nan=False)


def one_line(text: bytes) -> str:
    """Text from the child, reduced to one printable line of at most 300 characters."""
    shown = (char if char.isprintable() else " " for char in text[:1000].decode(errors="replace"))
    return " ".join("".join(shown).split())[:300]


def dump_message(message: object) -> str:
    """A message as JSON; types that JSON does not have (a YAML date) become strings, NaN and infinities null."""
    try:
        return _WRITER.encode(message)
    except RecursionError:
        return dumps(message, separators=(",", ":"), default=str, allow_nan=False)
    except ValueError:
        return dumps(rebuilt(message, _without_nan), separators=(",", ":"), default=str)


def _without_nan(value: object, about: object) -> tuple[object, Iterable[tuple[object, object]]]:
    """The `rebuilt` step that replaces NaN and infinities with null."""
    if isinstance(value, dict):
        return dict(value), [(key, None) for key in value]
    if isinstance(value, (list, tuple)):
        return list(value), [(at, None) for at in range(len(value))]
    return None if isinstance(value, float) and not math.isfinite(value) else value, ()


def command(memory_mb: int, extra: tuple[Path, ...] = (), worlds: int = 1) -> list[str]:
    """The command line of the child; raises SandboxError if the engine or the prelude is missing."""
    spec = find_spec("py_mini_racer")
    if spec is None or spec.origin is None:
        raise SandboxError(f"{NO_ENGINE}: the package mini-racer is not installed", hint="pip install mini-racer")
    packages = str(Path(spec.origin).absolute().parent.parent)
    files = prelude_files()
    prelude = os.pathsep.join(map(str, [files.prelude, *extra]))
    return [*python("worker.py"), packages, str(memory_mb), str(worlds), prelude, json.dumps(files.parts)]
