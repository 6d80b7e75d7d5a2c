"""The users file of a Torii custom integration: checked against the published schema, read into rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from runner.standins.messages import parse_json

SCHEMA_FILE = Path(__file__).with_name("users_file.schema.json")


def users_file_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the users file."""
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def check_users_file(text: str | bytes) -> tuple[str, ...]:
    """What a sync would refuse, one line each with the JSON path; empty when the file is good."""
    try:
        document = parse_json(text)
    except ValueError as error:
        return (f"the file is not JSON: {error}",)
    return check_document(document)


def check_document(document: Any) -> tuple[str, ...]:
    """The same for a parsed file."""
    validator = schema_validator(users_file_schema())
    problems = [line for error in validator.iter_errors(document) for line in explain(error, document)]
    return tuple(problems)


def schema_validator(schema: dict[str, Any]) -> Any:
    """A validator for the schema or for one of its definitions."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema)


def explain(error: Any, document: Any) -> list[str]:
    """Lines for one schema error; when no user is valid each user's own fault is told."""
    if error.validator != "contains":
        return [f"{error.json_path}: {error.message}"]
    if not document["users"]:
        return ["$.users: at least 1 valid user is required"]
    return [f"$.users[{number}]{path}: {text}" for number, path, text in user_problems(document["users"])]


def user_problems(users: list[Any]) -> list[tuple[int, str, str]]:
    """Position, JSON path within the user and message for every fault of every user."""
    schema = users_file_schema()
    validator = schema_validator({"$ref": "#/$defs/user", "$defs": schema["$defs"]})
    found = ((number, error) for number, user in enumerate(users) for error in validator.iter_errors(user))
    return [(number, error.json_path.removeprefix("$"), error.message) for number, error in found]


def valid_users(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The users that a sync takes."""
    bad = {number for number, _, _ in user_problems(document["users"])}
    return [user for number, user in enumerate(document["users"]) if number not in bad]
