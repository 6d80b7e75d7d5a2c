"""A script child that says what the test wants: the frames of the protocol over pipes, from a thread of this process."""

from __future__ import annotations

import copy
import json
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

from runner.deep_json import dumps, loads

Message = dict[str, Any]
Answer = Callable[["ForgedProcess", Message], None]

ERROR = {"name": "TypeError", "message": "x", "stack": "TypeError: x", "line": 1, "column": 2}
ASSERTION = {"kind": "assertion", "name": "t", "index": 0, "passed": False, "skipped": False, "asynchronous": False}
CONSOLE = {"kind": "console", "level": "log", "messages": [{"a": [1]}], "text": ["{ a: [1] }"]}
ROW = ["key", {"a": [1]}, "any", False, {"secret": True, "undefined": True}]
CHANGES = {
    "assign": {"operation": "assign", "scope": "local", "rows": [ROW, ["b", 1, "string", True]]},
    "set": {"operation": "set", "scope": "environment", "key": "k", "value": [1], "secret": True},
    "unset": {"operation": "unset", "scope": "globals", "key": "k"},
}
COOKIE = {
    "name": "a",
    "value": "b",
    "expires": 1e12,
    "maxAge": 5,
    "domain": "127.0.0.1",
    "path": "/",
    "secure": True,
    "httpOnly": False,
    "hostOnly": True,
    "extensions": ["x=y"],
}
URL = "http://127.0.0.1/"
CURVE = {"name": "ECDSA", "namedCurve": "P-256"}
SUBTLE = {
    "digest": {"hash": "SHA-256", "data": "AAAA"},
    "hmac": {"name": "HMAC", "hash": "SHA-1", "key": "AAAA", "data": "AAAA"},
    "cipher": {
        "name": "AES-CTR",
        "key": "A" * 22 + "==",
        "counter": "A" * 22 + "==",
        "length": 8,
        "data": "AA==",
        "encrypts": True,
    },
    "derive": {"name": "PBKDF2", "hash": "SHA-256", "key": "AAAA", "salt": "AAAA", "iterations": 1, "length": 256},
    "sign": {"name": "ECDSA", "hash": "SHA-256", "key": "AAAA", "data": "AAAA"},
    "verify": {"name": "RSA-PSS", "hash": "SHA-256", "saltLength": 1, "key": "AAAA", "data": "AAAA", "signature": "AAAA"},
    "encrypt": {"name": "RSA-OAEP", "hash": "SHA-256", "label": "", "key": "AAAA", "data": "AAAA"},
    "decrypt": {"name": "RSA-OAEP", "hash": "SHA-256", "label": "", "key": "AAAA", "data": "AAAA"},
    "generate": {**CURVE, "seed": "A" * 40},
    "read": {**CURVE, "format": "jwk", "data": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}},
    "write": {"format": "raw", "type": "public", "key": "AAAA"},
}
ASKS = {
    "send": [{"request": {"url": URL, "method": "GET"}, "ignored": "headers"}],
    "item": [{"item": "nothing", "variables": {"a": 1}}],
    "cookies": [
        {"operation": "get", "arguments": [URL, "a"]},
        {"operation": "getAll", "arguments": [URL, {"http": True, "secure": False}]},
        {"operation": "set", "arguments": [URL, COOKIE]},
        {"operation": "set", "arguments": [URL, "a=b"]},
        {"operation": "unset", "arguments": [URL, "a"]},
        {"operation": "clear", "arguments": [URL]},
    ],
    "vault": [
        {"operation": "get", "arguments": ["a"]},
        {"operation": "set", "arguments": ["a", [1]]},
        {"operation": "unset", "arguments": ["a"]},
    ],
    "datasets": [{"operation": name, "arguments": ["id", "x", {}]} for name in ("executeView", "executeQuery")],
    "stream": [{"operation": name, "arguments": ["id"]} for name in ("pull", "cancel")],
    "subtle": [{"operation": name, "given": given} for name, given in SUBTLE.items()],
    "pack": [{"operation": name, "format": "gzip", "data": "AAAA"} for name in ("compress", "decompress")],
}


def reply(**more: Any) -> Message:
    return {"run": 0, "done": True, "wait": None, "asks": [], "events": [], "changes": [], "error": None, **more}


