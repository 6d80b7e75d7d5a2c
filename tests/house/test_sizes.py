"""Sizes stay human: functions of at most 60 lines, files of at most 400."""

import ast
from statistics import median

import pytest

from tests.house.code import MODULES, PACKAGE, name_of


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            first = body[0].lineno if body else node.lineno
            yield node.name, (node.end_lineno or first) - first + 1


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_files_have_at_most_400_lines(path):
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_have_at_most_60_lines(path):
    assert [f for f in functions(path) if f[1] > 60] == []


def test_the_median_function_has_at_most_7_lines_and_nine_in_ten_at_most_30():
    sizes = sorted(size for path in MODULES for _, size in functions(path))
    assert median(sizes) <= 7
    assert sizes[len(sizes) * 9 // 10] <= 30


@pytest.mark.parametrize("path", sorted((PACKAGE / "sandbox" / "js").glob("*.js")), ids=lambda p: p.name)
def test_prelude_files_have_at_most_400_lines(path):
    assert len(path.read_text().splitlines()) <= 400
