"""The process that computes for scripts (`helper.py`). It is run as a file, never imported.

Arguments: the service, and the folders of the packages. The process imports its modules, gives up its rights
(`processes/confinement.py`), sends one frame `r`, and then answers each frame `m` with a frame `m` (`processes/frames.py`).
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib import import_module

sys.path.extend(sys.argv[2:])

from runner.sandbox.processes import confinement
from runner.sandbox.processes.frames import frames_of_stdin, run_program, write_frame

SERVICE = sys.argv[1]
MODULES = {"subtle": "runner.sandbox.services.subtle", "pack": "runner.sandbox.services.compression"}

MEMORY = 1 << 30
"""Bytes that the process may allocate."""


def main(out: int) -> None:
    """Answer asks until the process ends."""
    warnings.simplefilter("ignore")  # showing the first warning would import modules, which is impossible later
    answer = import_module(MODULES[SERVICE]).answer
    confinement.limit_memory(MEMORY)
    confinement.forbid_files()
    next_frame = frames_of_stdin()
    confinement.forbid_everything()
    write_frame(out, b"r", b"")
    while True:
        write_frame(out, b"m", json.dumps(answer(json.loads(next_frame()[1:]))).encode("ascii"))


if __name__ == "__main__":
    run_program(main)
