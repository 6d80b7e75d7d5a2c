"""A secret that becomes known only after it was put aside is in no report."""

import ast
import json
from pathlib import Path

import httpx
import pytest

import runner
from runner.secrets.outgoing.shapes import OWN_KEYS
from tests.engine.conftest import Ran, item

PACKAGE = Path(runner.__file__).parent
VALUE = "Hq1Zk3XwVb7Tm9WrJs5L"
TELLS = 'pm.test("x", () => pm.expect(pm.response.json().value).to.equal("other")); console.log(pm.response.json().value)'


def answer(request):
    name = "access_token" if request.url.path == "/late" else "value"
    return httpx.Response(200, json={name: VALUE})


@pytest.mark.parametrize(
    "items",
    [
        (item("a", test=TELLS), item("b", url="http://h.example/late")),
        (item("a", test=f"{TELLS}; pm.sendRequest('http://h.example/late')"),),
    ],
    ids=["in a later item", "in the same item"],
)
@pytest.mark.parametrize("reporter", ["json", "junit", "html"])
def test_what_was_shown_before_a_secret_was_known_is_masked_in_the_report(tmp_path, reporter, items):
    path, ran = tmp_path / "report", Ran()
    ran.answer = answer
    options = {"reporters": (reporter,), "reporter_options": ((f"{reporter}-export", str(path)),)}
    ran(*items, **options)
    assert "other" in path.read_text()
    assert VALUE not in path.read_text()


def test_bytes_of_a_response_that_were_put_aside_before_a_secret_was_known_do_not_show_it(tmp_path):
    path, ran = tmp_path / "report", Ran()
    ran.answer = answer
    items = item("a"), item("b", url="http://h.example/late")
    ran(*items, reporters=("json",), reporter_options=(("json-export", str(path)),))
    bodies = [
        bytes(one["response"]["stream"]["data"]).decode() for one in json.loads(path.read_text())["run"]["executions"]
    ]
    assert [VALUE in body for body in bodies] == [False, False]
    assert "value" in bodies[0]


def test_a_secret_that_is_a_word_of_reports_hides_no_failure(tmp_path):
    path, ran = tmp_path / "report", Ran()
    learns = "pm.collectionVariables.set('late', 'error'); pm.collectionVariables.set('other', 'name')"
    fails = item("a", test="pm.test('x', () => { throw new Error('boom') })")
    options = {"reporters": ("json",), "reporter_options": (("json-export", str(path)),)}
    ran(fails, item("b", test=learns), secret=("late", "other"), **options)
    (assertion,) = json.loads(path.read_text())["run"]["executions"][0]["assertions"]
    assert (assertion["assertion"], assertion["error"]["message"]) == ("x", "boom")


def test_every_key_of_the_stored_parts_of_reports_is_known():
    rooms = ("reporters/json", "reporters/html", "reporters/junit", "reporters/allure")
    files = [*(file for room in rooms for file in (PACKAGE / room).glob("*.py")), PACKAGE / "history" / "recorder.py"]
    shapes = [node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Dict)]
    keys = {key.value for shape in shapes for key in shape.keys if isinstance(key, ast.Constant)}
    assert {key for key in keys if str(key).isidentifier() and not str(key).startswith("__")} <= OWN_KEYS
