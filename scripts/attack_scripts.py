"""Attacks what scripts are judged with: every member of the language changed in every way, and names put on its prototypes.

Each cell changes one thing, in the same script or in the one before, runs a battery of tests, console lines, variables and
requests, and compares all that left the scripts with what leaves them untouched. Prints each cell that differs; exit code 1
when there is one. `--every 10` takes each tenth cell.

With `--bombs` scripts that loop, eat memory or hand over hostile values are run instead, as pre-request and as test script
of the first of three requests: the others must run, and the report must be whole.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.sandbox.attacks import Attacker, changes, pollutions  # noqa: E402
from tests.sandbox.bombs import bombs, misses  # noqa: E402


def main() -> int:
    """Attack or blast."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take each n-th cell (default: all)")
    parser.add_argument("--first", type=int, default=0, help="the cell to begin with")
    parser.add_argument("--bombs", action="store_true", help="run the script bombs")
    chosen = parser.parse_args()
    return blast(chosen.first, chosen.every) if chosen.bombs else attack(chosen.first, chosen.every)


def blast(first: int, every: int) -> int:
    """Run the bombs and print what a run did not keep."""
    cells = [(name, text, listen) for name, text in bombs().items() for listen in ("prerequest", "test")][first::every]
    bad = 0
    for name, text, listen in cells:
        if found := misses(name, text, listen):
            bad += 1
            print(f"{name} ({listen}): {found}", flush=True)
    print(f"{len(cells)} bombs, {bad} broke something")
    return 1 if bad else 0


def attack(first: int, every: int) -> int:
    """Run the cells and print what differs."""
    attacker = Attacker()
    usual = attacker.battery()
    cells = [*changes(attacker.names), *pollutions()][first::every]
    bad = 0
    for name, change in cells:
        for before in (False, True):
            differing = attacker.differences(usual, change, before=before)
            if differing:
                bad += 1
                print(f"{name}{' (in the script before)' if before else ''}: {differing[0]}", flush=True)
    stolen = attacker.stolen()
    print(f"{2 * len(cells)} cells, {bad} differ, {stolen} objects of the sandbox were seen by a script")
    attacker.close()
    return 1 if bad or stolen else 0


if __name__ == "__main__":
    sys.exit(main())
