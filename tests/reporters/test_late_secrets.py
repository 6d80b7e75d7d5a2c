"""A secret that becomes known only after it was put aside is in no report."""

import json

import httpx
import pytest

from tests.engine.conftest import Ran, item

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
