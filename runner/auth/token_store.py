"""The OAuth 2.0 tokens of a run: fetched once, used by all, kept between runs if the user names a file for them."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, replace

from runner.cancel import Cancel
from runner.deep_json import loads
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass

VERSION = 1
SALT_BYTES = 16
MARGIN = 60
"""Seconds before its end at which a token counts as expired; a tenth of its life if that is shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a token endpoint gave. Times are seconds since the epoch; `expires` is None if the endpoint did not say."""

    access_token: str
    refresh_token: str = ""
    fetched: float = 0
    expires: float | None = None
    stored: bool = False

    def usable(self, now: float) -> bool:
        """Whether it can be sent. If it was fetched in the future, the clock was set back, and its end means nothing."""
        return self.fetched <= now + MARGIN and (self.expires is None or now < self.expires)

    def worth_keeping(self, now: float) -> bool:
        """Whether another run can use it: it can be refreshed, or its end is known and not yet reached."""
        return bool(self.refresh_token) or (self.expires is not None and self.usable(now))

    def with_refresh(self, token: str) -> Token:
        """The same with a refresh token: a response without one leaves the old one valid (RFC 6749 section 6)."""
        return replace(self, refresh_token=token)


class TokenStore:
    """Tokens by identity: a text that says who asked where for what.

    Thread-safe. A file has the identities hashed with scrypt and a random salt, so that it reveals no client secret.
    """

    def __init__(self, saved: Mapping[str, Token] | None = None, salt: bytes = b"") -> None:
        self.salt = salt or os.urandom(SALT_BYTES)
        self.changed = False
        self._saved = dict(saved or {})
        self._tokens: dict[str, Token] = {}
        self._lock = threading.Lock()
        self._claims: dict[str, threading.Event] = {}

    def claim(self, identity: str) -> bool:
        """Claim the right to fetch this token until `release`; False if another caller has it."""
        with self._lock:
            return identity not in self._claims and bool(self._claims.setdefault(identity, threading.Event()))

    def release(self, identity: str) -> None:
        """Give the claim back and wake those who wait: they find the token in the store."""
        with self._lock:
            self._claims.pop(identity).set()

    def wait(self, identity: str, cancel: Cancel) -> None:
        """Wait until the token is no longer claimed, or the run is cancelled."""
        claimed = self._claims.get(identity)
        if claimed is not None:
            with cancel.waking(claimed.set):  # a cancel wakes the others, too: they see that it is claimed, and wait again
                claimed.wait()

    def find(self, identity: str) -> Token | None:
        """The token, usable or not; None if it was never fetched."""
        with self._lock:
            if identity not in self._tokens and self._saved:
                token = self._saved.pop(self._name(identity), None)
                if token is not None:
                    self._tokens[identity] = token
            return self._tokens.get(identity)

    def keep(self, identity: str, token: Token) -> None:
        """Store a token in place of the one before."""
        with self._lock:
            self._tokens[identity] = token
            self.changed = True

    def dump(self, now: float) -> str:
        """The tokens that are worth keeping at `now` (seconds since the epoch), as JSON for a file."""
        with self._lock:
            self.changed = False
            named = {**self._saved, **{self._name(identity): token for identity, token in self._tokens.items()}}
        kept = {name: asdict(token) for name, token in named.items() if token.worth_keeping(now)}
        for fields in kept.values():
            del fields["stored"]
        return json.dumps({"version": VERSION, "salt": self.salt.hex(), "tokens": kept}, indent=2) + "\n"

    def _name(self, identity: str) -> str:
        from hashlib import scrypt, sha256

        return scrypt(
            sha256(identity.encode("utf-8", "surrogatepass")).digest(), salt=self.salt, n=2**14, r=8, p=1, dklen=32
        ).hex()


def parse_tokens(text: str) -> TokenStore:
    """The store that `dump` wrote; raises `ValueError`, whose message never shows a token."""
    try:
        document = loads(text)
    except ValueError:
        raise ValueError("it is not JSON") from None
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ValueError("it is not a token cache of this version")
    try:
        salt = bytes.fromhex(document["salt"])
        saved = {str(name): _token(fields) for name, fields in document["tokens"].items()}
    except (KeyError, TypeError, AttributeError, ValueError):
        raise ValueError("its fields are not those of a token cache") from None
    return TokenStore(saved, salt)


def _token(fields: JsonObject) -> Token:
    access, refresh, expires = fields["access_token"], fields["refresh_token"], fields["expires"]
    if not isinstance(access, str) or not isinstance(refresh, str):
        raise TypeError
    return Token(
        access_token=access,
        refresh_token=refresh,
        fetched=float(fields["fetched"]),
        expires=None if expires is None else float(expires),
        stored=True,
    )
