"""A table of routes: which function answers a method and path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from runner.model.quick_dataclass import dataclass
from runner.server.messages import Answer, Call, Refused

ApiState = TypeVar("ApiState")
Handle = Callable[[ApiState, Call, dict[str, str]], Answer]
"""Answers a call; it gets the API's state, the call, and the variable parts of the path by name."""


@dataclass(frozen=True, slots=True)
class Route(Generic[ApiState]):
    """One row of the table: `{name}` in the pattern matches one path segment, a final `{name*}` all that are left.

    `limit` is how many calls the API allows per time window. `keys` are the query parameters it documents; None allows any.
    """

    method: str
    pattern: str
    handle: Handle[ApiState]
    limit: int = 0
    keys: frozenset[str] | None = None

    def match(self, segments: Sequence[str]) -> dict[str, str] | None:
        """The variable parts of the path by name, None if the pattern does not match."""
        wanted = self.pattern.strip("/").split("/")
        if wanted[-1].endswith("*}"):
            segments = [*segments[: len(wanted) - 1], "/".join(segments[len(wanted) - 1 :])]
        if len(wanted) != len(segments):
            return None
        pairs = list(zip(wanted, segments, strict=True))
        if any(want != have if not want.startswith("{") else not have for want, have in pairs):
            return None
        return {want.strip("{*}"): have for want, have in pairs if want.startswith("{")}


def find_route(routes: Sequence[Route[ApiState]], method: str, path: str) -> tuple[Route[ApiState], dict[str, str]]:
    """The route of a call (HEAD uses that of GET); refuses an unknown path with 404 and another method with 405."""
    segments = path.strip("/").split("/")
    found = [(route, args) for route in routes if (args := route.match(segments)) is not None]
    for route, args in found:
        if route.method in ("*", "GET" if method == "HEAD" else method):
            return route, args
    if found:
        allowed = ", ".join(sorted({route.method for route, _ in found}))
        raise Refused(405, "Method Not Allowed", headers=(("Allow", allowed),))
    raise Refused(404, "Not Found")


def check_keys(route: Route[ApiState], call: Call, strict: bool | int) -> None:
    """If `strict`, refuse undocumented query parameters, with 422 or with the status that `strict` is."""
    if not strict or route.keys is None:
        return
    for name, _ in call.query:
        if name not in route.keys:
            raise Refused(422 if strict is True else int(strict), f'"{name}" is not allowed')
