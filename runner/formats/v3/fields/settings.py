"""Settings of a request: `protocolProfileBehavior` of v2.1, in the order of the format."""

from __future__ import annotations

from runner.formats.v3.fields.rule import Place
from runner.model.json import Json, JsonObject

KEYS = (
    "protocolVersion", "strictSSL", "followRedirects", "maxRedirects", "followOriginalHttpMethod",
    "followAuthorizationHeader", "removeRefererHeaderOnRedirect", "insecureHTTPParser", "disableUrlEncoding",
    "disableCookies", "disabledSystemHeaders", "tlsPreferServerCiphers", "tlsDisabledProtocols", "tlsCipherSelection",
)  # fmt: skip

SYSTEM_HEADERS = (
    "cache-control", "postman-token", "content-type", "content-length", "accept-encoding", "user-agent", "connection",
    "accept", "host",
)  # fmt: skip
"""The headers that can be switched off; the format knows no others."""

TLS_PROTOCOLS = ("TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3")

BEHAVIOR = "protocolProfileBehavior"


def write_settings(item: JsonObject, place: Place) -> Json:
    """The settings that the format has; None without any."""
    behavior = item.get(BEHAVIOR)
    if not isinstance(behavior, dict):
        return None
    settings = {key: behavior[key] for key in KEYS if behavior.get(key) is not None}
    headers, protocols = settings.get("disabledSystemHeaders"), settings.get("tlsDisabledProtocols")
    if headers is not None:
        named = headers if isinstance(headers, dict) else {}
        settings["disabledSystemHeaders"] = [name for name, off in named.items() if off]
    if isinstance(protocols, list):
        settings["tlsDisabledProtocols"] = [one for one in protocols if one in TLS_PROTOCOLS]
    return settings or None


def read_settings(data: JsonObject, item: JsonObject) -> None:
    """The settings as a behaviour of v2.1; those that it does not know stay."""
    settings = data["settings"]
    if not isinstance(settings, dict) or not settings:
        return
    headers = settings.get("disabledSystemHeaders")
    named = {"disabledSystemHeaders": dict.fromkeys(headers, True)} if isinstance(headers, list) else {}
    item[BEHAVIOR] = {**settings, **named}
