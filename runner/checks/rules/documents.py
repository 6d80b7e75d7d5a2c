"""The text of a file, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator

from runner.checks.finding import Spot
from runner.checks.subject import Subject
from runner.checks.tree import Problem


def repeated_key(subject: Subject) -> Iterator[Problem]:
    """An object has the same key twice: only the last one is read."""
    for document in subject.documents:
        for steps in document.repeated():
            message = f"the key {steps[-1]!r} is there again: only the last one is read"
            yield Problem(message=message, document=document, spot=Spot(steps))
