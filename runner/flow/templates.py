"""The variables that a request reads: every `{{name}}` of its URL, headers, body and auth."""

from __future__ import annotations

from collections.abc import Iterator

from runner.flow.access import ANY, Access, Place
from runner.model.json import Json
from runner.model.request import Auth, Body, Request
from runner.rules.substitute import names_in
from runner.rules.text import text_of
from runner.rules.url import url_text

VAULT = "vault:"


def reads_of(request: Request, auth: Auth | None, path: str) -> list[Access]:
    """What a request reads before it is sent; `auth` is its own or the one that it inherits."""
    return [read for part, text in _texts(request, auth) for read in reads_in(text, Place(path, part))]


def reads_in(text: str, place: Place) -> Iterator[Access]:
    """The reads of one text; a name that is put together of others (`{{a{{b}}}}`) is unknown."""
    rest = text
    for name in dict.fromkeys(names_in(text)):
        in_vault = name.startswith(VAULT)
        yield Access("vault" if in_vault else ANY, name.removeprefix(VAULT) if in_vault else name, place)
        rest = rest.replace(f"{{{{{name}}}}}", "")
    if names_in(rest):
        yield Access(ANY, None, place)


def _texts(request: Request, auth: Auth | None) -> Iterator[tuple[str, str]]:
    yield "method", request.method
    yield "URL", url_text(request.url)
    for variable in request.url.variables:
        if not variable.disabled:
            yield f"path variable {variable.key}", text_of(variable.value)
    for header in request.headers:
        if not header.disabled:
            yield f"header {header.key}", f"{header.key}: {header.value or ''}"
    if request.body is not None and not request.body.disabled:
        yield from (("body", text) for text in _body_texts(request.body))
    if auth is not None:
        yield from (("auth", text) for value in auth.params.values() for text in texts_in(value))


def _body_texts(body: Body) -> Iterator[str]:
    for value in (body.raw, body.graphql, body.file):
        yield from texts_in(value)
    for param in (*body.urlencoded, *body.formdata):
        if not param.disabled:
            sources = param.src if isinstance(param.src, tuple) else (param.src,)
            for one in (param.key, param.value, param.file_name, param.content_type, *sources):
                yield from texts_in(one)


def texts_in(value: Json) -> Iterator[str]:
    """Every text in a JSON value."""
    waiting: list[Json] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend(one.values())
