"""The cookie jar: RFC 6265 with the loose parsing of tough-cookie, which Postman uses.

Loose parsing allows cookies without a name (`justvalue`, `=v`) and ignores invalid attributes. Cookies for public suffixes
(`Domain=com`) and those that violate the rules for `__Secure-` and `__Host-` names are dropped, but a host whose whole name
is a public suffix (a service called `keycloak`) may set cookies for itself. Loopback hosts count as secure and get `Secure`
cookies over http, too. `Max-Age` always counts from when the cookie was received (RFC 6265); in tough-cookie it does not if
the cookie replaces an older one.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from runner.errors import RequestError
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.model.response import Cookie
from runner.rules.loopback import is_loopback
from runner.rules.set_cookie import parse_set_cookie

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#]*@)?(\[[^\]/?#]*\]|[^/?#:]*)(?::\d*)?([^?#]*)")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z|.*:.*\Z", re.S)


@dataclass(frozen=True, slots=True)
class StoredCookie:
    """A cookie in the jar; `creation` is in seconds since the epoch, `index` is the order of insertion."""

    cookie: Cookie
    creation: float
    index: int


class CookieJar:
    """The cookies of a run; may be used from several threads. `clock` returns seconds since the epoch."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._entries: dict[tuple[str, str, str], StoredCookie] = {}
        self._created = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def copy(self) -> CookieJar:
        """A separate jar with the same cookies."""
        other = CookieJar(self._clock)
        with self._lock:
            other._entries, other._created = dict(self._entries), self._created
        return other

    def cookies_for(self, url: str) -> tuple[Cookie, ...]:
        """The cookies that a request to `url` carries, longest path first, then oldest first; removes expired ones."""
        if not self._entries:
            return ()
        scheme, host, path = split_url(url)
        now = self._clock()
        with self._lock:
            self._forget_expired(now)
            found = [entry for entry in self._entries.values() if matches(entry.cookie, scheme, host, path)]
        found.sort(key=lambda entry: (-len(entry.cookie.path), entry.creation, entry.index))
        return tuple(entry.cookie for entry in found)

    def header_for(self, url: str) -> str:
        """The value of the `Cookie` header for `url`, "" without cookies."""
        return "; ".join(map(cookie_pair, self.cookies_for(url))) if self._entries else ""

    def store_from(self, url: str, set_cookie_values: Iterable[str]) -> tuple[Cookie, ...]:
        """Store the `Set-Cookie` headers of a response from `url`; returns the cookies that were accepted."""
        now = self._clock()
        parsed = (parse_set_cookie(value, now) for value in set_cookie_values)
        return tuple(kept for cookie in parsed if cookie and (kept := self.put(url, cookie)))

    def put(self, url: str, cookie: Cookie) -> Cookie | None:
        """Store a cookie set by `url`, with `domain` "" for its host and `path` "" for the default; None if rejected."""
        accepted = accept(url, cookie)
        if accepted is not None:
            self._keep(accepted)
        return accepted

    def _keep(self, cookie: Cookie, creation: float | None = None) -> None:
        key = (cookie.domain, cookie.path, cookie.name)
        with self._lock:
            old = self._entries.get(key)
            if old is not None:
                self._entries[key] = replace(old, cookie=cookie)
                return
            self._created += 1
            self._entries[key] = StoredCookie(cookie, self._clock() if creation is None else creation, self._created)

    def _forget_expired(self, now: float) -> None:
        gone = [key for key, entry in self._entries.items() if (end := entry.cookie.expires) is not None and end <= now]
        for key in gone:
            del self._entries[key]

    def get(self, url: str, name: str) -> str | None:
        """The value of the first cookie called `name` for `url`."""
        return next((cookie.value for cookie in self.cookies_for(url) if cookie.name == name), None)

    def get_all(self, url: str) -> list[JsonObject]:
        """The cookies for `url` as Postman's cookie objects."""
        return [cookie_json(cookie) for cookie in self.cookies_for(url)]

    def set(self, url: str, cookie: str | JsonObject, value: str | None = None) -> JsonObject | None:
        """Set a cookie as scripts do: by name and value, by the text of a `Set-Cookie` header, or by a cookie object.

        Returns None if it is rejected; raises `RequestError` for an invalid text and for the domain of another host. As in
        Postman, a public suffix and an object's domain with a leading dot are accepted, but no request carries the cookie.
        """
        made: Cookie | None
        if isinstance(cookie, dict):
            made = cookie_from_json(cookie, self._clock())
        elif value is None:
            made = parse_set_cookie(cookie, self._clock())
        else:
            made = Cookie(name=cookie, value=value, path="")
        if made is None:
            raise RequestError("Cookie failed to parse")
        _, host, _ = split_url(url)
        domain = made.domain.lower().lstrip(".")
        if domain and not domain_matches(host, domain):
            raise RequestError(f"Cookie not in this host's domain. Cookie:{domain} Request:{host}")
        if domain and domain != host and is_public_suffix(domain):
            return cookie_json(replace(made, host_only=False, path=made.path or "/"))
        kept = accept(url, replace(made, domain=domain))
        if kept is None:
            return None
        if made.domain.startswith("."):
            kept = replace(kept, domain=f".{domain}")
        self._keep(kept)
        return cookie_json(kept)

    def unset(self, url: str, name: str) -> None:
        """Remove the cookies called `name` that a request to `url` would carry."""
        self._remove(cookie for cookie in self.cookies_for(url) if cookie.name == name)

    def clear(self, url: str) -> None:
        """Remove all cookies that a request to `url` would carry."""
        self._remove(self.cookies_for(url))

    def _remove(self, cookies: Iterable[Cookie]) -> None:
        with self._lock:
            for cookie in list(cookies):
                self._entries.pop((cookie.domain, cookie.path, cookie.name), None)

    def entries(self) -> list[StoredCookie]:
        """Everything in the jar in order of insertion, without expired cookies."""
        with self._lock:
            self._forget_expired(self._clock())
            return sorted(self._entries.values(), key=lambda entry: entry.index)

    def take_over(self, other: CookieJar, base: CookieJar) -> None:
        """Take what `other`, which began as a copy of `base`, has done since: cookies set, and cookies removed."""
        with self._lock, other._lock:
            for key, entry in other._entries.items():
                if base._entries.get(key) != entry:
                    self._entries[key] = entry
            for key in base._entries.keys() - other._entries.keys():
                self._entries.pop(key, None)

    def remember(self) -> Callable[[], None]:
        """A function that returns the jar to the cookies it has now; call it once at most."""
        with self._lock:
            before = dict(self._entries)

        def bring_back() -> None:
            with self._lock:
                self._entries = before

        return bring_back

    def restore(self, cookie: Cookie, creation: float) -> None:
        """Add a cookie that was saved earlier, without checks."""
        self._keep(cookie, creation)


