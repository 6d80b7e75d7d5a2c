"""`protocolProfileBehavior`: what an item's JSON says, over what the run's options say."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from runner.model.json import JsonObject
from runner.model.request import ProtocolProfileBehavior
from runner.options import RunOptions

SWITCHES = {
    "disableCookies": "disable_cookies",
    "disableBodyPruning": "disable_body_pruning",
    "disableUrlEncoding": "disable_url_encoding",
    "followOriginalHttpMethod": "follow_original_http_method",
    "followAuthorizationHeader": "follow_authorization_header",
    "removeRefererHeaderOnRedirect": "remove_referer_header_on_redirect",
    "tlsPreferServerCiphers": "tls_prefer_server_ciphers",
}
LISTS = {"tlsDisabledProtocols": "tls_disabled_protocols", "tlsCipherSelection": "tls_cipher_selection"}
SAFE_PROTOCOLS = frozenset({"TLSv1_2", "TLSv1_3"})
PROTOCOL_VERSIONS = ("http1", "http2", "auto")


def parse_behavior(behavior: JsonObject, options: RunOptions) -> ProtocolProfileBehavior:
    """The behaviour of one item: a key of the (already inherited) JSON wins over the run's option.

    A switch is on for any value that is true to JavaScript (Postman), but only `false` switches `strictSSL` off, and only a
    boolean counts for `insecureHTTPParser`. Any other value of the wrong type counts as not given.
    """
    chosen: dict[str, Any] = {
        "strict_ssl": behavior["strictSSL"] is not False if "strictSSL" in behavior else not options.insecure,
        "follow_redirects": _is_on(behavior.get("followRedirects", not options.ignore_redirects)),
        "insecure_http_parser": behavior.get("insecureHTTPParser") is True,
        "max_redirects": _count(behavior.get("maxRedirects")),
        "disabled_system_headers": _names(behavior.get("disabledSystemHeaders")),
    }
    chosen |= {field: _is_on(behavior[key]) for key, field in SWITCHES.items() if key in behavior}
    chosen |= {field: _texts(behavior[key]) for key, field in LISTS.items() if key in behavior}
    if behavior.get("protocolVersion") in PROTOCOL_VERSIONS:
        chosen["protocol_version"] = behavior["protocolVersion"]
    elif options.http2:
        chosen["protocol_version"] = "auto"
    return ProtocolProfileBehavior(**chosen)


def weakened_by(behavior: JsonObject, options: RunOptions) -> Iterator[str]:
    """The settings that make a request less safe than the options do."""
    parsed = parse_behavior(behavior, options)
    if parsed.strict_ssl is False and not options.insecure:
        yield "strictSSL is false"
    if parsed.follow_authorization_header:
        yield "followAuthorizationHeader sends credentials to other origins"
    if parsed.insecure_http_parser:
        yield "insecureHTTPParser is on"
    if SAFE_PROTOCOLS & set(parsed.tls_disabled_protocols):
        yield "tlsDisabledProtocols takes TLS 1.2 or 1.3 away"
    if parsed.tls_cipher_selection:
        yield "tlsCipherSelection chooses the ciphers"


def _is_on(value: object) -> bool:
    return bool(value) or isinstance(value, list | dict)


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return math.ceil(min(max(value, 0), 2**31))


def _names(value: object) -> frozenset[str]:
    """The names that are switched off: the keys with a true value; Postman knows them in lower case only."""
    return frozenset(name for name, off in value.items() if off) if isinstance(value, dict) else frozenset()


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
