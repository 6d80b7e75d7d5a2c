"""The headers of an operation: those of `-H`, those that other options stand for, and those that are taken away."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from runner.foreign.curl.arguments import Operation
from runner.foreign.curl.local import Local
from runner.foreign.curl.shells.variables import without_references
from runner.request.headers import SYSTEM_HEADERS

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_VARIABLE = re.compile(r"\{\{[^{}\s]++\}\}")
_FORM = "application/x-www-form-urlencoded"
SYSTEM = frozenset({name.lower() for name, _ in SYSTEM_HEADERS} | {"content-type", "content-length"})
"""Headers that are sent unless they are switched off."""


class Headers:
    """The lines that are sent, in order, and the names in lower case of those that are not."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.removed: set[str] = set()
        self.recased: list[str] = []
        self.unsendable: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.removed or any(known.lower() == name.lower() for known, _ in self.lines)

    def get(self, name: str) -> str:
        """The first value of a header; empty without one."""
        return next((value for known, value in self.lines if known.lower() == name.lower()), "")

    def add(self, name: str, value: str) -> None:
        """Add a line; one of a name that is there in another case gets that case, because Postman would send only one."""
        if not _NAME.match(_VARIABLE.sub("v", without_references(name))):
            self.unsendable.append(name)
            return
        known = next((one for one, _ in self.lines if one.lower() == name.lower()), name)
        if known != name:
            self.recased.append(name)
        self.lines.append((known, value))

    def add_missing(self, name: str, value: str | None) -> None:
        """Add a line unless the name is there, or was taken away."""
        if value and name not in self:
            self.add(name, value)

    def drop(self, name: str) -> None:
        """Take all lines of a name away."""
        self.lines = [(known, value) for known, value in self.lines if known.lower() != name.lower()]


def headers_of(operation: Operation, local: Local) -> Headers:
    """What `-H`, `-A`, `-e`, `-b`, `-r`, `-z` and `-C` say."""
    headers = Headers()
    for text in _texts(operation, local):
        name, colon, value = text.partition(":")
        if colon and value.strip():
            headers.add(name.rstrip(" \t"), value.strip())
        elif colon:
            headers.removed.add(name.strip().lower())
        elif text.rstrip().endswith(";"):
            headers.add(text.rstrip()[:-1], "")
    headers.removed -= {name.lower() for name, _ in headers.lines}
    agent = operation.value("user-agent")
    if agent == "" and "User-Agent" not in headers:
        headers.removed.add("user-agent")
    headers.add_missing("User-Agent", agent)
    headers.add_missing("Referer", (operation.value("referer") or "").removesuffix(";auto"))
    cookies = [value for value in operation.values("cookie") if "=" in value]
    headers.add_missing("Cookie", ";".join(cookies))
    headers.add_missing("Range", _range(operation))
    for name, value in _conditions(operation, local):
        headers.add_missing(name, value)
    if operation.is_on("tr-encoding"):
        headers.add_missing("TE", "gzip")
        headers.add_missing("Connection", "TE")
    return headers


def _texts(operation: Operation, local: Local) -> Iterable[str]:
    for value in operation.values("header"):
        if value.startswith("@"):
            yield from (local.text(value[1:]) or "").splitlines()
        else:
            yield value if ":" in value else local.known(value)


def _range(operation: Operation) -> str:
    wanted, begin = operation.value("range"), operation.value("continue-at")
    if wanted:
        return f"bytes={wanted}"
    return f"bytes={begin}-" if begin and begin.isdigit() and int(begin) else ""


def _conditions(operation: Operation, local: Local) -> Iterable[tuple[str, str]]:
    """`-z` with a date or the time of a file, and `--etag-compare`."""
    condition = operation.value("time-cond")
    if condition:
        name = "If-Unmodified-Since" if condition.startswith("-") else "If-Modified-Since"
        path = local.path(condition.lstrip("-+="))
        try:
            time = (
                datetime.fromtimestamp(os.stat(path).st_mtime, UTC) if os.path.exists(path) else parsedate_to_datetime(path)
            )
            yield name, format_datetime(time.astimezone(UTC), usegmt=True)
        except (ValueError, OSError):
            local.missing.append(path)
    compared = operation.value("etag-compare")
    if compared is not None:
        yield "If-None-Match", (local.text(compared) or "").strip() or '""'


def add_body_headers(headers: Headers, *, json: bool, data: bool, in_query: bool) -> None:
    """What curl adds for data: two headers for `--json`, a type for other data that is a body."""
    if json:
        headers.add_missing("Content-Type", "application/json")
        headers.add_missing("Accept", "application/json")
    elif data and not in_query:
        headers.add_missing("Content-Type", _FORM)


def is_form(headers: Headers) -> bool:
    """Whether the body is a form of the type that curl gives it by itself."""
    return headers.get("Content-Type") == _FORM
