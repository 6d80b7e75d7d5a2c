"""What the Torii stand-in remembers between calls."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import field
from datetime import UTC, datetime
from typing import Any

from runner.model.quick_dataclass import dataclass
from runner.server.messages import Call, Refused, whole_number
from runner.standins.torii import data

MAX_PAGE = 1000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A registered file: what GET /files/{id} shows, and where its bytes are."""

    id: int
    type: str
    name: str
    path: str
    created: str

    def shown(self) -> dict[str, Any]:
        """The file as the API writes it."""
        uploader = {"uploadedBy": data.make_user(0, "", "")["id"]}
        return {"id": self.id, "type": self.type, "fileName": self.name, "creationTime": self.created, **uploader}


@dataclass(frozen=True, slots=True)
class Sync:
    """A sync that is under way; `ends_at` is in seconds since 1970."""

    account: int
    file: int
    document: dict[str, Any]
    ends_at: float


@dataclass(slots=True)
class State:
    """Files, bytes, users of apps and audit entries; `clock` gives seconds since 1970."""

    clock: Callable[[], float]
    url_ttl: float
    sync_seconds: float
    seed: int
    users: list[dict[str, Any]] = field(default_factory=list)
    apps: list[dict[str, Any]] = field(default_factory=list)
    roles: list[dict[str, Any]] = field(default_factory=list)
    store: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    files: dict[int, StoredFile] = field(default_factory=dict)
    app_users: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    licenses: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    audit: list[dict[str, Any]] = field(default_factory=list)
    running: Sync | None = None
    last_path: int = 0

    def __post_init__(self) -> None:
        self.users = data.make_users(self.seed)
        self.apps = data.make_apps(self.users)
        self.roles = data.make_roles(self.users)
        self.note("create_public_api_key", "orgs", {"name": "stand-in"})

    def note(self, kind: str, entity: str, properties: dict[str, Any]) -> None:
        """Add an audit entry made by the first user."""
        admin = self.users[0]
        when = iso(self.clock())
        name = f"{admin['firstName']} {admin['lastName']} ({admin['email']})"
        entry = {
            "performedBy": admin["id"],
            "performedByFirstName": admin["firstName"],
            "performedByLastName": admin["lastName"],
            "performedByEmail": admin["email"],
            "idTargetOrg": data.ORG["id"],
            "creationTime": when,
            "type": kind,
            "properties": json.dumps(properties, separators=(",", ":")),
            "message": f"User {name}, {kind.replace('_', ' ')}, at {when}",
        }
        self.audit.append({"entity": entity, "shown": entry})

    def new_path(self, name: str) -> str:
        """A path in the file store: milliseconds, never twice the same, and the name."""
        self.last_path = max(int(self.clock() * 1000), self.last_path + 1)
        return f"{self.last_path}/{name}"

    def register(self, path: str, kind: str) -> StoredFile:
        """Give stored bytes a file id."""
        number = 1000 + len(self.files)
        self.files[number] = StoredFile(number, kind, path.partition("/")[2], path, iso(self.clock()))
        return self.files[number]


def iso(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 with milliseconds in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def page(call: Call, key: str, rows: list[dict[str, Any]], size: int, total: bool = True) -> dict[str, Any]:
    """A page of rows as Torii's lists write it: rows, count, total, and nextCursor while there is more."""
    size = whole_number(call, "size", size, 1, MAX_PAGE)
    start = cursor_offset(call.value("cursor"))
    part = rows[start : start + size]
    body: dict[str, Any] = {key: part, "count": len(part)}
    if total:
        body["total"] = len(rows)
    if start + size < len(rows):
        body["nextCursor"] = base64.b64encode(json.dumps([start + size]).encode()).decode()
    return body


def cursor_offset(cursor: str | None) -> int:
    """The offset in a cursor; refused with 400 when it is none of ours."""
    if not cursor:
        return 0
    try:
        offset = json.loads(base64.b64decode(cursor, validate=True))
        if isinstance(offset, list) and len(offset) == 1 and type(offset[0]) is int and offset[0] >= 0:
            return offset[0]
    except (ValueError, RecursionError):
        pass
    raise Refused(400, "Invalid query parameter 'cursor'")


def file_number(text: str) -> int:
    """A number in a path; anything else was never given out, hence 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
