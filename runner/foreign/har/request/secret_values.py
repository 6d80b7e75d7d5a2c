"""Secrets of a recording that no response gave: they become variables without a value."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable

from runner.foreign.har.request.drafts import Draft
from runner.foreign.har.request.slots import COOKIE, HEADER, PATH, Slot
from runner.foreign.har.values.evidence import BY_NAME, strength
from runner.foreign.har.values.naming import Names, camel, plain
from runner.secrets.known import is_hideable
from runner.secrets.names import names_a_secret

_TOKEN = re.compile(r"eyJ[\w-]{5,}\.[\w-]{8,}\.[\w-]*")
_SCHEME = re.compile(r"([A-Za-z][\w-]*) +(?=\S)")


class SecretValues:
    """The secrets of all requests: one variable for each value, wherever it stands."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[str, str] = {}
        self.items: dict[str, int] = {}
        """The variables by name, with the place of the first request that needs each."""

    def learn(self, at: int, draft: Draft) -> None:
        """Gather the secrets of a request: by the names of their slots, in an `Authorization`, or by their form."""
        for slot in draft.slots():
            if "{{" in slot.written:
                continue
            if slot.where == HEADER and slot.name.lower().endswith("authorization"):
                self._authorization(at, slot)
            elif slot.where == COOKIE or _names_its_value(slot):
                self._add(at, slot.text, camel(slot.name) if slot.where in (HEADER, COOKIE) else slot.name)
            else:
                for match in _TOKEN.finditer(slot.text):
                    self._add(at, match[0], "token")

    def _authorization(self, at: int, slot: Slot) -> None:
        scheme = _SCHEME.match(slot.text)
        kind = scheme[1].lower() if scheme else ""
        rest = slot.text[scheme.end() :] if scheme else slot.text
        if kind == "basic" and (pair := basic_pair(rest)) is not None:
            self._add(at, pair[1], "password")
        else:
            self._add(at, rest, "bearerToken" if kind == "bearer" else "authorization")

    def _add(self, at: int, value: str, name: str) -> None:
        if value and value not in self._known:
            self._known[value] = self._names.unused(plain(name))
            self.items[self._known[value]] = at

    def name_of(self, value: str) -> str:
        """The variable of a value; empty if it is not a secret."""
        return self._known.get(value, "")

    def value_of(self, name: str) -> str:
        """The value of a variable."""
        return next(value for value, known in self._known.items() if known == name)

    def put(self, drafts: Iterable[Draft]) -> None:
        """Write the variables wherever the values stand as a whole, and long ones also within other texts.

        A short word (a password `test`) is one only where the name is that of a secret: elsewhere it is that word.
        """
        ordinary = {value for value in self._known if len(value) < SHORT and strength(value) <= BY_NAME}
        for draft in drafts:
            for slot in draft.slots():
                if "{{" in slot.written:
                    continue
                for value, name in self._known.items():
                    if value in ordinary and not _of_a_secret(slot):
                        continue
                    if value in (slot.text, slot.whole) or (len(value) >= LONG and value in slot.text):
                        slot.put(value, name)


SHORT, LONG = 6, 12


def _names_its_value(slot: Slot) -> bool:
    """Whether the name says that the value is a secret. What follows `auth` in a path may be a word of that path, too."""
    if slot.where == PATH and strength(slot.text) <= BY_NAME:
        return False
    return names_a_secret(slot.name) and is_hideable(slot.text)


def _of_a_secret(slot: Slot) -> bool:
    return slot.where == COOKIE or names_a_secret(slot.name)


def basic_pair(encoded: str) -> tuple[str, str] | None:
    """User and password of a Basic authorization; None if it has none."""
    try:
        user, colon, password = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (user, password) if colon else None
