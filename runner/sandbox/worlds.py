"""Worlds that share script children: each has its own globals, scopes, timers and seed, but not its own process.

A child does one thing at a time. When it must be killed (an endless script, too much memory, a bad reply), its other worlds
die with it. Each is created again in a new child, with the same seed, and its past messages are replayed when it is next
used. So only the offending script's result changes.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from itertools import count

from runner.model.json import Json
from runner.model.quick_dataclass import dataclass
from runner.sandbox.child import DEFAULT_MEMORY_MB, LONGEST_START, Child, dump_message

MOST_WORLDS = 50
"""Worlds of one child. After it was killed, it takes a fifth of a second to create so many again."""

GLANCE = 0.05
"""Seconds after which a world that waits for its turn checks whether it was killed."""

REMEMBERED = 1 << 20
"""Bytes of a world's messages after which its past begins anew, with the next script, which gets all scopes for that. What
older scripts left in its globals dies with its child.
"""


SCOPES = 5


@dataclass(slots=True)
class Past:
    """Everything sent to a world since its creation: libraries by name, messages as bytes."""

    most: int = REMEMBERED
    said: list[str | bytes] = field(default_factory=list)
    open_scripts: set[int] = field(default_factory=set)
    size: int = 0

    def add(self, said: str | bytes) -> None:
        """Remember one of these."""
        self.said.append(said)
        self.size += len(said)

    @property
    def is_long(self) -> bool:
        """Whether it may begin anew: with a script that gets all scopes, while none is running that got them before."""
        return self.size > self.most and not self.open_scripts

    def begin_anew(self) -> None:
        """Forget all messages, but not the libraries."""
        self.said = [one for one in self.said if isinstance(one, str)]
        self.size = sum(map(len, self.said))


def has_all_scopes(message: Mapping[str, object]) -> bool:
    """Whether a message begins a script and has every scope."""
    scopes = message.get("scopes")
    return message.get("op") == "run" and isinstance(scopes, dict) and len(scopes) == SCOPES


class SharedChild:
    """A child that is started when needed, and again after it ended. `lock` is held while it answers."""

    def __init__(self, memory_mb: int, most: int) -> None:
        self.lock = threading.Lock()
        self.child: Child | None = None
        self.leased = 0
        self.numbers = count()
        self.over: list[tuple[int, Child]] = []
        self._memory_mb = memory_mb
        self._most = most

    def running(self) -> Child:
        """The child, alive and ready, without the worlds that were returned meanwhile."""
        child = self._started()
        child.wait_until_ready()
        while self.over:
            number, home = self.over.pop()
            if home is child:
                child.drop_world(number)
        return child

    def start(self) -> None:
        """Start the child, without waiting until it is ready. If the lock is taken it is answering, so it has started."""
        if self.lock.acquire(blocking=False):
            try:
                self._started()
            finally:
                self.lock.release()

    def _started(self) -> Child:
        if self.child is None or not self.child.alive:
            self.close()
            self.child = Child(self._memory_mb, worlds=self._most)
        return self.child

    def end(self) -> None:
        """Kill the process, from any thread."""
        if self.child is not None:
            self.child.kill()

    def close(self) -> None:
        """End the process and its pipes."""
        if self.child is not None:
            self.child.close()


class World:
    """One world of a shared child, with the same interface as a `Child`."""

    def __init__(self, worlds: Worlds, shared: SharedChild) -> None:
        self.memory_mb = worlds.memory_mb
        self.held_up = 0.0
        self.alive = True
        self._worlds = worlds
        self._shared = shared
        self._number = next(shared.numbers)
        self._words = list(memoryview(os.urandom(32)).cast("I"))
        self._past = Past(worlds.remembered)
        self._glance = worlds.glance
        self._child: Child | None = None
        self._speaks = self._waits = False

    @property
    def ready_since(self) -> float | None:
        """The monotonic time at which its child became ready; None until then."""
        child = self._shared.child
        return child.ready_since if child is not None else None

    @property
    def lacking(self) -> tuple[str, ...]:
        """The confinement features that the system lacks."""
        child = self._shared.child
        return child.lacking if child is not None else ()

    @property
    def wants_scopes(self) -> bool:
        """Whether the next script shall get all scopes, so that what was said before it can be forgotten."""
        return self._past.is_long

    def start(self) -> None:
        """Start its child if necessary, without waiting until it is ready; raises SandboxError."""
        self._shared.start()

    def wait_until_ready(self) -> None:
        """Start its child if necessary."""
        with self._shared.lock:
            self._shared.running()

    @contextmanager
    def _turn(self) -> Iterator[Child]:
        """Exclusive access to the child, with this world in it. Any failure kills both."""
        asked = time.monotonic()
        self._wait()
        try:
            self._speaks = True
            child = self._current()
            self.held_up += time.monotonic() - asked
            yield child
        except BaseException:
            self.alive = False
            self._shared.close()
            raise
        finally:
            self._speaks = False
            self._shared.lock.release()

    def _wait(self) -> None:
        """Wait for exclusive access; raises TimeoutError if this world is killed meanwhile."""
        self._waits = True
        try:
            while not self._shared.lock.acquire(timeout=self._glance):
                if not self.alive:
                    raise TimeoutError("the world was ended")
        finally:
            self._waits = False

    def load(self, bundle: str) -> None:
        """Load a library before the next message."""
        if bundle not in self._past.said:
            with self._turn() as child:
                child.load(bundle, self._number)
            self._past.add(bundle)

    def ask(
        self, message: Mapping[str, object], timeout_ms: float | None, meanwhile: Callable[[], None] | None = None
    ) -> Json:
        """The reply to one message; raises TimeoutError or SandboxError, after which this world is unusable.

        `meanwhile` is called first, without the lock, so that other worlds do not wait for it.
        """
        if meanwhile is not None:
            began = time.monotonic()
            meanwhile()
            self.held_up += time.monotonic() - began
        text = dump_message(message).encode("ascii")
        anew = self.wants_scopes and has_all_scopes(message)
        with self._turn() as child:
            reply = child.answer(text, timeout_ms, self._number)
        if anew:
            self._past.begin_anew()
        if isinstance(run := message.get("run"), int):
            self._past.open_scripts.add(run)
            if isinstance(reply, dict) and reply.get("done"):
                self._past.open_scripts.discard(run)
        self._past.add(text)
        return reply

    def _current(self) -> Child:
        """The child with this world in it; in a new child the world's past is replayed first."""
        child = self._shared.running()
        if child is not self._child:
            child.open_world(self._number, self._words)
            for said in self._past.said:
                if isinstance(said, str):
                    child.load(said, self._number)
                else:
                    child.answer(said, LONGEST_START * 1000, self._number)
            self._child = child
        return child

    def again(self) -> World:
        """A new world with an empty past."""
        return self._worlds.lease()

    def kill(self) -> None:
        """Kill the process, because the caller no longer trusts it, or does not want to wait for this world."""
        self.alive = False
        if self._speaks:
            self._shared.end()
        elif not self._waits:
            with self._shared.lock:
                self._shared.end()

    def close(self) -> None:
        """Return the world."""
        self.alive = False
        if self._speaks:
            self._shared.end()
        self._worlds.take_back(self._shared, self._number, self._child)
        self._child = None


