"""Authorization in Bruno's words and in Postman's: one table for both directions."""

from __future__ import annotations

from collections.abc import Mapping

from runner.foreign.bruno.model import INHERIT, NONE, Authorization, Row
from runner.model.json import Json, JsonObject
from runner.rules.text import text_of

TYPES: dict[str, tuple[str, dict[str, str]]] = {
    "basic": ("basic", {"username": "username", "password": "password"}),
    "bearer": ("bearer", {"token": "token"}),
    "digest": ("digest", {"username": "username", "password": "password"}),
    "ntlm": ("ntlm", {"username": "username", "password": "password", "domain": "domain"}),
    "awsv4": (
        "awsv4",
        {
            "accessKeyId": "accessKey",
            "secretAccessKey": "secretKey",
            "sessionToken": "sessionToken",
            "service": "service",
            "region": "region",
        },
    ),
    "apikey": ("apikey", {"key": "key", "value": "value", "placement": "in"}),
    "akamai-edgegrid": (
        "edgegrid",
        {
            "accessToken": "accessToken",
            "clientToken": "clientToken",
            "clientSecret": "clientSecret",
            "nonce": "nonce",
            "timestamp": "timestamp",
            "baseURL": "baseURL",
            "headersToSign": "headersToSign",
            "maxBodySize": "maxBodySize",
        },
    ),
    "oauth1": (
        "oauth1",
        {
            "consumer_key": "consumerKey",
            "consumer_secret": "consumerSecret",
            "access_token": "token",
            "token_secret": "tokenSecret",
            "callback_url": "callback",
            "verifier": "verifier",
            "signature_method": "signatureMethod",
            "private_key": "privateKey",
            "timestamp": "timestamp",
            "nonce": "nonce",
            "version": "version",
            "realm": "realm",
            "placement": "addParamsToHeader",
            "include_body_hash": "includeBodyHash",
        },
    ),
    "oauth2": (
        "oauth2",
        {
            "grant_type": "grant_type",
            "callback_url": "redirect_uri",
            "authorization_url": "authUrl",
            "access_token_url": "accessTokenUrl",
            "refresh_token_url": "refreshTokenUrl",
            "username": "username",
            "password": "password",
            "client_id": "clientId",
            "client_secret": "clientSecret",
            "scope": "scope",
            "state": "state",
            "credentials_placement": "client_authentication",
            "credentials_id": "tokenName",
            "token_placement": "addTokenTo",
            "token_header_prefix": "headerPrefix",
        },
    ),
}
"""By Bruno's name of a type: Postman's, and Postman's name of each value."""

VALUES: dict[str, dict[str, Json]] = {
    "apikey.placement": {"queryparams": "query", "header": "header"},
    "oauth1.placement": {"query": False, "header": True},
    "oauth1.include_body_hash": {"true": True, "false": False},
    "oauth2.grant_type": {
        "password": "password_credentials",
        "authorization_code": "authorization_code",
        "client_credentials": "client_credentials",
        "implicit": "implicit",
    },
    "oauth2.credentials_placement": {"body": "body", "basic_auth_header": "header"},
    "oauth2.token_placement": {"header": "header", "url": "queryParams"},
}
"""Values that are words of Bruno, and Postman's for them."""

REQUESTS = {
    "auth_req": "authRequestParams",
    "access_token_req": "tokenRequestParams",
    "refresh_token_req": "refreshRequestParams",
}
PLACES = {"headers": "request_header", "queryparams": "request_url", "body": "request_body"}
PKCE = "authorization_code_with_pkce"
BY_DEFAULT = {
    "auto_fetch_token": "true",
    "auto_refresh_token": "false",
    "token_query_key": "access_token",
    "token_source": "access_token",
}
"""What values that Postman has no name for say where they say nothing else than Postman does."""


def to_postman(auth: Authorization) -> tuple[JsonObject | None, list[str]]:
    """The `auth` of a v2.1 document, None where it is inherited, and what cannot be carried over."""
    if auth.mode == INHERIT:
        return None, []
    if auth.mode in (NONE, ""):
        return {"type": "noauth"}, []
    if auth.mode not in TYPES:
        return {"type": "noauth"}, [f"auth of the type {auth.mode} is unknown to Postman"]
    type, names = TYPES[auth.mode]
    values: dict[str, Json] = {}
    notes = []
    for name, given in auth.values.items():
        value: Json = given
        words = VALUES.get(f"{auth.mode}.{name}")
        if name in names:
            if given == "" and name != "value":
                continue
            if words is not None:
                value = words.get(given)
                if value is None:
                    notes.append(f"{name} {given!r} of the auth is unknown to Postman")
                    continue
            values[names[name]] = value
        elif name != "pkce" and given not in ("", BY_DEFAULT.get(name, "")):
            notes.append(f"{name} of the auth has no counterpart in Postman")
    if auth.mode == "oauth2":
        _oauth2(auth, values)
    if str(values.get("privateKey", "")).startswith("@file("):
        notes.append("the private key of the auth is in a file: Postman wants the key itself")
    return {"type": type, type: [_entry(key, value) for key, value in values.items()]}, notes


