"""`--otel`: the spans of a run, as a collector gets them."""

import json

import pytest

from runner.cancel import Cancel
from runner.events import ScriptStarted
from tests.telemetry.conftest import collection, item

PASSES = "pm.test('ok', () => {})"
CLIENT = 3


def test_a_run_is_a_tree_of_iterations_items_scripts_and_requests(run, collector, api):
    url, _ = api
    run(
        {"name": "F", "item": [item("a", f"{url}/a", test=PASSES, before="pm.variables.set('x', 1)")]},
        item("b", f"{url}/b"),
        iteration_count=2,
    )
    items = [{"item F/a": ["script prerequest", "GET", "script test"]}, {"item b": ["GET"]}]
    assert collector.tree() == [{"run C": [{"iteration 1": items}, {"iteration 2": items}]}]
    root = collector.check()
    assert (root.name, root.failed, root.parent) == ("run C", False, "")
    assert root.attributes["test.suite.name"] == "C"
    assert root.attributes["test.suite.run.status"] == "success"
    assert [root.attributes[f"cicd.pipeline.task.{name}"] for name in ("type", "run.result")] == ["test", "success"]
    assert [span.attributes["postrunner.iteration"] for span in collector.named("item F/a")] == [0, 1]
    assert {span.attributes["test.case.result.status"] for span in collector.named("item F/a")} == {"pass"}


def test_a_request_has_the_attributes_of_the_conventions(run, collector, api):
    url, _ = api
    run(item("a", f"{url}/a?b=c#d"))
    span = collector.one("GET")
    port = int(url.rpartition(":")[2])
    found = {name: value for name, value in span.attributes.items() if not name.startswith("postrunner.timing.")}
    assert found == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.response.body.size": 2,
        "network.peer.address": "127.0.0.1",
        "network.peer.port": port,
        "network.protocol.version": "1.1",
        "postrunner.request.source": "item",
        "server.address": "127.0.0.1",
        "server.port": port,
        "url.full": f"{url}/a?b=c",
        "url.scheme": "http",
    }
    assert (span.kind, span.failed) == (CLIENT, False)
    assert span.attributes["postrunner.timing.first_byte"] > 0


def test_an_unknown_method_is_no_name_of_a_span(run, collector, api):
    run(item("a", f"{api[0]}/a", method="BREW"))
    span = collector.one("HTTP")
    assert [span.attributes[f"http.request.{name}"] for name in ("method", "method_original")] == ["_OTHER", "BREW"]


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_status_that_tells_of_an_error_is_one_of_the_request_alone(run, collector, api, status):
    run(item("a", f"{api[0]}/{status}"))
    span = collector.one("GET")
    assert (span.failed, span.attributes["error.type"]) == (True, str(status))
    assert not collector.one("item a").failed


def test_a_request_without_a_response_tells_why(run, collector):
    result = run(item("a", "http://127.0.0.1:9/x"))
    assert result.exit_code() == 1
    span = collector.one("GET")
    assert (span.failed, span.attributes["error.type"]) == (True, "ECONNREFUSED")
    assert span.message == "connect ECONNREFUSED 127.0.0.1:9"
    assert (span.attributes["url.full"], span.attributes["server.port"]) == ("http://127.0.0.1:9/x", 9)
    assert "http.response.status_code" not in span.attributes
    assert collector.one("item a").failed


def test_what_was_never_sent_is_an_exception_of_its_item(run, collector):
    run(item("a", "http://h.example/", body={"mode": "file", "file": {"src": "missing"}}), strict_files=True)
    ((name, found),) = collector.one("item a").events
    assert name == "exception"
    assert found["exception.type"] == "FileUnreadable"
    assert collector.named("GET") == []


def test_each_redirect_is_a_span_that_counts(run, collector, api):
    url, _ = api
    run(item("a", f"{url}/to?to?404"))
    spans = sorted(collector.named("GET"), key=lambda span: span.start)
    assert [span.attributes["url.full"] for span in spans] == [f"{url}/{path}" for path in ("to?to?404", "to?404", "404")]
    assert [span.attributes.get("http.request.resend_count") for span in spans] == [None, 1, 2]
    assert [span.attributes.get("error.type") for span in spans] == [None, None, "404"]
    assert [span.parent for span in spans] == [collector.one("item a").id] * 3


def test_a_redirect_to_nowhere_is_two_spans(run, collector, api):
    run(item("a", f"{api[0]}/to?/127.0.0.1:9/b"))
    first, second = sorted(collector.named("GET"), key=lambda span: span.start)
    assert (first.attributes["http.response.status_code"], second.attributes["error.type"]) == (302, "ECONNREFUSED")
    assert second.attributes["url.full"] == "http://127.0.0.1:9/b"


