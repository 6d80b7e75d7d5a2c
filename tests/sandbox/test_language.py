"""Unusual JavaScript does here what it does in Postman's runtime, whose console and errors are recorded.

One value is ours: an `async` function is a callback to `map` like any other, which Postman's sugar.js takes for none.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runner.events import ConsoleLogged

RECORDED = json.loads(Path(__file__).with_name("postman_language.json").read_text("utf-8"))


@pytest.mark.parametrize("name", RECORDED)
def test_a_script_is_read_as_in_postman(run, name):
    ran = run(RECORDED[name]["source"])
    assert [list(event.messages) for event in ran.events if isinstance(event, ConsoleLogged)] == RECORDED[name]["console"]
    assert ran.error == RECORDED[name]["error"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_every_line_end_of_the_language_ends_a_line(run, end):
    lines = [
        "const f = async x => x // it's",
        "console.log(await f(1)) /* \\",
        "*/ console.log('b'); let a = 1",
        "a",
        "++a",
        "nope()",
    ]
    ran = run(end.join(lines))
    assert ran.logged == [1, "b"]
    assert (ran.error, ran.result.error.line) == ("ReferenceError: nope is not defined", 6)
