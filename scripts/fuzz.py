"""Throws spoiled inputs at whatever reads them: responses, collections, environments, data, cassettes, command lines.

Each target has one rule: an input ends in a result or in one of postrunner's own errors, soon. One that breaks it is made
as small as possible and written to --out, and the exit code is 1. The same --seed gives the same inputs; those of
tests/fuzz/corpus are tried first. With --atheris they come from that fuzzer (pip install atheris), which looks for new
paths through the code.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from fuzzing import guard  # noqa: E402
from fuzzing.table import TARGETS  # noqa: E402
from fuzzing.target import Defect  # noqa: E402

SLOW = 5.0
"""Seconds of CPU time that one input may take, which is more than a thousand times what most of them need."""

HANGS = 300.0
"""Seconds of the clock after which an input is stopped: the machine may be busy with other work."""

MOST_SEEDS = 3000
KEPT = 1500
"""Bytes of the largest input that is worth a place in the corpus."""

CORPUS = ROOT / "tests" / "fuzz" / "corpus"
TRIES = 400
LONGEST = 60.0
"""Seconds of CPU time that making one input smaller may take: one that is slow is slow at each try."""


def outcome_of(target: str, data: bytes) -> str:
    """The outcome of one input; raises for a defect, a slow input included."""
    start = time.process_time()
    with _alarm():
        outcome = TARGETS[target].check(data)
    if time.process_time() - start > SLOW:
        raise Defect(f"took {time.process_time() - start:.1f} s")
    return outcome


@contextmanager
def _alarm() -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _hangs(number: int, frame: Any) -> None:
    raise Defect(f"takes longer than {HANGS} s")


def defect_of(target: str, data: bytes) -> str:
    """What is wrong with an input in one line, "" when nothing is."""
    try:
        outcome_of(target, data)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno} {str(error)[:200]}"
    return ""


def smaller(target: str, data: bytes) -> bytes:
    """An input that fails at the same place and is as short as some tries make it."""
    wanted, tries, size = defect_of(target, data).split(" ")[:3], 0, max(len(data) // 2, 1)
    end = time.process_time() + LONGEST
    while size and tries < TRIES and time.process_time() < end:
        at = 0
        while at < len(data) and tries < TRIES and time.process_time() < end:
            tries += 1
            cut = data[:at] + data[at + size :]
            if defect_of(target, cut).split(" ")[:3] == wanted:
                data = cut
            else:
                at += size
        size //= 2
    return data


_seen: set[str] = set()
"""The kinds of defects that are written down already: one input of each is enough."""


def check(target: str, data: bytes, out: Path) -> str:
    """The outcome of one input; "BROKEN" for one that breaks the rule, which is written down with how to repeat it."""
    try:
        return outcome_of(target, data)
    except Exception:
        kind = " ".join(defect_of(target, data).split(" ")[:3])
        if kind in _seen:
            return "BROKEN"
        _seen.add(kind)
        traceback.print_exc()
    small = smaller(target, data)
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{target}-{hashlib.sha256(small).hexdigest()[:12]}"
    path.write_bytes(small)
    print(f"{target}: {defect_of(target, small)}\n  repeat it with: scripts/fuzz --replay {path}", file=sys.stderr)
    return "BROKEN"


def own_loop(target: str, runs: int, seed: int, out: Path, keep: Path | None = None) -> Counter[str]:
    """Change seeds at random; an input with a new outcome becomes a seed itself, and is kept where there is a folder."""
    chance, pool = random.Random(seed), [*TARGETS[target].seeds(), *corpus(target)]
    outcomes: Counter[str] = Counter(check(target, data, out) for data in pool)
    for _ in range(runs):
        data = TARGETS[target].spoil(chance.choice(pool), pool, chance)
        outcome = check(target, data, out)
        if outcome not in outcomes and len(pool) < MOST_SEEDS and len(data) < 20_000:
            pool.append(data)
            if keep is not None and len(data) < KEPT:
                (keep / f"{target}-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
        outcomes[outcome] += 1
    return outcomes


def corpus(target: str) -> list[bytes]:
    """The inputs of this target that are kept: each found something once, or ends as no other does."""
    return [path.read_bytes() for path in sorted(CORPUS.glob(f"{target}-*"))]


def with_atheris(target: str, runs: int, out: Path) -> None:
    import importlib

    import atheris

    with atheris.instrument_imports(include=list(TARGETS[target].modules)):
        for module in TARGETS[target].modules:
            importlib.import_module(module)

    def test(data: bytes) -> None:
        assert check(target, data, out) != "BROKEN"

    corpus = out / f"corpus-{target}"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(TARGETS[target].seeds()):
        (corpus / f"seed-{number}").write_bytes(data)
    atheris.Setup([sys.argv[0], f"-runs={runs}", "-max_len=4096", str(corpus)], test)
    atheris.Fuzz()


def replay(paths: list[Path], out: Path) -> int:
    """Try inputs from files or folders of them, named `TARGET-…`; the number of broken ones."""
    files = sorted(file for path in paths for file in (path.iterdir() if path.is_dir() else [path]))
    outcomes = {file.name: check(file.name.partition("-")[0], file.read_bytes(), out) for file in files}
    print(f"replayed: {len(outcomes)} inputs")
    return list(outcomes.values()).count("BROKEN")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=TARGETS, action="append", help="default: all, slow ones with fewer inputs")
    parser.add_argument("--runs", type=int, default=100_000, help="inputs for each target (default 100000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("fuzz-out"), help="where broken inputs go (default fuzz-out)")
    parser.add_argument("--keep", type=Path, help="keep small inputs with a new outcome in this folder")
    parser.add_argument("--replay", type=Path, action="append", help="try this input, or all of a folder, and nothing else")
    parser.add_argument("--atheris", action="store_true", help="one target only")
    chosen = parser.parse_args()
    out = chosen.out.resolve()
    faulthandler.enable()
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _hangs)
    os.environ["POSTRUNNER_DEBUG"] = "1"  # a defect is raised, not told
    paths = [path.resolve() for path in chosen.replay or ()]
    chosen.keep = chosen.keep and chosen.keep.resolve()
    guard.allow(out, *filter(None, [chosen.keep]))
    os.chdir(guard.guarded())
    try:
        sys.exit(1 if _work(chosen, paths, out) else 0)
    finally:
        guard.let_go()


def _work(chosen: argparse.Namespace, paths: list[Path], out: Path) -> int:
    if paths:
        return replay(paths, out)
    targets = chosen.target or list(TARGETS)
    if chosen.atheris:
        with_atheris(targets[0], chosen.runs, out)
        return 0
    broken = 0
    for target in targets:
        start = time.process_time()
        runs = chosen.runs if chosen.target else max(chosen.runs // TARGETS[target].cost, 10)
        outcomes = own_loop(target, runs, chosen.seed, out, chosen.keep)
        broken += outcomes["BROKEN"]
        common = ", ".join(f"{name} {count}" for name, count in outcomes.most_common(8))
        took = f"{time.process_time() - start:.0f} s, {outcomes['BROKEN']} broken, {len(outcomes)} outcomes"
        print(f"{target}: {outcomes.total()} inputs: {took}: {common}", flush=True)
    return broken


if __name__ == "__main__":
    main()
