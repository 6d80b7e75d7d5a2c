"""A threshold, and what came of it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable

from runner.load.figures.figures import Figures
from runner.load.thresholds.metrics import Metric, Names
from runner.model.quick_dataclass import dataclass

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """What has to hold: `text` as it was written; `limit` in ms, as a share of 1, a number a second, a number or bytes."""

    text: str
    metric: Metric
    names: Names
    operator: str
    limit: float

    def decides(self, request: str, kind: str) -> bool:
        """Whether it decides about failures of this kind of this request, so that they alone fail no test."""
        return kind in self.metric.decides and (self.names is None or request in self.names)

    @property
    def waits(self) -> bool:
        """Whether it can hold at the end though it does not yet: a number that has to be reached."""
        return self.metric.grows and self.operator not in ("<", "<=")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A threshold with what was measured, in its units; None if there is nothing that could be measured."""

    threshold: Threshold
    measured: float | None

    @property
    def passed(self) -> bool:
        """Whether it holds. One without samples does not."""
        threshold = self.threshold
        return self.measured is not None and OPERATORS[threshold.operator](self.measured, threshold.limit)

    @property
    def text(self) -> str:
        """The threshold as it was written."""
        return self.threshold.text

    @property
    def shown(self) -> str:
        """What was measured, for people: `512ms`, `0.4%`, `no samples`."""
        return self.threshold.metric.unit.shown(self.measured)


def judge(thresholds: Iterable[Threshold], figures: Figures) -> list[Verdict]:
    """What has come of each threshold so far."""
    return [Verdict(threshold, threshold.metric.measure(figures, threshold.names)) for threshold in thresholds]


def crossed(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those that end a test early with `--abort-on-fail`: crossed already, not only not reached yet."""
    return [one for one in verdicts if not one.passed and one.measured is not None and not one.threshold.waits]
