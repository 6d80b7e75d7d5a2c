"""The process that computes for scripts (`helper.py`). It is run as a file, never imported.

Arguments: the service, and the folders of the packages. It imports what it needs, gives up everything else
(`confinement.py`) and then answers asks (`frames.py`): to it `m`, back `r` once and `m` for each.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import warnings
from importlib import import_module

sys.path.extend(sys.argv[2:])

from runner.sandbox import confinement
from runner.sandbox.frames import frames_of_stdin, write_frame

SERVICE = sys.argv[1]
MODULES = {"subtle": "runner.sandbox.subtle", "pack": "runner.sandbox.packing"}

MEMORY = 1 << 30
"""Bytes that it may use."""


def main() -> None:
    """Answer for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")  # a first warning would import what it is shown with
    out = os.dup(1)
    os.dup2(2, 1)
    answer = import_module(MODULES[SERVICE]).answer
    confinement.limit_memory(MEMORY)
    confinement.forbid_files()
    frames = frames_of_stdin()
    confinement.forbid_everything()
    write_frame(out, b"r", b"")
    while True:
        write_frame(out, b"m", json.dumps(answer(json.loads(frames.get()[1:]))).encode("ascii"))


if __name__ == "__main__":
    try:
        main()
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(70)
