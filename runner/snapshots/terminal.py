"""The person at the terminal: what is shown to them on standard error, in colours, and what they answer."""

from __future__ import annotations

import os
import sys
from typing import TextIO, cast

from runner.interruption import asked, waiting
from runner.logs import Log, markers_of_output
from runner.options import RunOptions
from runner.reporters.cli.symbols import DIFF_COLORS, Paint
from runner.reporters.context import wants_color
from runner.reporters.text import clean


class Terminal:
    """Shows texts of any origin and asks questions."""

    def __init__(self, options: RunOptions) -> None:
        stream = sys.stderr.stream if isinstance(sys.stderr, Log) else sys.stderr
        color = wants_color(options.color, stream, os.environ)
        self._paint = Paint(color)
        self._out = Log(cast(TextIO, stream), markers_of_output(), color=color)

    @property
    def answers(self) -> bool:
        """Whether somebody can be asked."""
        return sys.stdin is not None and sys.stdin.isatty()

    def tell(self, text: str, *colors: str) -> None:
        """Show a text in lines of its own."""
        self._out.write(self._paint(clean(text), *colors) + "\n")
        self._out.flush()

    def tell_difference(self, message: str) -> None:
        """Show the lines of a difference: what a snapshot has, and what came."""
        for line in message.split("\n"):
            self.tell(f"  {line}", *DIFF_COLORS.get(line[:1], ()))

    def ask(self, question: str) -> str:
        """The line that answers a question; empty at the end of the input, and when Ctrl-C comes."""
        self._out.write(clean(question))
        self._out.flush()
        try:
            with waiting():
                line = sys.stdin.readline()
        except KeyboardInterrupt:
            line = ""
        if not line or asked():
            self.tell("")
            return ""
        return line
