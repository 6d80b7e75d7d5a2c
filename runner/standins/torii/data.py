"""The organization that the Torii stand-in serves: made up, and always the same for the same seed."""

from __future__ import annotations

from random import Random
from typing import TypedDict

KEYS = {"torii-test-key": "full access", "torii-scim-key": "scim", "torii-read-only-key": "read only"}
APP, OTHER_APP = 42, 43
ACCOUNTS = {7001: APP, 7002: OTHER_APP}
CREATED = "2020-01-01T00:00:00.000Z"
ORG_ID = 10
ORG = {"id": ORG_ID, "companyName": "Example Industries", "domain": "example.com", "creationTime": CREATED}
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


class User(TypedDict):
    """One user as GET /users shows it."""

    id: int
    idOrg: int
    firstName: str
    lastName: str
    email: str
    creationTime: str
    idRole: int
    role: str
    lifecycleStatus: str
    isDeletedInIdentitySources: bool
    isExternal: bool
    activeAppsCount: int
    additionalEmails: list[str]


class Role(TypedDict):
    """One role as GET /roles shows it."""

    id: int
    systemKey: str
    name: str
    description: str
    isAdmin: bool
    usersCount: int


class Owner(TypedDict):
    """The user who owns an app."""

    id: int
    firstName: str
    lastName: str
    email: str


class App(TypedDict):
    """One app, with every field that `fields` can ask for."""

    id: int
    name: str
    primaryOwner: Owner
    appOwners: list[Owner]
    state: str
    category: str
    url: str
    imageUrl: str
    description: str
    tags: str
    score: int
    isCustom: bool
    addedBy: None
    creationTime: str
    isHidden: bool
    sources: list[str]
    vendor: str
    activeUsersCount: int
    lastVisitTime: None


def make_users(seed: int) -> list[User]:
    """The organization's users."""
    random = Random(seed)
    names = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    return [make_user(number, *name) for number, name in enumerate(random.sample(names, USER_COUNT))]


def make_user(number: int, first: str, last: str) -> User:
    """The user with this number, from 0."""
    role = ROLES[0 if number == 0 else 1 + number % 2]
    status = LIFECYCLE[number % len(LIFECYCLE)]
    return {
        "id": 1001 + number,
        "idOrg": ORG_ID,
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


def make_roles(users: list[User]) -> list[Role]:
    """The roles, each with the number of its users."""
    return [
        {
            "id": number,
            "systemKey": key,
            "name": name,
            "description": description,
            "isAdmin": is_admin,
            "usersCount": sum(user["idRole"] == number for user in users),
        }
        for number, key, name, description, is_admin in ROLES
    ]


def make_apps(users: list[User]) -> list[App]:
    """The apps of the organization; the first user owns them all."""
    first = users[0]
    owner = Owner(id=first["id"], firstName=first["firstName"], lastName=first["lastName"], email=first["email"])
    return [make_app(*app, owner) for app in APPS]


def make_app(number: int, name: str, category: str, state: str, custom: bool, owner: Owner) -> App:
    """The app with this id."""
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
