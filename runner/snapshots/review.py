"""Shows each difference to a person at the terminal, who accepts it or not."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

from runner.events import AssertionChecked
from runner.interruption import asked, waiting
from runner.options import RunOptions
from runner.reporters.cli.symbols import DIFF_COLORS, Paint
from runner.reporters.context import wants_color
from runner.reporters.text import clean, one_line, path_text
from runner.snapshots.snapshots import Pending, Snapshots

QUESTION = "accept (a), accept all from here on (A), reject (r), skip (s) or quit (q)? "


def review(
    snapshots: Snapshots, options: RunOptions, masked: Callable[[AssertionChecked], AssertionChecked]
) -> Iterator[AssertionChecked]:
    """Ask about each difference; gives those that were not accepted, whose responses are not written."""
    paint = Paint(wants_color(options.color, sys.stderr, os.environ))
    answer = ""
    for number, one in enumerate(snapshots.pending.values(), 1):
        shown = masked(one.event)
        if answer not in ("A", "q"):
            _show(shown, f"{number} of {len(snapshots.pending)}", paint)
            answer = _asked()
        if answer not in ("a", "A"):
            _reject(snapshots, one)
            yield shown
    snapshots.pending.clear()


def _show(event: AssertionChecked, number: str, paint: Paint) -> None:
    path = path_text((*event.path, event.item.name))
    iteration = f" (iteration {event.cursor.iteration + 1})" if event.cursor.cycles > 1 else ""
    _print(f"\n{paint(f'{number}: {path}{iteration}', 'bold')}\n{paint(one_line(event.name), 'gray')}")
    for line in (event.error.message if event.error else "").split("\n"):
        _print("  " + paint(clean(line), *DIFF_COLORS.get(line[:1], ())))


def _asked() -> str:
    """The first letter of the answer; `q` at the end of the input, and when Ctrl-C comes."""
    while True:
        print(QUESTION, end="", file=sys.stderr, flush=True)
        try:
            with waiting():
                line = sys.stdin.readline()
        except KeyboardInterrupt:
            line = ""
        if not line or asked():
            _print("")
            return "q"
        if line.strip() in ("a", "A", "r", "s", "q"):
            return line.strip()


def _reject(snapshots: Snapshots, one: Pending) -> None:
    one.shelf.kept.pop(one.key, None)
    snapshots.tell(one.event.cursor.ref, "missing" if one.missing else "different")


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
