"""The calls about workspaces, their globals, and the owner of the key."""

from __future__ import annotations

from collections.abc import Mapping

from runner.server.messages import Answer, Call, Refused, json_answer, json_object, whole_number
from runner.standins.postman import environments
from runner.standins.postman.collections import names_of
from runner.standins.postman.errors import missing_parameter, not_found
from runner.standins.postman.state import OWNER, Environment, State
from runner.standins.postman.stored import Collection

MOST_WORKSPACES = 100
"""The most that one page of workspaces may hold."""


def list_workspaces(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /workspaces, all or those of a type, or those that hold a collection or an environment."""
    kind, holds = call.value("type"), _holding(state, call)
    limit = whole_number(call, "limit", MOST_WORKSPACES, 1, MOST_WORKSPACES)
    found = [one for one in state.workspaces.values() if kind in (None, one["type"]) and holds in (None, one["id"])]
    return json_answer({"workspaces": found[:limit]})


def _holding(state: State, call: Call) -> str | None:
    """The workspace of the element that a call names: "" for one that nobody knows, None if none is named."""
    kind, identity = call.value("elementType"), call.value("elementId")
    if kind is None and identity is None:
        return None
    if kind is None or identity is None:
        raise missing_parameter("elementType" if kind is None else "elementId")
    kinds: dict[str, Mapping[str, Collection | Environment]] = {
        "collection": state.collections,
        "environment": state.environments,
    }
    if kind not in kinds:
        raise Refused(501, f"The stand-in does not imitate the element type {kind!r}")
    element = kinds[kind].get(identity.removeprefix(f"{OWNER}-"))
    return "" if element is None else element.workspace


def _workspace(state: State, args: dict[str, str]) -> str:
    if args["id"] not in state.workspaces:
        raise not_found("workspace", args["id"])
    return args["id"]


def get_workspace(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /workspaces/{id}: with the collections and environments in it."""
    key = _workspace(state, args)
    inside = {
        "collections": [names_of(one) for one in state.collections.values() if one.workspace == key],
        "environments": [environments.about(one) for one in state.environments.values() if one.workspace == key],
    }
    return json_answer({"workspace": {**state.workspaces[key], **inside}})


def get_globals(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /workspaces/{id}/global-variables."""
    return json_answer({"values": state.globals.get(_workspace(state, args), [])})


def replace_globals(state: State, call: Call, args: dict[str, str]) -> Answer:
    """PUT /workspaces/{id}/global-variables: the sent ones take the place of all that were there; there is no wrapper."""
    key = _workspace(state, args)
    sent = json_object(call)
    if "values" not in sent:
        raise missing_parameter("values")
    values = sent["values"]
    state.globals[key] = environments.read_values(values if isinstance(values, list) else None, "globals")
    return json_answer({"values": state.globals[key]})


def get_user(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /me: whose key it is."""
    return json_answer({"user": {"id": int(OWNER), "username": "stand-in", "fullName": "Stand In", "isPublic": False}})
