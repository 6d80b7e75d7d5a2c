"""What failed in an earlier run, and what is run again for it.

This module only records what runs; the rest of the room is imported when something failed or is run again.
"""

from __future__ import annotations

from runner.events import Event, ItemStarted, RunFinished, RunStarted
from runner.model.collection import Collection

RERUN = "rerun"
"""The code of warnings about requests that are run again."""

FOLDER = ".postrunner"
STATE = f"{FOLDER}/last-failed.json"
"""Shown with slashes on every system."""


class Ran:
    """The requests that ran, by unit, path and name, and the collections whose runs ended without an error."""

    def __init__(self) -> None:
        self.collections: dict[str, Collection] = {}
        self.requests: set[tuple[str, tuple[str, ...], str]] = set()
        self.ended: set[str] = set()

    def on(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, ItemStarted):
            self.requests.add((event.unit, event.path, event.item.name))
        elif isinstance(event, RunStarted):
            self.collections.setdefault(event.unit, event.collection)
        elif isinstance(event, RunFinished):
            (self.ended.discard if event.error else self.ended.add)(event.unit)
