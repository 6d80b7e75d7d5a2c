"""Which operation of a document a request is for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from urllib.parse import urlsplit

from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.operations import Operation, objects, operations
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass

_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """A path of the document: its operations by method; `pattern` matches segments joined by `/`."""

    path: str
    names: tuple[str, ...]
    pattern: re.Pattern[str]
    operations: dict[str, Operation]


@dataclass(frozen=True, slots=True)
class Found:
    """Where a request goes: its route and operation, if the document has them.

    `values` are the texts that stand for the variables of the path.
    """

    path: str
    route: Route | None = None
    operation: Operation | None = None
    values: Mapping[str, str] = field(default_factory=dict)


class Routes:
    """The paths of a document below its servers; `servers` replace those of the document."""

    def __init__(self, document: Document, servers: Sequence[str] = ()) -> None:
        urls = [{"url": url} for url in servers] or objects(document.root.get("servers")) or [{"url": "/"}]
        self._replaced = bool(servers)
        self._servers = [_server(one) for one in urls]
        self._bases = [urlsplit(str(one.get("url") or "/")).path.rstrip("/") for one in urls]
        by_path: dict[str, dict[str, Operation]] = defaultdict(dict)
        for operation in operations(document):
            by_path[operation.path].setdefault(operation.method.upper(), operation)
        self.routes = sorted((_route(path, methods) for path, methods in by_path.items()), key=_generality)
        self._by_length: dict[int, list[Route]] = defaultdict(list)
        for route in self.routes:
            self._by_length[route.path.count("/")].append(route)
        self._own = {id(one): list(map(_server, one.servers)) for route in self.routes for one in route.operations.values()}

    def find(self, method: str, href: str) -> Found | None:
        """Where a request goes; None if its URL is below no server of the document."""
        url = urlsplit(href)
        origin = f"{url.scheme}://{url.netloc.rpartition('@')[2]}".lower()
        below = [rest for server in self._servers if (rest := _below(server, origin, url.path)) is not None]
        best: Found | None = None
        for path in sorted(set(below), key=len):
            found = self._match(method, path)
            if found.operation:
                return found
            best = found if best is None or (found.route and not best.route) else best
        return self._by_own_server(method, origin, url.path) or best

    def possible(self, method: str, href: str, unknown: str) -> list[Found] | None:
        """Where a request may go whose URL has the text `unknown` in places that are not known yet.

        Without such places that is what `find` says. Empty if it cannot be told, None if its URL is below no server of the
        document.
        """
        if unknown not in href.partition("?")[0]:
            found = self.find(method, href)
            return None if found is None else [found]
        url = urlsplit(href)
        origin = f"{url.scheme}://{url.netloc.rpartition('@')[2]}".lower()
        below = {rest for server in self._servers if (rest := _below(server, origin, url.path)) is not None}
        if unknown in origin:
            below |= {url.path or "/", *(url.path[len(base) :] for base in self._bases if url.path.startswith(base + "/"))}
        routes = [found for path in below for found in self._possible(method, path, unknown)]
        own = [found for found in routes if found.operation]
        if own or routes or not below:
            return own or routes or None
        if unknown in url.path or any(self._may_end(route, url.path) for route in self.routes):
            return []
        return [Found(min(below, key=len))]

    def _may_end(self, route: Route, path: str) -> bool:
        """Whether a path may be the end of one of a route: what stands before it may be a part of a base URL."""
        own, given = route.path.split("/")[1:], path.split("/")[1:]
        if len(given) >= len(own):
            return False
        pairs = zip(own[-len(given) :], given, strict=True)
        return all("{" in mine or mine == one for mine, one in pairs)

    def _possible(self, method: str, path: str, unknown: str) -> Iterator[Found]:
        segments = path.split("/")
        for route in self._by_length[path.count("/")]:
            own = route.path.split("/")
            whole = [mine if unknown in one else one for one, mine in zip(segments, own, strict=True)]
            match = route.pattern.fullmatch("/".join(whole))
            if match is not None:
                values = dict(zip(route.names, match.groups(), strict=True))
                known = {name: unknown if value.startswith("{") else value for name, value in values.items()}
                yield Found(path, route, route.operations.get(method.upper()), known)

    def _match(self, method: str, path: str) -> Found:
        first: Found | None = None
        for route in self._by_length[path.count("/")]:
            match = route.pattern.fullmatch(path)
            if match is None:
                continue
            values = dict(zip(route.names, match.groups(), strict=True))
            found = Found(path, route, route.operations.get(method.upper()), values)
            if found.operation:
                return found
            first = first or found
        return first or Found(path)

    def _by_own_server(self, method: str, origin: str, path: str) -> Found | None:
        """The operation or path that names servers of its own."""
        for route in () if self._replaced else self.routes:
            operation = route.operations.get(method.upper())
            for server in self._own[id(operation)] if operation else ():
                rest = _below(server, origin, path)
                match = route.pattern.fullmatch(rest) if rest else None
                if match:
                    return Found(rest or "", route, operation, dict(zip(route.names, match.groups(), strict=True)))
        return None


def _server(node: JsonObject) -> re.Pattern[str]:
    """The beginning of URLs below a server; its variables may have any of their values. One without a host has any."""
    url, variables = str(node.get("url") or "/"), node.get("variables")
    known = variables if isinstance(variables, dict) else {}
    parts = _VARIABLE.split(url.rstrip("/"))
    pattern = "".join(_variable(known.get(part)) if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(pattern if "://" in url else f"[a-z]+://[^/]*{pattern if url.startswith('/') else ''}", re.IGNORECASE)


def _variable(node: object) -> str:
    values = node.get("enum") if isinstance(node, dict) else None
    return f"(?:{'|'.join(re.escape(str(value)) for value in values)})" if isinstance(values, list) and values else "[^/]+"


def _below(server: re.Pattern[str], origin: str, path: str) -> str | None:
    """The path below a server; None if it is not below."""
    match = server.match(origin + path)
    rest = (origin + path)[match.end() :] if match else None
    return None if rest is None or (rest and not rest.startswith("/")) else rest or "/"


def _route(path: str, methods: dict[str, Operation]) -> Route:
    parts = _VARIABLE.split(path)
    pattern = "".join("([^/]+)" if at % 2 else _literal(part) for at, part in enumerate(parts))
    return Route(path, tuple(parts[1::2]), re.compile(pattern), methods)


def _literal(text: str) -> str:
    """Text of a path, which a URL may have percent-encoded."""
    return "".join(map(_written, text))


def _written(one: str) -> str:
    plain = one == "/" or (one.isascii() and one.isalnum())
    return one if plain else f"(?:{re.escape(one)}|{_encoded(one)})"


def _encoded(character: str) -> str:
    return "".join(f"%(?i:{byte:02x})" for byte in character.encode("utf-8", "replace"))


def _generality(route: Route) -> tuple[int, ...]:
    """Concrete paths come before those with variables (OpenAPI), from the first segment on."""
    return tuple(int("{" in segment) for segment in route.path.split("/"))
