"""Security schemes as auth, with variables in place of what is secret."""

from __future__ import annotations

from collections.abc import Sequence

from runner.foreign.openapi.documents import Document
from runner.model.json import Json, JsonObject

GRANTS = {
    "authorizationCode": "authorization_code",
    "implicit": "implicit",
    "password": "password_credentials",
    "clientCredentials": "client_credentials",
    "deviceAuthorization": "device_code",
}
"""The flows of OAuth 2.0, as collections name them."""

NO_AUTH: JsonObject = {"type": "noauth"}

SHOWN = {
    "basic": "Basic <credentials>",
    "bearer": "Bearer <token>",
    "digest": "Digest <credentials>",
    "oauth1": "OAuth <credentials>",
    "oauth2": "<token>",
}
"""What the request of an example shows as Authorization for each type of auth."""


def auth_of(document: Document, security: Sequence[JsonObject] | None) -> JsonObject | None:
    """The auth that the first usable alternative asks for; no auth if none is asked for, None if nothing is said.

    Of several schemes that are needed at once the first one counts, which a note says.
    """
    if security is None:
        return None
    if not security:
        return NO_AUTH
    components = document.root.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    for alternative in security:
        if not alternative:
            return NO_AUTH
        name = next(iter(alternative))
        own: Json = schemes.get(name) if isinstance(schemes, dict) else None
        is_address = own is None and ("#" in name or "/" in name)
        scheme = document.resolved({"$ref": name} if is_address else own)
        made = _auth(scheme)
        if made is not None:
            if made == {"type": "oauth2", "oauth2": []}:
                document.note(f"no flow of the security scheme {name} is known: the auth is empty", name)
            if len(alternative) > 1:
                needed = f"a request has one auth, but these are needed at once: {', '.join(alternative)}"
                document.note(f"{needed}; it has {name}", "security", name)
            return made
        kind = " ".join(str(scheme[key]) for key in ("type", "scheme") if key in scheme) or "that is not described"
        document.note(f"there is no auth for the security scheme {name} ({kind})", name)
    return None


def _auth(scheme: JsonObject) -> JsonObject | None:
    kind = scheme.get("type")
    if kind == "http":
        return _http(str(scheme.get("scheme")).lower())
    if kind == "apiKey":
        return _api_key(scheme)
    return {"type": "oauth2", "oauth2": _rows(**_oauth2(scheme.get("flows")))} if kind == "oauth2" else None


def _http(scheme: str) -> JsonObject | None:
    if scheme == "basic":
        return {"type": "basic", "basic": _rows(username="{{basicAuthUsername}}", password="{{basicAuthPassword}}")}
    if scheme == "bearer":
        return {"type": "bearer", "bearer": _rows(token="{{bearerToken}}")}
    if scheme == "digest":
        rows = _rows(username="{{digestAuthUsername}}", password="{{digestAuthPassword}}", realm="{{realm}}")
        return {"type": "digest", "digest": rows}
    if scheme in ("oauth", "oauth1"):
        rows = _rows(consumerSecret="{{consumerSecret}}", consumerKey="{{consumerKey}}", addParamsToHeader=True)
        return {"type": "oauth1", "oauth1": rows}
    return None


def _api_key(scheme: JsonObject) -> JsonObject:
    name = scheme["name"] if isinstance(scheme.get("name"), str) else "{{apiKeyName}}"
    if scheme.get("in") == "cookie":
        return {"type": "apikey", "apikey": _rows(**{"key": "Cookie", "value": f"{name}={{{{apiKey}}}}", "in": "header"})}
    place = "query" if scheme.get("in") == "query" else "header"
    return {"type": "apikey", "apikey": _rows(**{"key": name, "value": "{{apiKey}}", "in": place})}


def _oauth2(flows: Json) -> dict[str, str]:
    """The fields of the first flow."""
    name, flow = next(iter(flows.items()), ("", None)) if isinstance(flows, dict) else ("", None)
    if name not in GRANTS or not isinstance(flow, dict):
        return {}
    made: dict[str, str] = {}
    scopes = flow.get("scopes")
    if isinstance(scopes, dict) and scopes:
        made["scope"] = " ".join(scopes)
    if flow.get("refreshUrl"):
        made["redirect_uri"] = flow["refreshUrl"] if isinstance(flow["refreshUrl"], str) else "{{oAuth2CallbackURL}}"
    if flow.get("tokenUrl") and name != "implicit":
        made["accessTokenUrl"] = flow["tokenUrl"] if isinstance(flow["tokenUrl"], str) else "{{oAuth2AccessTokenURL}}"
    if flow.get("deviceAuthorizationUrl"):
        made["deviceAuthorizationUrl"] = str(flow["deviceAuthorizationUrl"])
    if flow.get("authorizationUrl") and name in ("authorizationCode", "implicit"):
        url = flow["authorizationUrl"]
        made["authUrl"] = url if isinstance(url, str) else "{{oAuth2AuthURL}}"
    return {**made, "grant_type": GRANTS[name]}


def _rows(**values: Json) -> list[JsonObject]:
    return [{"key": key, "value": value} for key, value in values.items()]


def shown(auth: JsonObject | None) -> tuple[str, JsonObject] | None:
    """Where an example shows the auth of its request (`header` or `query`), and the row; None if there is none."""
    kind = auth["type"] if auth else "noauth"
    about = f"Added as a part of security scheme: {kind}"
    if auth and kind == "apikey":
        row = {entry["key"]: entry["value"] for entry in auth["apikey"]}
        value = row["value"].replace("{{apiKey}}", "<API Key>")
        return row["in"], {"key": row["key"], "value": value, "description": about}
    return ("header", {"key": "Authorization", "value": SHOWN[kind], "description": about}) if kind in SHOWN else None
