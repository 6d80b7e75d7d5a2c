"""Masks: the only place that makes texts, headers, JSON and bytes without secrets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from runner.deep_json import rebuilt
from runner.model.json import JsonObject
from runner.secrets.fields import FORM_NAMES, Field, secret_fields
from runner.secrets.known import NO_VALUES, PASSWORD_IN_URL, Known, is_hideable, is_template, scheme_of
from runner.secrets.names import names_a_secret
from runner.secrets.writings.packed import LARGEST, text_of, unpacked

MASK = "••••"
"""Replaces a secret in reports."""

SHORT, MOST_REMEMBERED = 2000, 4000
"""The most characters of a text that recurs often (a name, a header, a URL), and how many such texts are cached."""

LEAST_REACH, PATTERN_REACH = 1000, 100_000
"""Characters that are searched behind the place where a text is cut: at least, and with patterns of secrets."""

CLOSING = "@</&lt;/\\u003c/"
"""What ends a password in a URL or an XML element that a cut has left open, in each encoding."""

HIDDEN, WHOLE, IN_API_KEY = "\0hidden", "\0whole", "\0apikey"
"""Stands for a name: the value is hidden regardless of its name, also objects and lists as a whole, and the parameters of
an `apikey` auth."""

Span = tuple[int, int, str]
"""Start and end of a masked part of a text, and the mask."""


class Secrets(Known):
    """The known secrets, and texts without them.

    A value is also found in other encodings, see `runner/secrets/writings/`.
    """

    hides = True
    """Whether anything is masked at all."""

    def __init__(self, values: Iterable[Any] = ()) -> None:
        self.symbol = MASK
        super().__init__(values)

    def with_symbol(self, symbol: str) -> Secrets:
        """The secrets known now with another mask, which applies even if the user asked to see secrets."""
        other = Secrets()
        vars(other).update(vars(self))
        other.symbol, other._memo, other._keys = symbol, {}, {}
        return other

    def mask(self, text: str) -> str:
        """The text without known secrets, without values under the names of secrets, and without passwords."""
        memo = self._memo
        masked = memo.get(text)
        return _remembered(memo, text, self._mask_fields(self._mask_values(text))) if masked is None else masked

    def _mask_key(self, name: str) -> str:
        """Mask the name of a field: it may be a secret itself, but it contains no further names."""
        memo = self._keys
        masked = memo.get(name)
        return _remembered(memo, name, self._mask_values(name)) if masked is None else masked

    def shows_secret(self, text: str) -> bool:
        """Whether `mask` hides something in this text, even if the user asked to see secrets."""
        return Secrets.mask(self, text) != text

    def has_value(self, text: str) -> bool:
        """Whether a known value stands in this text, in any writing."""
        return bool(self._forms.spans(text))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of everything in a text that `mask` hides."""
        found = self._forms.spans(text) + [span[:2] for span in self._field_spans(text)]
        return found + [match.span() for pattern in self._patterns for match in pattern.finditer(text)]

    @property
    def reach(self) -> int:
        """Characters of the longest secret in its longest form: a text is searched this far behind a cut."""
        return max(LEAST_REACH, self._forms.reach, PATTERN_REACH if self._patterns else 0)

    def mask_start(self, text: str, limit: int) -> str:
        """The first `limit` characters of a text, masked, without a search of the rest.

        The search covers the length of the longest secret behind the limit, so that none is shown in part.
        """
        reach = self.reach
        if len(text) <= limit + reach:
            return self.mask(text)[:limit]
        masked = self.mask(text[: limit + reach] + CLOSING)
        return masked[: max(0, min(limit, len(masked) - reach - len(CLOSING)))]

    def _mask_fields(self, text: str) -> str:
        spans = self._field_spans(text)
        return _cover(text, sorted(spans)) if spans else text

    def _field_spans(self, text: str) -> list[Span]:
        spans = [self._field_span(text, field) for field in secret_fields(text)]
        if "@" in text:
            found = (match for match in PASSWORD_IN_URL.finditer(text) if not is_template(match[2]))
            spans += [(match.start(2), match.end(2), self.symbol) for match in found]
        return [span for span in spans if span is not None]

    def mask_bytes(self, data: bytes) -> bytes:
        """A body without any known secret; bytes other than UTF-8 are searched as latin-1 and stay as they are.

        A packed body (gzip, zlib, ZIP) is masked as a whole if its content has a secret or is too large.
        """
        content = unpacked(data)
        if content is not None:
            hidden = len(content) > LARGEST or self.shows_secret(text_of(content))
            return self.symbol.encode() if hidden else data
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = data.decode("latin-1")
            masked = self.mask(text)
            return data if masked == text else masked.replace(self.symbol, "****").encode("latin-1")
        masked = self.mask(text)
        return data if masked == text else masked.encode()

    def mask_name(self, name: str) -> str:
        """A name that stands in a collection: it came from no variable, so only `--secret-pattern` applies."""
        return self._mask_patterns(name)

    def mask_test(self, name: str) -> str:
        """The name of a test: masked unless it stands literally in a script."""
        masked = self.mask(name)
        return self.mask_name(name) if masked != name and name in self._literals.tests else masked

    def mask_place(self, place: str) -> str:
        """Where something happened: the name or path of an item, which stays as it is, or any other text."""
        masked = self.mask(place)
        return self.mask_name(place) if masked != place and place in self._literals.names else masked

    def mask_report(self, text: str) -> str:
        """A message or a stack: names of items stay readable in quotation marks and as files of scripts."""
        masked = self.mask(text)
        if masked == text:
            return text
        kept = list(self._literals.mentions(text))
        return self._mask_fields(self._mask_values(text, kept)) if kept else masked

    def mask_header(self, name: str, value: str) -> str:
        """The masked value of a header: the scheme of an Authorization and the names of cookies stay readable."""
        if not names_a_secret(name):
            return self.mask(value)
        if not is_hideable(value):
            return value
        lower = name.lower()
        if lower == "cookie":
            return "; ".join(self._hide_after_equals(part.strip()) for part in value.split(";"))
        if lower == "set-cookie":
            first, semicolon, rest = value.partition(";")
            return self._hide_after_equals(first) + semicolon + self.mask(rest)
        scheme = scheme_of(name, value)
        return value if is_template(value[len(scheme) :]) else self._mask_values(scheme) + self.symbol

    def mask_named(self, name: str, value: Any) -> Any:
        """The masked value of a parameter: hidden if its name is that of a secret, else searched for secrets."""
        return rebuilt(value, self._open, name)

    def mask_json(self, tree: Any) -> Any:
        """A copy of a JSON tree without secrets: headers, parameters and secret variables by name, every text by value."""
        return rebuilt(tree, self._open)

    def _open(self, value: Any, name: str | None) -> tuple[Any, Iterable[tuple[Any, str | None]]]:
        """One value of a tree, for `rebuilt`; `name` is its name, `HIDDEN`, `IN_API_KEY` or None."""
        if name == WHOLE:
            return self.symbol if isinstance(value, list | dict) and value else self._hidden(value), ()
        if isinstance(value, dict):
            if name == "apikey":
                return dict(value), [("value", HIDDEN)] if "value" in value else ()
            return self._open_object(value, name == IN_API_KEY)
        secret = name is not None and (name == HIDDEN or (name != IN_API_KEY and names_a_secret(name)))
        if isinstance(value, list):
            within = IN_API_KEY if name == "apikey" else HIDDEN if secret and name != HIDDEN else None
            return list(value), [(at, within) for at, entry in enumerate(value) if entry is not None]
        if not secret:
            return self.mask(value) if isinstance(value, str) else value, ()
        if isinstance(value, str) and name is not None and name != HIDDEN:
            return self.mask_header(name, value), ()
        return self._hidden(value), ()

    def _open_object(self, tree: JsonObject, in_api_key: bool) -> tuple[JsonObject, Iterable[tuple[str, str | None]]]:
        """An object, or the pair of a name and its `value`; of an `apikey` auth the secret is the one called `value`."""
        key = tree.get("key", tree.get("name"))
        if not isinstance(key, str) or "value" not in tree:
            named = [(self._mask_key(name), name, value) for name, value in tree.items()]
            return {shown: value for shown, _, value in named}, [(shown, name) for shown, name, _ in named]
        secret = tree.get("type") == "secret" or tree.get("secret") is True or key.lower() in FORM_NAMES
        hidden = secret or (in_api_key and key == "value")
        return dict(tree), [(name, (WHOLE if hidden else key) if name == "value" else name) for name in tree]

    def _hidden(self, value: Any) -> Any:
        return self.symbol if is_hideable(value) else value

    def _hide_after_equals(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        return f"{self._mask_values(name)}={self.symbol if value else ''}" if equals else self._hidden(pair)

    def _field_span(self, text: str, field: Field) -> Span | None:
        """The masked part of a field: everything but the scheme of an Authorization."""
        shown = text[field.start : field.end]
        scheme = scheme_of(field.name, shown)
        if not is_hideable(shown[len(scheme) :]) or shown.lower() in NO_VALUES:
            return None
        return field.start + len(scheme), field.end, f"{field.quote}{self.symbol}{field.quote}"

    def _mask_values(self, text: str, kept: Iterable[tuple[int, int]] = ()) -> str:
        spans = self._forms.spans(text)
        for start, end in kept:
            spans = [span for span in spans if not (start <= span[0] and span[1] <= end)]
        text = _cover(text, [(start, end, self.symbol) for start, end in spans]) if spans else text
        return self._mask_patterns(text)

    def _mask_patterns(self, text: str) -> str:
        for pattern in self._patterns:
            text = pattern.sub(lambda match: self.symbol if match[0] else "", text)
        return text


class Unmasked(Secrets):
    """Masks nothing: the user asked to see the secrets."""

    hides = False

    def mask(self, text: str) -> str:
        """The text as it is."""
        return text

    def mask_bytes(self, data: bytes) -> bytes:
        """The bytes as they are."""
        return data

    def mask_name(self, name: str) -> str:
        """The name as it is."""
        return name

    def mask_header(self, name: str, value: str) -> str:
        """The value as it is."""
        return value

    def mask_named(self, name: str, value: Any) -> Any:
        """The value as it is."""
        return value

    def mask_json(self, tree: Any) -> Any:
        """The tree as it is."""
        return tree


def _remembered(memo: dict[str, str], text: str, masked: str) -> str:
    if len(text) <= SHORT:
        if len(memo) >= MOST_REMEMBERED:
            memo.clear()
        memo[text] = masked
    return masked


def _cover(text: str, spans: list[Span]) -> str:
    """Replace every span of a text by a mask, overlapping ones by a single one."""
    pieces, end = [], 0
    for start, stop, mask in spans:
        if start >= end:
            pieces += [text[end:start], mask]
        end = max(end, stop)
    return "".join([*pieces, text[end:]])
