"""The state of the Torii stand-in between calls."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from typing import TypedDict, TypeVar

from runner.model.quick_dataclass import dataclass
from runner.server.messages import Call, Refused, whole_number
from runner.standins.torii import data
from runner.standins.users_file import License, UsersFile

MAX_PAGE = 1000

Row = TypeVar("Row", bound=Mapping[str, object])


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A registered file; `path` is where its content is in the store, `created` an ISO 8601 time."""

    id: int
    type: str
    name: str
    path: str
    created: str

    def shown(self) -> dict[str, object]:
        """The file as GET /files/{id} shows it."""
        return {
            "id": self.id,
            "type": self.type,
            "fileName": self.name,
            "creationTime": self.created,
            "uploadedBy": data.make_user(0, "", "")["id"],
        }


@dataclass(frozen=True, slots=True)
class Sync:
    """A running sync; `ends_at` is in seconds since 1970."""

    account: int
    file: int
    document: UsersFile
    ends_at: float


class AppUser(TypedDict):
    """One user of an app as GET /apps/{id}/users shows it."""

    idUser: int
    idExternalUser: str
    idAppAccount: int
    appName: str
    email: str
    firstName: str
    lastName: str
    fullName: str
    status: str
    externalStatus: str | None
    role: str
    sources: list[str]
    licenses: list[HeldLicense]
    lastVisitTime: str | None
    creationTime: str
    isUserRemovedFromApp: bool
    isExternal: bool
    lifecycleStatus: str


class HeldLicense(TypedDict):
    """A license that a user has."""

    name: str
    status: str


class AuditRow(TypedDict):
    """One entry of the audit log as GET /audit shows it; `properties` is JSON text."""

    performedBy: int
    performedByFirstName: str
    performedByLastName: str
    performedByEmail: str
    idTargetOrg: int
    creationTime: str
    type: str
    properties: str
    message: str


@dataclass(slots=True)
class State:
    """Everything the stand-in serves. `clock` returns seconds since 1970; app users and licenses are kept by account."""

    clock: Callable[[], float]
    url_ttl: float
    sync_seconds: float
    seed: int
    users: list[data.User] = field(default_factory=list)
    apps: list[data.App] = field(default_factory=list)
    roles: list[data.Role] = field(default_factory=list)
    store: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    files: dict[int, StoredFile] = field(default_factory=dict)
    app_users: dict[int, list[AppUser]] = field(default_factory=dict)
    licenses: dict[int, list[License]] = field(default_factory=dict)
    audit: list[tuple[str, AuditRow]] = field(default_factory=list)
    running: Sync | None = None
    last_path: int = 0

    def __post_init__(self) -> None:
        self.users = data.make_users(self.seed)
        self.apps = data.make_apps(self.users)
        self.roles = data.make_roles(self.users)
        self.note("create_public_api_key", "orgs", {"name": "stand-in"})

    def note(self, kind: str, entity: str, properties: dict[str, object]) -> None:
        """Add an entry to the audit log, in the name of the first user."""
        admin = self.users[0]
        when = iso(self.clock())
        name = f"{admin['firstName']} {admin['lastName']} ({admin['email']})"
        row: AuditRow = {
            "performedBy": admin["id"],
            "performedByFirstName": admin["firstName"],
            "performedByLastName": admin["lastName"],
            "performedByEmail": admin["email"],
            "idTargetOrg": data.ORG_ID,
            "creationTime": when,
            "type": kind,
            "properties": json.dumps(properties, separators=(",", ":")),
            "message": f"User {name}, {kind.replace('_', ' ')}, at {when}",
        }
        self.audit.append((entity, row))

    def new_path(self, name: str) -> str:
        """A new path in the file store: the time in milliseconds (never the same twice) and the name."""
        self.last_path = max(int(self.clock() * 1000), self.last_path + 1)
        return f"{self.last_path}/{name}"

    def register(self, path: str, kind: str) -> StoredFile:
        """Register stored content as a file."""
        number = 1000 + len(self.files)
        self.files[number] = StoredFile(number, kind, path.partition("/")[2], path, iso(self.clock()))
        return self.files[number]


def iso(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 with milliseconds in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def page(
    call: Call,
    key: str,
    rows: Sequence[Row],
    size: int,
    *,
    total: bool = True,
    show: Callable[[Sequence[Row]], Sequence[object]] = list,
) -> dict[str, object]:
    """The page of a list that the call asks for, `size` rows by default; `show` converts its rows.

    It has the rows under `key`, `count`, `total` if asked for, and `nextCursor` unless it is the last page.
    """
    size = whole_number(call, "size", size, 1, MAX_PAGE)
    start = cursor_offset(call.value("cursor"))
    part = rows[start : start + size]
    body: dict[str, object] = {key: show(part), "count": len(part)}
    if total:
        body["total"] = len(rows)
    if start + size < len(rows):
        body["nextCursor"] = base64.b64encode(json.dumps([start + size]).encode()).decode()
    return body


def cursor_offset(cursor: str | None) -> int:
    """The offset in a cursor, 0 without one; refuses a cursor that was not made here with 400."""
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
    """The id in a path; 0, which no file or row has, if it is not a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
