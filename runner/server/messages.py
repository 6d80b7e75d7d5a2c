"""What a server receives and sends: a call, its answer, and a refusal that becomes an error answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import field, replace
from typing import NoReturn
from urllib.parse import parse_qsl, unquote

from runner.model.quick_dataclass import dataclass
from runner.rules.status_phrases import status_phrase

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as received; header names in lower case, path and query percent-decoded (in the query `+` is a space)."""

    method: str
    target: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The last value of a header, "" if it is missing."""
        return next((value for key, value in reversed(self.headers) if key == name), "")

    def value(self, name: str) -> str | None:
        """The last value of a query parameter, None if it is missing."""
        return next((value for key, value in reversed(self.query) if key == name), None)

    @property
    def bearer(self) -> str:
        """The token of `Authorization: Bearer TOKEN`, "" without one; the scheme is case-insensitive (RFC 9110)."""
        scheme, _, token = self.header("authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def media_type(self) -> str:
        """Content-Type without its parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """One response, to which Date, Server, Connection and Content-Length are added when it is sent.

    `last` closes the connection afterwards. It is held back for `delay` milliseconds. `told` are lines about how it came
    about, for the log; the first one is in the journal.
    """

    status: int
    body: bytes = b""
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=())
    last: bool = False
    delay: float = 0
    told: tuple[str, ...] = ()

    def plus(self, headers: tuple[tuple[str, str], ...]) -> Answer:
        """A copy of the answer with these headers added."""
        return replace(self, headers=self.headers + headers)


Later = Callable[[], Answer]
"""Makes an answer that takes long, while other calls are answered; may raise `Refused`."""


class Refused(Exception):
    """Raised to answer a call with an error status; each API writes it in its own error format."""

    def __init__(self, status: int, message: str, *, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


def json_answer(value: object, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """An answer with `value` as its JSON body."""
    return Answer(status, json.dumps(value).encode(), JSON, headers)


def error_answer(refused: Refused) -> Answer:
    """A JSON error answer with the fields statusCode, error and message."""
    body = {"statusCode": refused.status, "error": status_phrase(refused.status), "message": refused.message}
    return json_answer(body, refused.status, refused.headers)


def parse_target(target: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The decoded path and query of a request target; the origin of an absolute URL is dropped."""
    if target.lower().startswith(("http://", "https://")):
        target = "/" + target.split("//", 1)[1].partition("/")[2]
    path, _, query = target.partition("#")[0].partition("?")
    return unquote(path, errors="replace"), tuple(parse_qsl(query, keep_blank_values=True, errors="replace"))


def parse_json(text: str | bytes) -> object:
    """Parse strict JSON; raises ValueError, also for NaN and Infinity, which Python's parser would accept."""

    def refuse(word: str) -> NoReturn:
        raise ValueError(f"{word} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def json_object(call: Call) -> dict[str, object]:
    """The JSON object in the body; refuses another Content-Type with 415 and anything but an object with 400."""
    if call.media_type != "application/json":
        raise Refused(415, "Unsupported Media Type")
    try:
        body = parse_json(call.body)
    except ValueError:
        raise Refused(400, "Invalid request payload JSON format") from None
    if not isinstance(body, dict):
        raise Refused(400, "Invalid request payload input: it must be an object")
    return body


def whole_number(call: Call, name: str, default: int, low: int, high: int | None = None) -> int:
    """A query parameter as a whole number from `low` to `high`; refuses anything else with 400."""
    text = call.value(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused(400, f"Invalid query parameter '{name}': it must be a whole number")
    number = int(text)
    if number < low or (high is not None and number > high):
        limits = f"at least {low}" if high is None else f"between {low} and {high}"
        raise Refused(400, f"Invalid query parameter '{name}': it must be {limits}")
    return number
