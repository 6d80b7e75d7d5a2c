"""`protocolProfileBehavior`: what an item's JSON says, over what the run's options say."""

from __future__ import annotations

from typing import Any

from runner.model.request import ProtocolProfileBehavior
from runner.model.variable import JsonObject
from runner.options import RunOptions

SWITCHES = {
    "disableCookies": "disable_cookies",
    "disableBodyPruning": "disable_body_pruning",
    "disableUrlEncoding": "disable_url_encoding",
    "insecureHTTPParser": "insecure_http_parser",
    "followOriginalHttpMethod": "follow_original_http_method",
    "followAuthorizationHeader": "follow_authorization_header",
    "removeRefererHeaderOnRedirect": "remove_referer_header_on_redirect",
    "tlsPreferServerCiphers": "tls_prefer_server_ciphers",
}
LISTS = {"tlsDisabledProtocols": "tls_disabled_protocols", "tlsCipherSelection": "tls_cipher_selection"}
PROTOCOL_VERSIONS = ("http1", "http2", "auto")


def parse_behavior(behavior: JsonObject, options: RunOptions) -> ProtocolProfileBehavior:
    """The behaviour of one item: a key of the (already inherited) JSON wins over the run's option.

    A value of the wrong type counts as not given, as in Postman.
    """
    chosen: dict[str, Any] = {
        "strict_ssl": _switch(behavior, "strictSSL", not options.insecure),
        "follow_redirects": _switch(behavior, "followRedirects", not options.ignore_redirects),
        "max_redirects": _count(behavior.get("maxRedirects")),
        "disabled_system_headers": _names(behavior.get("disabledSystemHeaders")),
    }
    chosen |= {field: _switch(behavior, key, False) for key, field in SWITCHES.items() if key in behavior}
    chosen |= {field: _texts(behavior[key]) for key, field in LISTS.items() if key in behavior}
    if behavior.get("protocolVersion") in PROTOCOL_VERSIONS:
        chosen["protocol_version"] = behavior["protocolVersion"]
    elif options.http2:
        chosen["protocol_version"] = "auto"
    return ProtocolProfileBehavior(**chosen)


def _switch(behavior: JsonObject, key: str, default: bool) -> bool:
    value = behavior.get(key)
    return value if isinstance(value, bool) else default


def _count(value: Any) -> int | None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and value == value and value >= 0
    return int(min(value, 2**31)) if number else None


def _names(value: Any) -> frozenset[str]:
    """The names that are switched off, in lower case: the keys with a true value."""
    return frozenset(name.lower() for name, off in value.items() if off) if isinstance(value, dict) else frozenset()


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
