"""The definition of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runner.checks.finding import Severity
from runner.checks.subject import CollectionSubject, VariablesSubject, WorkspaceSubject
from runner.checks.tree import Problem
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, with its function for collections, for files of variables, for workspace files, or for several of these.

    `title` says what is wrong, `doc` why that matters, `example` is an offending text; `fixes` says whether `--fix`
    can correct it.
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
