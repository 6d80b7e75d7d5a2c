"""Torii's SCIM 2.0 endpoints (RFC 7643, RFC 7644): service provider configuration and users."""

from __future__ import annotations

import re

from runner.server.messages import Answer, Call, Refused, json_answer, whole_number
from runner.standins.torii.data import User
from runner.standins.torii.lists import by_id
from runner.standins.torii.state import State

USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
VERSIONS = ("beta", "v1.0", "v1.1")
FILTER = re.compile(r'\s*(userName|emails(?:\.value)?)\s+eq\s+"([^"]*)"\s*', re.IGNORECASE)


def provider_config(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /scim/v2/ServiceProviderConfig."""
    bearer = {
        "type": "oauthbearertoken",
        "name": "OAuth Bearer Token",
        "description": "Authentication with the OAuth Bearer Token standard",
        "specUri": "https://www.rfc-editor.org/info/rfc6750",
        "primary": True,
    }
    return json_answer(
        {
            "schemas": [CONFIG],
            "patch": {"supported": True},
            "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": True, "maxResults": 200},
            "changePassword": {"supported": False},
            "sort": {"supported": True},
            "etag": {"supported": False},
            "authenticationSchemes": [bearer],
        }
    )


def scim_user(user: User) -> dict[str, object]:
    """A user as a SCIM resource."""
    return {
        "schemas": [USER_SCHEMA],
        "id": str(user["id"]),
        "userName": user["email"],
        "name": {"familyName": user["lastName"], "givenName": user["firstName"]},
        "active": user["lifecycleStatus"] == "active",
        "emails": [{"primary": True, "value": user["email"]}],
        "userType": user["role"],
        "meta": {"created": user["creationTime"]},
    }


def list_scim_users(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /scim/v2/Users with startIndex (from 1), count (100, at most 200) and a filter on userName or emails."""
    rows = [user for user in state.users if scim_match(call.value("filter"), user)]
    start, count = whole_number(call, "startIndex", 1, 1), whole_number(call, "count", 100, 0, 200)
    part = rows[start - 1 : start - 1 + count]
    numbers = {"totalResults": len(rows), "itemsPerPage": len(part), "startIndex": start}
    return json_answer({"schemas": [LIST], **numbers, "Resources": [scim_user(user) for user in part]})


def scim_match(text: str | None, user: User) -> bool:
    """Whether a user matches the filter; refuses all but `userName eq "…"` and `emails eq "…"` with 400."""
    if not text:
        return True
    found = FILTER.fullmatch(text)
    if not found:
        raise Refused(400, "The filter is not supported: use userName or emails with eq")
    return user["email"] == found[2].lower()


def get_scim_user(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /scim/v2/Users/{id}."""
    return json_answer(scim_user(by_id(state.users, args["id"], "user")))


def scim_error(refused: Refused) -> Answer:
    """An error as RFC 7644 section 3.12 writes it."""
    body = {"schemas": [ERROR], "status": str(refused.status), "detail": refused.message}
    return json_answer(body, refused.status, refused.headers)


def is_scim(path: str) -> bool:
    """Whether a path belongs to SCIM, which needs a key of its own."""
    return any(path.startswith(f"/{version}/scim/") for version in VERSIONS)
