"""Checks files: finds them, reads them, asks every rule, and gives the findings with their places."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from runner.checks.document import JsonDocument, path_text
from runner.checks.finding import Finding, Severity
from runner.checks.found import Found, find_files
from runner.checks.rule import Rule
from runner.checks.subject import Analyse, CollectionSubject, Known, Subject, VariablesSubject
from runner.checks.switches import is_off
from runner.checks.table import RULES
from runner.checks.tree import Problem
from runner.engine.secret_discovery import learn_collection, learn_variables
from runner.errors import LoadError
from runner.formats.gc_pause import paused
from runner.model.collection import Collection
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Environment
from runner.sandbox.analysis import Analysis
from runner.secrets import Secrets


@dataclass(frozen=True, slots=True)
class File:
    """A file that was checked, and what may not be shown of it."""

    document: JsonDocument
    secrets: Secrets


@dataclass(slots=True)
class Checked:
    """What came of a check: findings in the order of files and lines, the files, and those that cannot be read."""

    findings: list[Finding] = field(default_factory=list)
    unreadable: list[LoadError] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)

    def worst(self) -> Severity:
        """The severity of the worst finding; `OFF` without any."""
        return max((finding.severity for finding in self.findings), default=Severity.OFF)


def check_files(paths: Sequence[str], known: Known, levels: Mapping[str, Severity]) -> Checked:
    """Check files and folders. `levels` has the rules with another severity than their own. Raises `SandboxError`."""
    checked = Checked()
    files: list[Found] = []
    for path in paths:
        try:
            files += find_files(path, checked.unreadable)
        except LoadError as error:
            checked.unreadable.append(error)
    known = replace(known, found=known.found | frozenset(_names_in(files)))
    with Analysis() as analysis, paused():

        def analyse(texts: Sequence[str]) -> Sequence[dict[str, object]]:
            return analysis.analyse(texts, lint=True)

        for found in files:
            file, findings = check_file(found, known, levels, analyse)
            checked.files[found.path] = file
            checked.findings += findings
    return checked


def check_file(found: Found, known: Known, levels: Mapping[str, Severity], analyse: Analyse) -> tuple[File, list[Finding]]:
    """Check one file that was read; `analyse` tells the facts of its scripts."""
    subject = _subject(found, known, analyse)
    secrets = _secrets(subject, known)
    return File(subject.document, secrets), _findings(subject, secrets, levels)


def _names_in(files: Iterable[Found]) -> Iterator[str]:
    for found in files:
        if isinstance(found.model, Environment):
            yield from (variable.key for variable in found.model.values if not variable.disabled)


def _subject(found: Found, known: Known, analyse: Analyse) -> Subject:
    if isinstance(found.model, Collection):
        folders = (*known.folders, os.path.dirname(found.path) or ".")
        return CollectionSubject(found.document, found.model, found.top, replace(known, folders=folders), analyse)
    values = found.top if isinstance(found.document.get(found.top), list) else (*found.top, "values")
    return VariablesSubject(found.document, found.model, found.top, values)


def _findings(subject: Subject, secrets: Secrets, levels: Mapping[str, Severity]) -> list[Finding]:
    problems = [(rule, problem) for rule in RULES for problem in _problems(rule, subject, levels)]
    starts = subject.document.starts(problem.spot for _, problem in problems)
    found: list[Finding] = []
    for rule, problem in problems:
        line, column = subject.document.position(starts[problem.spot])
        given = levels.get(rule.id)
        message, hint = (secrets.mask(text) for text in (problem.message, problem.hint))
        names = (node.entry.name for node in problem.node.line) if problem.node is not None else ()
        found.append(
            Finding(
                id=rule.id,
                severity=problem.severity or rule.severity if given is None else given,
                file=subject.document.path,
                line=line,
                column=column,
                path=path_text(problem.spot.steps),
                message=message,
                hint=hint,
                item="/".join(map(secrets.mask_name, names)),
                fix=problem.fix,
                edits=problem.edits,
            )
        )
    return sorted(found, key=lambda one: (one.line, one.column, one.id))


def _problems(rule: Rule, subject: Subject, levels: Mapping[str, Severity]) -> Iterator[Problem]:
    if levels.get(rule.id) == Severity.OFF:
        return
    if isinstance(subject, CollectionSubject):
        told = rule.collections(subject) if rule.collections else ()
    else:
        told = rule.variables(subject) if rule.variables else ()
    yield from (problem for problem in told if not is_off(subject, rule.id, problem))


def _secrets(subject: Subject, known: Known) -> Secrets:
    """What no finding may show."""
    secrets = Secrets()
    if isinstance(subject, CollectionSubject):
        learn_collection(secrets, subject.collection)
        learn_variables(secrets, subject.collection.variables, ())
        for file in filter(None, (known.environment, known.globals)):
            learn_variables(secrets, file.values, ())
    else:
        learn_variables(secrets, subject.environment.values, ())
    return secrets
