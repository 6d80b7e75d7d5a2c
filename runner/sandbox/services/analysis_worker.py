"""The process that analyses scripts without running them (`libraries/flow.js`).

Like `helper_worker.py`, it is run as a file, never imported, and uses the same frames.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.extend(sys.argv[2:])

from runner.sandbox.engine_imports import LOOP, stand_in
from runner.sandbox.processes import confinement
from runner.sandbox.processes.frames import frames_of_stdin, run_program, write_frame

BUNDLE = Path(__file__).parents[1] / "bundles" / "flow.js"
HEAP_MB, RESERVED_MB = 512, 512
"""The engine's heap limit, and the memory that V8 maps for itself."""


def serve(out: int) -> None:
    """Answer asks until the process ends: the facts of each of the `texts`, in order, with what `also` and `names` add."""
    from py_mini_racer import mini_racer

    with mini_racer(LOOP) as engine:
        engine.eval(BUNDLE.read_text("utf-8"))
        confinement.forbid_files()
        next_frame = frames_of_stdin()
        confinement.forbid_everything()
        write_frame(out, b"r", b"")
        while True:
            asked = json.loads(next_frame()[1:])
            texts, wish = json.dumps(asked["texts"]), f"{json.dumps(asked['also'])}, {json.dumps(asked.get('names'))}"
            found = str(engine.eval(f"JSON.stringify({texts}.map(text => analyse(text, {wish})))"))
            write_frame(out, b"m", f'{{"value": {found}}}'.encode())


def main(out: int) -> None:
    """Start the engine."""
    stand_in()
    from py_mini_racer import init_mini_racer

    confinement.limit_memory((HEAP_MB + RESERVED_MB) << 20)
    init_mini_racer(flags=("--single-threaded", f"--max-heap-size={HEAP_MB}"))
    serve(out)


if __name__ == "__main__":
    run_program(main)
