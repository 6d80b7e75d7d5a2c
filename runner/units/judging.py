"""Who judges the responses of a run beside its scripts: contracts, snapshots."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from runner.engine.ports import Inputs, Judge
from runner.errors import PostrunnerError, UsageError
from runner.options import RunOptions
from runner.results.execution import Execution
from runner.results.summary import Summary
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker

if TYPE_CHECKING:
    from runner.model.collection import Collection
    from runner.results.coverage import ContractCoverage
    from runner.snapshots.snapshots import Snapshots


class Judging:
    """The judges that the options ask for, by the name that they have in reports."""

    def __init__(self, options: RunOptions, secrets: Secrets) -> None:
        self.judges: dict[str, Judge] = {}
        self.snapshots: Snapshots | None = None
        self._options, self._secrets = options, secrets
        self._coverage: ContractCoverage | None = None

    def open(self, inputs: Sequence[Inputs], environ: Mapping[str, str], stack: ExitStack) -> Inputs:
        """Read what they judge by; gives the first inputs with what is to be told. Raises `LoadError` and `UsageError`."""
        if self._options.contract:
            from runner.contract.loading import EXAMPLES, load_contracts

            contracts = load_contracts(self._options, environ)
            self.judges["contract"] = lambda judged: contracts.judge(judged.exchange)
            self._coverage = contracts.coverage
            if EXAMPLES in self._options.contract:
                self._open_examples([one.plan.collection for one in inputs])
            if not contracts.coverage.operations:
                raise UsageError("there is nothing to judge by: no operation and no saved example", where="--contract")
        if not self._options.snapshot:
            return inputs[0]
        from runner.snapshots.loading import load_snapshots

        collections = [one.plan.collection for one in inputs]
        self.snapshots, told = load_snapshots(collections, self._options, self._secrets, os.environ)
        stack.callback(self.snapshots.close)
        self.judges["snapshot"] = self.snapshots.judge
        return replace(inputs[0], warnings=(*inputs[0].warnings, *told))

    def _open_examples(self, collections: Sequence[Collection]) -> None:
        from runner.contract.examples.drift import Examples

        by_documents, fail = self.judges["contract"], self._options.contract_drift == "fail"
        assert self._coverage is not None
        examples = Examples(collections, self._coverage, fail=fail)
        self.judges["contract"] = lambda judged: [*by_documents(judged), *examples.judge(judged)]

    def keep_before(self, others: Callable[[Execution], object] | None) -> Callable[[Execution], object] | None:
        """What takes an execution for the judges and then for somebody else; None if nobody does."""
        return self.snapshots.keep_before(others) if self.snapshots is not None else others

    def close(self, inputs: Sequence[Inputs], summary: Summary, masker: Masker) -> list[PostrunnerError]:
        """Tell the summary what the judges found when the run of these is over, and write what is to be kept."""
        problems = self._check_coverage(summary)
        if self.snapshots is not None:
            from runner.snapshots.closing import close_snapshots

            whole = all(one.iterations is None and one.span is None for one in inputs)
            problems += close_snapshots(self.snapshots, summary, self._options, masker.masked, whole=whole)
        return problems

    def _check_coverage(self, summary: Summary) -> list[PostrunnerError]:
        """What is wrong with the coverage of the contracts: a run that met none of them has been judged by nothing."""
        if self._coverage is None:
            return []
        from runner.contract.coverage import too_little

        summary.coverage = self._coverage
        if self._options.shard is not None:  # of the whole, which the merged report is of
            return []
        error = too_little(self._coverage, self._options.contract_coverage)
        if error is None:
            return []
        summary.add_uncovered(error)
        return [error] if isinstance(error, UsageError) else []
