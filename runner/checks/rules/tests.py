"""Tests that cannot fail, and requests without tests."""

from __future__ import annotations

from collections.abc import Iterator

from runner.checks.subject import CollectionSubject
from runner.checks.tree import Node, Problem
from runner.engine.selection import TESTS
from runner.model.collection import Item
from runner.protocols.table import is_sent

CANNOT_FAIL = {
    "no function": "has no function: it always passes",
    "empty test": "asserts nothing: it always passes",
    "only true": "is only ever set to what passes",
    "constant test": "asserts something about a constant: it always passes",
}


def without_assertion(subject: CollectionSubject) -> Iterator[Problem]:
    """A test contains nothing that could fail."""
    for script in subject.scripts:
        for fact in script.lint(*CANNOT_FAIL):
            name = f" {fact['name']!r}" if fact["name"] else ""
            yield script.problem(f"the test{name} {CANNOT_FAIL[fact['do']]}", fact["start"])


def unfinished(subject: CollectionSubject) -> Iterator[Problem]:
    """An assertion is incomplete: a method is not called, or nothing follows `pm.expect(…)`."""
    for script in subject.scripts:
        for fact in script.lint("unfinished"):
            reason = f"{fact['name']} is not the end of one" if fact["name"] else "nothing follows expect(…)"
            yield script.problem(f"this assertion checks nothing: {reason}", fact["start"])


def outside(subject: CollectionSubject) -> Iterator[Problem]:
    """An assertion is outside of a test: one finding for each script."""
    for script in subject.scripts:
        found = list(script.lint("loose"))
        if found:
            more = "" if len(found) == 1 else f", and {len(found) - 1} more"
            message = f"this assertion stands in no test{more}: when it fails, the rest of the script is not run"
            yield script.problem(message, found[0]["start"], hint="put it into pm.test()")


def no_tests(subject: CollectionSubject) -> Iterator[Problem]:
    """A request has no test of its own or of its folders. If no request has one, that is a single finding."""
    testing = {id(script.node) for script in subject.scripts if TESTS.search(script.text)}
    sent = [node for node in subject.items if isinstance(node.entry, Item) and is_sent(node.entry.kind)]
    without = [node for node in sent if not any(id(one) in testing for one in node.line)]
    if without and len(without) == len(sent):
        yield subject.top.problem("no request has a test", "info")
    else:
        yield from map(_untested, without)


def _untested(node: Node) -> Problem:
    return node.problem("the request has no test", "name")
