"""The process that tells from scripts' texts what they do with variables (`libraries/flow.js`). It runs none of them.

It is run as a file, never imported, as `helper_worker.py` is, with the same frames.
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
"""What the engine may use, and what it maps for itself before."""


def serve(out: int) -> None:
    """Answer for ever: the facts of each of the `texts` of an ask, in their order; with what `also` and `names` ask for."""
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
