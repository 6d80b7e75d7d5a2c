"""Checks files: finds and reads them, applies every rule, and returns the findings with their places."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from runner.checks.documents.document import Document, path_text
from runner.checks.finding import Finding, Severity, Spot
from runner.checks.found import Broken, Found, find_files, together
from runner.checks.rule import Rule
from runner.checks.subject import Analyse, CollectionSubject, Known, Subject, VariablesSubject, WorkspaceSubject
from runner.checks.switches import is_off
from runner.checks.table import RULES
from runner.checks.tree import Problem, nodes_of
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
    """A checked file, and the secrets in it, which must not be shown."""

    document: Document
    secrets: Secrets


@dataclass(slots=True)
class Checked:
    """The result of a check: findings in the order of files and lines, the files, and those that cannot be read."""

    findings: list[Finding] = field(default_factory=list)
    unreadable: list[LoadError] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)

    def worst(self) -> Severity:
        """The severity of the worst finding; `OFF` if there are none."""
        return max((finding.severity for finding in self.findings), default=Severity.OFF)


def check_files(paths: Sequence[str], known: Known, levels: Mapping[str, Severity]) -> Checked:
    """Check files and folders; `levels` overrides the severity of rules. Raises `SandboxError`."""
    checked = Checked()
    files: list[Found | Broken] = []
    for path in together(paths):
        try:
            files += find_files(path, checked.unreadable)
        except LoadError as error:
            checked.unreadable.append(error)
    if known.environment is None:
        known = replace(known, found=known.found | frozenset(_names_in(files)))
    with Analysis() as analysis, paused():

        def analyse(texts: Sequence[str]) -> Sequence[dict[str, object]]:
            return analysis.analyse(texts, also="lint")

        for found in files:
            if isinstance(found, Broken):
                checked.findings += found.findings
                checked.unreadable.append(found.error)
                continue
            if found.refused is not None:
                checked.unreadable.append(found.refused)
            files_of, findings = check_file(found, known, levels, analyse)
            checked.files |= files_of
            checked.findings += [one for one in findings if not found.only or one.file in found.only]
    return checked


def check_file(
    found: Found, known: Known, levels: Mapping[str, Severity], analyse: Analyse
) -> tuple[dict[str, File], list[Finding]]:
    """Check files that were read; returns them with their findings. `analyse` analyses scripts."""
    subject = _subject(found, known, analyse)
    secrets = _secrets(subject, known)
    files = {document.path: File(document, secrets) for document in subject.documents}
    return files, _findings(subject, secrets, levels)


def _names_in(files: Iterable[Found | Broken]) -> Iterator[str]:
    for found in files:
        if isinstance(found, Found) and isinstance(found.model, Environment):
            yield from (variable.key for variable in found.model.values if not variable.disabled)


def _subject(found: Found, known: Known, analyse: Analyse) -> Subject:
    if isinstance(found.model, Collection):
        folders = (*known.folders, os.path.dirname(found.path) or ".", *([found.path] if found.listing else ()))
        nodes = nodes_of(found.model, found.document, found.top, found.own)
        return CollectionSubject(found.model, nodes, replace(known, folders=folders), analyse, found.listing, found.own)
    if found.model is None:
        return WorkspaceSubject(found.document)
    values = found.top if isinstance(found.document.get(found.top), list) else (*found.top, "values")
    return VariablesSubject(found.document, found.model, found.top, values)


def _findings(subject: Subject, secrets: Secrets, levels: Mapping[str, Severity]) -> list[Finding]:
    problems = [(rule, problem) for rule in RULES for problem in _problems(rule, subject, levels)]
    spots: dict[Document, list[Spot]] = {document: [] for document in subject.documents}
    for _, problem in problems:
        spots.setdefault(problem.document, []).append(problem.spot)
    starts = {document: document.starts(wanted) for document, wanted in spots.items()}
    order = {document.path: number for number, document in enumerate(spots)}
    found: list[Finding] = []
    for rule, problem in problems:
        document = problem.document
        line, column = document.position(starts[document][problem.spot])
        given = levels.get(rule.id)
        message, hint = (secrets.mask(text) for text in (problem.message, problem.hint))
        fixable = bool(problem.edits) and all(document.holds(edit.spot) for edit in problem.edits)
        names = (node.entry.name for node in problem.node.line) if problem.node is not None else ()
        found.append(
            Finding(
                id=rule.id,
                severity=problem.severity or rule.severity if given is None else given,
                file=document.path,
                line=line,
                column=column,
                path=path_text(document.steps_in(problem.spot.steps)),
                message=message,
                hint=hint,
                item="/".join(map(secrets.mask_name, names)),
                fix=problem.fix if fixable else "",
                edits=problem.edits if fixable else (),
            )
        )
    return sorted(found, key=lambda one: (order[one.file], one.line, one.column, one.id, one.message))


def _problems(rule: Rule, subject: Subject, levels: Mapping[str, Severity]) -> Iterator[Problem]:
    if levels.get(rule.id) == Severity.OFF:
        return
    if isinstance(subject, CollectionSubject):
        told = rule.collections(subject) if rule.collections else ()
    elif isinstance(subject, VariablesSubject):
        told = rule.variables(subject) if rule.variables else ()
    else:
        told = rule.workspaces(subject) if rule.workspaces else ()
    yield from (problem for problem in told if not is_off(rule.id, problem))


def _secrets(subject: Subject, known: Known) -> Secrets:
    """The secrets that no finding may show."""
    secrets = Secrets()
    if isinstance(subject, CollectionSubject):
        learn_collection(secrets, subject.collection)
        learn_variables(secrets, subject.collection.variables, ())
        for file in filter(None, (known.environment, known.globals)):
            learn_variables(secrets, file.values, ())
    elif isinstance(subject, VariablesSubject):
        learn_variables(secrets, subject.environment.values, ())
    return secrets
