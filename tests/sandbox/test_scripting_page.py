"""docs/scripting.md names every member that scripts find."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "scripting.md").read_text("utf-8")
INSIDE = {"Type", "keeps", "load", "restore", "scope", "takeChanged"}
NAMES = """const names = (object) => {
  const found = new Set();
  const ends = [Object.prototype, Function.prototype, Array.prototype, null];
  for (let at = object; !ends.includes(at); at = Object.getPrototypeOf(at)) {
    Object.getOwnPropertyNames(at).forEach((name) => found.add(name));
  }
  return [...found].filter((name) => name !== 'constructor');
};
"""
REQUEST = {"url": "http://a/b", "body": {"mode": "raw", "raw": "x"}, "auth": {"type": "basic", "basic": []}}


@pytest.mark.parametrize(
    "expression",
    [
        "pm", "pm.environment", "pm.variables", "pm.request", "pm.request.url", "pm.request.body", "pm.request.headers",
        "pm.response", "pm.cookies", "pm.cookies.jar()", "pm.execution", "pm.info", "pm.vault", "pm.visualizer",
        "pm.datasets('x')", "postman", "console",
    ],
)  # fmt: skip
def test_every_member_is_on_the_page(run, expression):
    (members,) = run(f"{NAMES} console.log(names({expression}))", request=REQUEST).logged
    assert members
    assert [
        name
        for name in set(members) - INSIDE - {"basic"}
        if not name.startswith("_") and not re.search(rf"\b{name}\b", PAGE)
    ] == []