def test_an_answer_to_a_challenge_is_the_same_request_again(run, collector, api):
    auth = {"type": "digest", "digest": [{"key": "username", "value": "u"}, {"key": "password", "value": "pass-word-1"}]}
    run(item("a", f"{api[0]}/digest", auth=auth))
    spans = sorted(collector.named("GET"), key=lambda span: span.start)
    told = [
        (span.attributes["postrunner.request.source"], span.attributes.get("http.request.resend_count")) for span in spans
    ]
    assert told == [("auth", None), ("item", 1)]
    assert b"pass-word-1" not in b"".join(collector.raw)


def test_a_retry_is_the_same_request_again_in_the_same_item(run, collector, api):
    run(item("a", f"{api[0]}/once", test="pm.test('up', () => pm.response.to.have.status(200))"), retries=2, retry_delay=0)
    collector.check()
    assert collector.tree() == [{"run C": [{"iteration 1": [{"item a": ["GET", "script test", "GET", "script test"]}]}]}]
    spans = sorted(collector.named("GET"), key=lambda span: span.start)
    told = [(span.attributes["postrunner.attempt"], span.attributes.get("http.request.resend_count")) for span in spans]
    assert told == [(1, None), (2, 1)]
    found = collector.one("item a")
    assert (found.failed, found.attributes["test.case.result.status"]) == (False, "pass")
    events = [(name, got.get("postrunner.assertion.result"), got["postrunner.attempt"]) for name, got in found.events]
    assert events == [
        ("postrunner.assertion", "failed", 1),
        ("postrunner.retry", None, 1),
        ("postrunner.assertion", "passed", 2),
    ]


def test_what_a_script_sends_and_runs_is_below_it(run, collector, api):
    url, _ = api
    test = f"pm.sendRequest('{url}/sub'); await pm.execution.runRequest('inner-1')"
    run(item("outer", f"{url}/a", test=test), {**item("inner", f"{url}/b", test=PASSES), "id": "inner-1"})
    collector.check()
    inner = {"item inner": ["GET", "script test"]}
    (iteration,) = collector.tree()[0]["run C"]
    outer, _ = iteration["iteration 1"]
    assert outer["item outer"][0] == "GET"
    assert sorted(outer["item outer"][1]["script test"], key=str) == ["GET", inner] or outer["item outer"][1] == {
        "script test": [inner, "GET"]
    }
    script = next(span for span in collector.named("script test") if span.attributes["postrunner.script.owner"] == "outer")
    sub = next(span for span in collector.named("GET") if span.attributes["url.full"] == f"{url}/sub")
    assert (sub.parent, sub.attributes["postrunner.request.source"]) == (script.id, "script")


def test_what_an_attempt_that_does_not_count_ran_is_there_too(run, collector, api):
    url, _ = api
    test = "await pm.execution.runRequest('inner-1'); pm.test('never', () => pm.expect(1).to.equal(2))"
    inner = {**item("inner", f"{url}/b"), "id": "inner-1"}
    run(item("outer", f"{url}/a", test=test), inner, retries=1, retry_on=("assertion",), retry_delay=0, folder=("outer",))
    collector.check()
    assert len(collector.named("item inner")) == 2


def test_tests_are_events_of_their_item(run, collector, api):
    test = "pm.test('ok', () => {}); pm.test('no', () => pm.expect(1).to.equal(2)); pm.test.skip('later', () => {})"
    run(item("a", f"{api[0]}/a", test=test))
    found = collector.one("item a")
    assert [
        (name, event["postrunner.assertion.name"], event["postrunner.assertion.result"]) for name, event in found.events
    ] == [
        ("postrunner.assertion", "ok", "passed"),
        ("postrunner.assertion", "no", "failed"),
        ("postrunner.assertion", "later", "skipped"),
    ]
    _, failed = found.events[1]
    assert (failed["exception.type"], failed["exception.message"]) == ("AssertionError", "expected 1 to equal 2")
    assert all(found.start <= time <= found.end for time in found.times)
    assert (found.failed, found.attributes["test.case.result.status"]) == (True, "fail")
    root = collector.one("run C")
    assert (root.failed, root.attributes["test.suite.run.status"]) == (True, "failure")


def test_a_script_that_throws_has_its_error(run, collector, api):
    run(item("a", f"{api[0]}/a", test="nothing()"))
    script = collector.one("script test")
    ((name, event),) = script.events
    assert (script.failed, script.attributes["error.type"], name) == (True, "ReferenceError", "exception")
    assert event["exception.message"] == "nothing is not defined"
    assert "exception.stacktrace" in event


def test_long_texts_are_cut(run, collector, api):
    run(item("a", f"{api[0]}/a", test="pm.test('x'.repeat(50000), () => { throw new Error('y'.repeat(50000)) })"))
    assert max(map(len, collector.raw)) < 30_000


def test_a_skipped_item_has_no_result(run, collector, api):
    run(item("a", f"{api[0]}/a", before="pm.execution.skipRequest()"))
    assert "test.case.result.status" not in collector.one("item a").attributes


