"""The users file of a Torii custom integration: checked against the published schema, read into rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runner.server.messages import parse_json

MAX_BYTES = 16 * 1024 * 1024
"""Some 80,000 users. Torii limits only its short cut for small files (3 MB), not the upload to a signed URL."""

SAMPLE_USERS = ("adam@example.com", "tony@example.com")
BOM = b"\xef\xbb\xbf"
SCHEMA_FILE = Path(__file__).with_name("users_file.schema.json")


def users_file_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the users file."""
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def check_users_file(content: str | bytes, samples: bool = True) -> tuple[str, ...]:
    """What is wrong with a users file, one line each with the JSON path; empty when the file is good.

    A sync refuses some of it and leaves out users that are not valid; here each of them is a fault, as is a user who is
    there twice. Without `samples` the users of the documented example are faults, too. The collection has the same rules.
    """
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if not data:
        return ("the file is empty",)
    if len(data) > MAX_BYTES:
        return (f"the file has {len(data)} bytes; at most 16 MB ({MAX_BYTES}) are checked and sent",)
    if data.startswith(BOM):
        return ("the file begins with a byte order mark: save it as UTF-8 without one",)
    try:
        document = parse_json(data.decode("utf-8"))
    except UnicodeDecodeError:
        return ("the file is not UTF-8",)
    except ValueError as error:
        return (f"the file is not JSON: {error}",)
    if not isinstance(document, dict) or not isinstance(document.get("users"), list) or not document["users"]:
        return check_document(document)
    users = document["users"]
    others = check_document({**document, "users": [{"email": "any@one"}]})
    return (*user_lines(users), *others, *repeated(users, samples))


def user_lines(users: list[Any]) -> tuple[str, ...]:
    """One line for every fault of every user."""
    return tuple(f"$.users[{number}]{path}: {text}" for number, path, text in user_problems(users))


def repeated(users: list[Any], samples: bool) -> Iterator[str]:
    """Users whose mail address is that of an earlier one, whatever its case, and those of the example."""
    seen: dict[str, int] = {}
    for number, user in enumerate(users):
        email = user.get("email") if isinstance(user, dict) else None
        if not isinstance(email, str):
            continue
        if email.lower() in seen:
            yield f"$.users[{number}].email: {email} is the user of $.users[{seen[email.lower()]}], too"
        elif not samples and email.lower() in SAMPLE_USERS:
            yield f"$.users[{number}].email: {email} is a sample, which only the stand-in takes"
        seen.setdefault(email.lower(), number)


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
    return list(user_lines(document["users"]))


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


def summary(content: bytes) -> str:
    """What is in a good file, in one line; a sample is called one."""
    document = json.loads(content)
    users = document["users"]
    active = sum(user.get("status", "active") == "active" for user in users)
    text = f"users: {len(users)} ({active} active), licenses: {len(document.get('licenses', ()))}"
    samples = [user["email"] for user in users if user["email"].lower() in SAMPLE_USERS]
    return text + (f"; {samples[0]} is a sample, which only the stand-in takes" if samples else "")
