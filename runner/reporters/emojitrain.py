"""The `emojitrain` reporter: one face for each item, and one for the run."""

from __future__ import annotations

from runner.events import Event, ItemFinished
from runner.reporters.context import ReporterContext
from runner.results.summary import Summary

FACES = {"passed": "😀 ", "failed": "😢 ", "all passed": " 😍", "some failed": " 😭"}
PLAIN = {"passed": ":) ", "failed": ":( ", "all passed": " :D", "some failed": " :'("}
"""The same where only ASCII can be written."""


class EmojiTrain:
    """Prints as the run goes on, all on one line."""

    dominant = True

    def __init__(self, context: ReporterContext) -> None:
        self._stream = context.stream
        self._faces = FACES if context.unicode else PLAIN
        self._silent = context.options.silent or context.flag("emojitrain", "silent")
        self._failed: set[str] = set()

    def on(self, event: Event) -> None:
        """Note failures; show a face when an item is done."""
        if self._silent:
            return
        if isinstance(event, ItemFinished):
            self._stream.write(self._faces["failed" if event.cursor.ref in self._failed else "passed"])
            self._stream.flush()
            self._failed.discard(event.cursor.ref)
        elif event.failed:
            self._failed.add(event.cursor.ref)

    def close(self, summary: Summary) -> None:
        """Show how it all went."""
        if not self._silent:
            self._stream.write(self._faces["some failed" if summary.failed else "all passed"] + "\n")
            self._stream.flush()
