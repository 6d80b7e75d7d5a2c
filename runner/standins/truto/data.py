"""The integrated accounts that the Truto stand-in serves: made up, always the same for one seed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

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
# One row has fields that the documentation does not name, one has the other documented form of dates.
ROW_WITH_MORE_FIELDS, ROW_WITH_SPACED_DATES = 7, 20


def make_id(seed: int, name: str) -> str:
    """An identifier in the form of a version 4 UUID."""
    digits = hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def stamp(when: datetime, spaced: bool = False) -> str:
    """A date as the API writes it: ISO 8601 with milliseconds, or with a space and without a zone."""
    if spaced:
        return when.strftime("%Y-%m-%d %H:%M:%S")
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def make_accounts(seed: int) -> list[dict[str, Any]]:
    """All integrated accounts, oldest first."""
    return [make_account(seed, number) for number in range(COUNT)]


def make_account(seed: int, number: int) -> dict[str, Any]:
    """One integrated account as the list and GET /integrated-account/{id} show it."""
    name, category = INTEGRATIONS[number // 2 % len(INTEGRATIONS)]
    tenant, status = TENANTS[number % len(TENANTS)], STATUSES[number % len(STATUSES)]
    created = FIRST + timedelta(days=3 * number, minutes=number)
    spaced = number == ROW_WITH_SPACED_DATES
    row: dict[str, Any] = {
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
    return row | more_fields(seed) if number == ROW_WITH_MORE_FIELDS else row


def make_integration(seed: int, name: str, category: str) -> dict[str, Any]:
    """The integration of an account."""
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


def more_fields(seed: int) -> dict[str, Any]:
    """Fields that real answers have and the list's documentation does not."""
    return {
        "region": "apac",
        "last_forbidden_error": None,
        "last_action_run_result": {"status": "completed"},
        "environment_integration": {"id": make_id(seed, "environment integration zendesk"), "is_enabled": True},
    }


def super_query(number: int) -> str:
    """The SuperQuery region of an account: a filter, not shown in the row; "" where it is off."""
    return {0: "apac", 3: "wnam"}.get(number % 6, "")
