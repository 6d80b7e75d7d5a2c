"""Attacks what scripts are judged with: every member of the language changed in every way, and names put on its prototypes.

Each cell changes one thing, in the same script or in the one before, runs a battery of tests, console lines, variables and
requests, and compares all that left the scripts with what leaves them untouched. Prints each cell that differs; exit code 1
when there is one. `--every 10` takes each tenth cell.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.sandbox.attacks import Attacker, changes, pollutions  # noqa: E402


def main() -> int:
    """Run the cells and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take each n-th cell (default: all)")
    parser.add_argument("--first", type=int, default=0, help="the cell to begin with")
    chosen = parser.parse_args()
    attacker = Attacker()
    usual = attacker.battery()
    cells = [*changes(attacker.names), *pollutions()][chosen.first :: chosen.every]
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
