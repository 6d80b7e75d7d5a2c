"""Keeps known secrets out of everything that is printed or written: by value, by header name, by parameter name."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from runner.model.variable import JsonObject, Variable
from runner.secret_forms import Forms


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHORTEST = 4
"""Values with fewer characters are left alone: they occur everywhere by chance, so masking them hides nothing and
makes a report unreadable."""

SHORTEST_FOUND = 12
"""Values that are secret only by the name they stand under have at least so many characters to be masked elsewhere too:
shorter ones (`theme=dark`) are often plain words."""

MOST_FOUND = 10_000
"""So many values found by their names are remembered; a long run with a new session in each iteration has more."""

COMMON = _names(
    "true false null none undefined bearer basic digest token secret password user username admin test http https"
    " localhost json text html string number boolean object array default value name type post head patch delete"
)
"""Words that are no secret even where a file marks them as one (placeholders); masking them would blank plain text."""

HEADERS = _names(
    "authorization proxy-authorization cookie set-cookie x-api-key api-key apikey x-auth-token x-access-token"
    " x-amz-security-token x-csrf-token x-xsrf-token x-vault-token private-token"
)
"""Header names (lower case) whose values are masked whatever they hold."""

PARAMETERS = _names(
    "x-amz-signature x-amz-credential x-amz-security-token x-goog-signature x-goog-credential awsaccesskeyid signature sig"
    " token access_token refresh_token id_token accesstoken refreshtoken client_secret clientsecret client_assertion"
    " api_key apikey api-key key_secret secret secretkey secret_key password passwd pwd private_key privatekey"
    " passphrase code_verifier clienttoken sessiontoken session_token authkey auth_key"
)
"""Names (lower case) of query parameters, body fields and auth parameters whose values are masked."""

AUTH_PARAMETERS = _names("consumersecret tokensecret accesskey")
"""Further names (lower case) of auth parameters whose values are masked."""

FORM_PARAMETERS = frozenset({"assertion"})
"""Names that say secret only in a form or URL: elsewhere they are plain words."""

_PARAMETER = re.compile(
    r"((?:^|[?&]|&amp;|\\u0026)(?:"
    + "|".join(map(re.escape, sorted(PARAMETERS | FORM_PARAMETERS)))
    + r")=)([^&#\s\"'<>\\]+)",
    re.IGNORECASE,
)
_JSON_FIELD = re.compile(
    r"""(\\?["'](?:access_token|refresh_token|id_token|client_secret|password)\\?["']\s*:\s*\\?["'])([^"'\\]+)""",
    re.IGNORECASE,
)
_FIELD_WORDS = ("_token", "client_secret", "password")
_USER = re.compile(r"(://[^/\s?#:@\"']*:)([^/\s?#@\"']+)(?=@)")
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_SECRET_NAME = re.compile(
    r"(?:^|[_.\-\s]|(?<=[a-z0-9])(?=[A-Z]))(?:token|secret|password|passwd|pwd|passphrase|(?:api|private|secret|access)[_.-]?key)$",
    re.IGNORECASE,
)
"""Names of variables that say what they hold: `torii_api_key`, `clientSecret`, `db.password`."""


class Secrets:
    """The values of a run that no output may show.

    A value is also found in its percent-encoded, base64 (inside longer base64 too) and JSON-escaped forms. Values of fewer
    than four characters and common words are not masked, see `SHORTEST` and `COMMON`. `ascii_only` chooses the mask's form.
    """

    def __init__(self, values: Iterable[Any] = (), *, ascii_only: bool = False) -> None:
        self.symbol = "****" if ascii_only else "••••"
        self.version = 0
        self._lock = threading.Lock()
        self._values: set[str] = set()
        self._forms = Forms()
        self._found = 0
        self._patterns: tuple[re.Pattern[str], ...] = ()
        for value in values:
            self.add(value)

    def add(self, value: Any) -> None:
        """Mask this value from now on; numbers count by their text, other types and too plain values are ignored."""
        text = value if isinstance(value, str) else str(value) if type(value) in (int, float) else ""
        if text in self._values or not _maskable(text):
            return
        with self._lock:
            if text not in self._values:
                self._values.add(text)
                self._forms.add(text)
                self.version += 1

    def add_found(self, value: str) -> None:
        """Mask a value that is secret by the name it was found under, unless it is too short to tell it from a word."""
        if len(value.strip()) < SHORTEST_FOUND or self._found >= MOST_FOUND or _TEMPLATE.search(value):
            return
        before = self.version
        self.add(value)
        self._found += self.version != before

    def learn_header(self, name: str, value: str) -> None:
        """Mask what a header holds that is secret by its name: cookies, a token, the password of Basic."""
        lower = name.lower()
        if lower not in HEADERS:
            return
        pairs = value.partition(";")[:1] if lower == "set-cookie" else value.split(";") if lower == "cookie" else ()
        for pair in pairs:
            self.add_found(pair.partition("=")[2].strip().strip('"'))
        if not pairs:
            scheme, space, rest = value.partition(" ")
            self.add_found(rest if space and lower.endswith("authorization") else value)
            if scheme.lower() == "basic":
                self._learn_basic(rest)

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
        """Mask what a URL, a form or JSON holds under the names of secrets, wherever else it stands."""
        found = [*_PARAMETER.finditer(text)] if "=" in text else []
        if ":" in text and _names_a_secret(text.lower()):
            found += _JSON_FIELD.finditer(text)
        for match in found:
            self.add_found(match[2])
            self.add_found(unquote(match[2]))
        for match in _USER.finditer(text) if "@" in text else ():
            self.add(match[2])
            self.add(unquote(match[2]))

    def add_pattern(self, pattern: str) -> None:
        """Mask every text that this regular expression matches; raises `re.error` when it is none."""
        self._patterns = (*self._patterns, re.compile(pattern))
        self.version += 1

    def add_variable(self, variable: Variable) -> None:
        """Mask the value of a variable that its file marks as secret, or whose name says so (`api_key`, `dbPassword`)."""
        if variable.secret or _SECRET_NAME.search(variable.key):
            self.add(variable.value)

    def add_auth(self, type: str, params: Mapping[str, Any]) -> None:
        """Mask the parameters of an auth that are secret: by their names, the value of an API key, Basic's pair."""
        if type == "basic":  # its base64 is what is sent, also when the password alone is too short to be masked
            self.add(f"{params.get('username') or ''}:{params.get('password') or ''}")
        for name, value in params.items():
            if name.lower() in PARAMETERS | AUTH_PARAMETERS or (type == "apikey" and name == "value"):
                self.add(value)

    def mask(self, text: str) -> str:
        """The text without known secrets, tokens and signatures in URLs and forms, tokens in JSON, passwords in URLs."""
        text = self._mask_values(text)
        if "=" in text:
            text = _PARAMETER.sub(self._keep_template, text)
        if ":" in text and _names_a_secret(text.lower()):
            text = _JSON_FIELD.sub(self._keep_template, text)
        return _USER.sub(self._keep_template, text) if "@" in text else text

    def mask_bytes(self, data: bytes) -> bytes:
        """A body without any known secret; bytes that are no UTF-8 are searched as latin-1 and stay as they are."""
        try:
            return self.mask(data.decode()).encode()
        except UnicodeDecodeError:
            return self.mask(data.decode("latin-1")).replace("••••", "****").encode("latin-1")

    def mask_header(self, name: str, value: str) -> str:
        """A header's value as it may be shown: the scheme of an Authorization and the names of cookies stay readable."""
        lower = name.lower()
        if lower not in HEADERS or _is_template(value):
            return self.mask(value)
        if lower == "cookie":
            return "; ".join(self._hide_after_equals(part.strip()) for part in value.split(";"))
        if lower == "set-cookie":
            first, semicolon, rest = value.partition(";")
            return self._hide_after_equals(first) + semicolon + self.mask(rest)
        scheme, space, rest = value.partition(" ")
        return f"{scheme} {self.symbol}" if space and rest and lower.endswith("authorization") else self.symbol

    def mask_named(self, name: str, value: Any) -> Any:
        """A parameter's value as it may be shown: hidden when its name is that of a secret, else searched for secrets."""
        if name == "apikey" and isinstance(value, list | dict):
            return self._mask_api_key(value)
        if name.lower() in PARAMETERS and _hideable(value):
            return self.symbol
        return self.mask_json(value)

    def mask_json(self, tree: Any) -> Any:
        """A copy of a JSON tree without secrets: headers, parameters and secret variables by name, every text by value."""
        if isinstance(tree, str):
            return self.mask(tree)
        if isinstance(tree, list):
            return [self.mask_json(entry) for entry in tree]
        if not isinstance(tree, dict):
            return tree
        key = tree.get("key")
        if isinstance(key, str) and "value" in tree:
            return self._mask_pair(key, tree)
        return {self._mask_values(name): self.mask_named(name, value) for name, value in tree.items()}

    def _mask_api_key(self, auth: Any) -> Any:
        """The parameters of an `apikey` auth, in their list or map form: the secret is the one called `value`."""
        if isinstance(auth, dict):
            return {name: self._hidden(value) if name == "value" else value for name, value in auth.items()}
        return [
            {**pair, "value": self._hidden(pair.get("value"))}
            if isinstance(pair, dict) and pair.get("key") == "value"
            else pair
            for pair in map(self.mask_json, auth)
        ]

    def _hidden(self, value: Any) -> Any:
        return self.symbol if _hideable(value) else value

    def _mask_pair(self, key: str, pair: JsonObject) -> JsonObject:
        value = pair["value"]
        if pair.get("type") == "secret" or pair.get("secret") is True:
            shown = self._hidden(value)
        elif isinstance(value, str) and key.lower() in HEADERS:
            shown = self.mask_header(key, value)
        else:
            shown = self._hidden(value) if key.lower() in FORM_PARAMETERS else self.mask_named(key, value)
        return {name: shown if name == "value" else self.mask_json(field) for name, field in pair.items()}

    def _hide_after_equals(self, pair: str) -> str:
        name, equals, _ = pair.partition("=")
        return f"{name}={self.symbol}" if equals else self.symbol

    def _keep_template(self, match: re.Match[str]) -> str:
        return match[0] if _is_template(match[2]) else match[1] + self.symbol

    def _mask_values(self, text: str) -> str:
        spans = self._forms.spans(text)
        text = _cover(text, spans, self.symbol) if spans else text
        for pattern in self._patterns:
            text = pattern.sub(lambda match: self.symbol if match[0] else "", text)
        return text


class Unmasked(Secrets):
    """Masks nothing: the user asked to see the secrets."""

    def mask(self, text: str) -> str:
        """The text as it is."""
        return text

    def mask_bytes(self, data: bytes) -> bytes:
        """The bytes as they are."""
        return data

    def mask_header(self, name: str, value: str) -> str:
        """The value as it is."""
        return value

    def mask_named(self, name: str, value: Any) -> Any:
        """The value as it is."""
        return value

    def mask_json(self, tree: Any) -> Any:
        """The tree as it is."""
        return tree


def _names_a_secret(lower: str) -> bool:
    return any(word in lower for word in _FIELD_WORDS)


def _maskable(text: str) -> bool:
    return len(text.strip()) >= SHORTEST and text.strip().lower() not in COMMON and not _is_template(text)


def _hideable(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and value != "" and not _is_template(value)


def _is_template(value: Any) -> bool:
    return isinstance(value, str) and bool(_TEMPLATE.fullmatch(value.strip()))


def _cover(text: str, spans: list[tuple[int, int]], symbol: str) -> str:
    """Replace every stretch of a text, overlapping ones as a whole, by one symbol."""
    pieces, end = [], 0
    for start, stop in spans:
        if start >= end:
            pieces += [text[end:start], symbol]
        end = max(end, stop)
    return "".join([*pieces, text[end:]])
