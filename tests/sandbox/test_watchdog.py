from __future__ import annotations

import threading
import time

from runner.sandbox.processes.watchdog import Watchdog
from tests.patience import growing


def watch():
    called = threading.Event()
    return Watchdog(called.set), called


def test_it_acts_at_the_deadline():
    watchdog, called = watch()
    watchdog.set(time.monotonic() + 0.01)
    assert called.wait(60)
    watchdog.close()


def test_a_cleared_deadline_does_nothing():
    for seconds in growing(0.01):
        watchdog, called = watch()
        deadline = time.monotonic() + seconds
        watchdog.set(deadline)
        watchdog.clear()
        if in_time := time.monotonic() < deadline:
            assert not called.wait(3 * seconds)
        watchdog.close()
        if in_time:
            return
    raise AssertionError("never in time")


def test_an_earlier_deadline_counts_at_once():
    watchdog, called = watch()
    watchdog.set(time.monotonic() + 1000)
    watchdog.clear()
    watchdog.set(time.monotonic() + 0.01)
    assert called.wait(60)
    watchdog.close()


def test_a_later_deadline_replaces_the_first():
    for seconds in growing(0.01):
        watchdog, called = watch()
        deadline = time.monotonic() + seconds
        watchdog.set(deadline)
        watchdog.set(deadline + 1000)
        if in_time := time.monotonic() < deadline:
            assert not called.wait(3 * seconds)
        watchdog.close()
        if in_time:
            return
    raise AssertionError("never in time")


def test_a_closed_one_leaves_no_thread_behind():
    others = set(threading.enumerate())
    watchdog, called = watch()
    watchdog.set(time.monotonic() + 1000)
    (thread,) = set(threading.enumerate()) - others
    watchdog.close()
    thread.join(60)
    assert not thread.is_alive()
    assert not called.is_set()


def test_it_can_act_more_than_once():
    times = []
    done = threading.Semaphore(0)
    watchdog = Watchdog(lambda: times.append(1) or done.release())
    for _ in range(2):
        watchdog.set(time.monotonic() + 0.001)
        assert done.acquire(timeout=60)
    watchdog.close()
