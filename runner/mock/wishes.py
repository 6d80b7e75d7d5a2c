"""What a call asks of a mock server in its headers: `x-mock-…` (Postman) and `Prefer` (RFC 7240, as Prism reads it)."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass
from runner.server.messages import Call

MOST_DELAY = 180_000
"""Milliseconds that an answer is held back at most."""

NETWORKS = {"2g": 300, "3g": 100}
"""The delays of Postman's mock servers that are named after networks, in milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a mock server answers when the call does not say otherwise; `delay` is in milliseconds.

    With `validate` a call that an OpenAPI document does not allow is refused. With `same_body_first` an example whose
    request has the body of the call is before others of the same score.
    """

    match_body: bool = False
    match_headers: tuple[str, ...] = ()
    match_query: bool = True
    wildcards: bool = True
    delay: int = 0
    dynamic: bool = False
    validate: bool = True
    same_body_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The wishes of one call; an empty text asks for nothing. `example` is a name that holds among what fits only.

    `dynamic` asks for random values by the schema of the response.
    """

    code: str = ""
    id: str = ""
    name: str = ""
    example: str = ""
    match_body: bool = False
    match_headers: tuple[str, ...] = ()
    delay: int = 0
    dynamic: bool = False


def wishes_of(call: Call, settings: Settings) -> Wishes:
    """The wishes of a call, over the settings of the server."""
    headers = {name: value for name, value in call.headers if name.startswith("x-mock-") or name == "prefer"}
    if not headers:
        return Wishes(
            match_body=settings.match_body,
            match_headers=settings.match_headers,
            delay=settings.delay,
            dynamic=settings.dynamic,
        )
    preferred = preferences(headers.get("prefer", ""))
    body, names = headers.get("x-mock-match-request-body"), headers.get("x-mock-match-request-headers")
    delay = headers.get("x-mock-response-delay", "")
    return Wishes(
        code=headers.get("x-mock-response-code") or preferred.get("code", ""),
        id=headers.get("x-mock-response-id", ""),
        name=headers.get("x-mock-response-name", ""),
        example=preferred.get("example", ""),
        match_body=settings.match_body if body is None else body.lower() == "true",
        match_headers=settings.match_headers if names is None else names_in(names),
        delay=min(int(delay), MOST_DELAY) if delay.isascii() and delay.isdigit() else settings.delay,
        dynamic=preferred["dynamic"].lower() == "true" if "dynamic" in preferred else settings.dynamic,
    )


def preferences(text: str) -> dict[str, str]:
    """The preferences of a `Prefer` header by their names in lower case, without those that have no value."""
    pairs = (part.partition("=") for part in text.replace(";", ",").split(","))
    return {name.strip().lower(): value.strip().strip('"') for name, equals, value in pairs if equals}


def names_in(text: str) -> tuple[str, ...]:
    """The names of headers in a list with commas, in lower case."""
    return tuple([name.strip().lower() for name in text.split(",") if name.strip()])
