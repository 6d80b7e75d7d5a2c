"""The cookie jar as a file: tough-cookie's JSON, as Newman reads and writes it."""

from __future__ import annotations

from runner.cookies.jar import CookieJar
from runner.errors import InvalidCollection
from runner.model.json import JsonObject
from runner.model.response import Cookie
from runner.rules.set_cookie import iso_time, parse_iso

HEAD = {
    "version": "tough-cookie@4.1.3",
    "storeType": "MemoryCookieStore",
    "rejectPublicSuffixes": True,
    "enableLooseMode": True,
    "allowSpecialUseDomain": True,
    "prefixSecurity": "silent",
}


def dump_jar(jar: CookieJar) -> JsonObject:
    """The jar as tough-cookie serializes it."""
    return {**HEAD, "cookies": [_dump_cookie(entry.cookie, entry.creation) for entry in jar.entries()]}


def _dump_cookie(cookie: Cookie, creation: float) -> JsonObject:
    node: JsonObject = {"key": cookie.name, "value": cookie.value}
    if cookie.expires is not None:
        node["expires"] = iso_time(cookie.expires)
    node |= {"domain": cookie.domain, "path": cookie.path}
    if cookie.secure:
        node["secure"] = True
    if cookie.http_only:
        node["httpOnly"] = True
    if cookie.extensions:
        node["extensions"] = list(cookie.extensions)
    node["hostOnly"] = cookie.host_only
    if cookie.same_site:
        node["sameSite"] = cookie.same_site
    return {**node, "creation": iso_time(creation), "lastAccessed": iso_time(creation)}


def load_jar(document: object, jar: CookieJar, where: str = "") -> None:
    """Add the cookies of a serialized jar to `jar`; raises `InvalidCollection` if it is not one."""
    cookies = document.get("cookies") if isinstance(document, dict) else None
    if not isinstance(cookies, list):
        raise InvalidCollection("this is not a cookie jar: it has no list `cookies`", where=where)
    for at, node in enumerate(cookies):
        if not isinstance(node, dict) or not isinstance(node.get("domain"), str):
            raise InvalidCollection("a cookie needs at least a domain", where=f"{where}: cookies[{at}]")
        creation = parse_iso(str(node.get("creation"))) or 0.0
        jar.restore(_load_cookie(node, creation), creation)


def _load_cookie(node: JsonObject, creation: float) -> Cookie:
    age, expires = node.get("maxAge"), node.get("expires")
    end = parse_iso(expires) if isinstance(expires, str) else None
    if isinstance(age, int) and not isinstance(age, bool):
        # tough-cookie saves Max-Age as it was received; it counts from the creation.
        end = creation + age
    extensions = node.get("extensions")
    return Cookie(
        name=str(node.get("key") or ""),
        value="" if node.get("value") is None else str(node["value"]),
        domain=node["domain"].lower(),
        path=str(node.get("path") or "/"),
        expires=end,
        max_age=age if isinstance(age, int) else None,
        secure=bool(node.get("secure")),
        http_only=bool(node.get("httpOnly")),
        host_only=node.get("hostOnly") is not False,
        same_site=str(node["sameSite"]) if node.get("sameSite") else None,
        extensions=tuple(map(str, extensions)) if isinstance(extensions, list) else (),
    )
