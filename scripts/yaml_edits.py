"""Makes random single edits of YAML files and checks each: it says what was meant, and nothing else has changed.

The files are those that Postman's `collection migrate` wrote, and the same values and others in odd styles. The exit code
is 1 for the first edit that breaks the rule, which is shown with its file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.formats.yaml.edits import random_edits  # noqa: E402


def main() -> int:
    """Run it with the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="edits to make (10000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other edits")
    given = parser.parse_args()
    try:
        random_edits(given.seed, given.count)
    except AssertionError as error:
        print(error, error.__cause__, sep="\n", file=sys.stderr)
        return 1
    print(f"{given.count} edits: nothing else changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
