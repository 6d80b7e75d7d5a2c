"""What docs/python.md promises."""

import io

import pytest

import runner
from runner.cancel import Cancel
from runner.events import AssertionChecked, ItemFinished, RequestFinished
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


def test_executions_tell_what_the_page_lists(server):
    executions = []
    send = f'await pm.sendRequest("{server.url}/sub"); console.log("hello");'
    collection = document(item("a", server.url, send + TEST), item("b", server.url))
    summary = runner.run(collection, on_execution=executions.append)
    first, second = executions
    assert (first.item.name, first.path, first.cursor.position, first.collection.name) == ("a", (), 0, "C")
    assert (first.failed, second.failed) == (True, False)
    assert first.failures == summary.failures
    assert first.own.exchange.response.code == 200
    assert [sent.source for sent in first.sent] == ["item", "script"]
    assert [event.assertion.name for event in first.assertions] == ["code", "no"]
    assert [event.listen for event in first.scripts] == ["test"]
    assert [event.text for event in first.console] == [("'hello'",)]
    assert first.started <= first.ended <= second.started
    assert (first.skipped, first.finished, first.within) == (False, True, "")


def test_an_execution_is_told_before_the_event_that_ends_it(server):
    heard = []
    runner.run(
        document(item("a", server.url), item("b", server.url)),
        on_execution=lambda execution: heard.append(execution.item.name),
        on_event=lambda event: heard.append("end") if isinstance(event, ItemFinished) else None,
    )
    assert heard == ["a", "end", "b", "end"]


@pytest.mark.parametrize("real", [False, True])
def test_an_execution_that_the_end_of_the_run_breaks_off_is_told_unfinished(server, real):
    executions, cancel = [], Cancel()
    send = f'await pm.sendRequest("{server.url}/sub"); await pm.sendRequest("{server.url}/sub2")'
    runner.run(
        document(item("a", server.url, send)),
        on_execution=executions.append,
        on_event=lambda event: cancel.set() if isinstance(event, RequestFinished) else None,
        real_values=real,
        cancel=cancel,
    )
    assert [(one.item.name, one.finished, one.own is not None) for one in executions] == [("a", False, True)]


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
