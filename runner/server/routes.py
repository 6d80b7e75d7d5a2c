"""A table of routes: method and path pattern to the function that answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from runner.model.quick_dataclass import dataclass
from runner.server.messages import Answer, Call, Refused

Handle = Callable[[Any, Call, dict[str, str]], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table: `{name}` in the pattern takes one path segment; `{name*}` at its end takes the rest.

    `limit` is the number of calls that the API allows in its time window; `keys` are the query parameters that it knows;
    None means that any is fine.
    """

    method: str
    pattern: str
    handle: Handle
    limit: int = 0
    keys: frozenset[str] | None = None

    def match(self, segments: Sequence[str]) -> dict[str, str] | None:
        """The path's variable parts, or None when it is another path."""
        wanted = self.pattern.strip("/").split("/")
        if wanted[-1].endswith("*}"):
            segments = [*segments[: len(wanted) - 1], "/".join(segments[len(wanted) - 1 :])]
        if len(wanted) != len(segments):
            return None
        pairs = list(zip(wanted, segments, strict=True))
        if any(want != have if not want.startswith("{") else not have for want, have in pairs):
            return None
        return {want.strip("{*}"): have for want, have in pairs if want.startswith("{")}


def find_route(routes: Sequence[Route], method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The route for a call (HEAD is answered as GET); 404 for an unknown path, 405 for a wrong method."""
    segments = path.strip("/").split("/")
    found = [(route, args) for route in routes if (args := route.match(segments)) is not None]
    for route, args in found:
        if route.method in ("*", "GET" if method == "HEAD" else method):
            return route, args
    if found:
        allowed = ", ".join(sorted({route.method for route, _ in found}))
        raise Refused(405, "Method Not Allowed", headers=(("Allow", allowed),))
    raise Refused(404, "Not Found")


def check_keys(route: Route, call: Call, strict: bool | int) -> None:
    """Refuse a query parameter that the API does not document: with 422, or with the status given as `strict`."""
    if not strict or route.keys is None:
        return
    for name, _ in call.query:
        if name not in route.keys:
            raise Refused(422 if strict is True else int(strict), f'"{name}" is not allowed')
