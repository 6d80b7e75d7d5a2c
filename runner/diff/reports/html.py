"""An outcome as one page that needs nothing else: no script, no server, no network."""

from __future__ import annotations

import pkgutil
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256

from runner.diff.outcome import LOST, NEW, SAME, Entry, Outcome
from runner.diff.reports.words import KINDS, aside_of, mark_of, side_text, title_of, value_of, verdict
from runner.logs import visible
from runner.reporters.text import clean, path_text, time_text
from runner.version import __version__

ENTRIES = 1_000
"""Entries on the page; the other outputs have more."""

CHANGES = 100
"""Changes of an entry on the page."""

OPEN = 20
"""Entries that are open from the start."""

TIMES = 200
"""Requests whose times are on the page."""


def page(outcome: Outcome) -> str:
    """The text of the page."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= _filters(outcome)
    facts = {
        "style": Markup(_read("page.css")),
        "version": __version__,
        "verdict": verdict(outcome),
        "name": outcome.left.collection or outcome.left.label,
        "left": outcome.left,
        "right": outcome.right,
        "failed": outcome.failed,
        "notes": outcome.notes,
        "parts": outcome.what != "request",
        "tiles": _tiles(outcome),
        "entries": outcome.entries[:ENTRIES],
        "more": max(len(outcome.entries) - ENTRIES, 0) + outcome.left_out,
        "times": outcome.times[:TIMES],
        "more_times": max(len(outcome.times) - TIMES, 0),
        "words": KINDS,
        "open_first": OPEN,
        "changes_first": CHANGES,
    }
    return visible(environment.from_string(_read("page.html.j2")).render(facts))


def _filters(outcome: Outcome) -> Mapping[str, Callable[..., object]]:
    return {
        "clean": clean,
        "hash": lambda text: f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'",
        "side": side_text,
        "mark": mark_of,
        "aside": aside_of,
        "title": lambda entry: title_of(entry, outcome.iterations),
        "areas": lambda entry: [*dict.fromkeys(change.area for change in entry.changes)],
        "more": _more,
        "left": lambda change: clean(value_of(change, change.left)),
        "right": lambda change: clean(value_of(change, change.right)),
        "line_kind": lambda line: {"-": "old", "+": "new", "@": "place"}.get(line[:1], ""),
        "path": path_text,
        "time": time_text,
    }


def _more(entry: Entry) -> int:
    return max(len(entry.changes) - CHANGES, 0) + entry.more


def _tiles(outcome: Outcome) -> list[tuple[str, int, str]]:
    """The figures: label, number, and how it looks."""
    if outcome.what != "request":
        return [(how, outcome.counts[how], "bad" if outcome.counts[how] else "") for how in outcome.areas]
    tiles = [("compared", outcome.compared, ""), (SAME, outcome.same, "good")]
    found = [(area, outcome.counts[area]) for area in (*(one for one in outcome.areas if one != "times"), LOST, NEW)]
    return tiles + [(area, count, "bad" if count else "") for area, count in found]


def _read(name: str) -> str:
    data = pkgutil.get_data("runner.diff.reports", name)
    assert data is not None
    return data.decode().replace("\r\n", "\n")
