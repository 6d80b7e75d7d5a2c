"""What a report of a load test is made from and what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from runner.load.figures.figures import Figures
from runner.load.thresholds.threshold import Verdict
from runner.model.quick_dataclass import dataclass

Ended = Literal["finished", "interrupted", "aborted", "error"]
"""How a test ended: by itself, by Ctrl-C or a signal, by a threshold with `--abort-on-fail`, by an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is tested and how. `profile` says it in words; `seconds` and `iterations` are those that are planned, if any."""

    name: str
    environment: str = ""
    profile: str = ""
    seconds: float | None = None
    iterations: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a test ended; `said` tells by what, if not by itself.

    `broken` says what kept it from being a test, whatever its figures are: the setup failed, its users could not start.
    `reasons` are those for the exit code, in words.
    """

    ended: Ended
    exit_code: int
    said: str = ""
    broken: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """The outcome in a word or two."""
        words = {"interrupted": "Interrupted", "aborted": "Aborted", "error": "Ended early"}
        if self.ended in words:
            return words[self.ended]
        return {0: "Passed", 99: "Thresholds crossed"}.get(self.exit_code, "Failed")


class Report(Protocol):
    """A class made from a `ReporterContext` and an `About`. All texts that it gets are masked."""

    def on_start(self, figures: Figures) -> None:
        """The first request is about to be sent."""

    def on_progress(self, figures: Figures, verdicts: Sequence[Verdict]) -> None:
        """About once a second: what came so far."""

    def close(self, figures: Figures, verdicts: Sequence[Verdict], outcome: Outcome) -> None:
        """Finish the report; raises `ExportError` if it cannot be written."""
