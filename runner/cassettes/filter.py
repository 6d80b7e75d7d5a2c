"""Removes secrets from recordings before they are written.

Known secrets, and the values of headers, parameters and JSON fields with names of secrets, become `FILTERED`. A cookie
keeps its name and gets a numbered placeholder, the same for equal values, so that flows that pass it on still work.
Values found by their names are also removed wherever else they appear as whole words.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import starmap
from urllib.parse import quote

from runner.cassettes.match import NUMBERED, PLACEHOLDER, Key, make_key
from runner.cassettes.recording import Recording, uri_of
from runner.errors import RequestError
from runner.model.request import PreparedRequest
from runner.secrets import COMMON, SHORTEST, Secrets, names_a_secret, secret_fields
from runner.transport.http.decode import GZIP_WINDOW, decode
from runner.transport.limits import MAX_BODY

SHORTEST_WORD = 12
"""Characters that a value found by its name must have to be removed elsewhere: shorter ones are often ordinary words."""

_WORD = re.compile(r"[\w.~%-]{6,}", re.ASCII)


class SecretFilter:
    """Removes secrets from recordings: those that `secrets` knows at that time, and those found by their names."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._masker = secrets.with_symbol(PLACEHOLDER)

    @property
    def version(self) -> int:
        """Changes when a secret becomes known."""
        return self._secrets.version

    def key(self, request: PreparedRequest) -> Key:
        """The key by which the recording of a request is found."""
        content_type = _header(request.headers, "content-type")
        return self._key(request.method, uri_of(request), content_type, bytes(request.body))

    def recording_key(self, recording: Recording) -> Key:
        """The key by which a recording is found."""
        content_type = _header(recording.request_headers, "content-type")
        return self._key(recording.method, recording.uri, content_type, recording.request_body)

    def filtered(self, recordings: Iterable[Recording]) -> list[Recording]:
        """The recordings without secrets."""
        recordings, found = list(recordings), NamedSecrets()
        for recording in recordings:
            found.learn(recording)
        return [self._filtered(recording, found) for recording in recordings]

    def _key(self, method: str, uri: str, content_type: str, body: bytes) -> Key:
        masker = self._current()
        return make_key(method, masker.mask(uri), content_type, masker.mask_bytes(body) if body else b"")

    def _current(self) -> Secrets:
        if self._masker.version != self._secrets.version:
            self._masker = self._secrets.with_symbol(PLACEHOLDER)
        return self._masker

    def _filtered(self, recording: Recording, found: NamedSecrets) -> Recording:
        masker, error = self._current(), recording.error

        def text(value: str) -> str:
            return masker.mask(found.replace(value))

        def body(value: bytes) -> bytes:
            return masker.mask_bytes(found.replace(value.decode("latin-1")).encode("latin-1"))

        def header(name: str, value: str) -> tuple[str, str]:
            return masker.mask(name), header_value(name, value)

        def header_value(name: str, value: str) -> str:
            if name.lower() == "set-cookie":
                pair, semicolon, rest = value.partition(";")
                return found.in_cookie(pair) + semicolon + text(rest)
            return masker.mask_header(name, value) if names_a_secret(name) else text(value)

        content, encoded = _recoded(recording, body)
        names = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in recording.headers]
        if not encoded:
            names = [pair for pair in names if pair[0].lower() != "content-encoding"]
        return replace(
            recording,
            uri=text(recording.uri),
            request_headers=tuple(header(name, value) for name, value in recording.request_headers),
            request_body=body(recording.request_body),
            headers=tuple((key.encode("latin-1"), text.encode("latin-1")) for key, text in starmap(header, names)),
            body=content,
            error=error and RequestError(text(error.message), code=error.code, hint=text(error.hint)),
        )


