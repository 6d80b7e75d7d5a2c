"""Our script sandbox behind JSON lines on stdin and stdout: suites written for Postman's own sandbox can run against it.

Each context is one script child with `js/*.js` on top of the prelude: they read what the protocol gives and write what it
wants. The protocol's messages: create, execute, dispatch, ping, dispose; answers: ready, event, result, pong.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from runner.errors import PostrunnerError, SandboxError
from runner.sandbox.bundles import bundles_for
from runner.sandbox.child import Child
from runner.sandbox.sandbox import failed

JS = tuple(Path(__file__).parent / "js" / f"{name}.js" for name in ("tags", "cookie_store", "host"))
MEMORY_MB = 512
GRACE_MS = 500
TIMED_OUT = "sandbox: asynchronous script execution timeout"
KILLED = "sandbox not responding"

Send = Callable[[dict[str, Any]], None]


class Execution:
    """One script under way: its number in the child, its name in the protocol, and when its time is up."""

    def __init__(self, number: int, message: dict[str, Any], timeout: float | None) -> None:
        self.number = number
        self.id = message["id"]
        self.deadline = None if timeout is None else time.monotonic() + timeout / 1000

    def left(self) -> float | None:
        """Milliseconds until the deadline."""
        return None if self.deadline is None else max((self.deadline - time.monotonic()) * 1000, 0)


class Context:
    """One context of the protocol: a child process, and the executions that wait for their turn."""

    def __init__(self, message: dict[str, Any], send: Send) -> None:
        self.name = message["ctx"]
        self.inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._init = message.get("init") or {}
        connect = message.get("connect") or {}
        self._timeout = number_or_none(connect.get("timeout"))
        self.send_line = send
        self._child: Child | None = None
        self._running: Execution | None = None
        self._resume_at: float | None = None
        self._waiting: list[dict[str, Any]] = []
        self._count = 0

    def send(self, **content: Any) -> None:
        """Write one answer of this context."""
        self.send_line({"ctx": self.name, **content})

    def serve(self) -> None:
        """Own thread: answer this context's messages until it is disposed of."""
        self.start()
        while True:
            try:
                message = self.inbox.get(timeout=self.pause())
            except queue.Empty:
                self.wake()
                continue
            if message is None:
                break
            self.take(message)
        self.close()

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.close()

    def start(self) -> None:
        """A fresh child with this context's options; `ready` tells how that went."""
        error = self.open_child()
        self.send(ev="ready", **({"error": error} if error else {}))

    def open_child(self) -> dict[str, Any] | None:
        self.close()
        self._child = Child(MEMORY_MB, JS)
        for text in texts_of(self._init):
            self.load(text)
        reply = self._child.ask({"op": "initialize", "init": self._init}, None)
        error: dict[str, Any] | None = reply["error"]
        return error

    def load(self, text: str) -> None:
        """Load the libraries that this script text names."""
        assert self._child is not None
        for bundle in bundles_for(text):
            self._child.load(bundle)

    def dispose(self) -> None:
        """End the context, whatever its script is doing; it says nothing more."""
        self.send_line = lambda content: None
        self.inbox.put(None)
        if self._child is not None and self._running is not None:
            self._child.kill()

    def pause(self) -> float | None:
        """Seconds until something is due: a timer of the script or its deadline."""
        if self._running is None:
            return None
        ends = [at for at in (self._resume_at, self._running.deadline) if at is not None]
        return max(min(ends) - time.monotonic(), 0) if ends else None

    def take(self, message: dict[str, Any]) -> None:
        """One message of the protocol."""
        if message["op"] == "ping":
            self.send(ev="pong", packet=message["packet"])
        elif message["op"] == "execute":
            self._waiting.append(message)
        elif self._running is not None:
            self.dispatch(message, self._running)
        self.start_next()

    def start_next(self) -> None:
        """Begin the next waiting execution when none is under way."""
        while self._running is None and self._waiting:
            self.execute(self._waiting.pop(0))

    def execute(self, message: dict[str, Any]) -> None:
        """Start one script."""
        options = message.get("options") or {}
        timeout = number_or_none(options["timeout"]) if "timeout" in options else self._timeout
        self._count += 1
        if self._child is None or not self._child.alive:
            self.open_child()
        self.load("\n".join(texts_of([message["target"], options.get("resolvedPackages")])))
        self._running = Execution(self._count, message, timeout)
        names = ("id", "target", "context", "options")
        self.ask({"op": "execute", **{name: message.get(name) for name in names}})

    def dispatch(self, message: dict[str, Any], running: Execution) -> None:
        """An answer of the host to what the script asked."""
        if message["name"] == f"execution.abort.{running.id}":
            self.ask({"op": "abort", "reason": "aborted"}, silent=True)
        elif message["name"].endswith(f".{running.id}"):
            self.ask({"op": "dispatch", "name": message["name"], "args": message["args"]})

    def wake(self) -> None:
        """A timer of the script is due, or its time is up."""
        assert self._running is not None
        left = self._running.left()
        if left is not None and left <= 0:
            self.ask({"op": "expire", "reason": TIMED_OUT})
        else:
            self.ask({"op": "resume", "scopes": {}, "answers": []})
        self.start_next()

    def ask(self, content: dict[str, Any], silent: bool = False) -> None:
        """One message to the child; its reply becomes the protocol's events and perhaps the result."""
        running, child = self._running, self._child
        assert running is not None
        assert child is not None
        left = running.left()
        try:
            reply = child.ask({"run": running.number, **content}, None if left is None else left + GRACE_MS)
        except (TimeoutError, SandboxError) as error:
            text = KILLED if isinstance(error, TimeoutError) else error.message
            self._running = None
            self.send(ev="result", id=running.id, error={"name": "Error", "message": text}, result=None)
            return
        self.report(reply, running, silent)
        if reply["asks"]:
            self.ask({"op": "resume", "scopes": {}, "answers": [answer(asked) for asked in reply["asks"]]})

    def report(self, reply: dict[str, Any], running: Execution, silent: bool) -> None:
        wait = reply["wait"]
        self._resume_at = None if wait is None else time.monotonic() + wait / 1000
        for event in [] if silent else reply["protocol"]:
            self.send(ev="event", **event)
        if reply["done"]:
            self._running = None
            if not silent:
                self.send(ev="result", id=running.id, **reply["outcome"])


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What the sandbox's own host side does for a script: it is not a business of the protocol."""
    from runner.sandbox.services import compression, subtle

    try:
        value = compression.answer(asked) if asked["kind"] == "pack" else subtle.answer(asked)
    except PostrunnerError as error:
        return failed(asked["id"], error)
    return {"id": asked["id"], "value": value}


