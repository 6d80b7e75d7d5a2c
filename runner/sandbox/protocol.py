"""The protocol between the runner and the script child: one table of all messages and their contents.

Both sides write frames: four bytes of length (little-endian), one byte for the kind, and UTF-8 text; in the runner's frames
the number of a world comes before the text. The runner sends messages, each an operation of `MESSAGES`; the child answers
each with one reply of `REPLIES`. A script's reply contains what happened (`EVENTS`), what the script did to the scopes
(`CHANGES`), and what it asks of the runner (`ASKS`), which the next message answers. `docs/design/006-hostile-replies.md`
says why each reply is checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from runner.errors import SandboxError
from runner.model.json import Json, JsonObject
from runner.sandbox.shapes import (
    Check,
    anything_in,
    base64,
    by,
    either,
    fields,
    finite,
    flag,
    items,
    json,
    list_of,
    map_of,
    matching,
    maybe,
    number,
    one_of,
    text,
    whole,
)

if TYPE_CHECKING:
    from runner.sandbox.messages import EventTold, ScriptReply

# -- frames -------------------------------------------------------------------------------------------------------------

TO_CHILD = {
    b"m": "a message, which is answered",
    b"l": "the text of a library",
    b"n": "a new world, or a new seed for a world: eight words as JSON",
    b"d": "the end of a world",
}
"""The kind is followed by four bytes (little-endian), the number of the world. World 0 always exists."""

FROM_CHILD = {
    b"r": "ready, with the confinement features that the system lacks",
    b"m": "a reply",
    b"e": "an error in the engine itself",
}

LARGEST_FRAME = 1 << 29
"""Bytes of the largest frame accepted from the child: the length of V8's longest string."""

READY = list_of(text)
"""The content of the ready frame."""

# -- from the child: parts of replies -----------------------------------------------------------------------------------

NAMES = one_of("local", "environment", "collection", "globals")
"""The scopes that a script can change."""

PLACE = maybe(whole(0, 10**9))
ERROR = fields({"name": text, "message": text, "stack": text}, {"line": PLACE, "column": PLACE})
"""What a script threw; `line` and `column` count from 1 in the script's own text."""

EVENTS: dict[str, Check] = {
    "assertion": fields(
        {
            "kind": text,
            "name": text,
            "index": whole(0, 10**9),
            "passed": flag,
            "skipped": flag,
            "asynchronous": flag,
            "error": maybe(ERROR),
        }
    ),
    "console": fields(
        {
            "kind": text,
            "level": one_of("log", "info", "warn", "error", "debug"),
            "messages": list_of(json),
            "text": list_of(text),
        }
    ),
}
"""Events, by `kind`."""

ROW = items(text, json, text, flag, more=(fields({}, {"secret": flag, "undefined": flag}),))
"""A variable: key, value, type, whether it is disabled, and perhaps its marks."""

CHANGES: dict[str, Check] = {
    "assign": fields({"operation": text, "scope": NAMES, "rows": list_of(ROW)}),
    "set": fields({"operation": text, "scope": NAMES, "key": text, "value": json}, {"secret": flag}),
    "unset": fields({"operation": text, "scope": NAMES, "key": text}),
}
"""What a script did to a scope, by `operation`."""

# -- from the child: what it asks for -----------------------------------------------------------------------------------

ID = matching(r"[1-9][0-9]{0,15}", "a number in a string")
COOKIE = fields(
    {"name": text, "value": text},
    {
        "expires": maybe(finite),
        "maxAge": maybe(finite),
        "domain": text,
        "path": text,
        "secure": flag,
        "httpOnly": flag,
        "hostOnly": flag,
        "extensions": list_of(json),
    },
)
HASH = one_of("SHA-1", "SHA-256", "SHA-384", "SHA-512")
ALGORITHM = one_of(
    *("AES-CBC", "AES-CTR", "AES-GCM", "AES-KW", "HMAC", "PBKDF2", "HKDF"),
    *("RSASSA-PKCS1-v1_5", "RSA-PSS", "RSA-OAEP", "ECDSA", "ECDH", "Ed25519", "X25519"),
)
GIVEN: dict[str, Check] = {
    "name": ALGORITHM,
    "hash": HASH,
    "namedCurve": one_of("P-256", "P-384", "P-521"),
    "format": one_of("raw", "pkcs8", "spki", "jwk"),
    "type": one_of("private", "public"),
    "encrypts": flag,
    "data": either(dict, anything_in, base64),
    "length": maybe(whole()),
    **dict.fromkeys(("iterations", "modulusLength", "saltLength", "tagLength"), whole()),
    **dict.fromkeys(("additionalData", "counter", "info", "iv", "key", "label"), base64),
    **dict.fromkeys(("public", "publicExponent", "salt", "seed", "signature"), base64),
}
"""All parameters of the operations of `crypto.subtle`."""

