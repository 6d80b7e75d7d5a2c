"""The secret values of a run that are known so far."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from runner.model.variable import Variable
from runner.secrets.fields import secret_fields
from runner.secrets.lazy import Lazy
from runner.secrets.literals import Literals, Names
from runner.secrets.names import names_a_secret, words, words_of
from runner.secrets.pieces import Pieces
from runner.secrets.values import texts_of
from runner.secrets.writings.forms import Forms

SHORTEST = 4
"""Shorter values are not masked: they occur everywhere by chance, so masking them would hide nothing and make reports
unreadable."""

SHORTEST_FOUND = 12
"""Values that are secret only by their name are masked elsewhere from this length on: shorter ones (`theme=dark`) are
often plain words."""

MOST_FOUND = 10_000
"""The most values found by their names that are kept; a long run with a new session in each iteration has more."""

COMMON = words(
    "true false null none undefined bearer basic digest token secret password user username admin test http https"
    " localhost json text html string number boolean object array default value name type post head patch delete"
)
"""Placeholders that are not secret even if a file marks them so; masking them would blank out plain text."""

NO_VALUES = words(
    "true false null none undefined include omit same-origin basic bearer digest apikey oauth oauth1 oauth2 noauth inherit"
    " header body query"
)
"""Values that are shown even under the name of a secret: they say whether there is one, of what kind, or where."""

PASSWORD_IN_URL = Lazy(r"(://[^/\s?#:@\"']*:)([^/\s?#\"']+)(?=@)")
_TEMPLATE = Lazy(r"\{\{[^{}]*\}\}")
_SCHEME = Lazy(r"[A-Za-z][\w-]{1,30} +(?=\S)")


class Known:
    """The values of a run that no output may show, and how more of them are found.

    Values of fewer than four characters and common words are left out, see `SHORTEST` and `COMMON`. `version` changes with
    each new value.
    """

    generation = 0
    """Changes when values may have been forgotten, so that those in use are to be learned again."""

    def __init__(self, values: Iterable[Any] = ()) -> None:
        self.version = 0
        self._memo: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._lock = threading.Lock()
        self._values: set[str] = set()
        self._forms, self._pieces = Forms(), Pieces()
        self._found = 0
        self._patterns: tuple[re.Pattern[str], ...] = ()
        self._literals = Literals()
        for value in values:
            self.add(value)

    def add(self, value: Any) -> None:
        """Mask this value from now on, unless it is too plain: a text, a number, or those of an object or list."""
        for text in texts_of(value):
            self._add_text(text)

    def _add_text(self, text: str) -> None:
        if text in self._values:
            return
        plain = text.strip()
        if len(plain) < SHORTEST or plain.lower() in COMMON or is_template(text):
            return
        with self._lock:
            if text not in self._values:
                self._values.add(text)
                self._forms.add(text)
                self._pieces.add(text)
                self._changed()

    def add_found(self, value: str) -> None:
        """Mask a value that is secret by its name, unless it is so short that it may be a plain word."""
        if len(value.strip()) < SHORTEST_FOUND or self._found >= MOST_FOUND or _TEMPLATE.search(value):
            return
        before = self.version
        self.add(value)
        self._found += self.version != before

    def learn_header(self, name: str, value: str) -> None:
        """Mask the secrets of a header, known by its name: cookies, a token, the password of Basic."""
        if not names_a_secret(name):
            return
        lower = name.lower()
        pairs = value.partition(";")[:1] if lower == "set-cookie" else value.split(";") if lower == "cookie" else ()
        for pair in pairs:
            self.add_found(pair.partition("=")[2].strip().strip('"'))
        for piece in [*self._pieces.in_cookies(value)] if lower == "cookie" else ():
            self.add(piece)
        if not pairs:
            scheme = scheme_of(name, value)
            self.add_found(value[len(scheme) :])
            if scheme.strip().lower() == "basic":
                self._learn_basic(value[len(scheme) :])

    def _learn_basic(self, encoded: str) -> None:
        from base64 import b64decode

        try:
            user, colon, password = b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            return
        if colon:
            self.add(f"{user}:{password}")
            self.add(password)

    def learn_text(self, text: str) -> None:
        """Mask the values under the names of secrets in a URL, a form, JSON or XML, wherever else they occur."""
        for field in secret_fields(text):
            self.learn_header(field.name, field.value)
            if "+" in (shown := text[field.start : field.end]):  # a plus sign, or a space in a form
                self.add_found(unquote(shown))
        for match in PASSWORD_IN_URL.finditer(text) if "@" in text else ():
            self.add(match[2])
            self.add(unquote(match[2]))

    def learn_url(self, url: str) -> None:
        """Mask the pieces of a known value that a URL takes apart, as it was before that."""
        for piece in [*self._pieces.in_url(url)]:
            self.add(piece)

    def add_pattern(self, pattern: str) -> None:
        """Mask every text that this regular expression matches; raises `re.error` if it is invalid."""
        self._patterns = (*self._patterns, re.compile(pattern))
        self._changed()

    def _changed(self) -> None:
        self._memo, self._keys = (
            {},
            {},
        )  # new caches: another thread may still fill the old ones with results of the old values
        self.version += 1

    def add_variable(self, variable: Variable) -> None:
        """Mask the value of a variable that its file marks as secret, or whose name says so (`api_key`, `dbPassword`)."""
        if variable.secret or names_a_secret(variable.key):
            self.add(variable.value)

    def add_auth(self, type: str, params: Mapping[str, Any]) -> None:
        """Mask the parameters of an auth that are secret: by their names, the value of an API key, Basic's pair."""
        if type == "basic":  # its base64 is sent, and secret even if the password alone is too short to be masked
            self.add(f"{params.get('username') or ''}:{params.get('password') or ''}")
        for name, value in params.items():
            if names_a_secret(name) or (type == "apikey" and name == "value"):
                self.add(value)
            for pair in value if isinstance(value, list) else ():  # further parameters of a request for a token
                if isinstance(pair, dict) and names_a_secret(str(pair.get("key") or "")):
                    self.add(pair.get("value"))

    def add_literals(self, collection: object, names: Names, tests: Names) -> None:
        """Show these names of items and tests unmasked: they stand in a collection. They are read when first needed."""
        self._literals.add(collection, names, tests)

    def has_literals(self, collection: object) -> bool:
        """Whether `add_literals` was called for this collection."""
        return self._literals.has(collection)


def values_of(known: Known) -> tuple[str, ...]:
    """All values that are known, for another process that has to mask them. No method: reporters have those."""
    return tuple(sorted(known._values))


def is_hideable(value: Any) -> bool:
    """Whether a value under the name of a secret can be one: a text, or a number with enough digits."""
    if isinstance(value, str):
        return bool(value.strip()) and value.lower() not in NO_VALUES and not is_template(value)
    return isinstance(value, int | float) and len(str(abs(value))) >= SHORTEST


def is_template(value: Any) -> bool:
    """Whether a value is nothing but a variable: `{{token}}`."""
    return isinstance(value, str) and bool(_TEMPLATE.fullmatch(value.strip()))


def scheme_of(name: str, value: str) -> str:
    """The scheme at the beginning of an Authorization, with the space after it; it is not secret."""
    match = _SCHEME.match(value) if words_of(name)[-1:] == ["authorization"] else None
    return match[0] if match else ""
