"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runner.checks.finding import Severity
from runner.checks.subject import CollectionSubject, VariablesSubject, WorkspaceSubject
from runner.checks.tree import Problem
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it finds in a collection, in a file of variables, in that of a workspace, or in several of them.

    `title` says what is wrong, `doc` why that matters, `example` is something that it finds; `fixes` tells whether `--fix`
    can put it right.
    """

    id: str
    severity: Severity
    title: str
    doc: str
    example: str
    collections: Callable[[CollectionSubject], Iterator[Problem]] | None = None
    variables: Callable[[VariablesSubject], Iterator[Problem]] | None = None
    workspaces: Callable[[WorkspaceSubject], Iterator[Problem]] | None = None
    fixes: bool = False
