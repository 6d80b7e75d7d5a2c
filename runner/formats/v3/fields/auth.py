"""Auth: one type with its credentials in a request; in a definition a list, whose last entry without rules counts."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from runner.formats.v3.fields.rows import compact, read_rows
from runner.formats.v3.fields.rule import Place
from runner.model.json import Json, JsonObject

KNOWN = (
    "basic", "bearer", "apikey", "digest", "oauth1", "oauth2", "jwt", "awsv4", "hawk", "ntlm", "asap", "edgegrid",
)  # fmt: skip
"""The types that v2.1 has, too."""

TYPES = (*KNOWN, "azure", "sasl", "noauth", "inherit")


def write_auth(request: JsonObject, place: Place) -> Json:
    """The auth of a request; None if it inherits one, or if the format has no such type."""
    auth = request.get("auth")
    if not isinstance(auth, dict):
        return None
    type = auth.get("type")
    rows = auth.get(type) if isinstance(type, str) else None
    if type == "noauth":
        return {"type": type}
    if type not in KNOWN or not isinstance(rows, list | None):
        return None
    given = [row for row in rows or () if isinstance(row, dict) and row.get("value") is not None]
    credentials = compact([{"key": row.get("key"), "value": row["value"]} for row in given])
    return {"type": type, "credentials": credentials} if credentials else {"type": type}


def write_shared_auth(owner: JsonObject, place: Place) -> Json:
    """The auth of a definition. Its id follows from where it stands, so that writing it again changes nothing."""
    auth = write_auth(owner, place)
    if not isinstance(auth, dict):
        return None
    if auth["type"] == "noauth":
        return [{"id": "", "type": "noauth", "name": "No Auth"}]
    id = str(uuid5(NAMESPACE_URL, f"postman-auth:{place.seed}"))
    return [{"id": id, "type": auth["type"], "name": f"{auth['type']} auth", **dict(list(auth.items())[1:])}]


def read_auth(data: JsonObject, owner: JsonObject) -> None:
    """The auth of v2.1; without one, and with `inherit`, that of the folder around counts."""
    auth = data["auth"]
    if isinstance(auth, list):
        entries = [entry for entry in auth if isinstance(entry, dict) and not entry.get("rules")]
        auth = entries[-1] if entries else None
    type = auth.get("type") if isinstance(auth, dict) else None
    if not isinstance(auth, dict) or not isinstance(type, str) or type == "inherit":
        return
    rows = read_rows(auth.get("credentials"))
    typed = [{**row, "type": _type(row.get("value"))} for row in rows]
    owner["auth"] = {"type": type, type: typed} if typed else {"type": type}


def _type(value: Json) -> str:
    return "string" if isinstance(value, str) else "boolean" if isinstance(value, bool) else "any"
