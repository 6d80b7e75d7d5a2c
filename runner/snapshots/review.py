"""Shows each difference to a person at the terminal, who accepts it or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runner.events import AssertionChecked
from runner.options import RunOptions
from runner.reporters.text import one_line, path_text
from runner.snapshots.snapshots import Pending, Snapshots
from runner.snapshots.terminal import Terminal

QUESTION = "accept (a), accept all from here on (A), reject (r), skip (s) or quit (q)? "
ANSWERS = ("a", "A", "r", "s", "q")


def review(
    snapshots: Snapshots, options: RunOptions, masked: Callable[[AssertionChecked], AssertionChecked]
) -> Iterator[AssertionChecked]:
    """Ask about each difference; gives those that were not accepted, whose responses are not written."""
    terminal, answer = Terminal(options), ""
    for number, one in enumerate(snapshots.pending.values(), 1):
        shown = masked(one.event)
        if answer not in ("A", "q"):
            _show(terminal, shown, f"{number} of {len(snapshots.pending)}")
            answer = _asked(terminal)
        if answer not in ("a", "A"):
            _reject(snapshots, one)
            yield shown
    snapshots.pending.clear()


def _show(terminal: Terminal, event: AssertionChecked, number: str) -> None:
    path = path_text((*event.path, event.item.name))
    iteration = f" (iteration {event.cursor.iteration + 1})" if event.cursor.cycles > 1 else ""
    terminal.tell("")
    terminal.tell(f"{number}: {path}{iteration}", "bold")
    terminal.tell(one_line(event.name), "gray")
    terminal.tell_difference(event.error.message if event.error else "")


def _asked(terminal: Terminal) -> str:
    """The first letter of the answer; `q` when there is none any more."""
    while True:
        line = terminal.ask(QUESTION)
        if not line or line.strip() in ANSWERS:
            return line.strip() or "q"


def _reject(snapshots: Snapshots, one: Pending) -> None:
    one.shelf.kept.pop(one.key, None)
    snapshots.tell(one.event.cursor.ref, "missing" if one.missing else "different")
