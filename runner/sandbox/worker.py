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
    from py_mini_racer import MiniRacer

sys.path.append(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
from runner.sandbox.engine_calls import calls_into
from runner.sandbox.processes import confinement
from runner.sandbox.processes.frames import frames_of_stdin, run_program, write_frame

PACKAGES, MEMORY_MB, WORLDS, PRELUDE, PARTS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:]

LONGEST_WAIT = 0.05
"""Seconds; no wait is as long, unless the clock of the system was set back."""

RESERVED_MB, WORLD_MB = 512, 8
"""What V8 maps for itself (its code range above all) before any script runs, and for each further world."""


def read_text(path: str) -> str:
    """A file of the package."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def syntax_place(engine: MiniRacer, text: str) -> list[int]:
    """Line and column of the text's syntax error: only the engine's own message tells them."""
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
    """What is evaluated before the first script, and what waits for its first use."""

    def __init__(self) -> None:
        prelude = "\n".join(map(read_text, PRELUDE.split(os.pathsep)))
        self.prelude = f"(function () {{ 'use strict';\n{prelude}\n}})(); 0"
        self.parts = {name: "\n".join(map(read_text, files)) for name, files in json.loads(PARTS).items()}


class World:
    """An engine of its own with the prelude: its globals, scopes, timers and random numbers are nobody else's."""

    def __init__(self, texts: Texts) -> None:
        import asyncio

        from py_mini_racer import mini_racer

        self._held = ExitStack()
        self.engine = engine = self._held.enter_context(mini_racer(asyncio.get_running_loop()))
        engine.eval("globalThis.__libraries = {}; 0")
        engine.eval(texts.prelude)
        functions = {"handle": "__host.handle", "next": "__host.next", "library": "__host.addLibrary"}
        self._call = calls_into(engine, functions)
        self._add_part: Any = engine.eval("__host.addPart")
        engine.eval("delete globalThis.__host; new Date().getTimezoneOffset()")  # V8 asks the system for its zone once
        self.seed(list(memoryview(os.urandom(32)).cast("I")))

    def seed(self, words: list[int]) -> None:
        """Key its random numbers."""
        self._call(("handle", json.dumps({"op": "seed", "words": words}).encode()))

    def add_parts(self, parts: dict[str, str]) -> None:
        """Give it the texts that wait for their first use."""
        for name, text in parts.items():
            self._add_part(name, text)

    def add_library(self, text: bytes) -> None:
        """Evaluate a library for the scripts from now on."""
        self._call(("library", text))

    def reply(self, message: bytes) -> bytes:
        """Handle a message and run what is due, one callback a call, until there is a reply.

        `?` in front asks where a text is wrong, `w` to wait until a time in milliseconds.
        """
        _, reply = self._call(("handle", message), ("next", b""))
        while True:
            if reply[:1] == b"?":
                place = syntax_place(self.engine, reply[1:].decode())
                self._call(("handle", json.dumps({"op": "place", "place": place}).encode()))
            elif reply[:1] == b"w":
                time.sleep(min(max(float(reply[1:]) / 1000 - time.time(), 0), LONGEST_WAIT))
            elif reply:
                return reply
            (reply,) = self._call(("next", b""))

    def end(self) -> None:
        """Free its memory."""
        self._held.close()


def serve(texts: Texts, lacking: list[str], out: int) -> None:
    """Answer frames for ever."""
    from py_mini_racer import JSEvalException

    next_frame = frames_of_stdin()
    worlds = {0: World(texts)}
    lacking += confinement.forbid_everything(threads=WORLDS > 1)
    write_frame(out, b"r", json.dumps(lacking).encode())
    worlds[0].add_parts(texts.parts)
    while True:
        frame = next_frame()
        kind, number, text = frame[:1], int.from_bytes(frame[1:5], "little"), frame[5:]
        if kind == b"n":
            if number not in worlds:
                worlds[number] = World(texts)
                worlds[number].add_parts(texts.parts)
            worlds[number].seed(json.loads(text))
        elif kind == b"d":
            worlds.pop(number).end()
        try:
            if kind == b"l":
                worlds[number].add_library(text)
            elif kind == b"m":
                write_frame(out, b"m", worlds[number].reply(text))
        except JSEvalException as error:
            write_frame(out, b"e", str(error).encode())


def main(out: int) -> None:
    """Start the engine in this thread's event loop, which makes its calls direct."""
    confinement.limit_memory(
        (MEMORY_MB + RESERVED_MB + WORLD_MB * WORLDS) << 20
    )  # what the heap flag does not count: array buffers
    sys.path.append(PACKAGES)
    sys.modules["ssl"] = None  # type: ignore[assignment]  # asyncio does without it, and it is half of asyncio's import time
    import asyncio

    from py_mini_racer import init_mini_racer

    init_mini_racer(flags=("--single-threaded", f"--max-heap-size={MEMORY_MB}"))
    texts = Texts()

    async def run() -> None:
        serve(texts, confinement.forbid_files(), out)

    asyncio.run(run())


if __name__ == "__main__":
    run_program(main)
