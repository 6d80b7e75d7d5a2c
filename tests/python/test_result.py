"""What `runner.run` gives: executions, variables and failures, real where they are asked for and masked where printed."""

import gc
import io
import json
from datetime import timedelta

import pytest

import runner
from runner.cancel import Cancel
from runner.deep_json import loads, same
from runner.errors import LoadError
from runner.events import RequestFinished
from tests.python.conftest import document, item

FAILS = 'pm.test("equal", () => pm.expect(pm.response.json().token).to.eql("x"));'
SETS = (
    'pm.environment.set("token", pm.response.json().token); pm.collectionVariables.set("n", 1); pm.globals.set("g", [2]);'
)


def test_an_execution_has_its_request_and_response_as_python_knows_them(app):
    body = {"mode": "raw", "raw": '{"a": 1}', "options": {"raw": {"language": "json"}}}
    result = runner.run(document(item("a", "console.log('hi', 1)", "/users", method="POST", body=body)), transport=app)
    (execution,) = result.executions
    request, response = execution.request, execution.response
    assert (request.method, request.url, request.json()) == ("POST", "http://app.example/users", {"a": 1})
    assert request.headers["content-type"] == "application/json"
    assert (response.status_code, response.reason, response.url) == (200, "OK", "http://app.example/users")
    assert response.json()["path"] == "/users"
    assert json.loads(response.text) == json.loads(response.content) == response.json()
    assert isinstance(response.elapsed, timedelta)
    assert response.headers["CONTENT-TYPE"] == "application/json"
    assert (response.headers["set-cookie"], response.headers.get_list("Set-Cookie")) == ("a=1, b=2", ["a=1", "b=2"])
    assert response.cookies == {"a": "1", "b": "2"}
    assert [line.text for line in execution.console] == [("'hi'", "1")]


def test_the_assertions_of_an_execution_have_name_outcome_and_error(app):
    result = runner.run(document(item("a", 'pm.test("fine", () => {});' + FAILS)), transport=app)
    first, second = result.executions[0].assertions
    assert (first.name, first.passed, first.error) == ("fine", True, None)
    assert (second.name, second.passed, second.error.name) == ("equal", False, "AssertionError")


def test_executions_are_a_sequence_in_the_order_they_ended(app):
    result = runner.run(document(item("a"), item("b")), iteration_count=2, transport=app)
    assert [one.item.name for one in result.executions] == ["a", "b", "a", "b"]
    assert (len(result.executions), result.executions[-1].cursor.iteration) == (4, 1)
    assert [one.item.name for one in result.executions[1:3]] == ["b", "a"]
    assert result.executions[0].item is result.executions[2].item
    with pytest.raises(IndexError):
        result.executions[4]


def test_a_skipped_request_has_neither_request_nor_response(app):
    (execution,) = runner.run(document(item("a", prerequest="pm.execution.skipRequest()")), transport=app).executions
    assert (execution.request, execution.response, execution.skipped) == (None, None, True)


def test_a_request_without_an_answer_has_no_response(app):
    (execution,) = runner.run(document(item("a", method="GET")), transport=broken()).executions
    assert execution.request.url == "http://app.example/"
    assert execution.response is None
    assert "the transport raised ValueError: broken" in str(execution.failures[0])


def broken():
    import httpx

    def application(environ, start_response):
        raise ValueError("broken")

    return httpx.WSGITransport(app=application)


def test_values_are_real_where_they_are_asked_for_and_masked_where_they_are_printed(app):
    result = runner.run(document(item("a", SETS + FAILS, "/?api_key=wonderful-key")), transport=app)
    (execution,) = result.executions
    assert execution.response.json()["token"] == result.environment["token"] == "real-token-123"
    assert execution.request.url.endswith("api_key=wonderful-key")
    with pytest.raises(runner.RunFailed) as caught:
        result.raise_for_failures()
    shown = [
        result,
        result.failures,
        result.executions,
        execution,
        execution.request,
        execution.response,
        result.environment,
    ]
    shown += [execution.response.headers, execution.failures, execution.assertions, caught.value, caught.value.failures]
    text = "".join(f"{one!r}{one}" for one in shown)
    assert "real-token" not in text
    assert "wonderful" not in text
    assert max(len(repr(one)) for one in shown) < 1000


def test_the_variables_at_the_end_are_mappings(app):
    result = runner.run(document(item("a", SETS)), environment={"kept": "1"}, transport=app)
    assert dict(result.environment) == {"kept": "1", "token": "real-token-123"}
    assert (result.collection_variables["n"], result.globals.get("g"), "no" in result.globals) == (1, [2], False)


