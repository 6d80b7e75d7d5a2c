"""What docs/python.md promises."""

import io

import pytest

import runner
from runner.events import AssertionChecked, RequestFinished
from tests.cli.conftest import item

TEST = 'pm.test("code", () => pm.response.to.have.status(200)); pm.test("no", () => pm.expect(1).to.eql(2))'


def document(*items):
    return {"info": {"name": "C"}, "item": list(items)}


def test_a_collection_runs_against_a_wsgi_application_without_a_network():
    import httpx

    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("X-Path", environ["PATH_INFO"])])
        return [b"hello"]

    test = 'pm.test("path", () => pm.response.to.have.header("X-Path", "/users"))'
    transport = httpx.WSGITransport(app=application)
    summary = runner.run(document(item("a", "http://app.example/users", test)), transport=transport)
    assert not summary.failed
    assert summary.stats["assertions"].total == 1


def test_events_tell_of_responses_and_failures(server):
    events = []
    runner.run(document(item("a", server.url, TEST)), on_event=events.append)
    (finished,) = [event for event in events if isinstance(event, RequestFinished)]
    assert finished.exchange.response.code == 200
    failed = [event.assertion for event in events if isinstance(event, AssertionChecked) and not event.assertion.passed]
    assert [(a.name, a.error.message) for a in failed] == [("no", "expected 1 to deeply equal 2")]


def test_the_summary_has_what_the_page_lists(server):
    summary = runner.run(document(item("a", server.url + "/{{x}}", TEST)), env_var=(("x", "1"),), iteration_count=2)
    assert summary.failed
    assert summary.exit_code() == 1
    assert summary.stats["iterations"].total == 2
    assert [(f.name, f.test, f.item.name, f.cursor.iteration) for f in summary.failures] == [
        ("AssertionError", "no", "a", 0),
        ("AssertionError", "no", "a", 1),
    ]
    assert summary.warnings == []
    assert summary.timings["responseAverage"] > 0


def test_nothing_is_printed_unless_a_reporter_gets_a_stream(server, capfd):
    stream = io.StringIO()
    runner.run(document(item("a", server.url)))
    runner.run(document(item("a", server.url)), reporters=("cli",), stream=stream)
    assert capfd.readouterr() == ("", "")
    assert "→ a" in stream.getvalue()


def test_mistakes_are_raised_with_place_and_hint(tmp_path):
    with pytest.raises(runner.PostrunnerError) as caught:
        runner.run(str(tmp_path / "gone.json"))
    assert caught.value.exit_code == 2
    assert "gone.json" in str(caught.value)
