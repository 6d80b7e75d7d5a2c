"""Counts how work grows with its input: every row of tests/growth, and every regular expression with every text
that its own parts make. Exit code 1 when anything grows faster than its input.
"""

from __future__ import annotations

import argparse
import sys

from tests.growth.meter import counted, growth, is_superlinear
from tests.growth.patterns import every_pattern, superlinear
from tests.growth.rows import ROWS


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=400, help="the smallest of the three sizes")
    size = options.parse_args().size
    failed = 0
    print(f"{'what':45} {'count at n':>12} {'2n':>12} {'4n':>12}  growth (2 is linear, 4 the square)")
    for name, row in ROWS.items():
        counts = counted(row, size)
        # Where a quick way ends and another begins, the count leaps once; what is slow is so from there on, too.
        slow = is_superlinear(counts) and is_superlinear(counted(row, 4 * size))
        failed += slow
        print(f"{name:45} {counts[0]:12,} {counts[1]:12,} {counts[2]:12,}  {growth(counts):5.2f}{' SLOW' if slow else ''}")
    patterns = every_pattern()
    for found in patterns:
        for text in superlinear(found):
            failed += 1
            print(f"SLOW {found[0]}: {text}")
    print(f"{len(ROWS)} rows, {len(patterns)} regular expressions, {failed} of them slow")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
