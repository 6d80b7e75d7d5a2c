"""The call that sends one request, as lines of Python."""

from __future__ import annotations

from collections.abc import Iterator

from runner.foreign.outgoing.outgoing import HeaderLine, Outgoing
from runner.foreign.outgoing.texts import Text, holes
from runner.foreign.python_code.literals import expression, quoted
from runner.model.request import ProtocolProfileBehavior
from runner.request.headers import SYSTEM_HEADERS

WIDTH = 100
"""Columns that a line may have before its arguments get lines of their own."""

POSTMAN = "POSTMAN = [\n" + "".join(f"    ({quoted(n)}, {quoted(v) if v else None}),\n" for n, v in SYSTEM_HEADERS) + "]"
"""What Postman adds to each request; a header that is None is made when the request is sent."""

NAMES = tuple(name for name, _ in SYSTEM_HEADERS)


def problem_of(one: Outgoing) -> str:
    """Why httpx cannot send a request; empty if it can."""
    if one.error:
        return one.error
    if one.auth is not None and (one.auth.type != "digest" or {"realm", "nonce"} & one.auth.params.keys()):
        return f"the auth {one.auth.type} is computed when the request is sent, which this file cannot do"
    if any(isinstance(piece, bytes) or (isinstance(piece, str) and not piece.isascii()) for piece in _target(one.url)):
        return "httpx takes no URL with characters that are not encoded"
    return ""


def _target(url: Text) -> Iterator[object]:
    """The pieces of a URL behind its host, which may have letters of any kind."""
    start = next((at for at, piece in enumerate(url) if "/" in str(piece).partition("://")[2]), len(url))
    for at, piece in enumerate(url):
        if isinstance(piece, str) and at == start:
            yield piece.partition("://")[2].partition("/")[2]
        elif at > start or isinstance(piece, bytes):
            yield piece


def call(one: Outgoing, behavior: ProtocolProfileBehavior) -> str:
    """The expression that sends a request; what comes behind the first line is indented by four blanks."""
    given = [quoted(one.method), expression(one.url), _headers(one.lines)]
    if one.body is not None:
        given.append(expression(one.body, template=True))
    given += _settings(behavior)
    if one.auth is not None:
        user, password = (expression(one.auth.params.get(name, ())) for name in ("username", "password"))
        given.append(f"auth=httpx.DigestAuth({user}, {password})")
    line = f"send({', '.join(given)})"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    return "send(\n" + "".join(f"        {each},\n" for each in given) + "    )"


def _settings(behavior: ProtocolProfileBehavior) -> Iterator[str]:
    if behavior.follow_redirects is False:
        yield "redirects=None"
    elif behavior.max_redirects is not None:
        yield f"redirects={behavior.max_redirects}"
    if behavior.follow_original_http_method:
        yield "keep_method=True"
    if behavior.disable_cookies:
        yield "cookies=False"
    if behavior.strict_ssl is False:
        yield "verify=False"


def _headers(lines: tuple[HeaderLine, ...]) -> str:
    """The headers as a list; a length at the end is left out, because it is added there."""
    if lines and lines[-1].made and lines[-1].name.lower() == "content-length":
        lines = lines[:-1]
    made, at = list[str](), 0
    while at < len(lines):
        following = lines[at : at + len(NAMES)]
        if tuple(line.name for line in following if line.added or line.made) == NAMES:
            made.append("*POSTMAN")
            at += len(NAMES)
            continue
        line, at = lines[at], at + 1
        made.append(f"({quoted(line.name)}, {None if line.made else expression(line.value)})")
    if made == ["*POSTMAN"]:
        return "POSTMAN"
    text = f"[{', '.join(made)}]"
    if len(text) <= WIDTH - 10:
        return text
    return "[\n" + "".join(f"            {each},\n" for each in made) + "        ]"


def names_of(one: Outgoing) -> Iterator[str]:
    """The variables of a request."""
    params = one.auth.params.values() if one.auth else ()
    for text in (one.url, *(line.value for line in one.lines), one.body or (), *params):
        for hole in holes(text):
            yield hole.name
