"""The texts of Bruno's files: requests with their examples, folders, the collection, environments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.foreign.bruno.blocks import QUOTES
from runner.foreign.bruno.model import NONE, Body, Environment, Example, Folder, Level, Request, Row
from runner.foreign.bruno.parsing import METHODS
from runner.foreign.bruno.printing import INDENT, document, indented, names, pairs, text, values
from runner.model.quick_dataclass import replace

_NOT_IN_NAMES = re.compile(r"[\r\n]+|\A(?=''')'")
"""Line ends, and the first of three quotes at the beginning, which would open a text of several lines."""

BLOCKS = {"formUrlEncoded": "body:form-urlencoded", "multipartForm": "body:multipart-form", "file": "body:file"}
"""The blocks of bodies that have rows."""


def request_text(request: Request) -> str:
    """The file of one request."""
    body, auth = request.body, request.auth
    mode = NONE if body.unused else body.mode
    method = request.method.lower()
    standard = method in METHODS - {"http"}
    asked = [] if standard else [("method", request.method)]
    asked += [("url", request.url), ("body", mode), ("auth", auth.mode)]
    meta = [("name", request.name), ("type", "graphql" if mode == "graphql" else "http"), ("seq", f"{request.seq:g}")]
    return document(
        [
            _meta(meta, request.tags),
            values(method if standard else "http", asked),
            pairs("params:query", request.query),
            pairs("params:path", request.path),
            pairs("headers", request.headers),
            *_auth(request),
            *_body(body),
            *_scripts(request),
            values("settings", [(name, str(value)) for name, value in request.settings.items()]),
            text("docs", request.docs),
            *map(_example, request.examples),
        ]
    )


def level_text(folder: Folder, *, root: bool) -> str:
    """The file of a folder, or of the whole collection."""
    meta = "" if root else _meta([("name", folder.name), ("seq", f"{folder.seq:g}")], [])
    mode = folder.auth.mode
    return document(
        [
            meta,
            pairs("headers", folder.headers),
            values("auth", [("mode", mode)]) if mode != NONE or not root else "",
            *_auth(folder),
            *_scripts(folder),
            text("docs", folder.docs),
        ]
    )


def environment_text(environment: Environment) -> str:
    """The file of an environment; it has no values of secrets."""
    plain = [row for row in environment.rows if not row.secret]
    secret = [row for row in environment.rows if row.secret]
    return (pairs("vars", plain) or ("" if secret else "vars {\n}\n")) + names("vars:secret", secret)


def _meta(members: list[tuple[str, str]], tags: list[str]) -> str:
    lines = [f"{name}: {_NOT_IN_NAMES.sub(' ', value)}" for name, value in members]
    if tags:
        lines += ["tags: [", *(INDENT + tag for tag in tags), "]"]
    return "meta {\n" + indented("\n".join(lines)) + "\n}\n"


def _auth(level: Level) -> Iterator[str]:
    auth = level.auth
    if auth.values:
        yield values(f"auth:{auth.mode}", auth.values.items())
    places = dict.fromkeys((request, place) for request, place, _ in auth.more)
    for place in places:
        rows = [row for *where, row in auth.more if tuple(where) == place]
        yield pairs(f"auth:oauth2:additional_params:{':'.join(place)}", rows)


def _body(body: Body) -> Iterator[str]:
    if body.mode == NONE:
        return
    if body.mode in BLOCKS:
        yield pairs(BLOCKS[body.mode], body.rows)
    elif body.mode == "graphql":
        yield text("body:graphql", body.text)
        yield text("body:graphql:vars", body.variables)
    else:
        yield text(f"body:{body.mode}", body.text)


def _scripts(level: Level) -> Iterator[str]:
    yield pairs("vars:pre-request", level.variables)
    yield pairs("vars:post-response", level.captured)
    yield text("script:pre-request", level.before.text)
    yield text("script:post-response", level.after.text)
    yield text("tests", level.tests.text)


# -- examples -------------------------------------------------------------------------------------------------------


def _example(example: Example) -> str:
    """An example: blocks inside of blocks, whose names end with a colon, without annotations."""
    asked = example.request
    lines = [f"url: {asked.url}", f"method: {asked.method}"]
    if asked.body.mode != NONE:
        lines.append(f"mode: {asked.body.mode}")
    tables = (("params:query", asked.query), ("params:path", asked.path), ("headers", asked.headers))
    body = replace(asked.body, rows=_plain(asked.body.rows))
    lines += [_nested(block) for block in (*(pairs(name, _plain(rows)) for name, rows in tables), *_body(body)) if block]
    answer = [_nested(pairs("headers", _plain(example.headers)))] if example.headers else []
    answer.append(_nested(values("status", [("code", str(example.code)), ("text", example.status)])))
    if example.body:
        content = f"type: {_kind(example)}\ncontent: {QUOTES}\n{_shifted(example.body)}\n{QUOTES}"
        answer.append(f"body: {{\n{_shifted(content)}\n}}")
    parts = [f"name: {example.name}\n", _group("request", lines), "", _group("response", answer)]
    return f"example {{\n{_shifted(chr(10).join(parts))}\n}}\n"


def _plain(rows: list[Row]) -> list[Row]:
    return [replace(row, description="") for row in rows]


def _nested(block: str) -> str:
    """A block as it stands inside of an example."""
    return block.rstrip("\n").replace(" {", ": {", 1)


def _group(name: str, parts: list[str]) -> str:
    return f"{name}: {{\n{_shifted(chr(10).join(parts))}\n}}"


def _shifted(content: str) -> str:
    """A text with every line indented that is not blank: Bruno takes blanks in others for text."""
    return "\n".join(INDENT + line if line.strip() else "" for line in content.split("\n"))


def _kind(example: Example) -> str:
    type = next((row.value.lower() for row in example.headers if row.name.lower() == "content-type"), "")
    return next((kind for kind in ("json", "xml", "html") if kind in type), "text")
