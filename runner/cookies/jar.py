"""The cookie jar: RFC 6265 with the loose parsing of tough-cookie, which Postman uses.

Loose means: a cookie may have no name (`justvalue`, `=v`), attributes that make no sense are ignored, not fatal. Cookies
for public suffixes (`Domain=com`) and ones that break the promises of `__Secure-` and `__Host-` names are dropped, but a
host whose whole name is a public suffix (a service called `keycloak`) may set cookies for itself. This machine counts as
secure (`localhost`, its sub-domains, 127.0.0.0/8, `::1`): a `Secure` cookie is sent to it over http.
Unlike tough-cookie, `Max-Age` counts from when the cookie was received, also when it replaces an older one (RFC 6265).
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from runner.errors import RequestError
from runner.model.quick_dataclass import dataclass
from runner.model.response import Cookie
from runner.rules.loopback import is_loopback
from runner.rules.set_cookie import parse_set_cookie

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#]*@)?(\[[^\]/?#]*\]|[^/?#:]*)(?::\d*)?([^?#]*)")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z|.*:.*\Z", re.S)


@dataclass(slots=True)
class Entry:
    """A cookie in the jar: `creation` in seconds since the epoch, `index` tells equal times apart."""

    cookie: Cookie
    creation: float
    index: int


class CookieJar:
    """All cookies of a run; may be used from several threads. `clock` returns seconds since the epoch."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._entries: dict[tuple[str, str, str], Entry] = {}
        self._created = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def copy(self) -> CookieJar:
        """A jar of its own with the same cookies."""
        other = CookieJar(self._clock)
        with self._lock:
            other._entries, other._created = dict(self._entries), self._created
        return other

    def cookies_for(self, url: str) -> tuple[Cookie, ...]:
        """The cookies a request to `url` carries: longest path first, then the oldest. Expired ones are forgotten."""
        if not self._entries:
            return ()
        scheme, host, path = split_url(url)
        now = self._clock()
        with self._lock:
            self._forget_expired(now)
            found = [entry for entry in self._entries.values() if _matches(entry.cookie, scheme, host, path)]
        found.sort(key=lambda entry: (-len(entry.cookie.path), entry.creation, entry.index))
        return tuple(entry.cookie for entry in found)

    def header_for(self, url: str) -> str:
        """The value of the `Cookie` header for `url`, "" for none."""
        return "; ".join(map(cookie_pair, self.cookies_for(url))) if self._entries else ""

    def store_from(self, url: str, set_cookie_values: Iterable[str]) -> tuple[Cookie, ...]:
        """Keep what the `Set-Cookie` headers of a response to `url` say; the cookies that were accepted."""
        now = self._clock()
        parsed = (parse_set_cookie(value, now) for value in set_cookie_values)
        return tuple(kept for cookie in parsed if cookie and (kept := self.put(url, cookie)))

    def put(self, url: str, cookie: Cookie) -> Cookie | None:
        """Keep one cookie that `url` sets (`domain` "" for the host itself, `path` "" for the default); None if refused."""
        accepted = accept(url, cookie)
        if accepted is not None:
            self._keep(accepted)
        return accepted

    def _keep(self, cookie: Cookie, creation: float | None = None) -> None:
        key = (cookie.domain, cookie.path, cookie.name)
        with self._lock:
            old = self._entries.get(key)
            if old is not None:
                old.cookie = cookie
                return
            self._created += 1
            self._entries[key] = Entry(cookie, self._clock() if creation is None else creation, self._created)

    def _forget_expired(self, now: float) -> None:
        gone = [key for key, entry in self._entries.items() if (end := entry.cookie.expires) is not None and end <= now]
        for key in gone:
            del self._entries[key]

    def get(self, url: str, name: str) -> str | None:
        """The value of the first cookie called `name` for `url`."""
        return next((cookie.value for cookie in self.cookies_for(url) if cookie.name == name), None)

    def get_all(self, url: str) -> list[dict[str, Any]]:
        """The cookies for `url` as Postman's cookie objects."""
        return [cookie_json(cookie) for cookie in self.cookies_for(url)]

    def set(self, url: str, cookie: str | dict[str, Any], value: str | None = None) -> dict[str, Any] | None:
        """Set a cookie from name and value, from a `Set-Cookie` text, or from a cookie object, as a script does.

        None if it is refused; raises `RequestError` for a text that is no cookie and for the domain of another host. As
        in Postman a public suffix and a domain that an object has with a dot in front are taken, and fit no host.
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
        """Forget the cookies called `name` that a request to `url` would carry."""
        self._remove(cookie for cookie in self.cookies_for(url) if cookie.name == name)

    def clear(self, url: str) -> None:
        """Forget all cookies that a request to `url` would carry."""
        self._remove(self.cookies_for(url))

    def _remove(self, cookies: Iterable[Cookie]) -> None:
        with self._lock:
            for cookie in list(cookies):
                self._entries.pop((cookie.domain, cookie.path, cookie.name), None)

    def entries(self) -> list[Entry]:
        """Everything in the jar in the order it came in, expired cookies left out."""
        with self._lock:
            self._forget_expired(self._clock())
            return sorted(self._entries.values(), key=lambda entry: entry.index)

    def restore(self, cookie: Cookie, creation: float) -> None:
        """Take back a cookie that was saved earlier, unchecked."""
        self._keep(cookie, creation)


def split_url(url: str) -> tuple[str, str, str]:
    """Scheme, canonical host (lower case, IPv6 without brackets) and path of a URL."""
    found = _URL.match(url)
    if not found:
        return "", "", "/"
    return found[1].lower(), found[2].lower().strip("[]").rstrip("."), found[3] or "/"


def cookie_pair(cookie: Cookie) -> str:
    """`name=value` as it stands in the `Cookie` header; only the value when there is no name."""
    return f"{cookie.name}={cookie.value}" if cookie.name else cookie.value


def accept(url: str, cookie: Cookie) -> Cookie | None:
    """The cookie as the jar keeps it when `url` sets it, or None when `url` may not (RFC 6265 section 5.3)."""
    _, host, path = split_url(url)
    domain = cookie.domain.lower()
    public = domain != "" and is_public_suffix(domain)
    if domain and (not domain_matches(host, domain) or (public and domain != host)):
        return None
    if not cookie.path.startswith("/"):
        cookie = replace(cookie, path=default_path(path))
    kept = replace(cookie, domain=domain or host, host_only=not domain or public)
    return kept if _keeps_promise(kept) else None


def _keeps_promise(cookie: Cookie) -> bool:
    """What a `__Secure-` or `__Host-` name promises (RFC 6265bis section 4.1.3)."""
    if cookie.name.startswith("__Secure-"):
        return cookie.secure
    if cookie.name.startswith("__Host-"):
        return cookie.secure and cookie.host_only and cookie.path == "/"
    return True


def _matches(cookie: Cookie, scheme: str, host: str, path: str) -> bool:
    if cookie.secure and not is_secure(scheme, host):
        return False
    same = host == cookie.domain if cookie.host_only else domain_matches(host, cookie.domain)
    return same and path_matches(path, cookie.path)


def is_secure(scheme: str, host: str) -> bool:
    """Whether what goes there is safe from others: by TLS, or because it does not leave this machine."""
    return scheme in ("https", "wss") or is_loopback(host)


def domain_matches(host: str, domain: str) -> bool:
    """RFC 6265 section 5.1.3: the same host, or a sub-domain that is no address."""
    return host == domain or (host.endswith("." + domain) and not _ADDRESS.match(host))


def path_matches(path: str, prefix: str) -> bool:
    """RFC 6265 section 5.1.4: whole path segments, so that `/su` is no prefix of `/sub`."""
    if not path.startswith(prefix):
        return False
    return len(path) == len(prefix) or prefix.endswith("/") or path[len(prefix)] == "/"


def default_path(path: str) -> str:
    """RFC 6265 section 5.1.4: the path up to its last slash."""
    return path[: path.rfind("/")] or "/" if path.startswith("/") else "/"


def is_public_suffix(domain: str) -> bool:
    """Whether names below `domain` belong to different people: `com`, `co.uk` and any name of one label."""
    if _ADDRESS.match(domain):
        return False
    if "." not in domain:
        return True
    return bool(_suffixes().is_public(domain))


@cache
def _suffixes() -> Any:
    # The list is 300 kB and only needed for cookies that name a domain.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def cookie_json(cookie: Cookie) -> dict[str, Any]:
    """A cookie as scripts and reports see it: the fields of Postman's Cookie object, `expires` as an ISO time."""
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


def cookie_from_json(node: dict[str, Any], now: float) -> Cookie:
    """A cookie from an object of a script: Postman's names (`name`) and tough-cookie's (`key`) are both understood."""
    from runner.rules.set_cookie import time_of

    age, expires = node.get("maxAge"), node.get("expires")
    if isinstance(expires, (int, float)):
        expires = expires / 1000  # a script's time counts milliseconds
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
