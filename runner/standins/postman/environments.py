"""The calls about environments: list, read, create, replace, change, delete."""

from __future__ import annotations

import re

from runner.model.json import Json, JsonObject
from runner.server.messages import Answer, Call, json_answer, parse_json
from runner.standins.postman.errors import malformed, not_found
from runner.standins.postman.state import OWNER, Environment, State, Values
from runner.standins.postman.wrapped import workspace_of, wrapped

TYPES = ("default", "secret", "any")
FIELDS = ("key", "value", "type", "enabled", "description")
PATH = re.compile(r"/values/(0|[1-9][0-9]{0,8})(?:/(key|value|type|enabled|description))?")


def about(environment: Environment) -> JsonObject:
    """The short form of an environment that writes answer with."""
    return {"id": environment.id, "name": environment.name, "uid": f"{OWNER}-{environment.id}"}


def whole(environment: Environment) -> JsonObject:
    """An environment as GET shows it."""
    return {
        "id": environment.id,
        "name": environment.name,
        "owner": OWNER,
        "createdAt": environment.created,
        "updatedAt": environment.updated,
        "values": environment.values,
        "isPublic": False,
    }


def existing(state: State, identity: str) -> Environment:
    """An environment by its id or its uid; refuses an unknown one with 404."""
    environment = state.environments.get(identity.removeprefix(f"{OWNER}-"))
    if environment is None:
        raise not_found("environment", identity)
    return environment


def read_values(values: Json, kind: str) -> Values:
    """Sent variables, complete: type `default` and enabled unless they say otherwise; refuses malformed ones with 400."""
    if not isinstance(values, list):
        raise malformed(kind, ["values: must be array"])
    problems = [f"values.{number}{fault}" for number, one in enumerate(values) if (fault := _fault(one))]
    if problems:
        raise malformed(kind, problems)
    return [
        {"enabled": True, "type": "default", "value": "", **{key: one[key] for key in FIELDS if key in one}}
        for one in values
        if isinstance(one, dict)
    ]


def _fault(value: Json) -> str:
    """What is wrong with one variable, "" if nothing is."""
    if not isinstance(value, dict):
        return ": must be object"
    if not isinstance(value.get("key"), str):
        return ": must have required property 'key'"
    if not isinstance(value.get("value", ""), str):
        return ".value: must be string"
    if value.get("type", "default") not in TYPES:
        return ".type: must be equal to one of the allowed values"
    return "" if isinstance(value.get("enabled", True), bool) else ".enabled: must be boolean"


def list_environments(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /environments, all or those of a workspace."""
    workspace = call.value("workspace")
    found = [
        {
            **about(one),
            "owner": OWNER,
            "createdAt": one.created,
            "updatedAt": one.updated,
            "isPublic": False,
        }
        for one in state.environments.values()
        if workspace in (None, one.workspace)
    ]
    return json_answer({"environments": found})


def get_environment(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /environments/{id}: with all values, those of type secret, too."""
    return json_answer({"environment": whole(existing(state, args["id"]))})


def create_environment(state: State, call: Call, args: dict[str, str]) -> Answer:
    """POST /environments: a new environment in a workspace."""
    workspace = workspace_of(state, call)
    sent = wrapped(call, "environment")
    name = _name(sent)
    return json_answer({"environment": about(state.create_environment(name, _values(sent), workspace))})


def replace_environment(state: State, call: Call, args: dict[str, str]) -> Answer:
    """PUT /environments/{id}: name and values take the place of those that were there."""
    environment = existing(state, args["id"])
    sent = wrapped(call, "environment")
    environment.name, environment.values, environment.updated = _name(sent), _values(sent), state.now()
    return json_answer({"environment": about(environment)})


def _name(sent: JsonObject) -> str:
    name = sent.get("name")
    if not isinstance(name, str) or not name:
        raise malformed("environment", [": must have required property 'name'"])
    return name


def _values(sent: JsonObject) -> Values:
    return read_values(sent.get("values", []), "environment")


def change_environment(state: State, call: Call, args: dict[str, str]) -> Answer:
    """PATCH /environments/{id}: a list of operations of one kind, as in RFC 6902."""
    environment = existing(state, args["id"])
    operations = _operations(call)
    name, values = environment.name, [dict(value) for value in environment.values]
    for operation in operations:
        path, value = operation.get("path"), operation.get("value")
        if operation["op"] == "replace" and path == "/name":
            name = _name({"name": value})
        else:
            _change(values, operation["op"], path, value)
    environment.name, environment.values = name, read_values([*values], "environment")
    environment.updated = state.now()
    return json_answer({"environment": whole(environment)})


def _operations(call: Call) -> list[JsonObject]:
    """The operations in the body; refuses a mixture of kinds, which the API does not take."""
    try:
        sent = parse_json(call.body)
    except ValueError:
        sent = None
    if not isinstance(sent, list) or not sent or not all(isinstance(one, dict) for one in sent):
        raise malformed("environment", [": must be array"])
    kinds = {one.get("op") for one in sent}
    if len(kinds) > 1 or not kinds <= {"add", "replace", "remove"}:
        raise malformed("environment", [": only one type of operation (add, replace or remove) is possible at a time"])
    return sent


def _change(values: Values, kind: str, path: Json, value: Json) -> None:
    found = PATH.fullmatch(path) if isinstance(path, str) else None
    number, key = (int(found[1]), found[2]) if found else (-1, None)
    exists = 0 <= number < len(values)
    if kind == "add" and key is None and isinstance(value, dict) and 0 <= number <= len(values):
        values.insert(number, value)
    elif exists and kind == "remove" and key is None:
        del values[number]
    elif exists and kind in ("add", "replace") and key:
        values[number][key] = value
    elif exists and kind == "replace" and isinstance(value, dict):
        values[number] = value
    else:
        raise malformed("environment", [f"path: {path!r} names nothing that can be changed so"])


def delete_environment(state: State, call: Call, args: dict[str, str]) -> Answer:
    """DELETE /environments/{id}."""
    environment = existing(state, args["id"])
    del state.environments[environment.id]
    return json_answer({"environment": {"id": environment.id, "uid": f"{OWNER}-{environment.id}"}})
