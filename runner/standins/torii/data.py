"""The organization that the Torii stand-in serves: made up, always the same for one seed."""

from __future__ import annotations

from random import Random
from typing import Any

KEYS = {"torii-test-key": "full access", "torii-scim-key": "scim", "torii-read-only-key": "read only"}
APP, OTHER_APP = 42, 43
ACCOUNTS = {7001: APP, 7002: OTHER_APP}
CREATED = "2020-01-01T00:00:00.000Z"
ORG = {"id": 10, "companyName": "Example Industries", "domain": "example.com", "creationTime": CREATED}
FIRST_NAMES = ("Ada", "Alan", "Barbara", "Dennis", "Edsger", "Frances", "Grace", "Hedy", "Ivan", "Jean", "Katherine", "Ken")
LAST_NAMES = ("Allen", "Dijkstra", "Hopper", "Johnson", "Lamarr", "Liskov", "Lovelace", "Ritchie", "Thompson", "Turing")
LIFECYCLE = ("active", "active", "active", "offboarding", "offboarded")
USER_COUNT = 12
ROLES = (
    (1, "admin", "Admin", "Admin role with all access", True),
    (2, "readOnly", "Read Only", "Sees everything, changes nothing", False),
    (3, "user", "User", "No access to the console", False),
)
APPS = (
    (APP, "Example CRM", "Sales", "sanctioned", True),
    (OTHER_APP, "Example Desk", "Support", "sanctioned", True),
    (44, "Paper Mail", "Communication", "discovered", False),
    (45, "Stone Tablets", "Note Taking", "discovered", False),
    (46, "Sun Dial", "Time Tracking", "closed", False),
)


def make_users(seed: int) -> list[dict[str, Any]]:
    """The organization's users."""
    random = Random(seed)
    names = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    return [make_user(number, *name) for number, name in enumerate(random.sample(names, USER_COUNT))]


def make_user(number: int, first: str, last: str) -> dict[str, Any]:
    """One user as GET /users shows it."""
    role = ROLES[0 if number == 0 else 1 + number % 2]
    status = LIFECYCLE[number % len(LIFECYCLE)]
    return {
        "id": 1001 + number,
        "idOrg": ORG["id"],
        "firstName": first,
        "lastName": last,
        "email": f"{first}.{last}@example.com".lower(),
        "creationTime": f"2020-01-{number + 1:02d}T08:00:00.000Z",
        "idRole": role[0],
        "role": role[2],
        "lifecycleStatus": status,
        "isDeletedInIdentitySources": status == "offboarded",
        "isExternal": number % 4 == 3,
        "activeAppsCount": number % 3,
        "additionalEmails": [],
    }


def make_roles(users: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The roles with the number of users in each."""
    names = ("id", "systemKey", "name", "description", "isAdmin")
    rows = [dict(zip(names, role, strict=True)) for role in ROLES]
    return [{**row, "usersCount": sum(user["idRole"] == row["id"] for user in users)} for row in rows]


def make_apps(users: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The apps that the organization uses."""
    owner = {key: users[0][key] for key in ("id", "firstName", "lastName", "email")}
    return [make_app(*app, owner) for app in APPS]


def make_app(number: int, name: str, category: str, state: str, custom: bool, owner: dict[str, Any]) -> dict[str, Any]:
    """One app with every field that `fields` can ask for and the stand-in knows."""
    return {
        "id": number,
        "name": name,
        "primaryOwner": owner,
        "appOwners": [owner],
        "state": state,
        "category": category,
        "url": f"https://{name.lower().replace(' ', '-')}.example.com",
        "imageUrl": f"https://images.example.com/{number}.png",
        "description": f"{name}, for trying things out",
        "tags": category,
        "score": 50 + number,
        "isCustom": custom,
        "addedBy": None,
        "creationTime": CREATED,
        "isHidden": False,
        "sources": ["customIntegration"] if custom else [],
        "vendor": "Example",
        "activeUsersCount": 0,
        "lastVisitTime": None,
    }
