"""OpenCollection's names of auth values, as `.bru` files call them."""

from __future__ import annotations

from runner.foreign.bruno.model import INHERIT, NONE, Authorization, Row
from runner.foreign.entries import Entry

NAMES: dict[str, dict[str, str]] = {
    "oauth1": {
        "consumerKey": "consumer_key",
        "consumerSecret": "consumer_secret",
        "accessToken": "access_token",
        "accessTokenSecret": "token_secret",
        "callbackUrl": "callback_url",
        "signatureMethod": "signature_method",
        "privateKey": "private_key",
        "includeBodyHash": "include_body_hash",
    },
    "oauth2": {
        "accessTokenUrl": "access_token_url",
        "refreshTokenUrl": "refresh_token_url",
        "authorizationUrl": "authorization_url",
        "callbackUrl": "callback_url",
    },
}
"""By type: names that differ; all others are the same."""

REQUESTS = {
    "authorizationRequest": "auth_req",
    "accessTokenRequest": "access_token_req",
    "refreshTokenRequest": "refresh_token_req",
}
PLACES = {"header": "headers", "query": "queryparams", "body": "body"}
FLOWS = {"resource_owner_password_credentials": "password"}


def authorization(entry: Entry, otherwise: str) -> Authorization:
    """The auth of a level; `otherwise` is its mode where nothing is said."""
    if entry.value == "inherit":
        return Authorization(INHERIT)
    if not isinstance(entry.value, dict):
        return Authorization(NONE if entry.value == "none" else otherwise)
    type = entry.text("type", NONE)
    if type == "oauth2":
        return _oauth2(entry)
    names = NAMES.get(type, {})
    values = {names.get(key, key): entry.text(key) for key in entry.value if key != "type"}
    if type == "apikey":
        values["placement"] = {"query": "queryparams"}.get(values.get("placement", ""), values.get("placement", ""))
    key = entry.get("privateKey")
    if isinstance(key.value, dict):
        values["private_key"] = f"@file({key.text('value')})" if key.text("type") == "file" else key.text("value")
    return Authorization(type, values)


def _oauth2(entry: Entry) -> Authorization:
    flat = ("type", "flow", "credentials", "resourceOwner", "pkce", "tokenConfig", "settings", "additionalParameters")
    values = {"grant_type": FLOWS.get(entry.text("flow"), entry.text("flow") or "authorization_code")}
    values |= {NAMES["oauth2"].get(key, key): entry.text(key) for key, _ in entry.pairs() if key not in flat}
    credentials, owner, token = entry.get("credentials"), entry.get("resourceOwner"), entry.get("tokenConfig")
    placement, settings, pkce = token.get("placement"), entry.get("settings"), entry.get("pkce")
    values |= {
        "client_id": credentials.text("clientId"),
        "client_secret": credentials.text("clientSecret"),
        "credentials_placement": credentials.text("placement"),
        "username": owner.text("username"),
        "password": owner.text("password"),
        "credentials_id": token.text("id"),
        "token_source": token.text("source"),
        "token_header_prefix": placement.text("header"),
        "token_query_key": placement.text("query"),
        "token_placement": "url" if placement.get("query") else "header" if placement.get("header") else "",
        "pkce": "true" if pkce and not pkce.flag("disabled") else "false",
        "auto_fetch_token": settings.text("autoFetchToken", "true"),
        "auto_refresh_token": settings.text("autoRefreshToken", "false"),
    }
    found = Authorization("oauth2", values)
    for key, request in REQUESTS.items():
        for one in entry.get("additionalParameters").get(key):
            place = PLACES.get(one.text("placement"), "headers")
            found.more.append((request, place, Row(one.text("name"), one.text("value"), line=one.line)))
    return found
