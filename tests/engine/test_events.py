"""Every event says in which run, in which attempt and when it happened, and whether it is a failure."""

import httpx
import pytest

import runner
from runner.cancel import Cancel
from runner.clock import Clock
from runner.engine.background_sends import BackgroundSends
from runner.errors import AuthError, Bailed, RequestError, RunAborted
from runner.events import (
    Assertion,
    AssertionChecked,
    Event,
    RequestFailed,
    RequestFinished,
    RunFinished,
    ScriptError,
    ScriptFinished,
    ScriptStarted,
    stamp,
)
from runner.model.collection import Item
from runner.model.request import Request
from runner.model.variable import Environment

ITEM = Item(id="i", name="one", request=Request(method="GET"))


def answer(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]


def collection(**scripts):
    events = [{"listen": listen, "script": {"exec": text}} for listen, text in scripts.items()]
    return {"info": {"name": "C"}, "item": [{"name": "one", "request": "http://app.example/", "event": events}]}


def events_of(*collections, **options):
    events = []
    runner.run([*collections], on_event=events.append, transport=httpx.WSGITransport(app=answer), **options)
    return events


def test_events_are_in_the_order_of_their_moments():
    moments = [event.at for event in events_of(collection(test="pm.test('ok', () => {})"))]
    assert moments == sorted(moments)
    assert moments[0] > 0


def test_events_tell_the_time_of_day_in_milliseconds():
    events = events_of(collection())
    assert events[0].wall >= events[0].started > 1_700_000_000_000
    assert events[-1].wall >= events[-1].completed


def test_events_of_two_collections_differ_in_their_unit():
    events = events_of(collection(), collection())
    assert {event.unit for event in events} == {"0", "1"}


def test_what_an_export_left_out_is_told_by_the_run_that_it_belongs_to(tmp_path):
    options = {"export_environment": str(tmp_path / "e.json"), "env_var": (("password", "hunter2-hunter2"),)}
    last = events_of(collection(), **options)[-1]
    assert (last.code, last.unit, last.at > 0) == ("secret-left-out", "0", True)


def test_the_first_attempt_has_the_number_0():
    assert {event.cursor.attempt for event in events_of(collection())} == {0}


def test_what_happens_beside_a_script_is_stamped_before_the_script_waits_for_it():
    seen = []
    sends = BackgroundSends(lambda event: stamp(event, "0", Clock()), Cancel())

    def perform(tell):
        tell(event := Event())
        seen.append(event.at)

    sends.start("1", perform)
    (told,) = sends.wait(None)[0].events
    assert seen == [told.at]
    assert told.at > 0


def test_each_script_is_told_when_it_begins_and_when_it_ends():
    kinds = (ScriptStarted, ScriptFinished)
    events = [event for event in events_of(collection(prerequest="1", test="2")) if isinstance(event, kinds)]
    assert [(type(event), event.listen, event.script_id) for event in events] == [
        (kind, listen, events[2 * number].script_id)
        for number, listen in enumerate(("prerequest", "test"))
        for kind in kinds
    ]


def checked(passed, skipped=False):
    assertion = Assertion(name="t", index=0, passed=passed, skipped=skipped)
    return AssertionChecked(item=ITEM, listen="test", script_id="s", assertion=assertion)


def finished(error):
    state = Environment()
    return RunFinished(completed=0, environment=state, globals=state, collection_variables=state, error=error)


@pytest.mark.parametrize(
    ("event", "failed"),
    [
        (checked(True), False),
        (checked(False), True),
        (checked(False, skipped=True), False),
        (ScriptFinished(item=ITEM, listen="test", script_id="s"), False),
        (ScriptFinished(item=ITEM, listen="test", script_id="s", error=ScriptError(name="E", message="")), True),
        (RequestFinished(item=ITEM, source="item", request=ITEM.request), False),
        (RequestFinished(item=ITEM, source="script", request=ITEM.request, error=RequestError("no")), True),
        (RequestFailed(item=ITEM, request=ITEM.request, error=AuthError("no")), True),
        (finished(None), False),
        (finished(RunAborted("stop")), True),
        (finished(Bailed("a failure that was told before")), False),
        (Event(), False),
    ],
)
def test_what_a_failure_is(event, failed):
    assert event.failed is failed
