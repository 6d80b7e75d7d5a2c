"""URLs as Postman reads and writes them: one text, or an object of parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from runner.model.json import Json, JsonObject
from runner.model.request import QueryParam, Url
from runner.model.variable import Variable
from runner.rules.casts import typed
from runner.rules.text import SPACES, text_of

_LINE_END = re.compile("[\n\r\u2028\u2029]")
_VARIABLE_PIECE = re.compile(r"({{[^{}]*}})")
_PLACE = "\0"
_PLACED = re.compile(r"{{[^{}]*}}|\0")  # with the NULs of the text itself, which must come back, too

SHORT = 2000
"""Characters of the longest URL whose parts are cached."""

ENTRY_KEYS = frozenset({"key", "value", "type", "disabled", "enabled", "description", "id", "name", "system", "equals"})
"""Keys that an entry in a list of headers, parameters or variables may have."""


def parse_url(source: Json) -> Url:
    """A URL from a text, or from an object of parts, whose `raw` is ignored (Postman).

    A text is split at the first `#`, the first `?`, the first `://`, the first `/`, the last `@` and the last `:`, in this
    order, but never inside of `{{a name}}`.
    """
    if isinstance(source, dict):
        return _from_parts(source)
    if not isinstance(source, str):
        return Url()
    if "{{" not in source:
        return _split_again(source) if len(source) <= SHORT else _split(source)
    names = iter(_PLACED.findall(source))

    def filled(part: str) -> str:
        first, *others = part.split(_PLACE)
        return first + "".join([next(names) + other for other in others])

    return _split(_PLACED.sub(_PLACE, source), filled)


@lru_cache(maxsize=64)
def _split_again(text: str) -> Url:
    """The parts of a URL, cached: each is parsed as it is written, as it is resolved and as it is sent."""
    return _split(text)


def _split(text: str, filled: Callable[[str], str] = str) -> Url:
    """The parts of a text, each passed through `filled`, which puts the names of variables back."""
    rest, hash_mark, hash = text.lstrip(SPACES).partition("#")
    rest, query_mark, query = rest.partition("?")
    rest = rest.replace("\\", "/")
    protocol: str | None = None
    if "://" in rest:
        protocol, _, rest = rest.partition("://")
        rest = ("/" if protocol.lower() == "file" and rest.startswith("/") else "") + rest.lstrip("/")
        protocol = filled(protocol)
    rest, path_mark, path = rest.partition("/")
    login, login_mark, rest = rest.rpartition("@")
    user, password_mark, password = login.partition(":")
    host, port_mark, port = rest.rpartition(":")
    if not port_mark or "]" in port:  # an IPv6 address has colons of its own
        host, port_mark, port = rest, "", ""
    return Url(
        protocol=protocol,
        user=filled(user) if login_mark else None,
        password=filled(password) if password_mark else None,
        host=tuple([filled(label) for label in host.split(".")]) if host else (),
        port=filled(port) if port_mark else None,
        path=tuple([filled(segment) for segment in path.split("/")]) if path_mark else None,
        query=_query([filled(part) for part in query.split("&")]) if query_mark else None,
        hash=filled(hash) if hash_mark else None,
    )


def parse_query(text: str) -> tuple[QueryParam, ...]:
    """The parameters of a query; one without `=` has no value, and an empty one that is not the last has no key either."""
    return _query(text.split("&"))


def _query(parts: list[str]) -> tuple[QueryParam, ...]:
    last = len(parts) - 1
    return tuple(_query_param(part) if part or n == last else QueryParam(None) for n, part in enumerate(parts))


def _query_param(text: str) -> QueryParam:
    key, equals, value = text.partition("=")
    return QueryParam(key, value if equals else None)


# -- parts ------------------------------------------------------------------------------------------------------


def _from_parts(source: JsonObject) -> Url:
    auth = source.get("auth")
    query = source.get("query")
    variables = source.get("variable")
    protocol, port = source.get("protocol"), source.get("port")
    return Url(
        protocol=None if protocol is None else text_of(protocol).removesuffix("://"),
        user=_only_text(auth.get("user")) if isinstance(auth, dict) else None,
        password=_only_text(auth.get("password")) if isinstance(auth, dict) else None,
        host=_host(source.get("host")),
        port=None if port is None else text_of(port),
        path=_path(source.get("path")),
        query=parse_params(query) if query else (None if query is None else ()),
        hash=_only_text(source.get("hash")),
        variables=parse_path_variables(variables) if variables else (),
    )


def _only_text(value: Json) -> str | None:
    """A text; anything else counts as missing (Postman)."""
    return value if isinstance(value, str) else None


def _host(value: Json) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple([_segment(part) for part in value])
    if isinstance(value, str):
        return tuple(_labels(value)) if value else ()
    return (text_of(value),) if value else ()


def _labels(host: str) -> Iterator[str]:
    """The labels of a host, split at every dot except those inside of `{{a name}}`: `}}` follows before the next `{`."""
    label: list[str] = []
    for number, piece in enumerate(host.split("{")):
        inside, braces, outside = piece.rpartition("}}")
        first, *further = outside.split(".")
        label.append(("{" if number else "") + inside + braces + first)
        for following in further:
            yield "".join(label)
            label = [following]
    yield "".join(label)


def _path(value: Json) -> tuple[str, ...] | None:
    if isinstance(value, list):
        return tuple([part if isinstance(part, str) else _segment(part) for part in value])
    if not isinstance(value, str):
        return ("",) if value else None  # a number or a boolean is the root (Postman)
    # Postman removes the slash with a pattern whose `.` matches no line end.
    path = value if value == "/" or _LINE_END.search(value) else value.removeprefix("/")
    return ("",) if path == "/" else tuple(path.split("/")) if path else None


def _segment(part: Json) -> str:
    """A part of a host or a path; the format allows an object with its text in `value`."""
    value = part.get("value", "") if isinstance(part, dict) else part
    return "" if value is None else text_of(value)


def parse_params(source: Json) -> tuple[QueryParam, ...]:
    """Query parameters from a list of objects or texts, from one such object, from a map, or from one text."""
    if isinstance(source, str):
        return parse_query(source)
    if isinstance(source, dict):
        source = [source] if is_entry(source) else [{"key": key, "value": value} for key, value in source.items()]
    return tuple([_param(entry) for entry in source if entry is not None]) if isinstance(source, list) else ()


def _param(entry: Json) -> QueryParam:
    if not isinstance(entry, dict):
        return _query_param(entry) if isinstance(entry, str) else QueryParam(None)
    key, value = entry.get("key"), entry.get("value")
    if not isinstance(value, str):
        value = None  # Postman writes only a text after the `=`
    return QueryParam(key if isinstance(key, str) else None, value, bool(entry.get("disabled")))


def is_entry(source: JsonObject) -> bool:
    """Whether an object in place of a list is its only entry, not a map of names to values."""
    return "key" in source and "value" in source and source.keys() <= ENTRY_KEYS


def parse_path_variables(source: Json) -> tuple[Variable, ...]:
    """Path variables from a list (with `key` or `id`), from one entry, or from a map of keys to values."""
    if isinstance(source, dict):
        source = [source] if is_entry(source) else [{"key": key, "value": value} for key, value in source.items()]
    entries = [entry for entry in source if isinstance(entry, dict)] if isinstance(source, list) else []
    return tuple(
        Variable(
            text_of(entry.get("key") or entry.get("id") or ""),
            entry.get("value"),
            text_of(entry.get("type") or "any").lower(),
            bool(entry.get("disabled")),
            entry,
        )
        for entry in entries
    )


def fill_path(url: Url) -> tuple[str, ...]:
    """The segments of the path with path variables filled in: `:name` at the start of a segment, up to its first `.`.

    The rules are Postman's: the last variable of a name counts, and only a text that is not empty replaces `:name`.
    """
    segments = url.path or ()
    values = {v.key: v for v in url.variables} if url.variables else None
    return tuple([_filled_segment(segment, values) for segment in segments]) if values else segments


def _filled_segment(segment: str, variables: dict[str, Variable]) -> str:
    if not segment.startswith(":"):
        return segment
    name, dot, suffix = segment[1:].partition(".")
    variable = variables.get(name) if name else None
    if variable is None:
        return segment
    if variable.value is None and variable.type == "string":  # as JavaScript's String() writes it
        value: Json = "null" if variable.source is None or "value" in variable.source else "undefined"
    else:
        value = typed(variable)
    return value + dot + suffix if value and isinstance(value, str) else segment


# -- back to text ----------------------------------------------------------------------------------------------


def url_text(url: Url) -> str:
    """A URL as one text, with path variables and `{{variables}}` as they are."""
    login = url.user or "" if url.password is None else f"{url.user or ''}:{url.password}"
    enabled = [param for param in url.query or () if not param.disabled]
    return "".join(
        (
            f"{url.protocol}://" if url.protocol else "",
            f"{login}@" if url.user is not None or url.password is not None else "",
            ".".join(url.host),
            "" if url.port is None else f":{url.port}",
            "" if url.path is None else "/" + "/".join(url.path),
            "?" + "&".join(map(_param_text, enabled)) if enabled else "",
            "" if url.hash is None else f"#{url.hash}",
        )
    )


def _param_text(param: QueryParam) -> str:
    key = _escaped(param.key or "", _RESERVED_IN_KEYS)
    return key if param.value is None else f"{key}={_escaped(param.value, _RESERVED)}"


_RESERVED, _RESERVED_IN_KEYS = frozenset("&#"), frozenset("&#=")


def _escaped(text: str, reserved: frozenset[str]) -> str:
    """The text with reserved characters percent-encoded, except inside of `{{a name}}` (Postman)."""
    if reserved.isdisjoint(text):
        return text
    pieces = _VARIABLE_PIECE.split(text)  # the names are at the odd places
    encode = {ord(mark): f"%{ord(mark):02X}" for mark in reserved}
    return "".join(piece if n % 2 else piece.translate(encode) for n, piece in enumerate(pieces))


def query_text(url: Url) -> str | None:
    """The query as one text; None without an enabled parameter, empty for a `?` at the end of the URL."""
    enabled = [_param_text(param) for param in url.query or () if not param.disabled]
    return "&".join(enabled) if enabled else None


def path_text(url: Url) -> str:
    """The path as one text, with path variables filled in."""
    return "/" + "/".join(fill_path(url))
