"""SECURITY.md: each promise names tests, and these exist."""

import ast
import re

import pytest

from tests.house.code import ROOT

PAGE = (ROOT / "SECURITY.md").read_text()
PROMISES = [line for line in PAGE.partition("## What is promised")[2].splitlines() if re.match(r"\| [A-Z]", line)]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_there_are_promises():
    assert len(PROMISES) > 20


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_names_a_test(promise):
    assert re.search(r"`tests/[\w/]+\.py::\w+`", promise)


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_named_test_exists(file, name):
    tree = ast.parse((ROOT / file).read_text())
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_links_lead_somewhere():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", PAGE):
        assert (ROOT / target).exists(), target
