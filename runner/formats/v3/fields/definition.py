"""The files of definitions: what a collection or folder says for all that is in it. A node is one of v2.1."""

from __future__ import annotations

from runner.formats.v3.fields.auth import read_auth, write_shared_auth
from runner.formats.v3.fields.request import ID, NAME, ORDER
from runner.formats.v3.fields.rows import compact, read_rows, text_value
from runner.formats.v3.fields.rule import Place, Rule, description
from runner.formats.v3.fields.scripts import OTHER_SHARED, SHARED, script_reader, script_writer
from runner.model.json import Json, JsonObject

SCRIPT_TYPES = {**SHARED, **{type: type for type in OTHER_SHARED}}


def write_variables(owner: JsonObject, place: Place) -> Json:
    """The variables of a collection; a secret one is marked."""
    source = owner.get("variable")
    rows: list[JsonObject] = []
    for entry in source if isinstance(source, list) else ():
        if isinstance(entry, dict):
            row: JsonObject = {"key": entry.get("key", entry.get("id")), "value": text_value(entry.get("value"))}
            if entry.get("disabled") is True:
                row["disabled"] = True
            if entry.get("type") == "secret":
                row["secret"] = True
            rows.append(row)
    shown = compact(rows) if rows else None
    return [{**row, "secret": row.get("secret", False)} for row in rows] if isinstance(shown, list) else shown


def _read_variables(data: JsonObject, owner: JsonObject) -> None:
    rows = read_rows(data["variables"])
    found: list[Json] = []
    for row in rows:
        secret = row.pop("secret", None)
        found.append({**row, "type": "secret" if secret is True else "string"})
    if found:
        owner["variable"] = found


def _own_description(owner: JsonObject, place: Place) -> Json:
    return description(owner.get("description"))


def _read_description(data: JsonObject, owner: JsonObject) -> None:
    owner["description"] = data["description"]


_SHARED = (
    Rule("scripts", script_writer(SCRIPT_TYPES), script_reader(SCRIPT_TYPES)),
    Rule("auth", write_shared_auth, read_auth),
)

FOLDER = (
    ID,
    NAME,
    Rule("description", _own_description, _read_description),
    Rule("variables", lambda folder, place: None, _read_variables),
    *_SHARED,
    ORDER,
)
"""The variables of a folder exist only here: those that v2.1 files have there mean nothing to Postman."""

# -- the collection, whose head is in `info` ------------------------------------------------------------------------


def _write_id(collection: JsonObject, place: Place) -> Json:
    id: Json = collection["info"].get("_postman_id")
    return id


def _read_id(data: JsonObject, collection: JsonObject) -> None:
    collection["info"]["_postman_id"] = data["id"]


def _write_name(collection: JsonObject, place: Place) -> Json:
    name = collection["info"].get("name")
    return "New Collection" if name is None else name


def _write_about(collection: JsonObject, place: Place) -> Json:
    return description(collection["info"].get("description"))


def _read_about(data: JsonObject, collection: JsonObject) -> None:
    collection["info"]["description"] = data["description"]


COLLECTION = (
    Rule("id", _write_id, _read_id),
    Rule("name", _write_name),
    Rule("description", _write_about, _read_about),
    Rule("variables", write_variables, _read_variables),
    *_SHARED,
)