def test_what_passed_raises_nothing_and_gives_itself(app):
    result = runner.run(document(item("a")), transport=app)
    assert result.raise_for_failures() is result
    assert repr(result) == "<Result: passed, 1 request, 0 assertions, 0 failures>"


def test_failures_are_named_with_their_place_and_long_ones_cut_short(app):
    long = item("b", "throw new Error('x'.repeat(100000))")
    result = runner.run(document({"name": "F", "item": [item("a", FAILS), long]}), transport=app)
    with pytest.raises(runner.RunFailed) as caught:
        result.raise_for_failures()
    first, second, third = str(caught.value).splitlines()
    assert first == "2 failures:"
    assert second.startswith("1. F / a: equal: expected '")
    assert third.startswith("2. F / b: Error: xxx")
    assert len(str(caught.value)) < 1500
    assert caught.value.failures == result.failures


@pytest.mark.parametrize(
    "how",
    [
        {"on_event": lambda event: 1 / 0},
        {"reporters": "json", "reporter_options": {"json-export": "/dev/null/no/r.json"}},
        {"export_environment": "/dev/null/no/e.json"},
        {"grep": "nothing like it", "folder": "empty"},
        {"max_requests": 1, "prerequest": "pm.execution.setNextRequest('a')"},
        {"test": FAILS, "bail": True},
        {"cancelled": True},
    ],
)
def test_whatever_makes_a_run_fail_is_among_its_failures(app, how):
    how = dict(how)
    scripts = {name: how.pop(name) for name in ("prerequest", "test") if name in how}
    if how.pop("cancelled", None):
        how["cancel"] = Cancel()
        how["cancel"].set()
    try:
        result = runner.run(document(item("a", **scripts), {"name": "empty", "item": []}), transport=app, **how)
    except runner.PostrunnerError:
        return
    assert result.failed
    assert result.failures
    assert all(failure.message for failure in result.failures)


def test_a_file_that_cannot_be_read_is_raised():
    with pytest.raises(LoadError):
        runner.run("gone.json")


def test_ctrl_c_is_raised_with_the_result(app):
    def interrupt(event):
        if isinstance(event, RequestFinished):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        runner.run(document(item("a"), item("b")), on_event=interrupt, transport=app)
    assert [one.item.name for one in caught.value.summary.executions] == ["a"]


def test_executions_hold_json_of_any_depth(app):
    heard, deep = [], "[" * 3000 + "]" * 3000
    body = {"mode": "raw", "raw": loads(deep)}
    collection = document(item("a", method="POST", body=body))
    result = runner.run(collection, transport=app, on_execution=heard.append, real_values=True)
    assert same(result.executions[0].own.request.body.raw, heard[0].own.request.body.raw)


def test_executions_hold_large_uploads_without_their_files(app, tmp_path):
    content = bytes(range(256)) * 12_000
    (tmp_path / "large.bin").write_bytes(content)
    body = {"mode": "file", "file": {"src": "large.bin"}}
    result = runner.run(document(item("a", method="POST", body=body)), working_dir=tmp_path, transport=echo())
    (tmp_path / "large.bin").unlink()
    (execution,) = result.executions
    assert execution.request.content == content
    assert execution.response.content == content


def echo():
    import httpx

    def application(environ, start_response):
        start_response("200 OK", [])
        return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]

    return httpx.WSGITransport(app=application)


def test_attempts_before_the_last_are_kept_with_their_failures(app):
    test = 'pm.test("second", () => pm.expect(pm.globals.has("x") || app).to.be.true)'
    result = runner.run(document(item("a", test)), retries=1, retry_on="assertion", retry_delay=0, transport=app)
    (execution,) = result.executions
    (attempt,) = execution.attempts
    assert [failure.test for failure in attempt.execution.failures] == ["second"]
    assert execution.failures == result.failures


def test_what_listeners_hear_stays_masked_unless_real_values_are_asked_for(app):
    heard = []
    for real in (False, True):
        runner.run(document(item("a", SETS)), transport=app, on_execution=heard.append, real_values=real)
    assert ["real-token" in one.response.text for one in heard] == [False, True]


def test_the_file_of_executions_is_closed_with_the_result(app):
    result = runner.run(document(item("a")), transport=app)
    file = result.executions._heap._file
    del result
    gc.collect()
    assert file.closed


def test_reporters_write_to_the_stream_that_is_given(app):
    stream = io.StringIO()
    runner.run(document(item("a")), transport=app, reporters="cli", stream=stream)
    assert "→ a" in stream.getvalue()
