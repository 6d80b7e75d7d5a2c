"""Makes requests, folders and environments of the blocks of `.bru` files."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.foreign.bruno.blocks import Block, blocks, names, rows, with_type
from runner.foreign.bruno.model import (
    INHERIT,
    NONE,
    Authorization,
    Body,
    Code,
    Environment,
    Example,
    Folder,
    Level,
    Request,
    Row,
)

METHODS = frozenset(["get", "post", "put", "delete", "patch", "options", "head", "connect", "trace", "http"])
"""The blocks that say which request is made."""

MODES = {
    "body": "json",
    "body:json": "json",
    "body:text": "text",
    "body:xml": "xml",
    "body:sparql": "sparql",
    "body:graphql": "graphql",
    "body:form-urlencoded": "formUrlEncoded",
    "body:multipart-form": "multipartForm",
    "body:file": "file",
}
"""The blocks of bodies, and what Bruno calls their modes."""

MODE_NAMES = {"form-urlencoded": "formUrlEncoded", "multipart-form": "multipartForm"}
_MORE = re.compile(
    r"auth:oauth2:additional_params:(auth_req|access_token_req|refresh_token_req):(headers|queryparams|body)\Z"
)


def parse_request(text: str, file: str, name: str) -> Request:
    """The request of one file; raises `InvalidDocument`."""
    request = Request(name=name, file=file, auth=Authorization(NONE))
    bodies, auths, more = dict[str, Body](), dict[str, Authorization](), list[tuple[str, str, Row]]()
    params = {"params:query": request.query, "query": request.query, "params:path": request.path}
    chosen: dict[str, str] = {}
    for block in blocks(text, file):
        if block.name in METHODS:
            chosen = _pairs(block, file)
            request.method = chosen.get("method", "GET") if block.name == "http" else block.name.upper()
            request.url, request.line = chosen.get("url", ""), block.line
        elif block.name in ("grpc", "ws"):
            request.protocol = {"grpc": "gRPC", "ws": "WebSocket"}[block.name]
            request.url, request.line = _pairs(block, file).get("url", ""), block.line
        elif block.name in params:
            params[block.name].extend(rows(block, file))
        elif block.name in MODES:
            _body(bodies.setdefault(MODES[block.name], Body(MODES[block.name])), block, file)
        elif block.name == "body:graphql:vars":
            bodies.setdefault("graphql", Body("graphql")).variables = block.text
        elif block.name == "assert":
            request.asserts += rows(block, file, expressions=True)
        elif block.name == "settings":
            request.settings = dict(_pairs(block, file))
        elif block.name == "example":
            request.examples.append(_example(block, request))
        else:
            _level(request, block, file, auths, more)
    mode = MODE_NAMES.get(chosen.get("body", ""), chosen.get("body", ""))
    _choose_body(request, mode, bodies)
    _choose(request, chosen.get("auth", ""), auths, more)
    return request


def _choose_body(request: Request, mode: str, bodies: dict[str, Body]) -> None:
    """The body of the mode, else the first; without a mode to send, the only one is kept as one that is not sent."""
    request.body = bodies.pop(mode, Body(mode or NONE)) if mode else bodies.pop(next(iter(bodies), ""), Body())
    if mode == NONE and len(bodies) == 1:
        request.body = bodies.popitem()[1]
        request.body.unused = True
    request.others = [body for body in bodies.values() if body.text.strip() or body.variables.strip() or body.rows]


def parse_level(text: str, file: str, folder: Folder, *, inherits: bool) -> None:
    """Fill in what `folder.bru` or `collection.bru` says; raises `InvalidDocument`."""
    auths: dict[str, Authorization] = {}
    more: list[tuple[str, str, Row]] = []
    mode = ""
    for block in blocks(text, file):
        if block.name == "auth":
            mode = _pairs(block, file).get("mode", "")
        else:
            _level(folder, block, file, auths, more)
    folder.file = file
    _choose(folder, mode or (next(iter(auths), INHERIT if inherits else NONE)), auths, more)


def parse_environment(text: str, file: str, name: str) -> Environment:
    """The environment of one file; raises `InvalidDocument`."""
    found = Environment(name=name, file=file)
    for block in blocks(text, file):
        if block.name == "vars":
            found.rows += rows(block, file)
        elif block.name == "vars:secret":
            found.rows += names(block)
        elif block.name.startswith("vars:externalsecrets:"):
            for row in rows(block, file):
                row.secret, row.value = True, ""
                found.rows.append(row)
    return found


def _pairs(block: Block, file: str) -> dict[str, str]:
    return {row.name: row.value for row in rows(block, file)}


def _choose(level: Level, mode: str, auths: dict[str, Authorization], more: list[tuple[str, str, Row]]) -> None:
    if mode:
        level.auth = auths.get(mode, Authorization(mode))
        level.auth.more = more


def _level(
    level: Level, block: Block, file: str, auths: dict[str, Authorization], more: list[tuple[str, str, Row]]
) -> None:
    """What requests, folders and collections have in common."""
    parameters = _MORE.match(block.name)
    if block.name == "meta":
        meta = _pairs(block, file)
        level.name = meta.get("name") or level.name
        level.seq = _number(meta.get("seq", ""))
        level.tags = [tag.strip() for tag in meta.get("tags", "").split(",") if tag.strip()]
    elif block.name == "headers":
        level.headers += rows(block, file)
    elif parameters is not None:
        more += [(parameters[1], parameters[2], row) for row in rows(block, file)]
    elif block.name.startswith("auth:"):
        mode = block.name.removeprefix("auth:")
        auths[mode] = Authorization(mode, _pairs(block, file))
    elif block.name == "vars:pre-request":
        level.variables += [_local(row) for row in rows(block, file)]
    elif block.name == "vars:post-response":
        level.captured += [_local(row) for row in rows(block, file)]
    elif block.name == "script:pre-request":
        level.before = Code(block.text, block.text_line)
    elif block.name == "script:post-response":
        level.after = Code(block.text, block.text_line)
    elif block.name == "tests":
        level.tests = Code(block.text, block.text_line)
    elif block.name == "docs":
        level.docs = block.text
    elif any(line.strip() for line in block.lines):
        level.strange.append((block.name, block.line - 1))


def _local(row: Row) -> Row:
    row.name = row.name.removeprefix("@")
    return row


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0


def _body(body: Body, block: Block, file: str) -> None:
    if block.name in ("body:multipart-form", "body:file"):
        body.rows += [with_type(row) for row in rows(block, file)]
    elif block.name == "body:form-urlencoded":
        body.rows += rows(block, file)
    else:
        body.text = block.text


# -- examples -------------------------------------------------------------------------------------------------------


def _example(block: Block, request: Request) -> Example:
    """An example, which is written with blocks inside of blocks; what it does not say is as in its request."""
    file = request.file
    asked = Request(name="", method=request.method, url=request.url)
    found = Example("Example", asked)
    parts: dict[str, Callable[[Block], None]] = {}

    def fill(part: Block) -> None:
        for inner in blocks(part.text, file, part.text_line):
            _of_example(found, asked, part.name, inner, file)

    parts["request"] = parts["response"] = fill
    for part in blocks(block.text, file, block.text_line):
        if part.name == "name":
            found.name = part.value
        elif part.name == "description":
            asked.docs = part.value
        elif part.name in parts:
            parts[part.name](part)
    return found


def _of_example(found: Example, asked: Request, part: str, block: Block, file: str) -> None:
    if part == "response":
        if block.name == "headers":
            found.headers = rows(block, file)
        elif block.name == "status":
            status = _pairs(block, file)
            code, text = status.get("code", ""), status.get("text", "")
            if _number(text) and not _number(code):  # as an early Bruno wrote them
                code, text = text, code
            found.code, found.status = int(_number(code)) or 200, text
        elif block.name == "body":
            found.body = _content(block)
    elif block.name == "url":
        asked.url = block.value
    elif block.name == "method":
        asked.method = block.value.upper()
    elif block.name == "headers":
        asked.headers = rows(block, file)
    elif block.name == "params:query":
        asked.query = rows(block, file)
    elif block.name == "params:path":
        asked.path = rows(block, file)
    elif block.name in MODES:
        asked.body = asked.body if asked.body.mode == MODES[block.name] else Body(MODES[block.name])
        _body(asked.body, block, file)
    elif block.name == "body:graphql:vars":
        asked.body = asked.body if asked.body.mode == "graphql" else Body("graphql")
        asked.body.variables = block.text


def _content(block: Block) -> str:
    """The text of an answer: what stands between the quotes, each line without the indentation of the first."""
    text = "\n".join(block.lines)
    found = re.search(r"content:\s*'''[ \t]*\n?(.*)'''", text, re.DOTALL)
    if found is None:
        return ""
    lines = found[1].split("\n")
    if lines and not lines[-1].strip():
        lines.pop()
    indent = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 0)
    indent = min(indent, 4)
    return "\n".join(line[indent:] if not line[:indent].strip() else line for line in lines)
