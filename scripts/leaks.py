"""Looks for leaks beyond the matrix of the tests: secrets drawn at random, in writings of writings, through every output.

First stacks of writings are drawn and each kind of value is masked in them; no process is started for that.
Each run has secrets of random length and characters, each known by a variable, in every place of a request and of a
script, and in writings that are put one into the other. All outputs are then decoded as far as they can be and searched.
The exit code is 1 when a part of a secret is found. The same --seed gives the same secrets and writings.
"""

from __future__ import annotations

import argparse
import random
import string
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.leaks.finder import found  # noqa: E402
from tests.leaks.matrix import cells, outputs  # noqa: E402
from tests.leaks.secrets_of_all_kinds import ENCODINGS  # noqa: E402
from tests.leaks.stacks import DEPTH, leaks, stacks  # noqa: E402

ALPHABETS = (
    string.ascii_letters + string.digits,
    string.ascii_letters + "-_.~",
    string.ascii_letters + string.punctuation,
    string.ascii_letters + " \t%+/=&",
    string.ascii_letters + "äöüßéñøåçı",
    "абвгдеж中文字日本語🙂🎉" + string.ascii_letters,
    string.ascii_letters + "\n\r\\\"'",
)
STACKS = {1: [(name,) for name in sorted(ENCODINGS)], **{depth: list(stacks(depth)) for depth in range(2, DEPTH + 1)}}
LONGEST = 4000
"""Characters of a writing that is still tried: those of writings grow with each step."""


def secret(chance: random.Random) -> tuple[str, tuple[str, str]]:
    """A value, and the texts at its ends of which none may be shown."""
    ends = ["".join(chance.choices(string.ascii_letters + string.digits, k=11)) for _ in "ab"]
    middle = "".join(chance.choices(chance.choice(ALPHABETS), k=chance.choice((0, 1, 3, 8, 21, 60))))
    return ends[0] + middle + ends[1], (ends[0], ends[1])


def writing(names: tuple[str, ...], text: str) -> str:
    """A text in several encodings, one after the other; in fewer where it would grow too long."""
    for name in names:
        more = ENCODINGS[name](text)
        if len(more) > LONGEST:
            break
        text = more
    return text


def one_run(number: int, seed: int, secrets: int, writings: int) -> int:
    """Run with these many secrets and writings, and print what is found; how much it is."""
    chance = random.Random(f"{seed} {number}")
    drawn = {f"r{n}": secret(chance) for n in range(secrets)}
    marks = [end for _, ends in drawn.values() for end in ends]
    encodings: dict[str, Callable[[str], str]] = {}
    for _ in range(writings):
        names = chance.choice(STACKS[chance.choice((1, 1, 2, 3))])
        encodings["-".join(names)] = partial(writing, names)
    with tempfile.TemporaryDirectory(prefix="leaks-") as folder:
        shown = outputs(Path(folder), encodings, {name: value for name, (value, _) in drawn.items()})
    told = [(output, mark) for output, text in shown.items() for mark in found(text, marks)]
    for output, mark in told:
        value = next(value for value, ends in drawn.values() if mark in ends)
        print(f"run {number}: {output} shows {mark!r} of {value!r}; writings: {', '.join(encodings)}", flush=True)
    print(f"run {number}: {len(cells(shown))} cells, {len(told)} leaks", flush=True)
    return len(told)


def stacked(seed: int, count: int) -> int:
    """Mask every kind of value in so many stacks of writings, and print what is found; how much it is."""
    all_stacks = [stack for depth in range(1, DEPTH + 1) for stack in stacks(depth)]
    told = 0
    for stack in random.Random(seed).sample(all_stacks, min(count, len(all_stacks))):
        for kind, written in leaks(stack):
            told += 1
            print(f"{' > '.join(stack)}: {kind} as {written[:80]!r}", flush=True)
    print(f"{min(count, len(all_stacks))} of {len(all_stacks)} stacks, {told} leaks", flush=True)
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="default: 20")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--secrets", type=int, default=12, help="secrets of each run (default: 12)")
    parser.add_argument("--writings", type=int, default=12, help="writings of each run (default: 12)")
    parser.add_argument("--stacks", type=int, default=2000, help="stacks of writings (default: 2000)")
    chosen = parser.parse_args()
    start = time.monotonic()
    below = stacked(chosen.seed, chosen.stacks)
    told = sum(one_run(number, chosen.seed, chosen.secrets, chosen.writings) for number in range(chosen.runs))
    print(f"{chosen.runs} runs, {told} leaks, {time.monotonic() - start:.0f} s")
    return int(below + told > 0)


if __name__ == "__main__":
    sys.exit(main())
