"""What is told of a response is told while its test script runs: that changes neither order nor outcome."""

import signal
from types import SimpleNamespace

import httpx
import pytest

import runner
from runner.effects import AskScript
from runner.errors import RunAborted
from runner.events import AssertionChecked, RequestFinished, ScriptStarted
from runner.sandbox import child as child_module
from runner.sandbox import worlds as worlds_module
from runner.sandbox.sandbox import Sandbox
from runner.sandbox.worlds import Worlds
from tests.engine.conftest import item

TEST = "pm.test('ok', () => {}); pm.sendRequest('http://h.example/sent-by-script')"
NOTHING = AskScript({"op": "dynamic", "names": {"$guid": 1}}, lambda reply: reply)


def test_events_come_in_the_order_in_which_they_came_about(ran):
    ran(item("a", test="pm.test('ok', () => {})", prerequest="1"), item("b"))
    assert [type(event).__name__ for event in ran.events[2:-2]] == [
        *("ItemStarted", "ScriptStarted", "ScriptFinished", "RequestFinished"),
        *("ScriptStarted", "AssertionChecked", "ScriptFinished", "ItemFinished"),
        *("ItemStarted", "RequestFinished", "ItemFinished"),
    ]


@pytest.mark.parametrize("kind", [RequestFinished, ScriptStarted])
def test_what_a_listener_raises_ends_the_run_before_the_script_has_any_effect(kind):
    sent = []

    def listen(event):
        if isinstance(event, kind):
            raise ValueError("no more")

    def answer(request):
        sent.append(request.url.path)
        return httpx.Response(200)

    items = [item("a", test=TEST), item("b")]
    summary = runner.run({"info": {"name": "c"}, "item": items}, transport=httpx.MockTransport(answer), on_event=listen)
    assert (sent, str(summary.error)) == (["/"], "on_event raised ValueError: no more")
    assert not summary.failures[1:]


def test_a_signal_does_not_break_off_what_a_listener_does_while_a_script_runs():
    heard = []

    def listen(event):
        if isinstance(event, RequestFinished):
            signal.raise_signal(signal.SIGINT)
            heard.append("whole")
        elif isinstance(event, AssertionChecked):
            heard.append("the script went on")

    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    with pytest.raises(KeyboardInterrupt):
        runner.run({"info": {"name": "c"}, "item": [item("a", test=TEST)]}, transport=transport, on_event=listen)
    assert heard == ["whole"]


def test_with_bail_the_script_of_a_failed_request_does_not_begin(ran):
    def answer(request):
        raise httpx.ConnectError("no")

    ran.answer = answer
    ran(item("a", test=TEST), bail="folder")
    assert (len(ran.of("RequestFinished")), ran.of("AssertionChecked")) == (1, [])


@pytest.fixture(params=["own child", "world"])
def sandbox(request):
    worlds = Worlds(memory_mb=64)
    made = Sandbox(memory_mb=64, child=worlds.lease() if request.param == "world" else None)
    yield made
    made.close()


def test_the_time_of_listeners_does_not_count_for_the_script(sandbox, monkeypatch):
    sandbox.ask(NOTHING)
    seconds = [0.0]
    watch = SimpleNamespace(monotonic=lambda: seconds[0])
    monkeypatch.setattr(child_module, "time", watch)
    monkeypatch.setattr(worlds_module, "time", watch)
    before = sandbox.held_up
    sandbox.ask(NOTHING, meanwhile=lambda: seconds.append(seconds.pop() + 1000))
    assert sandbox.held_up == before + 1000


def test_a_child_whose_reply_nobody_reads_is_ended_and_another_one_goes_on(sandbox):
    def fail():
        raise RunAborted("no more")

    with pytest.raises(RunAborted):
        sandbox.ask(NOTHING, meanwhile=fail)
    assert list(sandbox.ask(NOTHING)["values"]) == ["$guid"]


def test_nobody_waits_for_a_world_whose_listeners_are_told():
    worlds = Worlds(memory_mb=64)
    world = worlds.lease()
    sandbox = Sandbox(memory_mb=64, child=world)
    sandbox.ask(NOTHING)
    held = []
    sandbox.ask(NOTHING, meanwhile=lambda: held.append(world._shared.lock.locked()))
    assert held == [False]
    sandbox.close()
