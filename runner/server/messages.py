"""What a stand-in hears and says: one call, one answer, and a refusal that becomes an error answer."""

from __future__ import annotations

import json
from dataclasses import field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote

from runner.model.quick_dataclass import dataclass
from runner.rules.status_phrases import status_phrase

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in; header names are lower case, query and path are percent-decoded (`+` is a space)."""

    method: str
    target: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The last value of a header, "" when it is not there."""
        return next((value for key, value in reversed(self.headers) if key == name), "")

    def value(self, name: str) -> str | None:
        """The last value of a query parameter, None when it is not there."""
        return next((value for key, value in reversed(self.query) if key == name), None)

    @property
    def bearer(self) -> str:
        """The token of `Authorization: Bearer TOKEN`, "" when there is none (RFC 6750: the scheme ignores case)."""
        scheme, _, token = self.header("authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def media_type(self) -> str:
        """Content-Type without its parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """One response; Date, Server, Connection and Content-Length are added when it is written.

    `last` closes the connection after it.
    """

    status: int
    body: bytes = b""
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=())
    last: bool = False

    def plus(self, headers: tuple[tuple[str, str], ...]) -> Answer:
        """The same answer with further headers."""
        return replace(self, headers=self.headers + headers)


class Refused(Exception):
    """A call that is answered with an error status; each stand-in writes it in its API's error format."""

    def __init__(self, status: int, message: str, *, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


def json_answer(value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, json.dumps(value).encode(), JSON, headers)


def error_answer(refused: Refused) -> Answer:
    """The error body that both APIs document: statusCode, error, message."""
    body = {"statusCode": refused.status, "error": status_phrase(refused.status), "message": refused.message}
    return json_answer(body, refused.status, refused.headers)


def parse_target(target: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Path and query of a request target, both decoded; a target in absolute form loses its origin."""
    if target.lower().startswith(("http://", "https://")):
        target = "/" + target.split("//", 1)[1].partition("/")[2]
    path, _, query = target.partition("#")[0].partition("?")
    return unquote(path, errors="replace"), tuple(parse_qsl(query, keep_blank_values=True, errors="replace"))


def parse_json(text: str | bytes) -> Any:
    """JSON by its standard: NaN and Infinity, which Python would take, are a ValueError too."""

    def refuse(word: str) -> Any:
        raise ValueError(f"{word} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def json_body(call: Call) -> Any:
    """The parsed JSON body; refused with 415 for another Content-Type and with 400 when it cannot be parsed."""
    if call.media_type != "application/json":
        raise Refused(415, "Unsupported Media Type")
    try:
        return parse_json(call.body)
    except ValueError:
        raise Refused(400, "Invalid request payload JSON format") from None


def json_object(call: Call) -> dict[str, Any]:
    """The JSON body when it is an object, else refused with 400."""
    body = json_body(call)
    if not isinstance(body, dict):
        raise Refused(400, "Invalid request payload input: it must be an object")
    return body


def whole_number(call: Call, name: str, default: int, low: int, high: int | None = None) -> int:
    """A query parameter as a whole number within its limits, else refused with 400."""
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
