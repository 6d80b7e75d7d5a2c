"""Compares postrunner with Newman on this machine, in parts (--parts):

start      time to the end of a run with one request and one pm.test
requests   time of each further request without scripts
scripts    time of each further request with one pm.test
memory     peak memory (PSS on Linux, all processes together) of runs of 1, 200 and --requests requests with one pm.test
apart      time of each further request without scripts, at most 100, when the server writes head and body apart (Nagle)
load       what a collection of 5,000 requests adds to the start
transport  CPU time of one GET of 1 KB of JSON on a kept connection: our client against a plain httpx.Client
sandbox    the script child alone: ready, memory, round trip of a typical script; and heavy scripts
iterations time and memory of 100, 1,000 and 10,000 iterations of one request with one pm.test

Both run the same collections (of 1 and of --requests requests) against a server on loopback, taking turns, as a user runs
them: with compiled bytecode and after one round that does not count. All parts together take about --minutes: each does as
many rounds as fit into its share of the time, at most --rounds, and says how many; what had no time at all is named.
Progress is on standard error. Ctrl-C prints what is measured so far. Newman is taken from the folder that
POSTRUNNER_NEWMAN names, else npm installs it once into the virtual environment; without npm only postrunner is measured.
The figures are medians. The exit code is 0, or 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent)]

from benching.budget import Budget, print_result, say  # noqa: E402
from benching.requests import measure_memory, measure_runs  # noqa: E402
from benching.runs import NEWMAN, commands_of, compile_bytecode, newman_command  # noqa: E402
from benching.server import requests_seen, server  # noqa: E402

SHARES = {
    "start": 12,
    "requests": 30,
    "scripts": 60,
    "memory": 40,
    "apart": 30,
    "load": 15,
    "transport": 12,
    "sandbox": 50,
    "iterations": 45,
}
"""The parts, in order, and how much of the time each gets."""


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="how often each collection is run at most (default 7)")
    parser.add_argument("--requests", type=int, default=500, help="size of the larger collection (default 500)")
    parser.add_argument("--parts", default=",".join(SHARES), help="what to measure, by commas (default: everything)")
    parser.add_argument("--minutes", type=float, default=4.5, help="how long all parts together may take (default 4.5)")
    chosen = parser.parse_args()
    if chosen.rounds < 1 or chosen.requests < 2 or chosen.minutes <= 0:
        parser.error("--rounds needs 1 or more, --requests 2 or more, --minutes more than 0")
    chosen.parts = chosen.parts.split(",")
    if unknown := set(chosen.parts) - set(SHARES):
        parser.error(f"--parts knows {', '.join(SHARES)}; not {', '.join(sorted(unknown))}")
    return chosen


def main() -> int:
    """Measure all parts that are chosen."""
    chosen = options()
    end, left = time.monotonic() + chosen.minutes * 60, [part for part in SHARES if part in chosen.parts]
    say("compiling")
    compile_bytecode()
    newman = newman_command(say)
    try:
        with tempfile.TemporaryDirectory(prefix="postrunner-bench-") as name, server() as port:
            while left and (time.monotonic() < end or len(left) == len(chosen.parts)):
                seconds = max(0.0, end - time.monotonic()) * SHARES[left[0]] / sum(SHARES[part] for part in left)
                measure(left[0], Budget(left[0], chosen.rounds, seconds), newman, port, Path(name), chosen.requests)
                left.pop(0)
    except KeyboardInterrupt:
        print_result(f"Interrupted. Not measured, or not whole: {', '.join(left)}.")
        return 130
    if left:
        print_result(f"Not measured, because the time was over (--minutes): {', '.join(left)}.\n")
    if newman is None:
        print_result(f"Newman {NEWMAN} was not measured: node and npm are not here, or npm could not install it.\n")
    return 0


def measure(part: str, budget: Budget, newman: list[str] | None, port: int, folder: Path, requests: int) -> None:
    """Measure one part and print its table."""
    from benching import sandbox, scale, transport

    commands = commands_of(newman)
    requests_seen(port)  # those of a part that counts none
    if part in ("start", "requests", "apart", "scripts"):
        measure_runs(part, commands, port, folder, budget, requests)
    elif part == "memory":
        measure_memory(commands, port, folder, budget, requests)
    elif part == "sandbox":
        sandbox.measure(commands, port, folder, budget)
    elif part == "iterations":
        scale.measure_iterations(commands, port, folder, budget)
    elif part == "load":
        scale.measure_load(commands, port, folder, budget)
    else:
        transport.measure(budget)


if __name__ == "__main__":
    sys.exit(main())