SUBTLE: dict[str, tuple[str, ...]] = {
    "digest": ("hash", "data"),
    "hmac": ("hash", "key", "data"),
    "cipher": ("name", "key", "data", "encrypts"),
    "derive": ("name", "key", "length"),
    "sign": ("name", "key", "data"),
    "verify": ("name", "key", "data", "signature"),
    "encrypt": ("name", "hash", "label", "key", "data"),
    "decrypt": ("name", "hash", "label", "key", "data"),
    "generate": ("name",),
    "read": ("name", "format", "data"),
    "write": ("format", "type", "key"),
}
"""The operations of `crypto.subtle` and the parameters that each requires."""


def _ask(needed: dict[str, Check], more: dict[str, Check] | None = None) -> Check:
    return fields({"kind": text, "id": ID, **needed}, more)


def _operations(arguments: dict[str, Check]) -> Check:
    return by("operation", {name: _ask({"operation": text, "arguments": one}) for name, one in arguments.items()})


ASKS: dict[str, Check] = {
    "send": _ask({"request": json}, {"ignored": one_of("headers")}),
    "item": _ask({"item": text, "variables": anything_in}),
    "cookies": _operations(
        {
            "get": items(text, text),
            "getAll": items(text, fields({}, {"http": flag, "secure": flag})),
            "set": items(text, either(str, text, COOKIE)),
            "unset": items(text, text),
            "clear": items(text),
        }
    ),
    "vault": _operations({"get": items(text), "set": items(text, json), "unset": items(text)}),
    "datasets": _operations({name: items(json, more=(json, json)) for name in ("executeView", "executeQuery")}),
    "stream": _operations({"pull": items(json), "cancel": items(json)}),
    "subtle": by(
        "operation",
        {
            name: _ask({"operation": text, "given": fields({key: GIVEN[key] for key in needed}, GIVEN)})
            for name, needed in SUBTLE.items()
        },
    ),
    "pack": _ask(
        {
            "operation": one_of("compress", "decompress"),
            "format": one_of("gzip", "deflate", "deflate-raw"),
            "data": base64,
        }
    ),
}
"""What a script asks of the runner, by `kind`; the answer carries the same `id`."""

# -- from the child: replies --------------------------------------------------------------------------------------------

_WAITS: dict[str, Check] = {
    "run": whole(),
    "done": flag,
    "wait": maybe(number(0, 2.0**31)),
    "asks": list_of(by("kind", ASKS)),
    "events": list_of(by("kind", EVENTS)),
    "changes": list_of(by("operation", CHANGES)),
}
SCRIPT_REPLY = fields(
    _WAITS,
    {
        "error": maybe(ERROR),
        "next": fields({"name": maybe(text)}),
        "skip": flag,
        "request": anything_in,
        "visualizer": fields({"template": text}, {"data": json, "options": json}),
    },
)
"""A script's reply. `wait` is the milliseconds until its next timer; the optional fields come only when it is done."""

_OUTSIDE = {key: check for key, check in _WAITS.items() if key != "run"} | {"error": maybe(ERROR)}

REPLIES: dict[str, Check] = {
    "run": SCRIPT_REPLY,
    "resume": SCRIPT_REPLY,
    "abort": SCRIPT_REPLY,
    "repeat": fields(_OUTSIDE),
    "dynamic": fields({**_OUTSIDE, "values": map_of(list_of(maybe(text)))}),
}
"""The reply to each operation."""

# -- to the child -------------------------------------------------------------------------------------------------------

_SCOPES = fields({}, {name: list_of(ROW) for name in ("local", "data", "environment", "collection", "globals")})
_HELD_COOKIE = fields(
    dict.fromkeys(("name", "value", "domain", "path"), text)
    | dict.fromkeys(("secure", "httpOnly", "hostOnly"), flag)
    | {"expires": maybe(text), "maxAge": maybe(whole(-(2**63)))}
)
RESPONSE = fields(
    {
        "code": whole(0, 999),
        "status": text,
        "headers": list_of(items(text, text)),
        "time": number(0, 2.0**53),
        "size": whole(),
        "cookies": list_of(_HELD_COOKIE),
    },
    {"text": text, "body": base64, "downloaded": whole()},
)
_ANSWER = fields({"id": text}, {"value": json, "error": anything_in})

