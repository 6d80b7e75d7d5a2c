"""What scripts send waits in a file for the end of its item: events hold handles, which look like what they stand for."""

import copy
import pickle
import tracemalloc
from dataclasses import asdict, replace

import pytest

from runner.events import Cursor, ItemFinished, RequestFinished
from runner.model.collection import Item
from runner.model.request import Body, PreparedRequest, Request
from runner.model.response import Exchange, Hop, Response
from runner.results.shelf import LARGE, Shelf
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker

ITEM = Item(id="i", name="i", request=Request())


def an_event(body=b"x" * LARGE, raw="y" * LARGE, source="script"):
    response = Response(code=200, body=body, headers=(("A", "b"),))
    request = Request(method="POST", body=Body(mode="raw", raw=raw), source={"method": "POST", "body": {"raw": raw}})
    sent = PreparedRequest(
        method="POST", scheme="http", host="a", port=80, target="/", href="http://a/", headers=(), body=raw.encode()
    )
    hop = Hop(method="POST", href="http://a/", headers=(), response=response)
    exchange = Exchange(request=sent, response=response, hops=(hop,), sent=request)
    return RequestFinished(cursor=Cursor(ref="r"), item=ITEM, source=source, request=request, exchange=exchange)


def test_an_event_with_handles_is_the_same_as_with_bodies():
    event = an_event()
    light = Shelf().put(event)
    assert light is not event
    assert light == event
    assert asdict(light) == asdict(event)
    assert light.exchange.response is light.exchange.hops[-1].response
    assert light.exchange.response.text_start(3) == ("xxx", LARGE - 3)
    assert light.exchange.request.body_size == LARGE


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value)), replace])
def test_a_copy_of_a_handle_is_a_plain_object(copied):
    event = an_event()
    response = copied(Shelf().put(event).exchange.response)
    assert type(response) is Response
    assert response == event.exchange.response


def test_the_request_of_the_item_itself_and_small_bodies_stay_where_they_are():
    own = an_event(source="item")
    small = an_event(b"x", "y")
    assert Shelf().put(own) is own
    assert Shelf().put(small).exchange.response is small.exchange.response


def test_a_secret_that_becomes_known_later_is_masked_in_what_was_put_aside():
    secrets = Secrets()
    body = b"x" * LARGE + b" late-secret-123"
    shown = Masker(secrets).masked(Shelf().put(an_event(body, body.decode())))
    read = [lambda: str(shown.exchange.response.body), lambda: shown.request.body.raw, lambda: str(shown.request.source)]
    assert all("late-secret-123" in text() for text in read)
    secrets.add("late-secret-123")
    assert not any("late-secret-123" in text() for text in read)
    assert isinstance(shown.exchange.response, Response)


def test_what_is_put_aside_can_be_read_when_its_item_is_done():
    shelf = Shelf()
    light = shelf.put(an_event())
    shelf.put(ItemFinished(cursor=Cursor(ref="r"), item=ITEM))
    assert light == an_event()


def test_thousands_of_large_requests_need_no_memory_also_when_they_are_read():
    masker, shelf, held = Masker(Secrets()), Shelf(), []
    tracemalloc.start()
    try:
        for number in range(60):
            text = f"{number:4}, " * 20_000
            held.append(masker.masked(shelf.put(an_event(text.encode(), text))))
            assert len(held[-1].exchange.response.body + held[-1].exchange.request.body) == 2 * len(text)
            assert held[-1].request.body.raw == held[-1].exchange.sent.body.raw
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60 * 2 * len(text)