class Worlds:
    """Leases worlds to sandboxes, in as many children as needed, each with at most `most` worlds.

    Of each world about `remembered` bytes are kept for replay. One that waits for its turn looks every `glance` seconds
    whether it was killed.
    """

    def __init__(
        self,
        memory_mb: int = DEFAULT_MEMORY_MB,
        most: int = MOST_WORLDS,
        *,
        remembered: int = REMEMBERED,
        glance: float = GLANCE,
    ) -> None:
        self.memory_mb, self.remembered, self.glance = memory_mb, remembered, glance
        self._most = most
        self._lock = threading.Lock()
        self._children: list[SharedChild] = []

    def lease(self) -> World:
        """A world for one sandbox, created at its first use and returned by its `close`."""
        with self._lock:
            shared = next((one for one in self._children if one.leased < self._most), None)
            if shared is None:
                shared = SharedChild(self.memory_mb, self._most)
                self._children.append(shared)
            shared.leased += 1
            return World(self, shared)

    def take_back(self, shared: SharedChild, number: int, child: Child | None) -> None:
        """Drop a world when its child is next used, and close the child with its last world."""
        with self._lock:
            if child is not None:
                shared.over.append((number, child))
            shared.leased -= 1
            if not shared.leased:
                self._children.remove(shared)
                shared.close()
