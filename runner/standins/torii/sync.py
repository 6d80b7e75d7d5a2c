"""Torii's custom integration sync: one at a time, and its results are visible only when it has ended."""

from __future__ import annotations

from typing import cast

from runner.server.messages import Answer, Call, Refused, json_answer, json_object, parse_json
from runner.standins.torii import data
from runner.standins.torii.state import AppUser, HeldLicense, State, Sync, iso
from runner.standins.users_file import FileUser, License, UsersFile, check_document, valid_users

FILE_TYPE = "customIntegrationData"


def start_sync(state: State, call: Call, args: dict[str, str]) -> Answer:
    """PUT /services/sync/custom: read a file into an app account; 409 while another sync runs."""
    body = json_object(call)
    number = number_field(body, "idFile")
    file = state.files.get(number)
    if file is None or file.type != FILE_TYPE:
        raise Refused(404, f"No file of type {FILE_TYPE} with id {number}")
    account = number_field(body, "idAppAccount")
    if account not in data.ACCOUNTS:
        raise Refused(404, f"No app account with id {account}")
    if state.running:
        raise Refused(409, "Another sync is running: only one sync can run at a time")
    document = users_document(state.store[file.path][0])
    state.running = Sync(account, file.id, document, state.clock() + state.sync_seconds)
    return json_answer({"success": True})


def number_field(body: dict[str, object], name: str) -> int:
    """A required whole number in a JSON body, maybe as a string as in the documented example; refuses others with 400."""
    value = body.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused(400, f'Invalid request payload input: "{name}" is required and must be a number')
    return value


def users_document(content: bytes) -> UsersFile:
    """The parsed users file; refuses an invalid one with 400 and the path of the first problem."""
    try:
        document = parse_json(content)
    except ValueError as error:
        raise Refused(400, f"The file is not JSON: {error}") from None
    problems = check_document(document)
    if problems:
        raise Refused(400, problems[0])
    return cast("UsersFile", document)


def settle(state: State) -> None:
    """Apply the running sync if its time is over."""
    sync = state.running
    if sync is None or state.clock() < sync.ends_at:
        return
    state.running = None
    app = next(app for app in state.apps if app["id"] == data.ACCOUNTS[sync.account])
    state.licenses[sync.account] = sync.document.get("licenses", [])
    active = [user for user in valid_users(sync.document) if user.get("status", "active") == "active"]
    names = license_names(state.licenses[sync.account])
    rows = [app_user(number, user, app, sync, names, iso(sync.ends_at)) for number, user in enumerate(active)]
    state.app_users[sync.account] = rows
    app["activeUsersCount"] = sum(
        len(state.app_users.get(key, ())) for key in data.ACCOUNTS if data.ACCOUNTS[key] == app["id"]
    )
    state.note("sync_custom_integration", "integrations", {"idAppAccount": sync.account, "idFile": sync.file})


def license_names(licenses: list[License]) -> dict[str, list[HeldLicense]]:
    """The licenses of each email address."""
    names: dict[str, list[HeldLicense]] = {}
    for one in licenses:
        for user in one.get("users", ()):
            held: HeldLicense = {"name": one["name"], "status": user.get("licenseStatus", "active")}
            names.setdefault(user["email"].lower(), []).append(held)
    return names


def app_user(
    number: int, user: FileUser, app: data.App, sync: Sync, names: dict[str, list[HeldLicense]], when: str
) -> AppUser:
    """One active user of the file as a user of the app."""
    first, last = user.get("firstName") or "", user.get("lastName") or ""
    email = user["email"].lower()
    return {
        "idUser": 5001 + number,
        "idExternalUser": str(user.get("id", "")),
        "idAppAccount": sync.account,
        "appName": app["name"],
        "email": email,
        "firstName": first,
        "lastName": last,
        "fullName": f"{first} {last}".strip(),
        "status": "active",
        "externalStatus": user.get("externalStatus"),
        "role": ", ".join(user.get("roles", ())),
        "sources": ["customIntegration"],
        "licenses": names.get(email, []),
        "lastVisitTime": user.get("lastUsedDate"),
        "creationTime": when,
        "isUserRemovedFromApp": False,
        "isExternal": False,
        "lifecycleStatus": "active",
    }
