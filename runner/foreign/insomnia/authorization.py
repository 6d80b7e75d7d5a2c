"""Auth of Insomnia in Postman's words."""

from __future__ import annotations

from collections.abc import Callable

from runner.foreign.entries import Entry
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass

NO_PREFIX = "NO_PREFIX"
"""What Insomnia has for a token that is sent without a word before it."""

NAMES: dict[str, tuple[str, dict[str, str]]] = {
    "basic": ("basic", {"username": "username", "password": "password"}),
    "digest": ("digest", {"username": "username", "password": "password"}),
    "ntlm": ("ntlm", {"username": "username", "password": "password"}),
    "hawk": ("hawk", {"id": "authId", "key": "authKey", "algorithm": "algorithm", "ext": "extraData"}),
    "iam": (
        "awsv4",
        {
            "accessKeyId": "accessKey",
            "secretAccessKey": "secretKey",
            "sessionToken": "sessionToken",
            "region": "region",
            "service": "service",
        },
    ),
    "oauth1": (
        "oauth1",
        {
            "consumerKey": "consumerKey",
            "consumerSecret": "consumerSecret",
            "tokenKey": "token",
            "tokenSecret": "tokenSecret",
            "signatureMethod": "signatureMethod",
            "privateKey": "privateKey",
            "version": "version",
            "nonce": "nonce",
            "timestamp": "timestamp",
            "callback": "callback",
            "realm": "realm",
            "verifier": "verifier",
        },
    ),
    "asap": (
        "asap",
        {
            "issuer": "iss",
            "subject": "sub",
            "audience": "aud",
            "keyId": "kid",
            "privateKey": "privateKey",
            "additionalClaims": "claims",
            "addintionalClaims": "claims",
        },
    ),
    "oauth2": (
        "oauth2",
        {
            "accessTokenUrl": "accessTokenUrl",
            "authorizationUrl": "authUrl",
            "clientId": "clientId",
            "clientSecret": "clientSecret",
            "scope": "scope",
            "username": "username",
            "password": "password",
            "redirectUrl": "redirect_uri",
            "state": "state",
        },
    ),
}
"""By Insomnia's name of a type: Postman's, and Postman's name of each value."""

GRANTS = {
    "authorization_code": "authorization_code",
    "client_credentials": "client_credentials",
    "implicit": "implicit",
    "password": "password_credentials",
}

AUTHORIZATION_REQUEST = {"authorization_code": ("audience", "resource"), "implicit": ("audience",)}
TOKEN_REQUEST = {
    "authorization_code": ("audience", "resource"),
    "client_credentials": ("audience", "resource"),
    "password": ("audience",),
}
"""Which values of OAuth 2.0 that Postman has no name for go into which request, by grant."""


@dataclass(frozen=True, slots=True)
class Made:
    """The `auth` of a v2.1 document, None where it is inherited, and what cannot be carried over."""

    auth: JsonObject | None
    notes: tuple[str, ...] = ()


def is_given(entry: Entry) -> bool:
    """Whether a level has auth of its own; one that is switched off or says nothing is that of the folder around it."""
    return bool(type_of(entry)) and not entry.flag("disabled")


def type_of(entry: Entry) -> str:
    """Insomnia's name of the type; the oldest exports have only a user and a password."""
    return entry.text("type") or ("basic" if entry.text("username") else "")


def made(entry: Entry, text: Callable[[str], str]) -> Made:
    """The auth of a level; `text` translates a template."""
    if not is_given(entry):
        off = type_of(entry) not in ("", "none")
        return Made(None, (f"auth of the type {type_of(entry)} is switched off: it is left out",) if off else ())
    type = type_of(entry)

    def value(key: str) -> str:
        return text(entry.text(key))

    if type == "none":
        return Made({"type": "noauth"})
    if type == "bearer":
        return Made(_bearer(value("token"), value("prefix").strip()))
    if type == "apikey":
        return Made(_api_key(value("key"), value("value"), entry.text("addTo")))
    if type not in NAMES:
        return Made({"type": "noauth"}, (f"auth of the type {type} has no counterpart in Postman",))
    name, names = NAMES[type]
    values: dict[str, Json] = {new: value(old) for old, new in names.items() if entry.text(old) or new == "password"}
    notes: list[str] = []
    if type == "basic" and entry.flag("useISO88591"):
        notes.append("Insomnia sends the user and the password in ISO 8859-1, Postman in UTF-8")
    if type == "hawk" and entry.flag("validatePayload"):
        values["includePayloadHash"] = True
    if type == "oauth1":
        values |= {"addParamsToHeader": True, "includeBodyHash": entry.flag("includeBodyHash")}
    if type == "asap":
        values["alg"] = "RS256"
    if type == "oauth2":
        notes += _oauth2(entry, value, values)
    return Made(_auth(name, values), tuple(notes))


def _auth(type: str, values: dict[str, Json]) -> JsonObject:
    kinds = {bool: "boolean", list: "any"}
    rows = [{"key": key, "value": value, "type": kinds.get(value.__class__, "string")} for key, value in values.items()]
    return {"type": type, type: rows}


def _bearer(token: str, prefix: str) -> JsonObject:
    """A token behind a word of its own is a header; without a token Insomnia sends nothing."""
    if not token:
        return {"type": "noauth"}
    if prefix in ("", "Bearer"):
        return _auth("bearer", {"token": token})
    return _api_key("Authorization", token if prefix == NO_PREFIX else f"{prefix} {token}", "header")


def _api_key(key: str, value: str, place: str) -> JsonObject:
    if place == "cookie":
        return _auth("apikey", {"key": "Cookie", "value": f"{key}={value}", "in": "header"})
    return _auth("apikey", {"key": key, "value": value, "in": "query" if place == "queryParams" else "header"})


def _oauth2(entry: Entry, value: Callable[[str], str], values: dict[str, Json]) -> list[str]:
    notes = []
    grant = entry.text("grantType") or "authorization_code"
    if grant in GRANTS:
        values["grant_type"] = GRANTS[grant]
    else:
        notes.append(f"the grant {grant} of OAuth 2.0 has no counterpart in Postman")
    if grant == "authorization_code" and entry.flag("usePkce"):
        values["grant_type"] = "authorization_code_with_pkce"
        values["challengeAlgorithm"] = "plain" if entry.text("pkceMethod") == "plain" else "S256"
    prefix = value("tokenPrefix").strip()
    values["headerPrefix"] = "" if prefix == NO_PREFIX else prefix or "Bearer"
    values["addTokenTo"] = "header"
    values["client_authentication"] = "body" if entry.flag("credentialsInBody") else "header"
    for key, place, names in (
        ("authRequestParams", "request_url", AUTHORIZATION_REQUEST.get(grant, ())),
        ("tokenRequestParams", "request_body", TOKEN_REQUEST.get(grant, ())),
    ):
        rows: list[Json] = [_parameter(name, value(name), place) for name in names if entry.text(name)]
        if key == "tokenRequestParams" and entry.text("origin"):
            rows.append(_parameter("Origin", value("origin"), "request_header"))
        if rows:
            values[key] = rows
    if grant == "implicit" and entry.text("responseType") not in ("", "token"):
        notes.append(f"the response type {entry.text('responseType')} of OAuth 2.0 has no counterpart in Postman")
    return notes


def _parameter(name: str, value: str, place: str) -> JsonObject:
    return {"key": name, "value": value, "enabled": True, "send_as": place}
