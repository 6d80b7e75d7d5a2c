"""Switches in the file itself that turn rules off: comments in scripts, and descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.checks.documents.document import value_at
from runner.checks.tree import Problem, ScriptText

_COMMENT = re.compile(r"postrunner-disable-(next-line|line)\b[ \t:]*([^\n]*)")
_DESCRIPTION = re.compile(r"@postrunner-disable\b[ \t:]*([^\n]*)")
_WORDS = re.compile(r"[A-Za-z][\w-]*")

ALL = "*"
"""The name that stands for every rule."""


def is_off(rule: str, problem: Problem) -> bool:
    """Whether the file turns off a rule at the place of a problem."""
    if problem.script is not None and problem.spot.at is not None:
        line = problem.script.text.count("\n", 0, problem.spot.at) + 1
        if any(where == line and names & {ALL, rule} for where, names in _comments(problem.script)):
            return True
    return any(_says(text, rule) for text in _descriptions(problem))


def _comments(script: ScriptText) -> Iterator[tuple[int, frozenset[str]]]:
    """The lines of a script where rules are off, with these rules."""
    for fact in script.lint("comment"):
        for found in _COMMENT.finditer(fact["name"]):
            line = script.line_of(fact["start"]) + fact["name"].count("\n", 0, found.start())
            yield line + (found[1] == "next-line"), _rules(found[2])


def _descriptions(problem: Problem) -> Iterator[str]:
    """The descriptions around a problem: of folders and requests, and of objects such as a header."""
    for node in problem.node.line if problem.node is not None else ():
        yield node.description
    value = problem.document.value
    for step in problem.document.steps_in(problem.spot.steps):
        value = value_at(value, (step,))
        described = value.get("description") if isinstance(value, dict) else None
        text = described.get("content") if isinstance(described, dict) else described
        if isinstance(text, str):
            yield text


def _says(text: str, rule: str) -> bool:
    if "@postrunner-disable" not in text:
        return False
    return any(_rules(found[1]) & {ALL, rule} for found in _DESCRIPTION.finditer(text))


def _rules(words: str) -> frozenset[str]:
    """The named rules, or all if none is named; the text after a dash or colon is a reason."""
    listed = re.split(r"\s(?:--?|–|—|:)\s", words.strip().removesuffix("*/"), maxsplit=1)[0]
    return frozenset(_WORDS.findall(listed)) or frozenset({ALL})
