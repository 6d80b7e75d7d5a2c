"""Torii's read endpoints: organization, users, apps, roles and the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runner.server.messages import Answer, Call, Refused, json_answer, whole_number
from runner.standins.torii import data
from runner.standins.torii.state import Row, State, file_number, page
from runner.standins.users_file import License

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
    rows = ordered(call, searched(call, rows, ("firstName", "lastName", "email")))
    # The documentation says that these two fields are always there.
    always = ("id", "additionalEmails")
    return json_answer(page(call, "users", rows, 100, show=lambda part: picked(call, part, (), always)))


def get_user(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /users/{id}."""
    return json_answer({"user": by_id(state.users, args["id"], "user")})


def by_id(rows: Sequence[Row], text: str, word: str) -> Row:
    """The row with this id; refuses an unknown one with 404."""
    number = file_number(text)
    for row in rows:
        if row["id"] == number:
            return row
    raise Refused(404, f"No {word} with id {text}")


def filtered(call: Call, rows: list[Row], names: tuple[str, ...]) -> list[Row]:
    """The rows that equal every filter of the call; filters that are not imitated are refused with 501, never ignored."""
    for name in NOT_IMITATED:
        if call.value(name) is not None:
            raise Refused(501, f"The stand-in does not imitate the query parameter '{name}'")
    for name in names:
        text = call.value(name)
        if text is not None:
            wanted = text.lower() if name == "email" else text
            value = boolean(name, text) if name.startswith("is") else wanted
            rows = [row for row in rows if row[name] == value]
    return rows


def boolean(name: str, text: str) -> bool:
    """The value of a query parameter that is `true` or `false`; refuses anything else with 400."""
    if text not in BOOLEANS:
        raise Refused(400, f"Invalid query parameter '{name}': it must be a boolean")
    return BOOLEANS[text]


def searched(call: Call, rows: list[Row], names: tuple[str, ...]) -> list[Row]:
    """The rows that contain `q` in one of the fields, ignoring case."""
    text = (call.value("q") or "").lower()
    return [row for row in rows if any(text in str(row[name]).lower() for name in names)]


def ordered(call: Call, rows: list[Row]) -> list[Row]:
    """The rows sorted by `sort=field:asc,other:desc`; refuses an unknown field or direction with 400."""
    for item in reversed([part for part in (call.value("sort") or "").split(",") if part]):
        name, _, direction = item.partition(":")
        if direction not in ORDERS or (rows and name not in rows[0]):
            raise Refused(400, f"Invalid query parameter 'sort': '{item}'")
        rows = sorted(rows, key=lambda row: (row[name] is None, str(row[name])), reverse=direction == "desc")
    return rows


def picked(
    call: Call, rows: Sequence[Mapping[str, object]], default: tuple[str, ...], always: tuple[str, ...]
) -> list[Mapping[str, object]]:
    """The rows reduced to what `fields` names and the fields in `always`.

    Without `fields` they have the default ones, or all if there are no default ones.
    """
    text = call.value("fields")
    names = tuple(name.strip() for name in text.split(",")) if text else default
    if rows and (unknown := [name for name in names if name not in rows[0]]):
        raise Refused(400, f"Invalid query parameter 'fields': '{unknown[0]}' is not a field")
    return [{key: row[key] for key in row if key in names or key in always} if names else row for row in rows]


def list_apps(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /apps with q, state, sort, fields, paging and includeLicenses."""
    rows = ordered(call, searched(call, filtered(call, state.apps, ("state", "category")), ("name",)))

    def show(part: Sequence[data.App]) -> list[Mapping[str, object]]:
        shown = picked(call, part, APP_FIELDS, ())
        return [with_licenses(state, call, app, row["id"]) for app, row in zip(shown, part, strict=True)]

    return json_answer(page(call, "apps", rows, 100, show=show))


def with_licenses(state: State, call: Call, app: Mapping[str, object], number: int) -> Mapping[str, object]:
    """The app, with a summary of its licenses if `includeLicenses` is true."""
    if not boolean("includeLicenses", call.value("includeLicenses") or "false"):
        return app
    accounts = [account for account, owner in data.ACCOUNTS.items() if owner == number]
    licenses = [license_summary(one) for account in accounts for one in state.licenses.get(account, ())]
    return {**app, "licenses": licenses}


def license_summary(one: License) -> dict[str, object]:
    """One license of an app: how many users have it, how many it is free for, and its price per user in cents."""
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
    """GET /apps/search: apps by name; q is required, limit is at most 50."""
    if not call.value("q"):
        raise Refused(400, "Missing required query parameter 'q'")
    limit = whole_number(call, "limit", 5, 1, 50)
    names = ("id", "name", "category", "imageUrl", "url", "isHidden")
    rows: Sequence[Mapping[str, object]] = searched(call, state.apps, ("name",))[:limit]
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
    return json_answer(page(call, "users", ordered(call, rows), 100, show=lambda part: picked(call, part, (), ("email",))))


def list_roles(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /roles."""
    return json_answer({"roles": state.roles})


def audit_log(state: State, call: Call, args: dict[str, str]) -> Answer:
    """GET /audit: filtered by entity and time, newest first unless `sort` is asc."""
    entity, order = call.value("entity"), call.value("sort") or "desc"
    if entity is not None and entity not in ENTITIES:
        raise Refused(400, "Invalid query parameter 'entity'")
    if order not in ORDERS:
        raise Refused(400, "Invalid query parameter 'sort'")
    rows = [row for about, row in state.audit if entity in (None, about)]
    after, until = call.value("startTime"), call.value("endTime")
    rows = [row for row in rows if (not after or row["creationTime"] > after)]
    rows = [row for row in rows if (not until or row["creationTime"] <= until)]
    return json_answer(page(call, "audit", rows if order == "asc" else rows[::-1], 50, total=False))
