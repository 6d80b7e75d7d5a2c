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


def taking_text(engine: MiniRacer, function: str) -> Callable[[str], str]:
    """A function of the prelude, to be called with one text, at half of what the binding's own way costs.

    For each call the binding makes an array of arguments and has the world's own `push` fill it, which scripts may replace.
    Here the text is `this`, and the empty array is kept.
    """
    made: Any = engine.eval(f"((called) => function () {{ 'use strict'; return called(this); }})({function})")
    try:
        context = made._ctx
        run, call = context._run_uncancelable_mr_task, context._dll.mr_call_function
        handle_of = context._python_to_value_handle
        function_handle, no_arguments = handle_of(made), handle_of(engine.eval("[]"))
    except AttributeError:  # another version of the binding has other inner parts
        return lambda text: made(this=text)

    def call_with(text: str) -> str:
        this = handle_of(text)
        reply: str = run(call, function_handle.raw, this.raw, no_arguments.raw)
        return reply

    return call_with


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
        self.handle = taking_text(engine, "__host.handle")
        self.step = taking_text(engine, "__host.next")
        self.add_library = taking_text(engine, "__host.addLibrary")
        self._add_part: Any = engine.eval("__host.addPart")
        engine.eval("delete globalThis.__host; new Date().getTimezoneOffset()")  # V8 asks the system for its zone once
        self.seed(list(memoryview(os.urandom(32)).cast("I")))

    def seed(self, words: list[int]) -> None:
        """Key its random numbers."""
        self.handle(json.dumps({"op": "seed", "words": words}))

    def add_parts(self, parts: dict[str, str]) -> None:
        """Give it the texts that wait for their first use."""
        for name, text in parts.items():
            self._add_part(name, text)

    def reply(self, message: str) -> str:
        """Handle a message and run what is due, one callback a call, until there is a reply.

        `?` in front asks where a text is wrong, `w` to wait until a time in milliseconds.
        """
        self.handle(message)
        while True:
            reply = self.step("")
            if reply[:1] == "?":
                self.handle(json.dumps({"op": "place", "place": syntax_place(self.engine, reply[1:])}))
            elif reply[:1] == "w":
                time.sleep(min(max(float(reply[1:]) / 1000 - time.time(), 0), LONGEST_WAIT))
            elif reply:
                return reply

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
        kind, number, text = frame[:1], int.from_bytes(frame[1:5], "little"), frame[5:].decode()
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
                write_frame(out, b"m", worlds[number].reply(text).encode())
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
