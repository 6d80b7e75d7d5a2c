"""The way to the collector: what the environment says, and that no failure of it costs the run anything."""

import logging
import os
import signal
import subprocess
import sys
import threading

import pytest

import runner
from runner.errors import UsageError
from runner.telemetry import export
from runner.telemetry.pipeline import pipeline_attributes
from runner.telemetry.reporter import Otel
from tests.telemetry.conftest import collection, item

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def warnings(result):
    return [one.message for one in result.warnings if one.code == "late"]


def test_the_service_is_postrunner(run, collector, api):
    run(item("a", f"{api[0]}/a"))
    for found in (collector.one("run C").resource, *collector.resources):
        assert (found["service.name"], found["service.version"]) == ("postrunner", runner.__version__)


def test_the_environment_names_the_service(run, collector, api, monkeypatch):
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=ci,service.name=other")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "shop-tests")
    run(item("a", f"{api[0]}/a"))
    found = collector.one("run C").resource
    assert (found["service.name"], found["deployment.environment.name"]) == ("shop-tests", "ci")


def test_the_job_of_the_ci_is_the_parent(run, collector, api, monkeypatch):
    monkeypatch.setenv("TRACEPARENT", f"00-{TRACE}-{PARENT}-01")
    monkeypatch.setenv("TRACESTATE", "vendor=x")
    assert warnings(run(item("a", f"{api[0]}/a"))) == []
    root = collector.check()
    assert (root.trace, root.parent, root.state) == (TRACE, PARENT, "vendor=x")


def test_a_parent_that_is_none_is_told(run, collector, api, monkeypatch):
    monkeypatch.setenv("TRACEPARENT", "nonsense")
    result = run(item("a", f"{api[0]}/a"))
    assert warnings(result) == ["--otel: TRACEPARENT is not a trace context: nonsense"]
    assert (result.exit_code(), collector.check().parent) == (0, "")


def test_a_parent_that_is_not_sampled_samples_nothing(run, collector, api, monkeypatch):
    monkeypatch.setenv("TRACEPARENT", f"00-{TRACE}-{PARENT}-00")
    run(item("a", f"{api[0]}/a"), trace_header=True)
    assert collector.spans == []
    (sent,) = traceparents(api)
    assert sent.startswith(f"00-{TRACE}-")
    assert sent.endswith("-00")
    assert "http.client.request.duration" in collector.points


def test_the_sampler_of_the_environment_decides(run, collector, api, monkeypatch):
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0")
    run(item("a", f"{api[0]}/a"))
    assert collector.spans == []


def traceparents(api):
    return [dict(headers).get("traceparent") for _, headers in api[1]]


def test_each_request_tells_the_server_of_its_own_span(run, collector, api):
    url, _ = api
    test = f"pm.sendRequest('{url}/sub', () => {{}})"
    run(item("a", f"{url}/to?once", test=test), retries=1, retry_delay=0, trace_header=True)
    collector.check()
    sent = traceparents(api)
    root = collector.one("run C")
    spans = {f"00-{root.trace}-{span.id}-03" for span in collector.named("GET")}
    assert len(sent) == len(set(sent)) == 6
    assert set(sent) == spans


def test_a_request_with_a_traceparent_keeps_it(run, collector, api):
    own = f"00-{TRACE}-{PARENT}-01"
    header = [{"key": "TraceParent", "value": own}]
    run(item("a", f"{api[0]}/to?b", header=header), trace_header=True)
    assert [dict(headers).get("TraceParent") for _, headers in api[1]] == [own, own]
    assert traceparents(api) == [None, None]


def test_the_state_of_the_trace_goes_along(run, collector, api, monkeypatch):
    monkeypatch.setenv("TRACEPARENT", f"00-{TRACE}-{PARENT}-01")
    monkeypatch.setenv("TRACESTATE", "vendor=x")
    run(item("a", f"{api[0]}/a"), trace_header=True)
    assert [dict(headers)["tracestate"] for _, headers in api[1]] == ["vendor=x"]


def test_requests_are_the_same_without_the_header(run, collector, api):
    heads = api[1]
    for otel in (False, True):
        run(
            item("a", f"{api[0]}/to?b", before="pm.variables.set('r', pm.variables.replaceIn('{{$guid}}'))"),
            otel=otel,
            seed=7,
        )
    assert heads[:2] == heads[2:]


def test_a_header_without_telemetry_is_a_mistake(run):
    with pytest.raises(UsageError, match="--otel"):
        run(item("a", "http://h.example/"), otel=False, trace_header=True)