def test_setup_and_teardown_are_parts_of_the_run(run, collector, api):
    url, _ = api
    run(*(item(name, f"{url}/{name}") for name in "abc"), setup=("a",), teardown=("c",))
    collector.check()
    parts = {"setup": "setup/a", "iteration 1": "b", "teardown": "teardown/c"}
    steps = [{part: [{f"item {name}": ["GET"]}]} for part, name in parts.items()]
    assert collector.tree() == [{"run C": steps}]


def test_several_collections_are_below_one_span(run, collector, api):
    url, _ = api
    two = [collection(item("a", f"{url}/a"), name="A"), collection(item("b", f"{url}/b", test="x()"), name="B")]
    run(collections=two)
    root = collector.check()
    step = [{"iteration 1": [{"item a": ["GET"]}]}]
    assert collector.tree()[0]["run"][0] == {"run A": step}
    assert (root.name, root.failed) == ("run", True)
    statuses = [collector.one(name).attributes["test.suite.run.status"] for name in ("run", "run A", "run B")]
    assert statuses == ["failure", "success", "failure"]


@pytest.mark.parametrize("options", [{"parallel": "iterations"}, {"parallel": "folders"}])
def test_parallel_parts_have_the_tree_of_a_run_of_one(run, collector, api, options):
    url, _ = api
    run(*(item(name, f"{url}/{name}", test=PASSES) for name in "ab"), iteration_count=3, jobs=3, **options)
    collector.check()
    for span in collector.named("item a") + collector.named("item b"):
        assert [one.name for one in collector.spans if one.parent == span.id] == ["GET", "script test"]
        (iteration,) = [one for one in collector.spans if one.id == span.parent]
        assert iteration.name == f"iteration {span.attributes['postrunner.iteration'] + 1}"
    assert len(collector.spans) == 1 + 3 + 3 * 2 * 3


def test_parallel_collections_have_a_tree_each(run, collector, api):
    url, _ = api
    run(collections=[collection(item("a", f"{url}/a", test=PASSES), name=name) for name in "ABC"], jobs=3)
    collector.check()
    assert {span.name for span in collector.spans if span.name.startswith("run ")} == {"run A", "run B", "run C"}
    assert len(collector.spans) == 1 + 3 * 5


def test_bailing_out_is_a_failure(run, collector, api):
    run(item("a", f"{api[0]}/a", test="x()"), item("b", f"{api[0]}/b"), bail="failure")
    collector.check()
    assert collector.one("run C").attributes["test.suite.run.status"] == "failure"
    assert collector.named("item b") == []


def test_a_run_that_is_ended_ends_all_its_spans(run, collector, api):
    cancel = Cancel()

    def end(event):
        if isinstance(event, ScriptStarted):
            cancel.set()

    test = "await new Promise(() => setTimeout(() => {}, 60000))"
    run(item("a", f"{api[0]}/a", test=test), item("b", f"{api[0]}/b"), cancel=cancel, on_event=end)
    collector.check()
    assert collector.tree() == [{"run C": [{"iteration 1": [{"item a": ["GET", "script test"]}]}]}]
    assert collector.one("script test").message == "the run ended"
    assert collector.one("run C").attributes["test.suite.run.status"] == "aborted"


def test_no_secret_is_in_what_the_collector_gets(run, collector, api):
    url, _ = api
    secret, late = "Hq1Zk3XwVb7Tm9WrJs5L", "Zz9Yx8Wv7Ut6Sr5Qp4On"
    test = f"pm.test(pm.variables.get('key'), () => pm.expect(pm.variables.get('key')).to.equal('{late}'))"
    run(
        item("a", f"{url.replace('//', '//me:{{key}}@')}/a?token={{{{key}}}}", test=test),
        item("b", f"{url}/token?{late}"),
        item("c", "http://127.0.0.1:9/{{key}}"),
        env_var=(("key", secret),),
        secret=("key",),
    )
    raw = b"".join(collector.raw)
    assert secret.encode() not in raw
    assert b"me:" not in raw


def test_a_secret_that_becomes_known_in_an_item_is_hidden_in_its_spans(run, collector, api):
    late = "Zz9Yx8Wv7Ut6Sr5Qp4On"
    before = f"pm.sendRequest('{api[0]}/token?{late}', (e, r) => pm.variables.set('t', r.json().access_token))"
    run(item("a", f"{api[0]}/a", before=before, test="pm.test('got ' + pm.variables.get('t'), () => {})"))
    assert late.encode() not in b"".join(collector.raw)


def test_what_reports_say_is_the_same_with_telemetry(run, collector, api, tmp_path):
    said = []
    for number, otel in enumerate((False, True)):
        path = tmp_path / f"{number}.json"
        run(
            item("a", f"{api[0]}/to?b", test=PASSES),
            otel=otel,
            seed=1,
            reporters=("json",),
            reporter_options=(("json-export", str(path)),),
        )
        said.append(set(keys(json.loads(path.read_text()))))
    assert said[0] == said[1]


def keys(tree, place=""):
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield f"{place}.{key}"
            yield from keys(value, f"{place}.{key}")
    for one in tree if isinstance(tree, list) else ():
        yield from keys(one, place)
