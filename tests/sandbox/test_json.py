"""JSON in scripts, held against what liquid-json, Postman's, answers (`postman_json.json`)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runner.model.response import Response
from runner.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import World

RECORDED = json.loads(Path(__file__).with_name("postman_json.json").read_text("utf-8"))


@pytest.mark.parametrize("expression", RECORDED)
def test_json_answers_as_in_postman(run, expression):
    ran = run(f"""let answer; try {{ answer = ['value', {expression} ?? null] }}
        catch (error) {{ answer = ['error', error.name, error.message] }} console.log(JSON.stringify(answer))""")
    assert json.loads(ran.logged[0]) == RECORDED[expression]


MARKS = {
    "UTF-8": b"\xef\xbb\xbf",
    "UTF-8 read as Latin-1": "\u00ef\u00bb\u00bf".encode(),
    "UTF-16BE read as Latin-1": "\u00fe\u00ff".encode(),
    "UTF-16LE read as Latin-1": "\u00ff\u00fe".encode(),
    "UTF-32": "\ubbbf".encode(),
}


@pytest.mark.parametrize("name", MARKS)
def test_a_body_with_a_byte_order_mark_is_json(run, name):
    response = Response(code=200, status="OK", body=MARKS[name] + b'{"x": 1}')
    ran = run(
        "console.log(pm.response.json()); pm.test('body', () => pm.response.to.have.jsonBody('x', 1));"
        "console.log(JSON.parse(responseBody))",
        response=response,
    )
    assert ran.logged == [{"x": 1}, {"x": 1}]
    assert ran.failures == {}


def test_errors_say_line_and_column_whatever_names_the_function(run):
    ran = run("const {parse} = JSON; parse('{\\n  \"a\": }')")
    assert ran.error == 'JSONError: No value found for key a at 2:8\n  "a": }\n       ^'


def test_with_the_old_api_off_json_is_the_engines(run):
    ran = run('"use sandbox2"; try { JSON.parse("\\u00fe\\u00ff1") } catch (e) { console.log(e.name) }')
    assert ran.logged == ["SyntaxError"]


def test_what_is_wrong_at_the_end_of_a_large_text_is_found_in_one_pass():
    """With a step that reads the text again for each of its errors this takes minutes."""
    sandbox = Sandbox(timeout_ms=60_000)
    ran = World(sandbox).run("JSON.parse('[' + '1,\\n'.repeat(3e5) + ']')")
    sandbox.close()
    assert ran.error.startswith("JSONError: Trailing comma in array at 300001:1")
