"""`protocolProfileBehavior`: the settings of an item's JSON, over those of the run's options."""

from __future__ import annotations

import math
from collections.abc import Iterator

from runner.model.json import JsonObject
from runner.model.request import ProtocolProfileBehavior
from runner.options import RunOptions

SAFE_PROTOCOLS = frozenset({"TLSv1_2", "TLSv1_3"})
PROTOCOL_VERSIONS = ("http1", "http2", "auto")


def parse_behavior(behavior: JsonObject, options: RunOptions) -> ProtocolProfileBehavior:
    """The behaviour of one item: a key of the JSON, in which inherited keys stand already, wins over the run's option.

    A switch is on for any value that is true to JavaScript (Postman), but only `false` switches `strictSSL` off, and only
    `true` switches `insecureHTTPParser` on. Any other value of the wrong type counts as missing.
    """
    version = behavior.get("protocolVersion")
    return ProtocolProfileBehavior(
        strict_ssl=behavior["strictSSL"] is not False if "strictSSL" in behavior else not options.insecure,
        follow_redirects=_is_on(behavior.get("followRedirects", not options.ignore_redirects)),
        max_redirects=_count(behavior.get("maxRedirects")),
        disable_cookies=_is_on(behavior.get("disableCookies")),
        disable_body_pruning=_is_on(behavior.get("disableBodyPruning")),
        disable_url_encoding=_is_on(behavior.get("disableUrlEncoding")),
        disabled_system_headers=_names(behavior.get("disabledSystemHeaders")),
        insecure_http_parser=behavior.get("insecureHTTPParser") is True,
        follow_original_http_method=_is_on(behavior.get("followOriginalHttpMethod")),
        follow_authorization_header=_is_on(behavior.get("followAuthorizationHeader")),
        remove_referer_header_on_redirect=_is_on(behavior.get("removeRefererHeaderOnRedirect")),
        protocol_version=version if version in PROTOCOL_VERSIONS else "auto" if options.http2 else None,
        tls_prefer_server_ciphers=_is_on(behavior.get("tlsPreferServerCiphers")),
        tls_disabled_protocols=_texts(behavior.get("tlsDisabledProtocols")),
        tls_cipher_selection=_texts(behavior.get("tlsCipherSelection")),
    )


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
    """The keys with a true value, which are the names that are switched off; Postman knows only lower-case ones."""
    return frozenset(name for name, off in value.items() if off) if isinstance(value, dict) else frozenset()


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
