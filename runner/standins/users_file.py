"""The users file of a Torii custom integration: its rows, and the check against the published schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict

from runner.server.messages import parse_json

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

MAX_BYTES = 16 * 1024 * 1024
"""Enough for about 80,000 users. Torii limits multipart uploads (to 3 MB), but not uploads to a signed URL."""

SAMPLE_USERS = ("adam@example.com", "tony@example.com")
BOM = b"\xef\xbb\xbf"
SCHEMA_FILE = Path(__file__).with_name("users_file.schema.json")


class FileUser(TypedDict):
    """A valid user of the file; `status` is `active` (the default) or `deleted`."""

    id: NotRequired[str | int]
    email: str
    firstName: NotRequired[str | None]
    lastName: NotRequired[str | None]
    status: NotRequired[str]
    externalStatus: NotRequired[str | None]
    roles: NotRequired[list[str]]
    lastUsedDate: NotRequired[str | None]


class LicensedUser(TypedDict):
    """A user of a license; `licenseStatus` is `active` (the default), `inactive` or `deleted`."""

    email: str
    licenseStatus: NotRequired[str]


class License(TypedDict):
    """A license; `pricePerUser` is in cents."""

    name: str
    unassignedAmount: NotRequired[float]
    pricePerUser: NotRequired[float]
    users: NotRequired[list[LicensedUser]]


class UsersFile(TypedDict):
    """A parsed file that fits the schema. Some of its users may still be invalid: see `valid_users`."""

    users: list[FileUser]
    licenses: NotRequired[list[License]]


def users_file_schema() -> dict[str, object]:
    """The JSON Schema (draft 2020-12) of the users file."""
    schema: dict[str, object] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def check_users_file(content: str | bytes, samples: bool = True) -> tuple[str, ...]:
    """The problems of a users file, one line each with its JSON path; empty if the file is good.

    A sync refuses some of these files and skips invalid users in others; here every invalid or repeated user is a problem.
    Without `samples`, so are the users of the documented example. The scripts of the collection have the same rules.
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


def user_lines(users: Sequence[object]) -> tuple[str, ...]:
    """One line for each problem of each user."""
    return tuple(f"$.users[{number}]{path}: {text}" for number, path, text in user_problems(users))


def repeated(users: Sequence[object], samples: bool) -> Iterator[str]:
    """A line for each user whose email address (ignoring case) is an earlier user's or, without `samples`, a sample."""
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


def check_document(document: object) -> tuple[str, ...]:
    """The problems of a parsed file that make a sync refuse it, one line each with its JSON path."""
    errors = schema_validator(users_file_schema()).iter_errors(document)
    return tuple(line for error in errors for line in explain(error))


def schema_validator(schema: dict[str, object]) -> Draft202012Validator:
    """A validator for a schema."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema)


def explain(error: ValidationError) -> tuple[str, ...]:
    """The lines for one schema error; if the file has users and none of them is valid, the problems of each."""
    if error.validator != "contains":  # the schema says "contains" only of the list of users
        return (f"{error.json_path}: {error.message}",)
    users = error.instance
    assert isinstance(users, list)
    return user_lines(users) if users else ("$.users: at least 1 valid user is required",)


def user_problems(users: Sequence[object]) -> list[tuple[int, str, str]]:
    """Position, JSON path within the user, and message of each problem of each user."""
    schema = users_file_schema()
    validator = schema_validator({"$ref": "#/$defs/user", "$defs": schema["$defs"]})
    found = ((number, error) for number, user in enumerate(users) for error in validator.iter_errors(user))
    return [(number, error.json_path.removeprefix("$"), error.message) for number, error in found]


def valid_users(document: UsersFile) -> list[FileUser]:
    """The users that a sync accepts."""
    bad = {number for number, _, _ in user_problems(document["users"])}
    return [user for number, user in enumerate(document["users"]) if number not in bad]


def summary(content: bytes) -> str:
    """One line about the content of a good file, with a warning if it has a user of the documented example."""
    document: UsersFile = json.loads(content)
    users = document["users"]
    active = sum(user.get("status", "active") == "active" for user in users)
    text = f"users: {len(users)} ({active} active), licenses: {len(document.get('licenses', ()))}"
    samples = [user["email"] for user in users if user["email"].lower() in SAMPLE_USERS]
    return text + (f"; {samples[0]} is a sample, which only the stand-in takes" if samples else "")
