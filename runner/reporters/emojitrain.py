"""The `emojitrain` reporter: one face for each item, and one for the run."""

from __future__ import annotations

from runner.events import Event
from runner.reporters.context import ReporterContext
from runner.results.execution import Execution
from runner.results.summary import Summary

FACES = {"passed": "😀 ", "failed": "😢 ", "flaky": "😅 ", "all passed": " 😍", "some failed": " 😭"}
PLAIN = {"passed": ":) ", "failed": ":( ", "flaky": ":/ ", "all passed": " :D", "some failed": " :'("}
"""The same for streams that can only write ASCII."""


class EmojiTrain:
    """Prints as the run goes on, all on one line."""

    dominant = True

    def __init__(self, context: ReporterContext) -> None:
        self._stream = context.stream
        self._faces = FACES if context.unicode else PLAIN
        self._silent = context.options.silent or context.flag("emojitrain", "silent")

    def on(self, event: Event) -> None:
        """Print nothing before an item is done."""

    def on_execution(self, execution: Execution) -> None:
        """Print a face for an item that is done."""
        if not self._silent and execution.finished:
            self._stream.write(self._faces["failed" if execution.failed else "flaky" if execution.flaky else "passed"])
            self._stream.flush()

    def close(self, summary: Summary) -> None:
        """Print a face for the whole run."""
        if not self._silent:
            self._stream.write(self._faces["some failed" if summary.failed else "all passed"] + "\n")
            self._stream.flush()
