"""What an item is sent with is a row in a table; the engine knows none of them."""

import httpx
import pytest

import runner
from runner.errors import InvalidCollection
from runner.events import AssertionChecked, ConsoleLogged, ScriptFinished
from runner.formats.load import read_collection
from runner.model.collection import Collection, Event, Folder, Item, Script
from runner.protocols import table
from tests.engine import echo

WS = httpx.WSGITransport(app=lambda environ, start: [start("200 OK", []), b"over http"][1:])


def item(listens, say="hello", times=1):
    events = tuple(Event(listen=listen, script=Script(id=listen, exec=text)) for listen, text in listens.items())
    return Item(id=say, name=f"say {say}", kind="echo", payload={"say": say, "times": times}, events=events)


def events_of(*items, kind=None, **options):
    events = []
    collection = Collection(id="c", name="C", items=items)
    summary = runner.run(collection, on_event=events.append, transport=WS, **options)
    return summary, [event for event in events if kind is None or isinstance(event, kind)]


@pytest.fixture
def echoing(monkeypatch):
    monkeypatch.setitem(table.PROTOCOLS, "echo", echo.ROW)


@pytest.mark.usefixtures("echoing")
def test_a_protocol_of_its_own_runs_without_the_engine_knowing_it():
    test = "pm.test('heard', () => pm.expect(pm.response.text()).to.equal('HELLO'))"
    summary, checked = events_of(item({"message": test}, times=2), kind=AssertionChecked)
    assert (summary.failed, [(event.listen, event.assertion.passed) for event in checked]) == (
        False,
        [("message", True)] * 2,
    )


@pytest.mark.usefixtures("echoing")
def test_scripts_run_in_the_phases_of_their_items_protocol_and_in_no_other():
    listens = {"message": "1", "test": "2", "prerequest": "3", "beforeEcho": "4"}
    _, finished = events_of(item(listens), kind=ScriptFinished)
    assert [event.listen for event in finished] == ["beforeEcho", "message"]


@pytest.mark.usefixtures("echoing")
def test_a_phase_that_may_not_see_the_response_does_not_see_it():
    _, logged = events_of(item({"blind": "console.log(typeof pm.response)"}), kind=ConsoleLogged)
    assert logged[0].messages == ("undefined",)


@pytest.mark.usefixtures("echoing")
def test_items_of_several_kinds_run_in_one_collection_and_share_variables():
    ask = {
        "name": "http",
        "request": "http://app.example/",
        "event": [{"listen": "test", "script": {"exec": "pm.globals.set('heard', pm.response.text())"}}],
    }
    http = read_collection({"info": {"name": "C"}, "item": [ask]}).items
    _, logged = events_of(*http, item({"message": "console.log(pm.globals.get('heard'))"}), kind=ConsoleLogged)
    assert logged[0].messages == ("over http",)


@pytest.mark.parametrize("folder", [False, True])
def test_an_item_of_an_unknown_kind_is_refused_by_its_name_before_anything_runs(folder):
    items = (Folder(id="f", name="F", items=(item({}),)),) if folder else (item({}),)
    with pytest.raises(InvalidCollection) as caught:
        events_of(*items)
    assert str(caught.value) == ("F/" if folder else "") + "say hello: there is no protocol for items of the kind 'echo'"
    assert "http" in caught.value.hint


def test_an_excluded_item_may_be_of_any_kind():
    summary, _ = events_of(item({}), exclude=("say hello",), allow_empty=True)
    assert not summary.failed
