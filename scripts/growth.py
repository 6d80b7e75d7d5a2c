"""Counts how work grows with its input: every row of tests/growth, and every regular expression with every text
that its own parts make. Exit code 1 when anything grows faster than its input.
"""

from __future__ import annotations

import argparse
import sys

from tests.growth.meter import Meter, growth
from tests.growth.patterns import every_pattern, superlinear
from tests.growth.rows import ROWS


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=400, help="the smallest of the three sizes")
    size = options.parse_args().size
    failed = 0
    print(f"{'what':45} {'count at n':>12} {'2n':>12} {'4n':>12}  growth (2 is linear, 4 the square)")
    for name, row in ROWS.items():
        Meter().of(row(10, Meter()))
        counts = []
        for factor in (1, 2, 4):
            meter = Meter()
            counts.append(meter.of(row(size * factor, meter)))
        slow = growth(counts) > 2.7 and counts[2] - counts[1] > 100
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