def number_or_none(value: Any) -> float | None:
    """A limit in milliseconds; anything else is no limit."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def texts_of(value: Any) -> list[str]:
    """All texts in a JSON tree."""
    if isinstance(value, str):
        return [value]
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for entry in entries for text in texts_of(entry)]


def serve(lines: Any, write: Callable[[str], None]) -> None:
    """Answer all contexts until the lines end."""
    lock = threading.Lock()
    contexts: dict[str, tuple[Context, threading.Thread]] = {}

    def send(content: dict[str, Any]) -> None:
        with lock:
            write(json.dumps(content) + "\n")

    for line in lines:
        message = json.loads(line)
        if message["op"] == "create":
            context = Context(message, send)
            thread = threading.Thread(target=context.serve, daemon=True)
            contexts[message["ctx"]] = (context, thread)
            thread.start()
        elif message["op"] == "dispose":
            context, thread = contexts.pop(message["ctx"], (None, None))  # type: ignore[assignment]
            if context is not None:
                context.dispose()
        elif message["ctx"] in contexts:
            contexts[message["ctx"]][0].inbox.put(message)
    for context, thread in contexts.values():
        context.dispose()
        thread.join(2)


def main() -> None:
    """Speak the protocol on stdin and stdout."""
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]

    def write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    serve(sys.stdin, write)


if __name__ == "__main__":
    main()