def split_url(url: str) -> tuple[str, str, str]:
    """Scheme, host (lower case, IPv6 without brackets) and path of a URL."""
    found = _URL.match(url)
    if not found:
        return "", "", "/"
    return found[1].lower(), found[2].lower().strip("[]").rstrip("."), found[3] or "/"


def cookie_pair(cookie: Cookie) -> str:
    """`name=value` as in the `Cookie` header; only the value of a cookie without a name."""
    return f"{cookie.name}={cookie.value}" if cookie.name else cookie.value


def accept(url: str, cookie: Cookie) -> Cookie | None:
    """The cookie as the jar stores it if `url` sets it, None if `url` may not (RFC 6265 section 5.3)."""
    _, host, path = split_url(url)
    domain = cookie.domain.lower()
    public = domain != "" and is_public_suffix(domain)
    if domain and (not domain_matches(host, domain) or (public and domain != host)):
        return None
    if not cookie.path.startswith("/"):
        cookie = replace(cookie, path=default_path(path))
    kept = replace(cookie, domain=domain or host, host_only=not domain or public)
    # RFC 6265bis section 4.1.3: what these prefixes guarantee.
    if kept.name.startswith("__Secure-") and not kept.secure:
        return None
    if kept.name.startswith("__Host-") and not (kept.secure and kept.host_only and kept.path == "/"):
        return None
    return kept


