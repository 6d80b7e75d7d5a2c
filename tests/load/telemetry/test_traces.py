"""`load --otel`: traces of iterations, as the sampler wants them."""

import os

import pytest
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased

from runner.clock import Clock
from runner.load.telemetry.forks import WithoutForkHooks
from runner.load.telemetry.traces import USUAL_RATIO, IterationTrace, _sampler, traces_of
from runner.secrets import Secrets
from tests.load.conftest import item
from tests.telemetry.conftest import collector

__all__ = ["collector"]

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SECRET = "Hq1Zk3XwVb7Tm9WrJs5L"


def test_a_sampled_iteration_is_a_trace_of_its_own(server, write, load, collector, monkeypatch):
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_on")
    monkeypatch.setenv("TRACEPARENT", f"00-{TRACE}-{PARENT}-01")
    test = "pm.test('t ' + pm.variables.get('key'), () => {}); pm.test('no', () => pm.expect(1).to.equal(2))"
    path = write([item("a", f"{server.url}/a?token={{{{key}}}}", test=test), item("b", f"{server.url}/status/404")])
    words = (path, "--users", 2, "--iterations", 4, "--otel", "--trace-header", "--silent", "--env-var", f"key={SECRET}")
    done = load(*words, "--secret", "key")
    assert (done.code, done.err) == (1, "")
    roots = [span for span in collector.spans if span.name.startswith("iteration ")]
    assert len({root.trace for root in roots}) == len(roots) == 4
    assert {root.parent for root in roots} == {""}
    assert TRACE not in {root.trace for root in roots}
    assert {root.attributes["postrunner.user"] for root in roots} == {"0", "1"}
    for root in roots:
        names = sorted(span.name for span in collector.spans if span.trace == root.trace and span is not root)
        assert names == ["GET", "GET", "item a", "item b", "script test"]
        assert (root.failed, root.attributes["test.suite.name"]) == (True, "c")
    known = {span.id: span for span in collector.spans}
    assert len(known) == len(collector.spans) == 4 * 6
    sent = {seen.headers["traceparent"] for seen in server.seen}
    assert sent == {f"00-{span.trace}-{span.id}-03" for span in collector.named("GET")}
    assert all(span.parent in known for span in collector.spans if span not in roots)
    assert SECRET.encode() not in b"".join(collector.raw)
    assert collector.resources  # the metrics came, too


def test_an_iteration_that_is_not_sampled_tells_servers_so(server, write, load, collector, monkeypatch):
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    done = load(write([item("a", f"{server.url}/a")]), "--iterations", 2, "--otel", "--trace-header", "--silent")
    assert (done.code, collector.spans) == (0, [])
    sent = [seen.headers["traceparent"] for seen in server.seen]
    assert len(set(sent)) == 2
    assert {text[-3:] for text in sent} == {"-02"}


def test_a_header_without_telemetry_is_a_mistake(server, write, load):
    done = load(write([item("a", f"{server.url}/a")]), "--iterations", 2, "--trace-header")
    assert (done.code, server.seen) == (2, [])
    assert "--trace-header: does nothing without --otel" in done.err


def test_one_iteration_in_a_hundred_is_sampled_unless_the_environment_says_otherwise():
    sampler = _sampler({})
    assert isinstance(sampler, TraceIdRatioBased)
    assert sampler.rate == USUAL_RATIO == 0.01
    assert _sampler({"OTEL_TRACES_SAMPLER": "always_on"}) is None


def test_a_defect_of_telemetry_ends_no_user(monkeypatch):
    class Root:
        said = ""

        def is_recording(self):
            return True

        def set_status(self, status):
            self.said = status.description

        def end(self, moment):
            pass

    class Masker:
        def masked(self, event):
            raise ZeroDivisionError

    class Clock:
        def now(self):
            return 1.0

    class Maker:
        root = Root()

    trace = IterationTrace(Maker(), Masker(), Clock(), header=False)
    trace.hear(make_event())
    trace.finish(failed=False)
    assert Maker.root.said == "the trace ends early: ZeroDivisionError"


def make_event():
    from runner.events import ItemStarted
    from runner.model.collection import Item

    return ItemStarted(item=Item(id="1", name="a"))


@pytest.mark.parametrize("name", ["OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER"])
def test_what_is_turned_off_sends_no_traces(server, write, load, collector, monkeypatch, name):
    monkeypatch.setenv(name, "true" if name.endswith("DISABLED") else "none")
    done = load(write([item("a", f"{server.url}/a")]), "--iterations", 1, "--otel", "--trace-header", "--silent")
    assert (done.code, done.err, collector.spans) == (0, "", [])
    assert "traceparent" not in server.seen[0].headers


def test_traces_register_no_hook_for_forked_processes(monkeypatch):
    hooks = []
    monkeypatch.setattr(os, "register_at_fork", lambda **more: hooks.append(more))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    traces = traces_of("c", Clock(), Secrets(), header=False, environ={})
    assert traces.close() == []
    assert hooks == []


def test_a_hook_within_the_block_is_never_called():
    kept = os.register_at_fork
    called = []
    with WithoutForkHooks():
        os.register_at_fork(after_in_child=lambda: called.append(1))
    assert os.register_at_fork is kept
    child = os.fork()
    if child == 0:
        os._exit(len(called))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
