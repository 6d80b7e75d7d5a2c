"""Units beside each other: what they tell comes in their order, and all of them can be ended."""

import signal
import threading

import pytest

from runner import interruption
from runner.cancel import Cancel
from runner.events import ItemStarted, Warned
from runner.model.collection import Item
from runner.model.request import Request, Url
from runner.units.beside import Beside, Unit

LONG = 60


def said(text):
    return Warned(code="c", message=text)


def told_by(units, jobs=4, **more):
    """What a run of these units told, as pairs of unit and text, and how many were begun."""
    told = []
    begun = Beside(jobs, more.pop("cancel", Cancel()), **more).run(units, lambda n, event: told.append((n, event.message)))
    return told, begun


def talker(*texts, before=None, after=None, ends=False):
    """A unit that waits for `before`, says these texts and sets `after`."""

    def run(tell, cancel):
        assert before is None or before.wait(LONG)
        for text in texts:
            tell(said(text))
        if after is not None:
            after.set()
        return ends

    return Unit(run)


def waiter():
    """A unit that waits until it is ended, and says so."""

    def run(tell, cancel):
        cancel.wait(LONG)
        tell(said("ended"))
        return False

    return Unit(run)


def test_what_a_later_unit_says_first_is_told_after_the_earlier_ones():
    second_is_over = threading.Event()
    units = [talker("a", "b", before=second_is_over), talker("c", after=second_is_over)]
    assert told_by(units)[0] == [(0, "a"), (0, "b"), (1, "c")]


def test_the_first_unit_is_told_of_as_it_goes():
    heard = threading.Event()

    def first(tell, cancel):
        tell(said("begun"))
        assert heard.wait(LONG)
        return False

    Beside(2, Cancel()).run([Unit(first)], lambda number, event: heard.set())


def test_no_more_run_at_a_time_than_there_are_jobs():
    running, most, lock = [], [], threading.Lock()

    def run(tell, cancel):
        with lock:
            running.append(1)
            most.append(len(running))
        tell(said("x"))
        with lock:
            running.pop()
        return False

    told_by([Unit(run) for _ in range(50)], jobs=3)
    assert max(most) <= 3


def test_a_unit_that_ends_all_ends_those_that_run_and_lets_no_other_begin():
    ready = threading.Event()

    def wait(tell, cancel):
        ready.set()
        cancel.wait(LONG)
        tell(said("ended"))
        return False

    units = [Unit(wait), talker("failed", before=ready, ends=True), talker("never")]
    assert told_by(units, jobs=2) == ([(0, "ended"), (1, "failed")], 2)


def test_a_cancel_from_outside_ends_all():
    cancel = Cancel()
    units = [waiter(), waiter(), Unit(lambda tell, stop: cancel.set() or False)]
    assert told_by(units, jobs=3, cancel=cancel)[0] == [(0, "ended"), (1, "ended")]


def test_a_signal_ends_all_and_what_they_say_last_is_told():
    with interruption.listen("SIGINT"):

        def interrupt(tell, cancel):
            signal.raise_signal(signal.SIGINT)
            return False

        assert told_by([waiter(), Unit(interrupt)], jobs=2)[0] == [(0, "ended")]


def test_what_the_taker_raises_ends_all_and_is_raised_once_they_are_over():
    def take(number, event):
        if event.message == "a":
            raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        Beside(2, Cancel()).run([talker("a"), waiter()], take)


def test_events_that_wait_are_put_aside_and_those_of_the_first_unit_are_not():
    second_is_over = threading.Event()
    units = [talker("a", before=second_is_over), talker("b", after=second_is_over)]
    aside = lambda event: said(f"({event.message})")  # noqa: E731
    assert told_by(units, aside=aside)[0] == [(0, "a"), (1, "(b)")]


def test_who_watches_sees_the_requests_that_run():
    seen, shown = [], threading.Event()

    def run(tell, cancel):
        tell(ItemStarted(item=Item(id="1", name="Login", request=Request(url=Url())), path=("Users",)))
        assert shown.wait(LONG)
        return False

    def watch(running):
        seen.append(running)
        shown.set()

    Beside(1, Cancel(), watch=watch).run([Unit(run)], lambda number, event: None)
    assert [[event.item.name for event in running] for running in seen] == [["Login"], []]


def test_what_a_unit_raises_ends_all_and_is_raised_once_they_are_over():
    def broken(tell, cancel):
        tell(said("begun"))
        raise LookupError("mine")

    told = []
    with pytest.raises(LookupError, match="mine"):
        Beside(2, Cancel()).run([waiter(), Unit(broken), talker("never")], lambda n, event: told.append(event.message))
    assert told == ["ended", "begun"]


def test_a_system_that_starts_no_more_threads_ends_those_that_run(monkeypatch):
    real, started = threading.Thread.start, []

    def start(thread):
        started.append(thread)
        if len(started) == 2:
            raise RuntimeError("can't start new thread")
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    told = []
    with pytest.raises(RuntimeError, match="can't start"):
        Beside(2, Cancel()).run([waiter(), waiter()], lambda number, event: told.append(number))
    assert told == [0]
