"""Waits of the transport as gevent does them: the greenlet sleeps, its thread goes on with another user."""

from __future__ import annotations

from gevent.hub import get_hub
from gevent.timeout import Timeout

from runner.transport.sockets.waiting import READ, wait_with


def use_gevent() -> None:
    """Let the transport wait with gevent: through its `select.poll`, each wait would cost several times as much."""
    wait_with(_wait)


def _wait(descriptor: int, want: int, seconds: float | None) -> bool:
    hub = get_hub()
    watcher = hub.loop.io(descriptor, 1 if want == READ else 2)
    try:
        if seconds is None:
            hub.wait(watcher)
            return True
        with Timeout(seconds, False):
            hub.wait(watcher)
            return True
        return False
    finally:
        watcher.close()
