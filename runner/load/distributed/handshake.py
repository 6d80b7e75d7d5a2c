"""How a worker and the master prove the join token to one another before anything else is said.

    worker → master   hello      versions, a nonce
    master → worker   challenge  versions, a nonce of its own     or refused: another version
    worker → master   proof      HMAC(token, worker, transcript)
    master → worker   welcome    HMAC(token, master, transcript)  or refused: another token

The transcript is everything both have said; the token itself never travels. Both nonces are new each time, so a proof that
somebody recorded proves nothing later. Afterwards both seal their messages with a key of this session. Frames are `H` and
JSON, which later versions must be able to read: they are how two versions tell one another apart.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections import OrderedDict

from runner.errors import UsageError
from runner.load.distributed.seal import Seal
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass

MARK = b"H"
PROTOCOL = 1
LONGEST = 4096
"""The most bytes of a message of the handshake."""

SHORTEST_TOKEN = 16
"""The fewest characters of a join token: who listens can try short ones."""

WAITING = 1000
"""So many workers may have said hello without a proof; the oldest is forgotten for one more."""

TOKEN_HINT = "openssl rand -hex 16 makes one; both sides take it from POSTRUNNER_JOIN_TOKEN, too"


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What both sides must have in common."""

    postrunner: str
    locust: str

    def difference(self, other: JsonObject, here: str, there: str) -> str:
        """What the other side has that differs, in words; "" for nothing."""
        found = []
        for name, own in (("postrunner", self.postrunner), ("locust", self.locust)):
            if other.get(name) != own:
                found.append(f"{there} has {name} {_word(other.get(name))}, {here} {own}")
        return " and ".join(found)


class Refused(UsageError):
    """One side does not take the other: another token, another version."""


def check_token(token: str) -> bytes:
    """The join token as a key; raises `UsageError` for one that is missing or too short."""
    if not token:
        raise UsageError("load over machines needs a join token", where="--join-token", hint=TOKEN_HINT)
    if len(token) < SHORTEST_TOKEN:
        message = f"the join token has fewer than {SHORTEST_TOKEN} characters"
        raise UsageError(message, where="--join-token", hint=TOKEN_HINT)
    return hashlib.sha256(b"postrunner join token\0" + token.encode()).digest()


def written(message: JsonObject) -> bytes:
    """A message of the handshake as a frame."""
    return MARK + json.dumps(message, separators=(",", ":")).encode()


def read(frame: bytes) -> JsonObject | None:
    """The message in a frame; None for anything else."""
    if not frame.startswith(MARK) or len(frame) > LONGEST:
        return None
    try:
        message = json.loads(frame[len(MARK) :])
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) and isinstance(message.get("kind"), str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the master does about a message: the `reply`, the session that begins, what its user is `told`."""

    reply: JsonObject | None = None
    seal: Seal | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class _Waiting:
    hello: JsonObject
    challenge: JsonObject


class MasterSide:
    """Answers workers that want to join; it believes nothing of what they say until they have proven the token."""

    def __init__(self, key: bytes, versions: Versions) -> None:
        self._key, self._versions = key, versions
        self._waiting: OrderedDict[str, _Waiting] = OrderedDict()

    def hear(self, peer: str, message: JsonObject) -> Answer:
        """What to do about a message of a peer, which is named by its identity on the channel."""
        if message["kind"] == "hello":
            return self._hello(peer, message)
        if message["kind"] == "proof":
            return self._proof(peer, message)
        return Answer()

    def _hello(self, peer: str, hello: JsonObject) -> Answer:
        own = {"postrunner": self._versions.postrunner, "locust": self._versions.locust}
        difference = self._versions.difference(hello, "the master", "the worker")
        if hello.get("protocol") != PROTOCOL and not difference:
            difference = f"the worker speaks protocol {_word(hello.get('protocol'))}, the master {PROTOCOL}"
        if difference:
            return Answer(
                reply={"kind": "refused", "why": "version", **own}, told=f"worker {peer} is refused: {difference}"
            )
        if not isinstance(hello.get("nonce"), str):
            return Answer()
        waiting = self._waiting.get(peer)
        if waiting is None or waiting.hello != hello:  # the same hello again: its answer is on the way
            waiting = _Waiting(hello, {"kind": "challenge", "nonce": _nonce(), **own})
            self._waiting[peer] = waiting
            if len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
        return Answer(reply=waiting.challenge)

    def _proof(self, peer: str, message: JsonObject) -> Answer:
        waiting = self._waiting.pop(peer, None)  # one try for each challenge
        if waiting is None:
            return Answer()
        said = _transcript(peer, waiting.hello, waiting.challenge)
        if not _same(message.get("proof"), _code(self._key, b"worker", said)):
            told = f"worker {peer} is refused: it has another join token"
            return Answer(reply={"kind": "refused", "why": "token"}, told=told)
        welcome: JsonObject = {"kind": "welcome", "proof": _code(self._key, b"master", said)}
        return Answer(reply=welcome, seal=Seal(_session_key(self._key, said), master=True))


class WorkerSide:
    """Joins a master; `seal` is the session once both have proven the token."""

    def __init__(self, peer: str, key: bytes, versions: Versions) -> None:
        self._peer, self._key, self._versions = peer, key, versions
        own = {"postrunner": versions.postrunner, "locust": versions.locust}
        self.hello: JsonObject = {"kind": "hello", "protocol": PROTOCOL, "nonce": _nonce(), **own}
        self.seal: Seal | None = None
        self._said: bytes | None = None

    @property
    def fresh(self) -> bool:
        """Whether no master has answered yet."""
        return self._said is None

    def hear(self, message: JsonObject) -> JsonObject | None:
        """The reply to a message of the master; raises `Refused` when either side does not take the other."""
        kind = message["kind"]
        if kind == "refused":
            raise self._refused(message)
        if kind == "challenge" and self._said is None and isinstance(message.get("nonce"), str):
            self._check_version(message)
            self._said = _transcript(self._peer, self.hello, message)
            return {"kind": "proof", "proof": _code(self._key, b"worker", self._said)}
        if kind == "welcome" and self._said is not None:
            if not _same(message.get("proof"), _code(self._key, b"master", self._said)):
                raise Refused("the master does not know the join token: is it the right one?", where="--master-host")
            self.seal = Seal(_session_key(self._key, self._said), master=False)
        return None

    def _refused(self, message: JsonObject) -> Refused:
        if message.get("why") == "token":
            hint = "both sides need the same one, and POSTRUNNER_JOIN_TOKEN is used without the option"
            return Refused("the master has another join token", where="--join-token", hint=hint)
        self._check_version(message)
        return Refused("the master refused this worker and gave no reason", where="--master-host")

    def _check_version(self, message: JsonObject) -> None:
        difference = self._versions.difference(message, "this worker", "the master")
        if difference:
            raise Refused(difference, where="--master-host", hint="install the same versions on every machine")


def _nonce() -> str:
    return secrets.token_hex(32)


def _transcript(peer: str, hello: JsonObject, challenge: JsonObject) -> bytes:
    return json.dumps([peer, hello, challenge], sort_keys=True).encode()


def _code(key: bytes, role: bytes, said: bytes) -> str:
    return hmac.new(key, b"proof of the " + role + b"\0" + said, "sha256").hexdigest()


def _session_key(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, b"session\0" + said, "sha256")


def _same(given: object, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _word(value: object) -> str:
    """A version that the other side named; what is none is not repeated."""
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    return text if 0 < len(text) <= 40 and text.isascii() and text.isprintable() else "of an unknown version"
