"""The Torii stand-in: routes, keys and rate limits.

Every path exists under /beta, /v1.0 and /v1.1. The limit of each endpoint is the documented number of calls per minute.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from runner.server.limits import Count, Windows
from runner.server.messages import Answer, Call, Refused, error_answer
from runner.server.routes import Handle, Route, check_keys, find_route
from runner.standins.torii import data, files, lists, scim
from runner.standins.torii.state import State
from runner.standins.torii.store import store_call, xml_error
from runner.standins.torii.sync import settle, start_sync

PAGING = "size cursor"
USERS = f"{PAGING} {' '.join(lists.USER_FILTERS)} idUsers sort aggs fields q view filters"
APPS = f"{PAGING} fields aggs q sort filters includeLicenses state category"


def route(method: str, path: str, handle: Handle[State], limit: int, keys: str = "") -> Route[State]:
    """A route under a version; `keys` are its query parameters, separated by spaces."""
    return Route(method, f"/{{version}}{path}", handle, limit, frozenset(keys.split()))


ROUTES = (
    route("GET", "/files/url", files.upload_url, 200, "name type"),
    route("POST", "/files", files.store_file, 200),
    route("POST", "/files/upload", files.upload_file, 200),
    route("GET", "/files/{id}", files.file_information, 600, "type"),
    route("GET", "/files/{id}/download", files.download_file, 200),
    route("PUT", "/services/sync/custom", start_sync, 200),
    route("GET", "/orgs/my", lists.organization, 100),
    route("GET", "/users", lists.list_users, 100, USERS),
    route("GET", "/users/{id}", lists.get_user, 800, "fields"),
    route("GET", "/apps", lists.list_apps, 200, APPS),
    route("GET", "/apps/search", lists.search_apps, 100, "q limit"),
    route("GET", "/apps/{id}", lists.get_app, 200, "fields includeLicenses"),
    route("GET", "/apps/{id}/users", lists.list_app_users, 600, f"{PAGING} email status sort fields q filters aggs"),
    route("GET", "/roles", lists.list_roles, 100),
    route("GET", "/audit", lists.audit_log, 200, f"{PAGING} entity startTime endTime sort"),
    route("GET", "/scim/v2/ServiceProviderConfig", scim.provider_config, 100),
    route("GET", "/scim/v2/Users", scim.list_scim_users, 200, "startIndex count filter"),
    route("GET", "/scim/v2/Users/{id}", scim.get_scim_user, 200),
)
STORE = Route("*", "/s3/{path*}", store_call)
WINDOW = 60.0


class Torii:
    """The API, as the server needs it."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        url_ttl: float = 300,
        sync_seconds: float = 0.4,
        rate: int | None = None,
        strict_query: bool | int = False,
        seed: int = 0,
    ) -> None:
        self.new_state = partial(State, clock, url_ttl, sync_seconds, seed)
        self.rate = rate
        self.strict_query = strict_query
        self.windows = Windows(WINDOW, clock)
        self.state = self.new_state()

    def reset(self) -> None:
        """Return to the initial state."""
        self.state = self.new_state()
        self.windows.clear()

    def key_name(self, call: Call) -> str:
        """The name of the key that the call carries: `unknown` for another one, `none` without an Authorization header."""
        return data.KEYS.get(call.bearer, "unknown") if call.header("authorization") else "none"

    def answer(self, call: Call) -> Answer:
        """Answer one call: signed URLs of the store need no key, everything else does."""
        settle(self.state)
        if (args := STORE.match(call.path.strip("/").split("/"))) is not None:
            return store_call(self.state, call, args)
        found, args = find_route(ROUTES, call.method, call.path)
        if args["version"] not in scim.VERSIONS:
            raise Refused(404, "Not Found")
        headers, exceeded = self.counted(call, found)
        try:
            self.check_key(call)
            if exceeded:
                raise Refused(429, "Rate limit exceeded", headers=(("Retry-After", str(exceeded.seconds_left)),))
            check_keys(found, call, self.strict_query)
            return found.handle(self.state, call, args).plus(headers)
        except Refused as refused:
            refused.headers += headers
            raise

    def counted(self, call: Call, found: Route[State]) -> tuple[tuple[tuple[str, str], ...], Count | None]:
        """Count the call; returns the rate limit headers, and the count if it exceeds the limit."""
        limit = found.limit if self.rate is None else self.rate
        if not limit:
            return (), None
        count = self.windows.count((self.key_name(call), found.method, found.pattern), limit)
        headers = (
            ("X-Rate-Limit-Limit", str(count.limit)),
            ("X-Rate-Limit-Remaining", str(count.remaining)),
            ("X-Rate-Limit-Reset", str(int(count.ends_at))),
        )
        return headers, count if count.exceeded else None

    def check_key(self, call: Call) -> None:
        """Refuse a call without the right kind of key with 401, and a write with a read-only key with 403."""
        name = self.key_name(call)
        if name in ("unknown", "none") or (name == "scim") != scim.is_scim(call.path):
            raise Refused(401, "Invalid API key" if call.header("authorization") else "Missing authentication")
        if name == "read only" and call.method not in ("GET", "HEAD"):
            raise Refused(403, "This API key may only read")

    def refuse(self, call: Call, refused: Refused) -> Answer:
        """The error answer: XML in the store, SCIM's own format under /scim, otherwise JSON."""
        if call.path.startswith("/s3/"):
            return xml_error(refused.status, "InternalError" if refused.status >= 500 else "SlowDown", refused.message)
        if scim.is_scim(call.path) and refused.status != 401:
            return scim.scim_error(refused)
        return error_answer(refused)
