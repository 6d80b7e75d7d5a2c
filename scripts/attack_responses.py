"""Every hostile response of tests/transport/hostile.py, spoiled at random in each round: cut, doubled, with other bytes.

A round is one run against all of them. Exit code 1 when a run ends early or an answer is missing; the seed that is printed
repeats a round.
"""

from __future__ import annotations

import argparse
import random
import sys
from typing import Any

import runner
from runner.events import RequestFinished
from tests.transport import hostile


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    given = dict(hostile.ANSWERS)
    failed = count = 0
    for seed in range(chosen.seed, chosen.seed + chosen.rounds):
        dice = random.Random(seed)
        hostile.ANSWERS.update({name: spoiled(answer, dice) for name, answer in given.items() if isinstance(answer, bytes)})
        wrong = one_round(list(given))
        failed, count = failed + bool(wrong), count + len(given)
        print(f"seed {seed}: {wrong or 'as it should be'}", flush=True)
    print(f"{count} answers in {chosen.rounds} rounds, {failed} rounds failed")
    sys.exit(failed > 0)


def spoiled(answer: bytes, dice: random.Random) -> bytes:
    """An answer with a few things wrong."""
    for _ in range(dice.randrange(4)):
        at, end = sorted(dice.randrange(len(answer) + 1) for _ in range(2))
        kind = dice.randrange(4)
        if kind == 0:
            answer = answer[:at]
        elif kind == 1:
            answer = answer[:at] + dice.randbytes(dice.randrange(5)) + answer[at:]
        elif kind == 2:
            answer = answer[: min(end, at + 5000)] + answer[at:]
        else:
            answer = answer[:at] + answer[at + dice.randrange(5) :]
    return answer


def one_round(names: list[str]) -> str:
    """What is wrong with a run against all answers, "" when nothing is."""
    server = hostile.Hostile()
    answered: set[str] = set()

    def on(event: Any) -> None:
        if isinstance(event, RequestFinished):
            answered.add(event.item.name)

    items = [{"name": name, "request": {"method": "GET", "url": f"{server.url}/{name}"}} for name in [*names, "last"]]
    try:
        document = {"info": {"name": "hostile", "schema": ""}, "item": items}
        summary = runner.run(document, on_event=on, timeout_total=5000, max_response_size=10_000_000)
    finally:
        server.close()
    missing = {*names, "last"} - answered
    return str(summary.error or "") or (f"no answer: {', '.join(sorted(missing))}" if missing else "")


if __name__ == "__main__":
    main()
