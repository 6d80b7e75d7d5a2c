"""The script child: V8 with the prelude, driven by messages on stdin. It is run as a file, never imported.

Arguments: folder of the packages, heap limit in MB, how many worlds there may be, prelude files joined by the path
separator, the files of each part that waits for its first use as JSON. `protocol.py` says what the frames are.

It reads its files first; from the ready frame on it can open nothing (`processes/confinement.py`).
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
"""Seconds. Waits are shorter, unless the system clock was set back meanwhile."""

RESERVED_MB, WORLD_MB = 512, 8
"""What V8 maps for itself (its code range above all) before any script runs, and for each further world."""


def read_text(path: str) -> str:
    """A file of the package."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def syntax_place(engine: MiniRacer, text: str) -> list[int]:
    """Line and column of a syntax error, which only the engine's own message contains."""
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
    """The prelude, evaluated before the first script, and the parts that are evaluated at their first use."""

    def __init__(self) -> None:
        prelude = "\n".join(map(read_text, PRELUDE.split(os.pathsep)))
        self.prelude = f"(function () {{ 'use strict';\n{prelude}\n}})(); 0"
        self.parts = {name: "\n".join(map(read_text, files)) for name, files in json.loads(PARTS).items()}


class World:
    """An engine with the prelude: it shares its globals, scopes, timers and random numbers with no other world."""

    def __init__(self, texts: Texts) -> None:
        from py_mini_racer import mini_racer

        self._held = ExitStack()
        self.engine = engine = self._held.enter_context(mini_racer(LOOP))
        engine.eval("globalThis.__libraries = {}; 0")
        engine.eval(texts.prelude)
        functions = {"handle": "__host.handle", "next": "__host.next", "library": "__host.addLibrary"}
        self._calls = calls_into(engine, functions)
        self._add_part: Any = engine.eval("__host.addPart")
        engine.eval("delete globalThis.__host; new Date().getTimezoneOffset()")  # V8 reads the time zone now, and only once
        self.seed(list(memoryview(os.urandom(32)).cast("I")))

    def seed(self, words: list[int]) -> None:
        """Key its random numbers."""
        self._calls.make(("handle", json.dumps({"op": "seed", "words": words}).encode()))

    def add_parts(self, parts: dict[str, str]) -> None:
        """Add the texts that are evaluated at their first use."""
        for name, text in parts.items():
            self._add_part(name, text)

    def add_library(self, text: bytes) -> None:
        """Evaluate a library, for all later scripts."""
        self._calls.make(("library", text))

    def converse(self, message: bytes, take: Callable[[bytes], bytes]) -> None:
        """Handle a message, and those that `take` gives for each reply, until it gives an empty one.

        What is due is run one callback a call until there is a reply. Instead of one, `next` may give `?`, which asks where
        a text is wrong, or `w`, to wait until a time in milliseconds.
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
    """The worlds of this process, by number, and the frames for them."""

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
        """Send a reply; returns the next message if it is for the same world, else nothing (the frame waits)."""
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
    """Run the engine for calls from this thread: from another one than its event loop's the binding would relay each."""
    confinement.limit_memory(
        (MEMORY_MB + RESERVED_MB + WORLD_MB * WORLDS) << 20
    )  # what the heap flag does not count: array buffers
    sys.path.append(PACKAGES)
    stand_in()
    from py_mini_racer import init_mini_racer

    init_mini_racer(flags=("--single-threaded", f"--max-heap-size={MEMORY_MB}"))
    Server(Texts(), confinement.forbid_files(), out).serve()


if __name__ == "__main__":
    run_program(main)
