"""The script child: V8 with the prelude, driven by messages on stdin. It is run as a file, never imported.

Arguments: folder of the packages, heap limit in MB, prelude files joined by the path separator, the files of each part
that waits for its first use as JSON. A frame is four bytes of length (little-endian), one byte that says what it is, and
UTF-8 text: to the child `m` (a message) or `l` (the text of a library); back `r` (ready, with the names of what the system
lacks to confine it, as JSON), `m` (a reply) or `e` (the engine's own error).

It reads its files first; from the ready frame on it can open nothing (`processes/confinement.py`).
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from py_mini_racer import MiniRacer

sys.path.append(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
from runner.sandbox.processes import confinement
from runner.sandbox.processes.frames import frames_of_stdin, run_program, write_frame

PACKAGES, MEMORY_MB, PRELUDE, PARTS = sys.argv[1], int(sys.argv[2]), *sys.argv[3:]

LONGEST_WAIT = 0.05
"""Seconds; no wait is as long, unless the clock of the system was set back."""

RESERVED_MB = 512
"""What V8 maps for itself (its code range above all) before any script runs."""


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


def next_reply(engine: MiniRacer, handle: Callable[[str], str], step: Callable[[str], str]) -> str:
    """Run what is due, one callback a call, until there is a reply.

    `?` in front asks where a text is wrong, `w` to wait until a time in milliseconds.
    """
    while True:
        reply = step("")
        if reply[:1] == "?":
            handle(json.dumps({"op": "place", "place": syntax_place(engine, reply[1:])}))
        elif reply[:1] == "w":
            time.sleep(min(max(float(reply[1:]) / 1000 - time.time(), 0), LONGEST_WAIT))
        elif reply:
            return reply


class Texts:
    """What is evaluated before the first script, and what waits for its first use."""

    def __init__(self) -> None:
        prelude = "\n".join(map(read_text, PRELUDE.split(os.pathsep)))
        self.prelude = f"(function () {{ 'use strict';\n{prelude}\n}})(); 0"
        self.parts = {name: "\n".join(map(read_text, files)) for name, files in json.loads(PARTS).items()}


def serve(engine: MiniRacer, texts: Texts, lacking: list[str], out: int) -> None:
    """Answer messages for ever."""
    from py_mini_racer import JSEvalException

    next_frame = frames_of_stdin()
    engine.eval("globalThis.__libraries = {}; 0")
    engine.eval(texts.prelude)
    handle = taking_text(engine, "__host.handle")
    step = taking_text(engine, "__host.next")
    add_part: Any = engine.eval("__host.addPart")
    add_library = taking_text(engine, "__host.addLibrary")
    engine.eval("delete globalThis.__host; new Date().getTimezoneOffset()")  # V8 asks the system for its zone once
    handle(json.dumps({"op": "seed", "words": list(memoryview(os.urandom(32)).cast("I"))}))
    lacking += confinement.forbid_everything()
    write_frame(out, b"r", json.dumps(lacking).encode())
    for name, text in texts.parts.items():
        add_part(name, text)
    while True:
        frame = next_frame()
        try:
            if frame[:1] == b"l":
                add_library(frame[1:].decode())
                continue
            handle(frame[1:].decode())
            reply = next_reply(engine, handle, step)
        except JSEvalException as error:
            write_frame(out, b"e", str(error).encode())
        else:
            write_frame(out, b"m", reply.encode())


def main(out: int) -> None:
    """Start the engine in this thread's event loop, which makes its calls direct."""
    confinement.limit_memory((MEMORY_MB + RESERVED_MB) << 20)  # what the heap flag does not count: array buffers
    sys.path.append(PACKAGES)
    sys.modules["ssl"] = None  # type: ignore[assignment]  # asyncio does without it, and it is half of asyncio's import time
    import asyncio

    from py_mini_racer import init_mini_racer, mini_racer

    init_mini_racer(flags=("--single-threaded", f"--max-heap-size={MEMORY_MB}"))
    texts = Texts()

    async def run() -> None:
        lacking = confinement.forbid_files()
        with mini_racer(asyncio.get_running_loop()) as engine:
            serve(engine, texts, lacking, out)

    asyncio.run(run())


if __name__ == "__main__":
    run_program(main)
