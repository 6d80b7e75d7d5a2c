"""The Postman stand-in: routes, keys, sizes and rate limits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from runner.server.limits import Count, Windows
from runner.server.messages import Answer, Call, Refused
from runner.server.routes import Handle, Route, check_keys, find_route
from runner.standins.postman import collections, environments, workspaces
from runner.standins.postman.errors import ApiError, error_body
from runner.standins.postman.state import State

KEYS = {"PMAK-stand-in-key": "full access", "PMAK-stand-in-read-only-key": "read only"}
ACCESS_KEY = "PMAT-stand-in-access-key"
"""Reads any single collection, as `access_key` in the query; no other key is needed then."""

RATE, WINDOW = 300, 60.0
LIST_RATE, LIST_WINDOW = 10, 10.0
MEGABYTE = 1024 * 1024
READS = ("GET", "HEAD")
LIST = "/collections"
NOT_IMITATED = ("model", "include", "createdBy", "cursor")
"""Documented parameters that would need more than the stand-in has: refused with 501, never ignored."""


def route(method: str, path: str, handle: Handle[State], keys: str = "") -> Route[State]:
    """A route; `keys` are its query parameters, separated by spaces, to which the key may be added on every route."""
    return Route(method, path, handle, keys=frozenset(["apikey", *keys.split()]))


ROUTES = (
    route("GET", "/me", workspaces.get_user),
    route("GET", LIST, collections.list_collections, "workspace name limit offset"),
    route("POST", LIST, collections.create_collection, "workspace"),
    route("GET", "/collections/{id}", collections.get_collection, "access_key"),
    route("PUT", "/collections/{id}", collections.replace_collection),
    route("PATCH", "/collections/{id}", collections.change_collection),
    route("DELETE", "/collections/{id}", collections.delete_collection),
    route("GET", "/collection-updates-tasks/{id}", collections.task_status),
    route("GET", "/environments", environments.list_environments, "workspace"),
    route("POST", "/environments", environments.create_environment, "workspace"),
    route("GET", "/environments/{id}", environments.get_environment),
    route("PUT", "/environments/{id}", environments.replace_environment),
    route("PATCH", "/environments/{id}", environments.change_environment),
    route("DELETE", "/environments/{id}", environments.delete_environment),
    route("GET", "/workspaces", workspaces.list_workspaces, "type limit elementType elementId"),
    route("GET", "/workspaces/{id}", workspaces.get_workspace),
    route("GET", "/workspaces/{id}/global-variables", workspaces.get_globals),
    route("PUT", "/workspaces/{id}/global-variables", workspaces.replace_globals),
)


class Postman:
    """The API, as the server needs it."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        rate: int | None = None,
        window: float = WINDOW,
        task_seconds: float = 0.4,
        fail_tasks: bool = False,
        collection_mb: float = 100,
        environment_mb: float = 30,
        strict_query: bool | int = False,
        seed: int = 0,
    ) -> None:
        self.new_state = partial(State, clock, seed, task_seconds, fail_tasks)
        self.rate = rate
        self.sizes = {"collections": collection_mb * MEGABYTE, "environments": environment_mb * MEGABYTE}
        self.strict_query = strict_query and (400 if strict_query is True else strict_query)
        self.windows = Windows(window, clock)
        self.list_windows = Windows(LIST_WINDOW, clock)
        self.state = self.new_state()

    def reset(self) -> None:
        """Return to the initial state."""
        self.state = self.new_state()
        self.windows.clear()
        self.list_windows.clear()

    def key_name(self, call: Call) -> str:
        """The name of the key that the call carries: `unknown` for another one, `none` for a call without."""
        key = call.header("x-api-key") or call.value("apikey")
        if not key and call.value("access_key") is not None:
            return "access key" if call.value("access_key") == ACCESS_KEY else "unknown"
        return KEYS.get(key, "unknown") if key else "none"

    def answer(self, call: Call) -> Answer:
        """Answer one call: a key first, then the rate limit, then the route."""
        self.state.settle()
        name = self.key_name(call)
        single = call.path.startswith(f"{LIST}/") and call.method in READS
        if name in ("unknown", "none") or (name == "access key" and not single):
            raise ApiError(
                401, "AuthenticationError", "Invalid API Key. Every request requires a valid API Key to be sent."
            )
        headers = self.counted(call, name)
        try:
            return self.handled(call, name).plus(headers)
        except Refused as refused:
            refused.headers += headers
            raise

    def handled(self, call: Call, name: str) -> Answer:
        """The answer of the route of a call whose key is good."""
        try:
            found, args = find_route(ROUTES, call.method, call.path)
        except Refused as refused:
            if refused.status != 404:
                raise
            raise ApiError(404, "notFound", "Requested resource not found") from None
        if name == "read only" and call.method not in READS:
            raise Refused(403, "You do not have enough permissions to perform this action.")
        if unable := [key for key, _ in call.query if key in NOT_IMITATED]:
            raise Refused(501, f"The stand-in does not imitate the parameter {unable[0]!r}")
        kind = found.pattern.split("/")[1]
        if len(call.body) > self.sizes.get(kind, len(call.body)):
            raise Refused(413, f"The request body is larger than {self.sizes[kind] / MEGABYTE:g} MB")
        if kind == "environments" and "chunked" in call.header("transfer-encoding").lower():
            raise Refused(411, "The request must have a Content-Length header")
        check_keys(found, call, self.strict_query)
        return found.handle(self.state, call, args)

    def counted(self, call: Call, name: str) -> tuple[tuple[str, str], ...]:
        """Count a call; returns the rate limit headers, or refuses it with 429."""
        limit = RATE if self.rate is None else self.rate
        if not limit:
            return ()
        count = self.windows.count(name, limit)
        if not count.exceeded and self.rate is None and call.method in READS and call.path.rstrip("/") == LIST:
            listed = self.list_windows.count(name, LIST_RATE)
            count = listed if listed.exceeded else count
        if count.exceeded:
            message = f"Rate limit exceeded. Please retry after {int(count.ends_at)}"
            left = str(count.seconds_left)
            wait = (("Retry-After", left), ("X-RateLimit-RetryAfter", left))
            raise Refused(429, message, headers=(*wait, *limit_headers(count)))
        return limit_headers(count)

    def refuse(self, call: Call, refused: Refused) -> Answer:
        """The error answer."""
        return error_body(refused)


def limit_headers(count: Count) -> tuple[tuple[str, str], ...]:
    """The headers of every answer: in the older form with the end of the window in UTC seconds, and in the newer one."""
    return (
        ("X-RateLimit-Limit", str(count.limit)),
        ("X-RateLimit-Remaining", str(count.remaining)),
        ("X-RateLimit-Reset", str(int(count.ends_at))),
        ("RateLimit-Limit", str(count.limit)),
        ("RateLimit-Remaining", str(count.remaining)),
        ("RateLimit-Reset", str(count.seconds_left)),
    )