def matches(cookie: Cookie, scheme: str, host: str, path: str) -> bool:
    """Whether a request to this URL carries the cookie (RFC 6265 section 5.4)."""
    if cookie.secure and not is_secure(scheme, host):
        return False
    same = host == cookie.domain if cookie.host_only else domain_matches(host, cookie.domain)
    return same and path_matches(path, cookie.path)


def is_secure(scheme: str, host: str) -> bool:
    """Whether nobody else can read what is sent there: it is encrypted by TLS, or does not leave this machine."""
    return scheme in ("https", "wss") or is_loopback(host)


def domain_matches(host: str, domain: str) -> bool:
    """Whether `host` is the domain or a sub-domain of it, which an IP address never is (RFC 6265 section 5.1.3)."""
    return host == domain or (host.endswith("." + domain) and not _ADDRESS.match(host))


def path_matches(path: str, prefix: str) -> bool:
    """Whether `prefix` is a prefix of the path in whole segments, unlike `/su` of `/sub` (RFC 6265 section 5.1.4)."""
    if not path.startswith(prefix):
        return False
    return len(path) == len(prefix) or prefix.endswith("/") or path[len(prefix)] == "/"


def default_path(path: str) -> str:
    """The path up to its last slash (RFC 6265 section 5.1.4)."""
    return path[: path.rfind("/")] or "/" if path.startswith("/") else "/"


def is_public_suffix(domain: str) -> bool:
    """Whether sub-domains of `domain` belong to different owners: `com`, `co.uk`, and any name with one label."""
    if _ADDRESS.match(domain):
        return False
    if "." not in domain:
        return True
    return _suffixes().is_public(domain)


@cache
def _suffixes() -> PublicSuffixList:
    # The list has 300 kB and is needed only for cookies with a domain.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def cookie_json(cookie: Cookie) -> JsonObject:
    """A cookie as scripts see it: the fields of Postman's Cookie object, with `expires` as an ISO time."""
    from runner.rules.set_cookie import iso_time

    return {
        "name": cookie.name,
        "value": cookie.value,
        "domain": cookie.domain,
        "path": cookie.path,
        "expires": None if cookie.expires is None else iso_time(cookie.expires),
        "httpOnly": cookie.http_only,
        "hostOnly": cookie.host_only,
        "secure": cookie.secure,
        "session": cookie.expires is None,
        **({"maxAge": cookie.max_age} if cookie.max_age is not None else {}),
        **({"sameSite": cookie.same_site} if cookie.same_site else {}),
        "extensions": list(cookie.extensions),
    }


def cookie_from_json(node: JsonObject, now: float) -> Cookie:
    """A cookie from an object of a script, with the field names of Postman (`name`) or of tough-cookie (`key`)."""
    from runner.rules.set_cookie import time_of

    age, expires = node.get("maxAge"), node.get("expires")
    if isinstance(expires, (int, float)):
        expires = expires / 1000  # scripts give milliseconds
    return Cookie(
        name=str(node.get("name", node.get("key")) or ""),
        value="" if node.get("value") is None else str(node["value"]),
        domain="" if node.get("hostOnly") is True else str(node.get("domain") or ""),
        path=str(node.get("path") or ""),
        expires=time_of(expires, age, now),
        max_age=age if isinstance(age, int) else None,
        secure=bool(node.get("secure")),
        http_only=bool(node.get("httpOnly")),
        same_site=str(node["sameSite"]).lower() if node.get("sameSite") else None,
    )