def _entry(key: str, value: Json) -> JsonObject:
    return {
        "key": key,
        "value": value,
        "type": "boolean" if isinstance(value, bool) else "any" if isinstance(value, list) else "string",
    }


def _oauth2(auth: Authorization, values: dict[str, Json]) -> None:
    if auth.values.get("pkce") == "true" and values.get("grant_type") == "authorization_code":
        values["grant_type"] = PKCE
    for request, place, row in auth.more:
        rows = values.setdefault(REQUESTS[request], [])
        if isinstance(rows, list):
            rows.append({"key": row.name, "value": row.value, "enabled": row.enabled, "send_as": PLACES[place]})


def to_bruno(type: str, params: Mapping[str, Json]) -> tuple[Authorization, list[str]]:
    """Postman's auth in Bruno's words, and what cannot be carried over."""
    if type == "noauth":
        return Authorization(NONE), []
    if type == "oauth2" and params.get("accessToken"):
        return _with_token(params)
    mode = next((mode for mode, (name, _) in TYPES.items() if name == type), None)
    if mode is None:
        return Authorization(NONE), [f"auth of the type {type} is unknown to Bruno"]
    values: dict[str, str] = {}
    for name, key in TYPES[mode][1].items():
        words = VALUES.get(f"{mode}.{name}")
        value = params.get(key)
        if words is not None:
            word = next((word for word, one in words.items() if one == value), "")
            values[name] = word or next(iter(word for word in words if word in DEFAULTS.get(mode, ())), "")
        else:
            values[name] = "" if value is None else text_of(value)
    made = Authorization(mode, values)
    if mode == "oauth2":
        _bruno_oauth2(params, made)
    known = {*TYPES[mode][1].values(), *IMPLIED, *(REQUESTS.values() if mode == "oauth2" else ())}
    notes = [
        f"{key} of the auth has no counterpart in Bruno"
        for key, value in params.items()
        if key not in known and value not in (None, "", False)
    ]
    return made, notes


DEFAULTS = {
    "apikey": ("header",),
    "oauth1": ("header", "false"),
    "oauth2": ("client_credentials", "basic_auth_header", "header"),
}
"""What Bruno's words are where Postman says nothing."""

IMPLIED = frozenset(
    [
        "useBrowser",
        "tokenType",
        "challengeAlgorithm",
        "disableRetryRequest",
        "algorithm",
        "addEmptyParamsToSign",
        "showPassword",
        "saveHelperData",
    ]
)
"""What Postman stores for itself, or what is as in Bruno by default."""


def _bruno_oauth2(params: Mapping[str, Json], made: Authorization) -> None:
    values = dict(made.values)
    values["pkce"] = "true" if params.get("grant_type") == PKCE else "false"
    if params.get("grant_type") == PKCE:
        values["grant_type"] = "authorization_code"
    if not params.get("headerPrefix"):
        values["token_header_prefix"] = "Bearer"
    made.values = values
    for request, key in REQUESTS.items():
        rows = params.get(key)
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                place = next((name for name, one in PLACES.items() if one == row.get("send_as")), "headers")
                one = Row(text_of(row.get("key")), text_of(row.get("value")), enabled=row.get("enabled") is not False)
                made.more.append((request, place, one))


def _with_token(params: Mapping[str, Json]) -> tuple[Authorization, list[str]]:
    """A token that is there already is sent as it is: Bruno's OAuth 2.0 always fetches one."""
    token = text_of(params.get("accessToken"))
    if params.get("addTokenTo") == "queryParams":
        return Authorization("apikey", {"key": "access_token", "value": token, "placement": "queryparams"}), []
    prefix = text_of(params.get("headerPrefix") if params.get("headerPrefix") is not None else "Bearer").strip()
    if prefix == "Bearer":
        return Authorization("bearer", {"token": token}), []
    return Authorization(
        "apikey", {"key": "Authorization", "value": f"{prefix} {token}".strip(), "placement": "header"}
    ), []
