"""Whatever a server sends, its request ends with an answer or a clear error, the run goes on, and the reports are whole."""

import json
from xml.etree import ElementTree

import pytest

import runner
from runner.events import RequestFinished, Warned
from tests.transport.hostile import ANSWERS, SLOW, Hostile

REPORTS = ("json", "junit", "html", "ndjson")
TEST = """pm.test("read", () => { pm.response.text(); pm.response.headers.all(); pm.cookies.toObject();
try { pm.response.json(); } catch (error) {} });"""
AUTH = {"type": "digest", "digest": [{"key": "username", "value": "u"}, {"key": "password", "value": "p"}]}


@pytest.fixture(scope="module")
def hostile():
    server = Hostile()
    yield server
    server.close()


def item(url, auth=None):
    event = [{"listen": "test", "script": {"exec": TEST.split("\n")}}]
    request = {"method": "GET", "url": url, **({"auth": auth} if auth else {})}
    return {"name": url.rpartition("/")[2], "request": request, "event": event}


def run_all(hostile, names, folder, **options):
    """The answers by name: a code, or that of the error; and the events that say more."""
    items = [item(f"{hostile.url}/{name}", AUTH if name.startswith("challenge") else None) for name in names]
    answers, others = {}, []

    def on(event):
        if isinstance(event, RequestFinished) and event.source == "item":
            response = event.exchange.response if event.exchange else None
            answers[event.item.name] = response.code if response else event.error
        elif isinstance(event, Warned):
            others.append(event)

    summary = runner.run(
        {"info": {"name": "hostile", "schema": ""}, "item": [*items, item(f"{hostile.url}/last")]},
        reporters=REPORTS,
        reporter_options=tuple((f"{kind}-export", str(folder / f"report.{kind}")) for kind in REPORTS),
        on_event=on,
        max_response_size=10_000_000,
        **options,
    )
    assert summary.error is None
    return answers


def check_reports(folder, count):
    assert len(json.loads((folder / "report.json").read_text("utf-8"))["run"]["executions"]) >= count
    assert ElementTree.parse(folder / "report.junit").getroot().tag == "testsuites"
    assert (folder / "report.html").read_text("utf-8").rstrip().endswith("</html>")
    assert all(json.loads(line) for line in (folder / "report.ndjson").read_text("utf-8").splitlines())


def test_every_answer_ends_in_a_response_or_a_clear_error_and_the_run_goes_on(hostile, tmp_path):
    answers = run_all(hostile, ANSWERS, tmp_path, timeout_total=30_000)
    assert set(answers) == {*ANSWERS, "last"}
    assert answers["last"] == 200
    for name, answer in answers.items():
        if not isinstance(answer, int):
            assert answer.code or answer.message.startswith(("Exceeded maxRedirects", "Invalid ")), (name, answer)
            assert answer.code != "ETIMEDOUT", (name, answer)
    endless = [name for name, answer in ANSWERS.items() if callable(answer)]
    assert [name for name in endless if isinstance(answers[name], int)] == []
    check_reports(tmp_path, len(ANSWERS))


def test_a_server_that_says_no_more_is_left_at_the_limit(hostile, tmp_path):
    answers = run_all(hostile, SLOW, tmp_path, timeout_total=150)
    assert {name: getattr(answers[name], "code", answers[name]) for name in SLOW} == dict.fromkeys(SLOW, "ETIMEDOUT")
    check_reports(tmp_path, len(SLOW))


def test_there_are_enough_kinds():
    assert len(ANSWERS) + len(SLOW) >= 100
