"""Postman's own rules for environment and globals files, with its ids and texts."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runner.checks.finding import Edit, Spot
from runner.checks.subject import VariablesSubject
from runner.checks.tree import Problem
from runner.formats.places import Steps
from runner.formats.v3.schema.shapes import kind_of
from runner.model.json import Json, JsonObject
from runner.secrets.names import words

TOP = words(
    "id name values color _postman_variable_scope _postman_exported_at _postman_exported_using"
    " timestamp synced syncedFilename isDeleted team owner lastUpdatedBy lastRevision createdAt updatedAt isPublic uid"
)
"""The fields of such a file, with those that old versions of Postman wrote."""

ROW = words(
    "key value enabled disabled type secret source description name id text initialValue initial currentValue current"
    " sessionValue sessionIndex system hovered warning"
)
"""The fields of a variable, with those that old versions of Postman wrote."""

Types = tuple[tuple[str, type, str], ...]
TYPES_OF_TOP: Types = (("name", str, "string"), ("values", list, "array"), ("color", str, "string"))
TYPES_OF_ROW: Types = (
    ("key", str, "string"),
    ("value", str, "string"),
    ("enabled", bool, "boolean"),
    ("disabled", bool, "boolean"),
    ("secret", bool, "boolean"),
    ("type", str, "string"),
)


def no_map(subject: VariablesSubject) -> Iterator[Problem]:
    """The file is a bare list of variables, which Postman does not import."""
    if isinstance(subject.document.get(subject.top), list):
        yield subject.problem("root is not a map: Postman does not read a bare list of variables", subject.top)


def missing(subject: VariablesSubject) -> Iterator[Problem]:
    """The file has no name, or a variable no key or value."""
    root = subject.document.get(subject.top)
    if isinstance(root, dict) and root.get("name") is None and not subject.is_globals:
        yield subject.problem("name is missing", subject.top)
    for steps, row in subject.rows():
        if "key" not in row:
            yield subject.problem(f"values.{steps[-1]}.key is missing", steps)
        elif "value" not in row and not row.get("source"):
            yield subject.problem(f"values.{steps[-1]}.value is missing", steps, hint="write an empty text")
        elif row.get("value", "") is None:
            yield subject.problem(f"the value of {row['key']!r} is null", (*steps, "value"), hint="write an empty text")


def wrong_type(subject: VariablesSubject) -> Iterator[Problem]:
    """The value of an environment field has not the type that Postman writes."""
    if not subject.is_globals:
        yield from _wrong_types(subject)


def wrong_type_in_globals(subject: VariablesSubject) -> Iterator[Problem]:
    """The same in globals."""
    if subject.is_globals:
        yield from _wrong_types(subject)


def _wrong_types(subject: VariablesSubject) -> Iterator[Problem]:
    root, listed = subject.document.get(subject.top), subject.document.get(subject.values)
    if isinstance(root, dict):
        yield from _wrong_members(subject, root, TYPES_OF_TOP, subject.top)
    for number, row in enumerate(listed if isinstance(listed, list) else ()):
        steps = (*subject.values, number)
        if isinstance(row, dict):
            yield from _wrong_members(subject, row, TYPES_OF_ROW, steps)
        else:
            yield _unexpected(subject, "object", row, steps)


def _wrong_members(subject: VariablesSubject, holder: JsonObject, types: Types, above: Steps) -> Iterator[Problem]:
    for key, kind, word in types:
        value = holder.get(key)
        if value is not None and not isinstance(value, kind):
            yield _unexpected(subject, word, value, (*above, key))


def _unexpected(subject: VariablesSubject, word: str, value: Json, steps: Steps) -> Problem:
    path = ".".join(map(str, steps[len(subject.top) :]))
    return subject.problem(f"Invalid input: expected {word}, received {kind_of(value)} ({path})", steps)


def empty_key(subject: VariablesSubject) -> Iterator[Problem]:
    """A variable has an empty key, so no script can read it."""
    for steps, row in subject.rows():
        if row.get("key") == "" and (row.get("value") not in (None, "")):
            yield subject.problem("the key of a variable is empty", (*steps, "key"))


def duplicate_key(subject: VariablesSubject) -> Iterator[Problem]:
    """Two enabled variables have the same key: the last one wins."""
    last: dict[str, int] = {}
    rows = [(steps, row) for steps, row in subject.rows() if row.get("enabled") is not False and not row.get("disabled")]
    for at, (_, row) in enumerate(rows):
        if isinstance(row.get("key"), str):
            last[row["key"]] = at
    for at, (steps, row) in enumerate(rows):
        key = row.get("key")
        if isinstance(key, str) and key and last[key] != at:
            message = f"the variable {key!r} is there again: this one does not count"
            yield subject.problem(message, steps, fix="remove it", edits=(Edit(Spot(steps), removed=True),))


def unrecognized(subject: VariablesSubject) -> Iterator[Problem]:
    """An environment has a field that Postman does not know."""
    if not subject.is_globals:
        yield from _unrecognized(subject)


def unrecognized_in_globals(subject: VariablesSubject) -> Iterator[Problem]:
    """The same in globals."""
    if subject.is_globals:
        yield from _unrecognized(subject)


def _unrecognized(subject: VariablesSubject) -> Iterator[Problem]:
    root = subject.document.get(subject.top)
    for key in root.keys() - TOP if isinstance(root, dict) else ():
        yield subject.problem(f"unrecognized field {key!r} will be ignored", (*subject.top, key))
    for steps, row in subject.rows():
        for key in sorted(row.keys() - ROW):
            yield subject.problem(f"unrecognized field {key!r} will be ignored", (*steps, key))


def wrong_file_name(subject: VariablesSubject) -> Iterator[Problem]:
    """An environment file of a workspace has a name that Postman does not recognise."""
    if kind_of_folder(os.path.dirname(subject.document.path)) == "environments":
        yield from _named(subject, (".environment.yaml", ".environment.yml", ".environment.json"))


def wrong_name_of_globals(subject: VariablesSubject) -> Iterator[Problem]:
    """A globals file of a workspace has a name that Postman does not recognise."""
    if kind_of_folder(os.path.dirname(subject.document.path)) == "globals":
        endings = (".globals.yaml", ".globals.yml", ".globals.json", ".postman_globals.json")
        yield from _named(subject, endings)


def _named(subject: VariablesSubject, endings: tuple[str, ...]) -> Iterator[Problem]:
    if not subject.document.path.endswith(endings):
        yield subject.problem(f"the file is not named *{', *'.join(endings)}", ())


def second_globals(subject: VariablesSubject) -> Iterator[Problem]:
    """A workspace has more than one globals file."""
    folder, name = os.path.split(subject.document.path)
    if kind_of_folder(folder) == "globals":
        first = min(one for one in os.listdir(folder) if one.endswith((".yaml", ".yml", ".json")))
        if first != name:
            yield subject.problem(f"there is more than one file of globals: {first}, too", ())


def kind_of_folder(folder: str) -> str:
    """What a workspace keeps in a folder: `environments` or `globals`; empty for any other folder."""
    outer, name = os.path.split(os.path.abspath(folder))
    return name if os.path.basename(outer) == "postman" and name in ("environments", "globals") else ""


def globals_name(subject: VariablesSubject) -> Iterator[Problem]:
    """The name of a globals file is not the one that Postman uses."""
    root = subject.document.get(subject.top)
    name = root.get("name") if isinstance(root, dict) else None
    if subject.is_globals and isinstance(name, str) and not name.lower().endswith("globals"):
        yield subject.problem('the name of globals should be "Globals"', (*subject.top, "name"))
