"""A request as a curl command that sends it again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from runner.events import RequestEvent
from runner.model.request import FormParam
from runner.reporters.text import url_of

CLIP = 4096
"""The most characters of a body that are written into a command."""

LEFT_TO_CURL = frozenset({"host", "connection", "content-length", "accept-encoding", "transfer-encoding"})
"""Headers (lower case) that curl makes itself."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f]")


def curl_command(event: RequestEvent, *, insecure: bool = False) -> str:
    """The command on one line, quoted for a POSIX shell, without the headers that the runner added."""
    return " ".join(["curl", *map(quoted, curl_arguments(event, insecure=insecure))])


def curl_arguments(event: RequestEvent, *, insecure: bool = False) -> list[str]:
    """The arguments of the command, unquoted."""
    exchange = event.exchange
    body = list(_body(event))
    options = _method(event.method, bool(body))
    if insecure:
        options.append("--insecure")
    if exchange is not None and len(exchange.hops) > 1:
        options.append("--location")
    if any(header.key.lower() == "accept-encoding" for header in event.request.headers):
        options.append("--compressed")
    options += [argument for header in _headers(event) for argument in ("-H", header)]
    url = url_of(event)
    globs = ["--globoff"] if set(url) & set("[]{}") else []
    return [*options, *body, *globs, url]


def quoted(argument: str) -> str:
    """One argument for a POSIX shell; one with control characters as `$'…'`, which every shell but the oldest knows."""
    if not _CONTROLS.search(argument):
        return shlex.quote(argument)
    escaped = (
        argument.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return "$'" + _CONTROLS.sub(_octal, escaped) + "'"


def _octal(match: re.Match[str]) -> str:
    return "".join(f"\\{byte:03o}" for byte in match[0].encode())


def _method(method: str, has_body: bool) -> list[str]:
    if method == "HEAD" and not has_body:
        return ["--head"]
    return [] if method == ("POST" if has_body else "GET") else ["-X", method]


def _headers(event: RequestEvent) -> Iterator[str]:
    multipart = event.request.body is not None and event.request.body.mode == "formdata"
    names = set()
    for header in event.request.headers:
        name, value = header.key, header.value or ""
        lower = name.lower()
        own = not header.system or lower in ("content-type", "authorization", "cookie")
        if header.disabled or not own or lower in LEFT_TO_CURL or (multipart and lower == "content-type"):
            continue
        names.add(lower)
        yield f"{name}: {value}" if value else f"{name};"
    if event.request.body is not None and not multipart and "content-type" not in names:
        yield "Content-Type:"  # curl would say that it is a form


def _body(event: RequestEvent) -> Iterator[str]:
    model = event.request.body
    if model is not None and model.mode == "formdata" and not model.disabled:
        for field in model.formdata:
            yield from () if field.disabled else _form_field(field)
        return
    exchange = event.exchange
    if exchange is None or not exchange.request.body_size:
        return
    found = exchange.request.text_start(CLIP)
    if found is None:
        yield from ("--data-binary", "@FILE")
    else:
        start, more = found
        yield from ("--data-raw", start + "..." if more else start)


def _form_field(field: FormParam) -> Iterator[str]:
    if field.type == "file":
        for path in field.src if isinstance(field.src, tuple) else (field.src or "FILE",):
            yield from ("-F", f"{field.key}=@{path}")
    else:
        value = str(field.value or "")
        yield from ("--form-string", f"{field.key}={value}")