class NamedSecrets:
    """Values that are secret because of their names: cookies, headers, parameters, fields of bodies."""

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}
        self._cookies: dict[str, str] = {}
        self._by_word: dict[str, list[str]] = {}
        self._last = 0

    def learn(self, recording: Recording) -> None:
        """Find the values in one recording."""
        for name, value in recording.request_headers:
            self._learn_header(name.lower(), value)
        for raw_name, raw_value in recording.headers:
            self._learn_header(raw_name.decode("latin-1").lower(), raw_value.decode("latin-1"))
        for text in (recording.uri, recording.request_body.decode("latin-1"), _decoded(recording).decode("latin-1")):
            for field in secret_fields(text):
                self._add(field.value, PLACEHOLDER)

    def in_cookie(self, pair: str) -> str:
        """`name=value` of a `Set-Cookie` header with a placeholder for its value, unless it is too common for a secret."""
        name, equals, value = pair.partition("=")
        return f"{name}{equals}{self._cookies.get(value.strip(), value)}"

    def replace(self, text: str) -> str:
        """The text with a placeholder for each found value that appears in it as whole words."""
        words = set(_WORD.findall(text)) & self._by_word.keys() if self._by_word else ()
        for form in sorted((form for word in words for form in self._by_word[word]), key=len, reverse=True):
            text = text.replace(form, self._placeholders[form])
        return text

    def _learn_header(self, name: str, value: str) -> None:
        if name == "set-cookie":
            cookie = value.partition(";")[0].partition("=")[2].strip()
            if NUMBERED.fullmatch(cookie):  # from an earlier recording
                self._last = max(self._last, int(cookie.rpartition("-")[2]))
            elif len(cookie) >= SHORTEST and cookie.lower() not in COMMON and cookie not in self._cookies:
                self._last += 1
                self._cookies[cookie] = f"{PLACEHOLDER}-{self._last}"
                self._add(cookie, self._cookies[cookie])
        elif name == "cookie":
            for pair in value.split(";"):
                self._add(pair.partition("=")[2].strip(), PLACEHOLDER)
        elif names_a_secret(name):
            self._add(value.partition(" ")[2] or value, PLACEHOLDER)

    def _add(self, value: str, placeholder: str) -> None:
        # Texts are searched for the rarest word of each value: one table lookup per word of a text, however many values
        # there are.
        if len(value) < SHORTEST_WORD or PLACEHOLDER in value:
            return
        for form in {value, quote(value, safe=""), quote(value)}:
            if form not in self._placeholders and (words := _WORD.findall(form)):
                rarest = min(words, key=lambda word: (len(self._by_word.get(word, ())), -len(word)))
                self._by_word.setdefault(rarest, []).append(form)
                self._placeholders[form] = placeholder
            elif form in self._placeholders and placeholder != PLACEHOLDER:
                self._placeholders[form] = placeholder


def _header(headers: Iterable[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")


def _recoded(recording: Recording, change: Callable[[bytes], bytes]) -> tuple[bytes, bool]:
    """The body with `change` applied to its decoded form, and whether it still has its Content-Encoding.

    A compressed body that does not change stays byte for byte; otherwise it is compressed again if there is an encoder.
    """
    plain = _decoded(recording)
    changed = change(plain)
    codings = list(_codings(recording))
    if changed == plain:
        return recording.body, True
    if plain == recording.body:
        return changed, True
    if any(coding not in ENCODERS for coding in codings):
        return changed, False
    for coding in codings:
        changed = ENCODERS[coding](changed)
    return changed, True


def _decoded(recording: Recording) -> bytes:
    """The decoded body; the body itself if it is not valid for its Content-Encoding."""
    codings = ",".join(_codings(recording))
    try:
        return decode(recording.body, codings, MAX_BODY) if codings and recording.body else recording.body
    except RequestError:
        return recording.body


def _codings(recording: Recording) -> Iterator[str]:
    for name, value in recording.headers:
        if name.lower() == b"content-encoding":
            yield from (coding.strip().lower() for coding in value.decode("latin-1").split(","))


def _gzip(data: bytes) -> bytes:
    encoder = zlib.compressobj(wbits=GZIP_WINDOW)
    return encoder.compress(data) + encoder.flush()


def _brotli(data: bytes) -> bytes:
    import brotli  # type: ignore[import-untyped]

    return bytes(brotli.compress(data))


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    "identity": lambda data: data,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": zlib.compress,
    "br": _brotli,
}
