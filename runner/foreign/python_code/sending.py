"""The functions by which written Python sends requests. Their source is copied into it; nothing here is called.

Each function stands for itself: what it uses of this module and of `values.py` is copied, too (`copied.py`).
"""

from __future__ import annotations

import base64
import json
import re
import time
import uuid
from collections import ChainMap
from collections.abc import Callable
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from random import choice, randint
from string import punctuation
from urllib.parse import quote, urljoin

import httpx

from runner.foreign.python_code.values import text

jar = CookieJar()
clients: dict[bool, httpx.Client] = {}
variables: ChainMap[str, object] = ChainMap()

Headers = list[tuple[str, str | bytes | None]]

DYNAMIC: dict[str, Callable[[], object]] = {
    "$guid": lambda: uuid.uuid4(),
    "$randomUUID": lambda: uuid.uuid4(),
    "$timestamp": lambda: round(time.time()),
    "$isoTimestamp": lambda: datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    "$randomInt": lambda: randint(0, 1000),
    "$randomBoolean": lambda: choice((True, False)),
    "$randomAlphaNumeric": lambda: choice("0123456789abcdefghijklmnopqrstuvwxyz"),
}


def send(
    method: str,
    url: str,
    headers: Headers,
    body: str | bytes | None = None,
    *,
    redirects: int | None = 10,
    keep_method: bool = False,
    cookies: bool = True,
    verify: bool = True,
    auth: httpx.Auth | None = None,
) -> httpx.Response:
    """Send a request and follow its redirects as Postman does. Headers that are None get their values here."""
    url = url if re.match("[A-Za-z]+://", url) else f"http://{url}"
    content = None if body is None else utf8(body)
    for _ in range(1 + (redirects or 0)):
        response = exchange(method, url, headers, content, cookies, verify, auth)
        location = response.headers.get("Location")
        if redirects is None or not 300 <= response.status_code < 400 or not location:
            return response
        dropped = {"referer"}
        if not keep_method and response.status_code not in (307, 308):
            method, content = method if method == "HEAD" else "GET", None
            dropped |= {"content-type", "content-length", "transfer-encoding"}
        before, url = url, urljoin(url, location)
        if httpx.URL(before).netloc != httpx.URL(url).netloc:
            dropped |= {"authorization", "cookie"}
        headers = [(name, value) for name, value in headers if name.lower() not in dropped] + [("Referer", before)]
    raise httpx.TooManyRedirects(f"more than {redirects} redirects")


def exchange(
    method: str,
    url: str,
    headers: Headers,
    content: bytes | None,
    cookies: bool,
    verify: bool,
    auth: httpx.Auth | None,
) -> httpx.Response:
    """Send one request with exactly these headers, in their order and case; only `Host` comes first."""
    host, target, address = parsed(url)
    lines = complete(headers, host, content)
    if verify not in clients:
        clients[verify] = httpx.Client(cookies=jar, verify=verify, timeout=None)
    kept = list(jar)
    probe = httpx.Request("GET", address)
    clients[verify].cookies.set_cookie_header(probe)
    lines = with_cookies(lines, probe.headers.get("Cookie", "").encode() if cookies else b"")
    # httpx would normalize some targets: those are given as they are
    extensions = {} if address.raw_path == target else {"target": target}
    request = httpx.Request(method, address, headers=lines, content=content, extensions=extensions)
    if b"content-length" not in {name.lower() for name, _ in lines}:
        request.headers.pop("Content-Length", None)
    response = clients[verify].send(request, auth=auth)
    if not cookies:
        jar.clear()
        for cookie in kept:
            jar.set_cookie(cookie)
    return response


def parsed(url: str) -> tuple[str, bytes, httpx.URL]:
    """The host of a URL with its port, what is asked for there, and both for httpx."""
    scheme, _, rest = url.partition("://")
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    asked = rest[len(host) :].partition("#")[0]
    target = quote(asked if asked.startswith("/") else f"/{asked}", safe=punctuation)
    try:
        return host, target.encode(), httpx.URL(f"{scheme}://{host}{target}")
    except httpx.InvalidURL:
        return host, target.encode(), httpx.URL(f"{scheme}://{host}/")


def complete(headers: Headers, host: str, content: bytes | None) -> list[tuple[bytes, bytes]]:
    """The headers with the values of those that are None, and with the length of a body behind them."""
    made = {"host": host, "content-length": str(len(content or b"")), "postman-token": str(uuid.uuid4()), "cookie": ""}
    lines = [(name.encode(), utf8(made[name.lower()] if value is None else value).strip()) for name, value in headers]
    if content is not None and not {name.lower() for name, _ in lines} & {b"content-length", b"transfer-encoding"}:
        lines.append((b"Content-Length", made["content-length"].encode()))
    return lines


def with_cookies(lines: list[tuple[bytes, bytes]], cookies: bytes) -> list[tuple[bytes, bytes]]:
    """The headers with these cookies behind those of the request itself."""
    if b"cookie" not in {name.lower() for name, _ in lines}:
        lines = [*lines, (b"Cookie", b"")]
    whole = [
        (name, b"; ".join(filter(None, (value, cookies))) if name.lower() == b"cookie" else value) for name, value in lines
    ]
    return [(name, value) for name, value in whole if value or name.lower() != b"cookie"]


def utf8(value: str | bytes) -> bytes:
    """A text as the bytes that are sent."""
    return (
        value if isinstance(value, bytes) else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    )


def fill(template: str) -> str:
    """The template with the value of each variable; an unknown name stays in its braces, as in Postman."""
    for _ in range(19):
        before, template = template, re.sub(r"{{([^{}]*)}}", lambda name: value_of(name[1]), template)
        if before == template:
            break
    return template


def value_of(name: str) -> str:
    """The text of a variable where a template names it."""
    if name in variables:
        return text(variables[name])
    return str(DYNAMIC[name]()) if name in DYNAMIC else f"{{{{{name}}}}}"


def var(name: str) -> str:
    """The value of a variable as it is written into a request."""
    return fill(f"{{{{{name}}}}}")


def path(name: str) -> str:
    """The value of a variable in the path of a URL, percent-encoded as Postman does; `%` stays."""
    return quote(utf8(var(name)), safe="!$%&'()*+,/:;=@[\\]^|")


def query(name: str) -> str:
    """The value of a variable in the query of a URL, percent-encoded as Postman does; `%` stays."""
    return quote(utf8(var(name)), safe="!$%&()*+,/:;=?@[\\]^`{|}")


def param(name: str) -> str:
    """The value of a variable as one parameter of a query."""
    return query(name).replace("&", "%26")


def form(name: str) -> str:
    """The value of a variable in a form."""
    return quote(utf8(var(name)), safe="")


def json_text(name: str) -> str:
    """The value of a variable inside of a text of JSON."""
    return json.dumps(var(name), ensure_ascii=False)[1:-1]


def base64_text(value: str | bytes) -> str:
    """A text in base64: user and password of Basic."""
    return base64.b64encode(utf8(value)).decode()


def file(name: str) -> bytes:
    """The content of a file; a relative path counts from the current folder."""
    return Path(name).read_bytes()


def joined(*parts: str | bytes) -> bytes:
    """Parts of a body behind one another."""
    return b"".join(map(utf8, parts))
