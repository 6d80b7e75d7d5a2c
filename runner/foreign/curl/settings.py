"""The settings of a request (`protocolProfileBehavior`) that make Postman do what curl does."""

from __future__ import annotations

from runner.foreign.curl.arguments import Operation
from runner.foreign.curl.headers import SYSTEM, Headers
from runner.model.json import JsonObject
from runner.model.request import BODYLESS_METHODS

UNLIMITED = 1000
"""Redirects for `--max-redirs -1`."""


def settings_of(
    operation: Operation, method: str, headers: Headers, *, body: bool, exact: bool, cookies: bool
) -> JsonObject:
    """The settings; `exact` says that the URL must not be encoded, `cookies` that the command keeps cookies."""
    made: JsonObject = {}
    follows = operation.is_on("location", "location-trusted", "follow")
    if not follows:
        made["followRedirects"] = False
    else:
        made |= _of_redirects(operation)
    if not cookies:
        made["disableCookies"] = True
    if operation.is_on("insecure"):
        made["strictSSL"] = False
    if body and method.upper() in BODYLESS_METHODS:
        made["disableBodyPruning"] = True
    if exact:
        made["disableUrlEncoding"] = True
    if operation.is_on("http2-prior-knowledge"):
        made["protocolVersion"] = "http2"
    elif operation.is_on("http2"):
        made["protocolVersion"] = "auto"
    removed = sorted(headers.removed & SYSTEM)
    if removed:
        made["disabledSystemHeaders"] = dict.fromkeys(removed, True)
    return made


def _of_redirects(operation: Operation) -> JsonObject:
    """Curl gives the first `Referer` on, but adds none, and keeps a method that was asked for."""
    made: JsonObject = {}
    if not (operation.value("referer") or "").endswith(";auto"):
        made["removeRefererHeaderOnRedirect"] = True
    posts = any(operation.is_on(name) for name in ("post301", "post302", "post303"))
    if posts or operation.values("request", "upload-file"):
        made["followOriginalHttpMethod"] = True
    if operation.is_on("location-trusted"):
        made["followAuthorizationHeader"] = True
    limit = operation.value("max-redirs")
    if limit is not None and limit.lstrip("-").isdigit():
        made["maxRedirects"] = UNLIMITED if limit.startswith("-") else int(limit)
    return made
