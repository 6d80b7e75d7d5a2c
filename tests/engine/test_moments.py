"""A run is one step: whoever drives it may wait between any two moments, leave it, and run an item again."""

from contextlib import ExitStack

import pytest

from runner.auth import TokenStore
from runner.cancel import Cancel
from runner.client.http import Client
from runner.clock import Clock
from runner.cookies.jar import CookieJar
from runner.effects import drive
from runner.engine.plan import make_plan
from runner.engine.ports import Inputs, Ports
from runner.engine.run import Run
from runner.entropy import Entropy
from runner.errors import Cancelled
from runner.events import (
    AssertionChecked,
    Cursor,
    ItemFinished,
    ItemStarted,
    RequestFinished,
    RunFinished,
    ScriptStarted,
)
from runner.files import Files
from runner.formats.load import read_collection
from runner.model.variable import Environment
from runner.options import RunOptions
from runner.protocols.protocol import Parts
from runner.protocols.table import open_protocols
from runner.sandbox.sandbox import Sandbox
from runner.secrets import Secrets
from runner.session import Session
from tests.engine.conftest import item

httpx = pytest.importorskip("httpx")


class Driven:
    """A run of two requests, its events, and the paths that were asked for."""

    def __init__(self, **scripts):
        self.events, self.asked = [], []
        options, jar, shared = RunOptions(), CookieJar(), {"clock": Clock(), "entropy": Entropy(1), "secrets": Secrets()}
        client = Client(options, jar, transport=httpx.MockTransport(self._answer))
        parts = Parts(options=options, client=client, jar=jar, tokens=TokenStore(), **shared)
        items = [item(name, url=f"http://app.example/{name}", test=scripts.get(name, "")) for name in "ab"]
        inputs = Inputs(
            plan=make_plan(read_collection({"info": {"name": "C"}, "item": items})),
            environment=Environment(),
            globals=Environment(),
        )
        ports = Ports(protocols=open_protocols(set(), parts), sandbox=Sandbox(), files=Files(None), **shared)
        self.run = Run(inputs, options, ports, self.events.append)

    def _answer(self, request):
        self.asked.append(request.url.path)
        return httpx.Response(200)

    def go_on_until(self, moments, kind):
        while not isinstance(self.events[-1] if self.events else None, kind):
            next(moments)


def test_a_run_that_nobody_goes_on_with_sends_nothing_more():
    driven = Driven()
    moments = driven.run.moments()
    driven.go_on_until(moments, ItemFinished)
    assert driven.asked == ["/a"]
    for _ in moments:
        continue
    assert driven.asked == ["/a", "/b"]
    assert driven.events[-1].error is None


def test_a_run_that_is_left_still_tells_its_end():
    driven = Driven()
    moments = driven.run.moments()
    driven.go_on_until(moments, ItemStarted)
    moments.close()
    assert isinstance(driven.events[-1], RunFinished)
    assert isinstance(driven.events[-1].error, Cancelled)
    assert driven.asked == []


def test_wherever_a_run_is_left_everything_that_came_about_is_told_in_order():
    script = {"a": "pm.test('ok', () => {})"}
    whole = Driven(**script)
    length = len(list(whole.run.moments()))
    told = [type(event) for event in whole.events]
    left_before_the_script = []
    for number in range(length):
        driven = Driven(**script)
        moments = driven.run.moments()
        for _ in range(number + 1):
            next(moments)
        moments.close()
        *before, last = [type(event) for event in driven.events]
        assert (before, last) == (told[: len(before)], RunFinished)
        assert (RequestFinished in before) >= (ScriptStarted in before) >= (AssertionChecked in before)
        left_before_the_script += [number] if before and before[-1] in (RequestFinished, ScriptStarted) else []
    assert len(left_before_the_script) >= 2  # in these the events were held when the run was left


def test_an_item_can_be_run_again_as_another_attempt():
    driven = Driven()
    planned = driven.run.inputs.plan.items[0]
    for cursor in (Cursor(ref="one"), Cursor(ref="two", attempt=1)):
        assert drive(driven.run.item_steps(planned, cursor), driven.run.answer).exchange.response.code == 200
    started = [event.cursor for event in driven.events if isinstance(event, ItemStarted)]
    assert [(one.ref, one.attempt) for one in started] == [("one", 0), ("two", 1)]
    assert driven.asked == ["/a", "/a"]


def test_a_request_that_a_script_runs_can_be_paused_and_left_in_its_middle():
    driven = Driven(a='await pm.execution.runRequest("b")')
    moments = driven.run.moments()
    driven.go_on_until(moments, ItemFinished)
    assert [event.item.name for event in driven.events if isinstance(event, ItemStarted)] == ["a", "b"]
    moments.close()
    assert [event.item.name for event in driven.events if isinstance(event, ItemFinished)] == ["b"]
    assert isinstance(driven.events[-1], RunFinished)


def test_a_session_goes_on_only_when_it_is_asked_to_and_its_teardown_runs_when_it_is_cancelled():
    asked = []

    def answer(request):
        asked.append(request.url.path)
        return httpx.Response(200)

    document = {"info": {"name": "C"}, "item": [item(name, url=f"http://app.example/{name}") for name in "abc"]}
    cancel, ended = Cancel(), []
    with ExitStack() as stack:
        options = RunOptions(reporters=(), teardown=("c",))
        transport = httpx.MockTransport(answer)
        session = Session(options, stack, None, transport, on_execution=ended.append, cancel=cancel)
        moments = session.moments(session.load([document]))
        while not ended:
            next(moments)
        assert asked == ["/a"]
        cancel.set()
        for _ in moments:
            continue
    assert asked == ["/a", "/c"]
