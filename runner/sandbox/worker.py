"""The script child: V8 with the prelude, driven by messages on stdin. It is run as a file, never imported.

Arguments: the folder of the packages, the heap limit in MB, the largest number of worlds, the prelude files joined by the
path separator, and as JSON the files of each part that is loaded at its first use. `protocol.py` describes the frames.

The child reads all its files first: after the ready frame it cannot open anything (`processes/confinement.py`).
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from py_mini_racer import MiniRacer

sys.path.append(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
from runner.sandbox.engine_calls import calls_into
from runner.sandbox.engine_imports import LOOP, stand_in
from runner.sandbox.processes import confinement
from runner.sandbox.processes.frames import frames_of_stdin, run_program, write_frame

PACKAGES, MEMORY_MB, WORLDS, PRELUDE, PARTS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:]

LONGEST_WAIT = 0.05
"""Seconds. A wait can only be longer if the system clock was set back meanwhile."""

RESERVED_MB, WORLD_MB = 512, 8
"""Memory that V8 maps for itself (mostly its code range) before any script runs, and for each further world."""


def read_text(path: str) -> str:
    """The text of one of this package's files."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def syntax_place(engine: MiniRacer, text: str) -> list[int]:
    """Line and column of a syntax error; JavaScript does not reveal them, the engine's own message does."""
    from py_mini_racer import JSParseException

    try:
        engine.eval(text)
    except JSParseException as error:
        place, *shown = str(error).split("\n")
        line = place.split(": SyntaxError")[0].rpartition(":")[2]
        if line.isdigit() and len(shown) > 1:
            return [int(line), shown[1].find("^") + 1]
    return []


class Texts:
    """The source of the prelude, evaluated before the first script, and of the parts, evaluated at their first use."""

    def __init__(self) -> None:
        prelude = "\n".join(map(read_text, PRELUDE.split(os.pathsep)))
        self.prelude = f"(function () {{ 'use strict';\n{prelude}\n}})(); 0"
        self.parts = {name: "\n".join(map(read_text, files)) for name, files in json.loads(PARTS).items()}


class World:
    """An engine with the prelude, whose globals, scopes, timers and random numbers are its own."""

    def __init__(self, texts: Texts) -> None:
        from py_mini_racer import mini_racer

        self._held = ExitStack()
        self.engine = engine = self._held.enter_context(mini_racer(LOOP))
        engine.eval("globalThis.__libraries = {}; 0")
        engine.eval(texts.prelude)
        functions = {"handle": "__host.handle", "next": "__host.next", "library": "__host.addLibrary"}
        self._calls = calls_into(engine, functions)
        self._add_part: Any = engine.eval("__host.addPart")
        engine.eval("delete globalThis.__host; new Date().getTimezoneOffset()")  # V8 reads the time zone once: do it now
        self.seed(list(memoryview(os.urandom(32)).cast("I")))

    def seed(self, words: list[int]) -> None:
        """Seed its random numbers."""
        self._calls.make(("handle", json.dumps({"op": "seed", "words": words}).encode()))

    def add_parts(self, parts: dict[str, str]) -> None:
        """Add the parts that are evaluated at their first use."""
        for name, text in parts.items():
            self._add_part(name, text)

    def add_library(self, text: bytes) -> None:
        """Evaluate a library for all later scripts."""
        self._calls.make(("library", text))

    def converse(self, message: bytes, take: Callable[[bytes], bytes]) -> None:
        """Handle a message, then those that `take` returns for each reply, until it returns an empty one.

        Each call of `next` runs one due callback, until there is a reply. Instead of a reply, `next` may return `?`, which
        asks for the place of the syntax error in a text, or `w`, which asks to wait until a time in milliseconds.
        """

        def go_on(results: list[bytes]) -> tuple[tuple[str, bytes], ...]:
            nonlocal message
            reply = results[-1]
            if reply[:1] != b"{":
                return () if reply else (("next", b""),)
            message = take(reply)
            return (("handle", message), ("next", b"")) if message else ()

        calls: tuple[tuple[str, bytes], ...] = (("handle", message), ("next", b""))
        while message:
            reply = self._calls.converse(calls, go_on)[-1]
            if reply[:1] == b"?":
                place = syntax_place(self.engine, reply[1:].decode())
                self._calls.make(("handle", json.dumps({"op": "place", "place": place}).encode()))
            elif reply[:1] == b"w":
                time.sleep(min(max(float(reply[1:]) / 1000 - time.time(), 0), LONGEST_WAIT))
            calls = (("next", b""),)

    def end(self) -> None:
        """Free its memory."""
        self._held.close()


class Server:
    """Serves the frames for the worlds of this process, which are known by number."""

    def __init__(self, texts: Texts, lacking: list[str], out: int) -> None:
        self._texts = texts
        self._out = out
        self._next_frame = frames_of_stdin()
        self._frame = b""
        self._worlds = {0: World(texts)}
        lacking += confinement.forbid_everything(threads=WORLDS > 1)
        write_frame(out, b"r", json.dumps(lacking).encode())
        self._worlds[0].add_parts(texts.parts)

    def serve(self) -> None:
        """Answer frames until the process ends."""
        from py_mini_racer import JSEvalException

        self._frame = self._next_frame()
        while True:
            kind, number, text = self._frame[:1], int.from_bytes(self._frame[1:5], "little"), self._frame[5:]
            try:
                if kind == b"m":
                    self._worlds[number].converse(text, self._reply_and_read)
                    continue
                if kind == b"l":
                    self._worlds[number].add_library(text)
                elif kind == b"n":
                    self._seed(number, json.loads(text))
                elif kind == b"d":
                    self._worlds.pop(number).end()
            except JSEvalException as error:
                write_frame(self._out, b"e", str(error).encode())
            self._frame = self._next_frame()

    def _reply_and_read(self, reply: bytes) -> bytes:
        """Send a reply; returns the next message if it is for the same world, else nothing (the frame is kept)."""
        before = self._frame[:5]
        write_frame(self._out, b"m", reply)
        self._frame = self._next_frame()
        return self._frame[5:] if self._frame[:5] == before else b""

    def _seed(self, number: int, words: list[int]) -> None:
        if number not in self._worlds:
            self._worlds[number] = World(self._texts)
            self._worlds[number].add_parts(self._texts.parts)
        self._worlds[number].seed(words)


def main(out: int) -> None:
    """Run the engine on this thread: the binding would relay each call from another thread to its event loop's."""
    # V8's heap flag does not count array buffers, so the process has a limit of its own.
    confinement.limit_memory((MEMORY_MB + RESERVED_MB + WORLD_MB * WORLDS) << 20)
    sys.path.append(PACKAGES)
    stand_in()
    from py_mini_racer import init_mini_racer

    init_mini_racer(flags=("--single-threaded", f"--max-heap-size={MEMORY_MB}"))
    Server(Texts(), confinement.forbid_files(), out).serve()


if __name__ == "__main__":
    run_program(main)
