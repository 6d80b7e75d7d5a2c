"""The headers of a request in the order, case and number in which Postman sends them."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from runner.errors import RequestError
from runner.model.request import Header
from runner.request.address import Address
from runner.rules.text import javascript_order

USER_AGENT = "PostmanRuntime/7.56.1"

SYSTEM_HEADERS = (
    ("User-Agent", USER_AGENT),
    ("Accept", "*/*"),
    ("Cache-Control", "no-cache"),
    ("Postman-Token", None),
    ("Host", None),
    ("Accept-Encoding", "gzip, deflate, br"),
    ("Connection", "keep-alive"),
)
"""What Postman adds, in this order; headers without a value get one for each request."""

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_BAD_VALUE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")
_BAD_TARGET = re.compile(r"[^\x21-\xff]")


def basic_authorization(address: Address) -> str:
    """The `Authorization` for the user name and password of a URL."""
    user, password = unquote_to_bytes(address.user or ""), unquote_to_bytes(address.password or "")
    return "Basic " + b64encode(user + b":" + password).decode()


class Fields:
    """The header fields of a request that is being made, kept as Node does: by lower-case name, where the first one stood.

    A later name in another case replaces name and values; the same name in the same case adds a line.
    """

    __slots__ = ("_fields",)

    def __init__(self, headers: Iterable[Header] = ()) -> None:
        grouped: dict[str, list[str]] = {}
        for header in headers:
            if not header.disabled and header.key:
                grouped.setdefault(header.key, []).append("null" if header.value is None else header.value)
        self._fields: dict[str, tuple[str, list[str]]] = {}
        for name in javascript_order(grouped):
            self._fields[name.lower()] = (name, grouped[name])

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._fields

    def get(self, name: str) -> str | None:
        """The value of a field, of several lines the last; None if it is missing."""
        field = self._fields.get(name.lower())
        return field[1][-1] if field else None

    def values(self, name: str) -> list[str]:
        """All lines of a field; empty if it is missing."""
        return self._fields.get(name.lower(), ("", []))[1]

    def put(self, name: str, value: str) -> None:
        """Set a field; an existing one keeps its place and the case of its name."""
        key = name.lower()
        self._fields[key] = (self._fields[key][0] if key in self._fields else name, [value])

    def add_missing(self, name: str, value: str) -> None:
        """Set a field unless it exists."""
        self._fields.setdefault(name.lower(), (name, [value]))

    def lines(self) -> tuple[tuple[str, str], ...]:
        """The fields as lines; raises `RequestError` with Node's code and text if HTTP does not allow one."""
        if len(self.values("host")) > 1:
            text = 'The "options.headers.host" property must be of type string. Received an instance of Array'
            raise RequestError(text, code="ERR_INVALID_ARG_TYPE")
        found = []
        for key, (name, values) in self._fields.items():
            check_name(name)
            for value in ["; ".join(values)] if key == "cookie" else values:
                check_value(name, value)
                found.append((name, value))
        return tuple(found)


def check_name(name: str) -> None:
    """Raise `RequestError` unless the name is a token (RFC 9110 section 5.6.2)."""
    if not _TOKEN.match(name):
        raise RequestError(f'Header name must be a valid HTTP token ["{name}"]', code="ERR_INVALID_HTTP_TOKEN")


def check_value(name: str, value: str) -> None:
    """Raise `RequestError` for a line break, a control character, or a character beyond latin-1."""
    if _BAD_VALUE.search(value):
        raise RequestError(f'Invalid character in header content ["{name}"]', code="ERR_INVALID_CHAR")


def check_method(method: str) -> None:
    """Raise `RequestError` unless the method is a token."""
    if not _TOKEN.match(method):
        raise RequestError(f'Method must be a valid HTTP token ["{method}"]', code="ERR_INVALID_HTTP_TOKEN")


def check_target(target: str) -> None:
    """Raise `RequestError` for a space, a control or a character beyond latin-1, which `disableUrlEncoding` may let in."""
    if _BAD_TARGET.search(target):
        raise RequestError("Request path contains unescaped characters", code="ERR_UNESCAPED_CHARACTERS")
