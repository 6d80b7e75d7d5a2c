"""What every body and every write has: a wrapper around the object, and a workspace to put it into."""

from __future__ import annotations

from runner.model.json import JsonObject
from runner.server.messages import Call, json_object
from runner.standins.postman.errors import missing_parameter, not_found
from runner.standins.postman.state import State


def wrapped(call: Call, name: str) -> JsonObject:
    """The object under the one key that a body must have; refuses any other body with 400."""
    value = json_object(call).get(name)
    if not isinstance(value, dict):
        raise missing_parameter(name)
    return value


def workspace_of(state: State, call: Call) -> str:
    """The workspace that a call names, the oldest personal one if it names none; refuses an unknown one with 404."""
    wanted = call.value("workspace")
    if wanted is None:
        return state.default_workspace
    if wanted not in state.workspaces:
        raise not_found("workspace", wanted)
    return wanted