def asking(kind: str, content: Message) -> Message:
    waiting = reply(done=False, wait=1.5, asks=[{"kind": kind, "id": "1", **content}])
    del waiting["error"]
    return waiting


def samples() -> Iterator[tuple[str, Message]]:
    """A right reply for each row of the table, by the name of the row."""
    yield "error", reply(error=ERROR)
    yield "request", reply(request={"url": URL}, skip=True)
    yield "next", reply(next={"name": "a"})
    yield "visualizer", reply(visualizer={"template": "t", "data": [1], "options": {}})
    yield "assertion", reply(events=[{**ASSERTION, "error": ERROR}])
    yield "console", reply(events=[CONSOLE])
    for operation, change in CHANGES.items():
        yield operation, reply(changes=[change])
    for kind, contents in ASKS.items():
        for content in contents:
            yield f"{kind} {content.get('operation', '')}".strip(), asking(kind, content)


DEEP: Any = []
for _ in range(1500):
    DEEP = [DEEP]
SIMPLE = (None, True, 7, -1, 1.5, 10**400, "", "x", "\ud83d", [], {}, [[]], {"__proto__": 1})
VALUES = {**{json.dumps(value)[:20]: value for value in SIMPLE}, "deep": DEEP}
"""What is put in the place of every part of a reply."""


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every part of a value."""
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in pairs:
        yield from places(entry, (*path, key))


def forgeries(sample: Message) -> Iterator[tuple[str, Message]]:
    """The sample with each part of it left out, doubled, given a new neighbour, or replaced by each of `VALUES`."""
    for path in places(sample):
        for change in ("left out", "added", *VALUES):
            forged = copy.deepcopy(sample)
            holder = forged
            for key in path[:-1]:
                holder = holder[key]
            if change == "left out":
                del holder[path[-1]]
            elif change == "added" and isinstance(holder, dict):
                holder["__proto__"] = holder[path[-1]]
            elif change == "added":
                holder.append(holder[path[-1]])
            else:
                holder[path[-1]] = VALUES[change]
            if forged != sample:
                yield f"{'.'.join(map(str, path))} {change}", forged


class ForgedProcess:
    """What `subprocess.Popen` gives, played by a thread: `answer` is called with each message that comes in."""

    made: list[ForgedProcess]
    pid = 0
    returncode: int | None = None

    def __init__(self, answer: Answer, ready: bytes | None = b"[]") -> None:
        their_in, ours_in = os.pipe()
        ours_out, self.out = os.pipe()
        ours_err, self.err = os.pipe()
        self.stdin, self.stdout, self.stderr = (
            os.fdopen(ours_in, "wb"),
            os.fdopen(ours_out, "rb"),
            os.fdopen(ours_err, "rb"),
        )
        self._in = os.fdopen(their_in, "rb")
        self._lock = threading.Lock()
        self._answer = answer
        self._ready = ready
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def say(self, message: Message) -> None:
        """Write one reply."""
        self.frame(b"m", dumps(message).encode())

    def frame(self, kind: bytes, text: bytes) -> None:
        """Write one frame."""
        self.write((len(text) + 1).to_bytes(4, "little") + kind + text)

    def write(self, data: bytes) -> None:
        """Write bytes to the standard output."""
        while data:
            data = data[os.write(self.out, data) :]

    def close(self, *names: str) -> None:
        """Close some of its pipes."""
        with self._lock:
            for name in names:
                if (descriptor := getattr(self, name)) >= 0:
                    setattr(self, name, -1)
                    os.close(descriptor)

    def die(self) -> None:
        """End the process: its pipes close."""
        self.close("out", "err")
        self.returncode = -9

    kill = die

    def poll(self) -> int | None:
        return self.returncode

    def wait(self) -> int:
        self.stdin.close()
        self._thread.join(5)
        return self.returncode or 0

    def _serve(self) -> None:
        try:
            if self._ready is not None:
                self.frame(b"r", self._ready)
            while len(head := self._in.read(4)) == 4:
                frame = self._in.read(int.from_bytes(head, "little"))
                if frame[:1] == b"m":
                    self._answer(self, loads(frame[5:]))
        except (OSError, ValueError):  # it was ended while it wrote
            pass
        finally:
            self._in.close()
