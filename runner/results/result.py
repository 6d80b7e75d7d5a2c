"""The result of a run for Python callers: the summary, every execution, and the variables at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from runner.errors import NothingRun, RunAborted, RunFailed
from runner.model.json import Json
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Environment
from runner.results.kept import Executions
from runner.results.summary import Summary


class Values(Mapping[str, Json]):
    """The real values of the enabled variables of a scope, by name; `repr()` shows the names alone."""

    def __init__(self, environment: Environment | None) -> None:
        variables = environment.values if environment else ()
        self._values = {one.key: one.value for one in variables if not one.disabled}

    def __getitem__(self, name: str) -> Json:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Values({', '.join(self)})"


@dataclass(slots=True, repr=False, eq=False)
class Result(Summary):
    """What `runner.run` returns: the summary, and the executions in the order they ended.

    `environment`, `globals` and `collection_variables` are those at the end; of several collections, of the one that ran
    last, and `runs` has the others. Attributes give real values; failures, `repr()` and `str()` are masked.
    """

    executions: Executions = field(default_factory=Executions)

    @property
    def environment(self) -> Values:
        """The environment at the end."""
        return Values(self.finished.environment if self.finished else None)

    @property
    def globals(self) -> Values:
        """The globals at the end."""
        return Values(self.finished.globals if self.finished else None)

    @property
    def collection_variables(self) -> Values:
        """The collection's variables at the end."""
        return Values(self.finished.collection_variables if self.finished else None)

    def raise_for_failures(self) -> Result:
        """The result itself if nothing failed; else raises `RunFailed`, which names the failures."""
        if self.failed:
            raise RunFailed(self._told(), self.failures)
        return self

    def add_problems(self) -> None:
        """Add failures for reports and exports that could not be written, and for a run that never ended."""
        for problem in self.problems:
            self._fail(None, "export", problem.where, problem)
        if self.unsent and not self.allow_skipped_kinds:
            skipped = NothingRun(f"{_counted(self.unsent, 'request')} skipped: their kind cannot be sent yet")
            self._fail(None, "run", "run", skipped)
        if self.failed and not self.failures:
            self._fail(None, "run", "run", self.error or RunAborted("the run never ended"))

    def _told(self) -> str:
        shown = [f"{number}. {failure}" for number, failure in enumerate(self.failures[:MOST], 1)]
        more = [f"and {len(self.failures) - MOST} more"] if len(self.failures) > MOST else []
        return "\n".join([f"{_counted(len(self.failures), 'failure')}:", *shown, *more])

    def __repr__(self) -> str:
        counts = [
            "failed" if self.failed else "passed",
            _counted(self.stats["requests"].total, "request"),
            _counted(self.stats["assertions"].total, "assertion"),
            _counted(len(self.failures), "failure"),
        ]
        return f"<Result: {', '.join(counts)}>"

    def __str__(self) -> str:
        return f"{self!r}" + (f"\n{self._told()}" if self.failures else "")


MOST = 20
"""The most failures that are printed in full."""


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" + ("" if count == 1 else "s")