def test_the_sdk_can_be_disabled(run, collector, api, monkeypatch):
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert warnings(run(item("a", f"{api[0]}/a"), trace_header=True)) == []
    assert (collector.raw, traceparents(api)) == ([], [None])


@pytest.mark.parametrize(("signal_name", "left"), [("TRACES", "/v1/metrics"), ("METRICS", "/v1/traces")])
def test_each_signal_can_be_left_out(run, collector, api, monkeypatch, signal_name, left):
    monkeypatch.setenv(f"OTEL_{signal_name}_EXPORTER", "none")
    assert warnings(run(item("a", f"{api[0]}/a"))) == []
    assert collector.calls == [left]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_TRACES_EXPORTER", "zipkin"),
        ("OTEL_METRICS_EXPORTER", "prometheus"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json"),
    ],
)
def test_what_there_is_not_is_a_mistake_before_the_first_request(run, api, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=value) as caught:
        run(item("a", f"{api[0]}/a"))
    assert (caught.value.where, api[1]) == (name, [])


def test_a_missing_package_is_named(run, api, monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk", None)
    with pytest.raises(UsageError) as caught:
        run(item("a", f"{api[0]}/a"))
    assert (caught.value.exit_code, caught.value.where) == (2, "--otel")
    assert "pip install 'postrunner[otel]'" in caught.value.hint


def test_opentelemetry_is_imported_only_for_it(tmp_path):
    document = collection(item("a", "http://h.example/"))
    program = (
        "import runner, sys, httpx;"
        "transport = httpx.MockTransport(lambda request: httpx.Response(200));"
        f"runner.run({document!r}, transport=transport);"
        "assert not [name for name in sys.modules if name.startswith(('opentelemetry', 'runner.telemetry'))]"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=tmp_path)


def test_a_collector_that_is_not_there_is_one_warning(run, collector, api, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    result = run(item("a", f"{api[0]}/a"))
    (told,) = warnings(result)
    assert told.startswith("--otel: not all telemetry was exported: ")
    assert "refused" in told
    assert (result.exit_code(), result.problems) == (0, ())


@pytest.mark.parametrize("status", [400, 404, 503])
def test_a_collector_that_refuses_is_asked_once_at_the_end(run, collector, api, status):
    collector.answers |= {"traces": [status] * 9, "metrics": [status] * 9}
    result = run(item("a", f"{api[0]}/a"))
    assert len(warnings(result)) == 1
    assert (result.exit_code(), sorted(collector.calls)) == (0, ["/v1/metrics", "/v1/traces"])


def test_a_collector_for_traces_alone_gets_them(run, collector, api):
    collector.answers["metrics"] = [404] * 9
    (told,) = warnings(run(item("a", f"{api[0]}/a")))
    assert "404" in told
    collector.check()


def test_a_collector_that_does_not_answer_is_waited_for_so_long(run, collector, api, monkeypatch):
    monkeypatch.setattr(export, "FLUSH_LIMIT", 0.3)
    collector.stuck = threading.Event()
    result = run(item("a", f"{api[0]}/a"))
    assert warnings(result) == ["--otel: not all telemetry was exported: there was no answer for 0.3 s"]
    assert result.exit_code() == 0


def test_a_defect_of_telemetry_is_a_warning(run, collector, api, monkeypatch):
    def defect(self, execution):
        raise ZeroDivisionError("no")

    monkeypatch.setattr(Otel, "_finish_item", defect)
    result = run(item("a", f"{api[0]}/a"), item("b", f"{api[0]}/b"))
    assert warnings(result) == ["--otel: telemetry ended early: ZeroDivisionError: no"]
    assert (result.exit_code(), len(api[1])) == (0, 2)


def test_the_log_of_the_sdk_is_given_back(run, collector, api):
    logger = logging.getLogger("opentelemetry")
    logger.setLevel(logging.CRITICAL)
    before = list(logger.handlers), logger.propagate, logger.level
    run(item("a", f"{api[0]}/a"))
    assert (list(logger.handlers), logger.propagate, logger.level) == before
    logger.setLevel(logging.NOTSET)


def test_a_log_that_is_turned_down_hides_no_retry(run, collector, api, monkeypatch):
    monkeypatch.setattr(logging.getLogger(), "level", logging.CRITICAL)
    collector.answers |= {"traces": [503] * 9, "metrics": [503] * 9}
    run(item("a", f"{api[0]}/a"))
    assert sorted(collector.calls) == ["/v1/metrics", "/v1/traces"]


def test_nothing_goes_on_after_the_run(run, collector, api):
    before = set(threading.enumerate())
    collector.answers |= {"traces": [404] * 9, "metrics": [503] * 9}
    run(item("a", f"{api[0]}/a"))
    left = {one.name for one in set(threading.enumerate()) - before}
    assert not {name for name in left if "Otel" in name}


def test_a_run_that_cannot_begin_leaves_no_thread(run, collector, api, tmp_path):
    before = set(threading.enumerate())
    with pytest.raises(UsageError):
        run(item("a", f"{api[0]}/a"), reporters=("no-such-reporter",))
    assert not {one.name for one in set(threading.enumerate()) - before if "Otel" in one.name}


def test_metrics_count_requests_tests_and_scripts(run, collector, api):
    url, _ = api
    test = "pm.test('up', () => pm.response.to.have.status(200)); pm.test.skip('later', () => {})"
    run(item("a", f"{url}/once", test=test), item("b", f"{url}/404"), retries=1, retry_delay=0)
    assert {name: points[0][0] for name, points in collector.points.items()} == {
        "http.client.request.duration": "s",
        "postrunner.assertions": "{assertion}",
        "postrunner.script.duration": "s",
    }
    found = {
        (told["http.response.status_code"], told.get("error.type")): point
        for _, told, point in collector.points["http.client.request.duration"]
    }
    assert {key: point.count for key, point in found.items()} == {(200, None): 1, (503, "503"): 1, (404, "404"): 1}
    bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
    assert list(found[200, None].explicit_bounds) == bounds
    assert 0 < found[200, None].sum < 60
    results = {
        told["postrunner.assertion.result"]: point.as_int for _, told, point in collector.points["postrunner.assertions"]
    }
    assert results == {"passed": 1, "skipped": 1}  # of the attempt that counts
    ((_, told, point),) = collector.points["postrunner.script.duration"]
    assert (told, point.count) == ({"postrunner.script.type": "test"}, 2)


INTERRUPTED = """
import os, signal, runner
from runner.events import ScriptStarted

def end(event):
    if isinstance(event, ScriptStarted):
        os.kill(os.getpid(), signal.SIGINT)

try:
    runner.run(DOCUMENT, otel=True, on_event=end)
except KeyboardInterrupt as error:
    raise SystemExit(error.exit_code)
"""


def test_ctrl_c_sends_what_there_is(collector, tmp_path):
    document = collection(item("a", "http://127.0.0.1:9/", test="for (;;) {}"))
    program = INTERRUPTED.replace("DOCUMENT", repr(document))
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=60, cwd=tmp_path, env=dict(os.environ))
    assert done.returncode == 128 + signal.SIGINT
    collector.check()
    assert collector.one("run C").attributes["test.suite.run.status"] == "aborted"
    assert collector.one("run C").attributes["cicd.pipeline.task.run.result"] == "cancellation"


def test_the_run_tells_of_its_pipeline(run, collector, api, monkeypatch):
    for name, value in {
        "GITHUB_SHA": "0123456789abcdef",
        "GITHUB_REF_NAME": "main",
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_SERVER_URL": "https://git.example",
        "GITHUB_RUN_ID": "7",
    }.items():
        monkeypatch.setenv(name, value)
    run(item("a", f"{api[0]}/a"))
    found = collector.one("run C").attributes
    assert found["cicd.pipeline.run.url.full"] == "https://git.example/o/r/actions/runs/7"
    assert found["vcs.ref.head.name"] == "main"
    assert found["vcs.ref.head.revision"]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, {}),
        (
            {
                "CI_PIPELINE_ID": "5",
                "CI_COMMIT_REF_NAME": "v1",
                "CI_COMMIT_TAG": "v1",
                "CI_PROJECT_URL": "https://g.example/p",
            },
            {
                "cicd.pipeline.run.id": "5",
                "vcs.ref.head.name": "v1",
                "vcs.ref.head.type": "tag",
                "vcs.repository.url.full": "https://g.example/p",
            },
        ),
        (
            {"GIT_URL": "https://me:token@g.example/p.git", "GIT_BRANCH": "b", "BUILD_ID": "3"},
            {
                "cicd.pipeline.run.id": "3",
                "vcs.ref.head.name": "b",
                "vcs.ref.head.type": "branch",
                "vcs.repository.url.full": "https://g.example/p.git",
            },
        ),
        ({"GIT_URL": "git@g.example:o/p.git"}, {"vcs.repository.url.full": "git@g.example:o/p.git"}),
        (
            {"GITHUB_REF_NAME": "5/merge", "GITHUB_HEAD_REF": "fix"},
            {"vcs.ref.head.name": "fix", "vcs.ref.head.type": "branch"},
        ),
    ],
)
def test_servers_are_read_by_the_names_of_the_conventions(environ, expected):
    assert pipeline_attributes(environ, "") == expected
