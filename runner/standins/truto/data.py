"""The integrated accounts that the Truto stand-in serves: made up, and always the same for the same seed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import NotRequired, TypedDict

TOKEN = "truto-test-token"
COUNT = 24
TENANTS = ("acme-1", "acme-2", "globex-1")
STATUSES = ("active", "connecting", "post_install_error", "validation_error", "needs_reauth")
INTEGRATIONS = (("zendesk", "ticketing"), ("hubspot", "crm"))
AUTHENTICATION = ("oauth2", "api_key", "oauth2_client_credentials", "keka_oauth")
ERRORS = {
    "post_install_error": "The post-install action 'get-account-details' failed: 403 Forbidden",
    "validation_error": "The subdomain does not exist",
    "needs_reauth": "The refresh token was revoked",
}
FIRST = datetime(2024, 1, 1, 9, 0, tzinfo=UTC)
# One row has undocumented fields, as real answers do; another has its dates in the other documented format.
ROW_WITH_MORE_FIELDS, ROW_WITH_SPACED_DATES = 7, 20


class Integration(TypedDict):
    """The integration of an account."""

    id: str
    name: str
    category: str
    is_beta: bool
    config: dict[str, str]
    team_id: str
    sharing: str
    created_at: str
    updated_at: str


class Account(TypedDict):
    """One integrated account as the list and GET /integrated-account/{id} show it; the last four are undocumented."""

    id: str
    tenant_id: str
    environment_integration_id: str
    context: dict[str, str]
    status: str
    last_error: str | None
    last_action_result: dict[str, str] | None
    created_at: str
    updated_at: str
    is_sandbox: bool
    authentication_method: str
    environment_id: str
    object_store_context_fields: None
    integration: Integration
    region: NotRequired[str]
    last_forbidden_error: NotRequired[None]
    last_action_run_result: NotRequired[dict[str, str]]
    environment_integration: NotRequired[dict[str, str | bool]]


def make_id(seed: int, name: str) -> str:
    """An identifier that looks like a version 4 UUID."""
    digits = hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def stamp(when: datetime, spaced: bool = False) -> str:
    """A date in one of the formats of the API: ISO 8601 with milliseconds, or `spaced` and without a time zone."""
    if spaced:
        return when.strftime("%Y-%m-%d %H:%M:%S")
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def make_accounts(seed: int) -> list[Account]:
    """All integrated accounts, oldest first."""
    return [make_account(seed, number) for number in range(COUNT)]


def make_account(seed: int, number: int) -> Account:
    """The integrated account with this number, from 0."""
    name, category = INTEGRATIONS[number // 2 % len(INTEGRATIONS)]
    tenant, status = TENANTS[number % len(TENANTS)], STATUSES[number % len(STATUSES)]
    created = FIRST + timedelta(days=3 * number, minutes=number)
    spaced = number == ROW_WITH_SPACED_DATES
    account: Account = {
        "id": make_id(seed, f"account {number}"),
        "tenant_id": tenant,
        "environment_integration_id": make_id(seed, f"environment integration {name}"),
        "context": {"subdomain": f"{tenant}-{number}", "account_name": f"{tenant} {name}"},
        "status": status,
        "last_error": ERRORS.get(status),
        "last_action_result": {"action": "post_install", "result": "ok"} if status == "active" else None,
        "created_at": stamp(created, spaced),
        "updated_at": stamp(created + timedelta(days=40), spaced),
        "is_sandbox": number % 4 == 0,
        "authentication_method": AUTHENTICATION[number % len(AUTHENTICATION)],
        "environment_id": make_id(seed, "environment"),
        "object_store_context_fields": None,
        "integration": make_integration(seed, name, category),
    }
    if number == ROW_WITH_MORE_FIELDS:
        add_undocumented_fields(account, seed)
    return account


def make_integration(seed: int, name: str, category: str) -> Integration:
    """The integration with this name."""
    return {
        "id": make_id(seed, f"integration {name}"),
        "name": name,
        "category": category,
        "is_beta": name == "hubspot",
        "config": {"label": name.capitalize()},
        "team_id": make_id(seed, "team"),
        "sharing": "ask" if name == "hubspot" else "allow",
        "created_at": stamp(FIRST - timedelta(days=100)),
        "updated_at": stamp(FIRST - timedelta(days=50)),
    }


def add_undocumented_fields(account: Account, seed: int) -> None:
    """Add the fields that real answers have and the documentation does not."""
    account["region"] = "apac"
    account["last_forbidden_error"] = None
    account["last_action_run_result"] = {"status": "completed"}
    account["environment_integration"] = {"id": make_id(seed, "environment integration zendesk"), "is_enabled": True}


def super_query(number: int) -> str:
    """The SuperQuery region of an account, "" if SuperQuery is off; accounts can be filtered by it, but do not show it."""
    return {0: "apac", 3: "wnam"}.get(number % 6, "")
