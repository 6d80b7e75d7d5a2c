from __future__ import annotations

import threading
import time

from runner.sandbox.processes.watchdog import Watchdog


def watch():
    called = threading.Event()
    return Watchdog(called.set), called


def test_it_acts_at_the_deadline():
    watchdog, called = watch()
    watchdog.set(time.monotonic() + 0.01)
    assert called.wait(5)
    watchdog.close()


def test_a_cleared_deadline_does_nothing():
    watchdog, called = watch()
    watchdog.set(time.monotonic() + 0.01)
    watchdog.clear()
    assert not called.wait(0.03)
    watchdog.close()


def test_an_earlier_deadline_counts_at_once():
    watchdog, called = watch()
    watchdog.set(time.monotonic() + 1000)
    watchdog.clear()
    watchdog.set(time.monotonic() + 0.01)
    assert called.wait(5)
    watchdog.close()


def test_a_later_deadline_replaces_the_first():
    watchdog, called = watch()
    watchdog.set(time.monotonic() + 0.01)
    watchdog.set(time.monotonic() + 1000)
    assert not called.wait(0.03)
    watchdog.close()


def test_it_can_act_more_than_once():
    times = []
    done = threading.Semaphore(0)
    watchdog = Watchdog(lambda: times.append(1) or done.release())
    for _ in range(2):
        watchdog.set(time.monotonic() + 0.001)
        assert done.acquire(timeout=5)
    watchdog.close()
