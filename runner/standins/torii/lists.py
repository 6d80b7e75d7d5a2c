"""Torii's read endpoints: organization, users, apps, roles and the audit log."""

from __future__ import annotations

from typing import Any

from runner.server.messages import Answer, Call, Refused, json_answer, whole_number
from runner.standins.torii import data
from runner.standins.torii.state import State, file_number, page

APP_FIELDS = ("id", "name", "primaryOwner")
ENTITIES = (
    "workflows",
    "tasks",
    "contracts",
    "users",
    "apps",
    "transactions",
    "orgs",
    "roles",
    "authentication",
    "access",
    "integrations",
    "licenses",
    "files",
    "features",
    "testConnection",
    "appCatalog",
    "anonymizeUser",
    "renewalForecast",
    "dashboards",
    "accessPolicies",
)
ORDERS = ("asc", "desc")
BOOLEANS = {"true": True, "false": False}
USER_FILTERS = ("email", "lifecycleStatus", "isDeletedInIdentitySources", "isExternal", "firstName", "lastName")
NOT_IMITATED = ("aggs", "filters", "view")


def organization(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /orgs/my."""
    return json_answer({"org": data.ORG})


def list_users(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /users with equality filters, q, sort, fields and paging."""
    rows = filtered(call, state.users, USER_FILTERS)
    if call.value("idUsers"):
        wanted = set((call.value("idUsers") or "").split(","))
        rows = [user for user in rows if str(user["id"]) in wanted]
    body = page(call, "users", ordered(call, searched(call, rows, ("firstName", "lastName", "email"))), 100)
    # The documentation says that these two are always there.
    body["users"] = picked(call, body["users"], (), ("id", "additionalEmails"))
    return json_answer(body)


def get_user(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /users/{id}."""
    return json_answer({"user": by_id(state.users, args["id"], "user")})


def by_id(rows: list[dict[str, Any]], text: str, word: str) -> dict[str, Any]:
    """The row of that id, else refused with 404."""
    number = file_number(text)
    for row in rows:
        if row["id"] == number:
            return row
    raise Refused(404, f"No {word} with id {text}")


def filtered(call: Call, rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows that equal every given filter; parameters that are not imitated are refused, never ignored."""
    for name in NOT_IMITATED:
        if call.value(name) is not None:
            raise Refused(501, f"The stand-in does not imitate the query parameter '{name}'")
    for name in names:
        text = call.value(name)
        if text is not None:
            value: Any = boolean(name, text) if name.startswith("is") else text
            value = value.lower() if name == "email" else value
            rows = [row for row in rows if row[name] == value]
    return rows


def boolean(name: str, text: str) -> bool:
    """`true` or `false`, else refused with 400."""
    if text not in BOOLEANS:
        raise Refused(400, f"Invalid query parameter '{name}': it must be a boolean")
    return BOOLEANS[text]


def searched(call: Call, rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows that hold the text of `q` in one of the fields, without regard to case."""
    text = (call.value("q") or "").lower()
    return [row for row in rows if any(text in row[name].lower() for name in names)]


def ordered(call: Call, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows sorted by `field:asc,other:desc`; refused with 400 for an unknown field or direction."""
    for item in reversed([part for part in (call.value("sort") or "").split(",") if part]):
        name, _, direction = item.partition(":")
        if direction not in ORDERS or (rows and name not in rows[0]):
            raise Refused(400, f"Invalid query parameter 'sort': '{item}'")
        rows = sorted(rows, key=lambda row: (row[name] is None, str(row[name])), reverse=direction == "desc")
    return rows


def picked(
    call: Call, rows: list[dict[str, Any]], default: tuple[str, ...], always: tuple[str, ...]
) -> list[dict[str, Any]]:
    """The rows with the fields that `fields` names; without it the default ones, or all when there is no default."""
    text = call.value("fields")
    names = tuple(name.strip() for name in text.split(",")) if text else default
    if rows and (unknown := [name for name in names if name not in rows[0]]):
        raise Refused(400, f"Invalid query parameter 'fields': '{unknown[0]}' is not a field")
    return [{key: row[key] for key in row if key in names or key in always} if names else row for row in rows]


def list_apps(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /apps with q, state, sort, fields, paging and includeLicenses."""
    rows = ordered(call, searched(call, filtered(call, state.apps, ("state", "category")), ("name",)))
    body = page(call, "apps", rows, 100)
    shown = picked(call, body["apps"], APP_FIELDS, ())
    body["apps"] = [with_licenses(state, call, app, row["id"]) for app, row in zip(shown, body["apps"], strict=True)]
    return json_answer(body)


def with_licenses(state: State, call: Call, app: dict[str, Any], number: int) -> dict[str, Any]:
    """The app with its license summary when `includeLicenses` asks for it."""
    if not boolean("includeLicenses", call.value("includeLicenses") or "false"):
        return app
    accounts = [account for account, owner in data.ACCOUNTS.items() if owner == number]
    licenses = [license_summary(one) for account in accounts for one in state.licenses.get(account, ())]
    return {**app, "licenses": licenses}


def license_summary(one: dict[str, Any]) -> dict[str, Any]:
    """One license of an app: how many users have it and what each costs, in cents."""
    users = one.get("users", ())
    active = sum(user.get("licenseStatus", "active") == "active" for user in users)
    free, price = one.get("unassignedAmount", 0), one.get("pricePerUser", 0)
    return {
        "name": one["name"],
        "unassignedAmount": free,
        "pricePerUser": price,
        "users": len(users),
        "activeUsers": active,
    }


def search_apps(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /apps/search: the catalog by name; q is required, limit is at most 50."""
    if not call.value("q"):
        raise Refused(400, "Missing required query parameter 'q'")
    limit = whole_number(call, "limit", 5, 1, 50)
    names = ("id", "name", "category", "imageUrl", "url", "isHidden")
    rows = searched(call, state.apps, ("name",))[:limit]
    return json_answer({"apps": [{name: row[name] for name in names} for row in rows]})


def get_app(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /apps/{id}."""
    app = by_id(state.apps, args["id"], "app")
    shown = picked(call, [app], (), ("id",))[0]
    return json_answer({"app": with_licenses(state, call, shown, app["id"])})


def list_app_users(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /apps/{id}/users: the users of all accounts of the app."""
    app = by_id(state.apps, args["id"], "app")
    accounts = [account for account, owner in data.ACCOUNTS.items() if owner == app["id"]]
    rows = [row for account in accounts for row in state.app_users.get(account, ())]
    rows = searched(call, filtered(call, rows, ("email", "status")), ("fullName", "email"))
    body = page(call, "users", ordered(call, rows), 100)
    body["users"] = picked(call, body["users"], (), ("email",))
    return json_answer(body)


def list_roles(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /roles."""
    return json_answer({"roles": state.roles})


def audit_log(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /audit by entity and time, newest first unless `sort` is asc."""
    entity, order = call.value("entity"), call.value("sort") or "desc"
    if entity is not None and entity not in ENTITIES:
        raise Refused(400, "Invalid query parameter 'entity'")
    if order not in ORDERS:
        raise Refused(400, "Invalid query parameter 'sort'")
    rows = [entry["shown"] for entry in state.audit if entity in (None, entry["entity"])]
    after, until = call.value("startTime"), call.value("endTime")
    rows = [row for row in rows if (not after or row["creationTime"] > after)]
    rows = [row for row in rows if (not until or row["creationTime"] <= until)]
    return json_answer(page(call, "audit", rows if order == "asc" else rows[::-1], 50, total=False))
