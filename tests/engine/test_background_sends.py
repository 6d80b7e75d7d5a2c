"""Requests beside a script: what ends is handed out in the order in which it ended."""

import threading

import pytest

from runner.cancel import Cancel
from runner.engine.background_sends import BackgroundSends
from runner.events import Warned


@pytest.fixture
def stamped():
    return []


@pytest.fixture
def sends(stamped):
    return BackgroundSends(stamped.append, Cancel())


def ids(ended):
    return [one.id for one in ended]


def test_the_one_that_ends_first_is_handed_out_first(sends):
    go = threading.Event()
    sends.start("slow", lambda tell: go.wait(30))
    sends.start("quick", lambda tell: None)
    assert ids(sends.wait(None)) == ["quick"]
    go.set()
    assert ids(sends.wait(None)) == ["slow"]


def test_an_error_is_an_outcome_and_ends_nothing_else(sends):
    sends.start("bad", lambda tell: 1 / 0)
    (ended,) = sends.wait(None)
    assert isinstance(ended.outcome, ZeroDivisionError)


def test_what_is_told_on_the_way_is_stamped_at_once_and_handed_out_with_the_outcome(sends, stamped):
    event = Warned(code="c", message="m")
    sends.start("a", lambda tell: tell(event))
    (ended,) = sends.wait(None)
    assert stamped == [event]
    assert ended.events == (event,)


def test_a_wait_that_is_over_has_nothing(sends):
    go = threading.Event()
    sends.start("slow", lambda tell: go.wait(30))
    assert sends.wait(0) == []
    go.set()
    assert ids(sends.wait(None)) == ["slow"]


def test_a_cancelled_run_waits_for_none():
    cancel, go = Cancel(), threading.Event()
    sends = BackgroundSends(lambda event: None, cancel)
    sends.start("slow", lambda tell: go.wait(30))
    cancel.set()
    assert sends.wait(None) == []
    go.set()


def test_a_send_that_a_cancel_broke_off_has_nothing_to_tell():
    cancel = Cancel()
    sends = BackgroundSends(lambda event: None, cancel)

    def broken_off(tell):
        cancel.set()
        tell(Warned(code="c", message="m"))
        raise ConnectionAbortedError

    sends.start("slow", broken_off)
    ended = []
    while not ended:
        ended = sends.wait(None)
    assert ended[0].events == ()
