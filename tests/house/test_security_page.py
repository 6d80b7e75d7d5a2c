"""SECURITY.md: each promise names tests, and these exist."""

import re

from tests.house.code import ROOT

PAGE = (ROOT / "SECURITY.md").read_text()
PROMISES = [line for line in PAGE.partition("## What is promised")[2].splitlines() if re.match(r"\| [A-Z]", line)]


def test_there_are_promises():
    assert len(PROMISES) > 20


def test_each_promise_names_a_test():
    assert [promise for promise in PROMISES if not re.search(r"`tests/[\w/]+\.py::\w+`", promise)] == []


def has(file, name):
    return (ROOT / file).exists() and re.search(rf"^def {name}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_every_named_test_exists():
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE))
    assert {f"{file}::{name}" for file, name in named if not has(file, name)} == set()
