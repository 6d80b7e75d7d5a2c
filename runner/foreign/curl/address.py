"""A URL of a command line as the URL of a request: what curl makes of it, in parts that are sent so."""

from __future__ import annotations

import re
from urllib.parse import unquote

from runner.foreign.curl.arguments import Refused
from runner.foreign.curl.shells.variables import ShellVariables, has_reference
from runner.formats.postman.v2_url import dump_url
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.request import Url
from runner.rules.percent import encode_path, encode_query
from runner.rules.url import parse_query

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):/{1,3}")
_GUESSED = re.compile(r"(?i)(ftp|dict|ldap|imap|smtp|pop3)\.")
_BAD = re.compile(r"[\x00-\x20\x7f]")


@dataclass(slots=True, kw_only=True)
class Target:
    """A URL in its parts: `user` and `password` are decoded, `path` has no dot segments unless they are wanted.

    `path` is empty behind a variable that may hold it.
    """

    scheme: str
    host: str
    port: str | None
    path: str
    query: str | None
    user: str | None = None
    password: str | None = None

    @property
    def is_exact(self) -> bool:
        """Whether path and query are sent as they are only if nothing encodes them."""
        plain = _encoded_path(self.path)
        query = self.query or ""
        return not has_reference(plain + query) and (encode_path(plain) != plain or encode_query(query) != query)

    def document(self, variables: ShellVariables, *, bytes_as_text: bool) -> JsonObject:
        """The URL of a v2.1 document. An exact one has the bytes of its query as characters, unless `bytes_as_text`."""
        path, query = self.path, self.query
        if self.is_exact:
            path = _encoded_path(path)
            query = as_latin1(query) if query is not None and not bytes_as_text else query
        url = Url(
            protocol=self.scheme or None,
            host=tuple(variables.finished(self.host).split(".")) if not has_reference(self.host) else
            (variables.finished(self.host),),
            port=None if self.port is None else variables.finished(self.port),
            path=tuple(variables.finished(path).removeprefix("/").split("/")) if path else None,
            query=None if query is None else parse_query(variables.finished(query)),
        )  # fmt: skip
        return dump_url(url, None)


def as_latin1(text: str) -> str:
    """The bytes of a text as characters: heads of requests without a text body are written so."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _encoded_path(path: str) -> str:
    """A path with its characters beyond ASCII percent-encoded, as curl sends it; references stay."""
    if path.isascii():
        return path
    return "".join(
        one if one.isascii() or "\ufdd0" <= one <= "\ufdef" else
        "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "surrogateescape"))
        for one in path
    )  # fmt: skip


def check_url(text: str) -> None:
    """Raise `Refused` for a blank or a control character."""
    if _BAD.search(text):
        raise Refused("the URL has a blank or a control character in it")


def parse_target(text: str, *, as_is: bool, default_scheme: str = "") -> Target:
    """The parts of a URL; raises `Refused` for one that curl refuses. Without `as_is` dot segments are removed."""
    check_url(text)
    found = _SCHEME.match(text)
    rest = text[found.end() :] if found else text
    authority, tail = re.match(r"([^/?#]*)(.*)\Z", rest, re.DOTALL).groups()  # type: ignore[union-attr]  # matches all
    login, login_mark, host = authority.rpartition("@")
    if found:
        scheme = found[1].lower()
    elif has_reference(host[:1]) or host.startswith("{{"):
        scheme = ""  # the variable may have one
    else:
        guessed = _GUESSED.match(host)
        scheme = default_scheme or (guessed[1].lower() if guessed else "http")
    host, port = _host_and_port(host)
    tail = tail.partition("#")[0]
    path, query_mark, query = tail.partition("?")
    path = path or ("" if not scheme and port is None else "/")  # the variable may have a path, too
    user, password_mark, password = login.partition(":")
    return Target(
        scheme=scheme,
        host=host,
        port=port,
        path=path if as_is else _without_dots(path),
        query=query if query_mark else None,
        user=unquote(user) if login_mark else None,
        password=unquote(password) if password_mark else None,
    )


def _host_and_port(text: str) -> tuple[str, str | None]:
    host, mark, port = text.rpartition(":")
    if not mark or "]" in port or (has_reference(text) and not re.search(r":(\d*|\ufdd0.*)\Z", text)):
        host, port = text, ""
    if not host or (":" in host and "]" not in host and not has_reference(host)):
        raise Refused("the URL has no host that curl can read")
    if port and not has_reference(port) and not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise Refused("the URL has a port that is none")
    return host, port or None


def _without_dots(path: str) -> str:
    """A path without `.` and `..` (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    made: list[str] = []
    segments = path.split("/")[1:]
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1
        if segment == "..":
            made = made[:-1]
        if segment not in (".", ".."):
            made.append(segment)
        elif last:
            made.append("")
    return "/" + "/".join(made)