MESSAGES: dict[str, Check] = {
    "seed": fields({"op": text, "words": list_of(whole(0, 2**32))}),
    "repeat": fields({"op": text, "words": list_of(whole(0, 2**32))}),
    "dynamic": fields({"op": text, "names": map_of(whole(1))}),
    "place": fields({"op": text, "place": items(more=(whole(), whole()))}),
    "run": fields(
        {
            "op": text,
            "run": whole(1),
            "scopes": _SCOPES,
            "source": text,
            "name": text,
            "phase": fields({"seesResponse": flag, "changesRequest": flag, "maySkip": flag}),
            "owner": text,
            "location": list_of(text),
            "environment": text,
            "request": anything_in,
            "response": maybe(RESPONSE),
            "cookies": list_of(_HELD_COOKIE),
            "info": anything_in,
        },
        {"packages": map_of(anything_in), "links": map_of(text)},
    ),
    "resume": fields(
        {"op": text, "run": whole(1), "scopes": _SCOPES, "answers": list_of(_ANSWER), "alone": number(0, 1000)}
    ),
    "abort": fields({"op": text, "run": whole(1), "scopes": _SCOPES, "reason": text}),
}
"""The operations. `seed` and `place` stay within the child: its worker sends them to the scripts' world."""

# -- what a reply may say when ------------------------------------------------------------------------------------------


class BadReply(SandboxError):
    """The child broke the protocol: it is killed, and its script fails."""

    def __init__(self, wrong: str) -> None:
        super().__init__(f"the script engine broke its protocol: {wrong}", hint="a new one is started for the next script")


def read_dynamic(names: Mapping[str, int], reply: Json) -> dict[str, list[str | None]]:
    """The values in the reply to `dynamic`, as many for each name as `names` says; raises `BadReply`."""
    values = cast(JsonObject, _checked("dynamic", reply))["values"]
    if any(len(values.get(name, ())) != count for name, count in names.items()):
        raise BadReply("reply.values are not those that were asked for")
    return cast(dict[str, list[str | None]], values)


def read_repeat(reply: Json) -> None:
    """Check the reply to `repeat`; raises `BadReply`."""
    _checked("repeat", reply)


def _checked(operation: str, reply: Json) -> Json:
    wrong = REPLIES[operation](reply)
    if wrong:
        raise BadReply(f"reply{wrong}")
    return reply


class Conversation:
    """Checks each reply of one script against the earlier ones.

    `may_skip` and `changes_request` say what a script may do in its phase.
    """

    __slots__ = ("_changes_request", "_last", "_may_skip", "_number", "_tests")

    def __init__(self, number: int, *, may_skip: bool = False, changes_request: bool = False) -> None:
        self._number = number
        self._may_skip = may_skip
        self._changes_request = changes_request
        self._last = 0
        self._tests: dict[int, tuple[str, bool]] = {}

    def read(self, operation: str, waiting: bool, reply: Json) -> ScriptReply:
        """The checked reply; raises `BadReply` if it must not come now. `waiting` is true while an ask is unanswered."""
        read = cast("ScriptReply", _checked(operation, reply))
        wrong = self._wrong(read, waiting) or self._wrong_tests(read["events"])
        if wrong:
            raise BadReply(f"reply{wrong}")
        return read

    def _wrong(self, reply: ScriptReply, waiting: bool) -> str:
        if reply["run"] != self._number:
            return f".run is not {self._number}"
        for at, asked in enumerate(reply["asks"]):
            id = int(asked["id"])
            if id <= self._last:
                return f".asks[{at}].id was there before"
            self._last = id
        if reply["done"]:
            if reply["asks"]:
                return ".asks come from a script that is done"
            late = ("skip", self._may_skip), ("request", self._changes_request)
            return next((f".{key} comes too late" for key, allowed in late if key in reply and not allowed), "")
        early = next((key for key in ("error", "next", "skip", "request", "visualizer") if key in reply), None)
        if early:
            return f".{early} comes from a script that is not done"
        return "" if reply["asks"] or waiting or reply["wait"] is not None else " waits for nothing"

    def _wrong_tests(self, events: list[EventTold]) -> str:
        """Check the tests: each keeps its name, is not reported again after it failed, and has no error if it passed."""
        for at, event in enumerate(events):
            if event["kind"] == "console":
                if len(event["messages"]) != len(event["text"]):
                    return f".events[{at}] has more or fewer texts than messages"
                continue
            name, passed = event["name"], event["passed"]
            if passed != (event["error"] is None) or (event["skipped"] and not passed):
                return f".events[{at}].passed does not fit its error"
            known = self._tests.get(event["index"])
            if known is not None and (known[0] != name or not known[1]):
                return f".events[{at}].index is that of another test"
            self._tests[event["index"]] = (name, passed)
        return ""
