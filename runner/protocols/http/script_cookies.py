"""The cookie jar's operations, by the names that steps ask for them (`UseCookies`)."""

from __future__ import annotations

from collections.abc import Callable

from runner.cookies.jar import CookieJar
from runner.model.json import JsonObject


def use_jar(jar: CookieJar, operation: str, arguments: tuple[object, ...]) -> object:
    """Perform one operation of the table below."""
    return OPERATIONS[operation](jar, *arguments)


def _get(jar: CookieJar, url: str, name: str) -> JsonObject | None:
    return next((cookie for cookie in jar.get_all(url) if cookie["name"] == name), None)


def _get_all(jar: CookieJar, url: str, options: JsonObject) -> list[JsonObject]:
    """All cookies for a URL; `http` and `secure` say whether httpOnly and secure ones count (tough-cookie)."""
    if options.get("secure"):
        url = "https:" + url.partition(":")[2]
    hidden = [key for option, key in (("http", "httpOnly"), ("secure", "secure")) if options.get(option) is False]
    return [cookie for cookie in jar.get_all(url) if not any(cookie.get(key) for key in hidden)]


OPERATIONS: dict[str, Callable[..., object]] = {
    "get": _get,
    "getAll": _get_all,
    "set": lambda jar, url, cookie: jar.set(url, cookie),
    "unset": lambda jar, url, name: jar.unset(url, name),
    "clear": lambda jar, url: jar.clear(url),
}
