"""Truto's list filters: `field=value`, `field[op]=value`, `a.b=value` or `a[b]=value`, and `field[]=value`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from runner.model.quick_dataclass import dataclass
from runner.server.messages import Call, Refused
from runner.standins.truto.data import STATUSES, Account

KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
PAGING = ("limit", "next_cursor")
Compare = Callable[[Any, Any], bool]
OPERATORS: dict[str, Compare] = {
    "eq": operator.eq,
    "in": operator.eq,  # to one of several values
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def as_text(text: str) -> str:
    """Any text."""
    return text


def as_boolean(text: str) -> bool:
    """`true` or `false`."""
    return {"true": True, "false": False}[text]


def as_status(text: str) -> str:
    """One of the five documented statuses."""
    return STATUSES[STATUSES.index(text)]


def as_date(text: str) -> datetime:
    """An ISO 8601 date, maybe with a space instead of the T; UTC if it has no time zone."""
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


FIELDS: dict[str, Callable[[str], object]] = {
    "id": as_text,
    "tenant_id": as_text,
    "environment_id": as_text,
    "is_sandbox": as_boolean,
    "integration.name": as_text,
    "features.super_query": as_text,
    "status": as_status,
    "created_at": as_date,
    "updated_at": as_date,
}
"""The fields that can be filtered by, and how their values are read."""


def field_values(account: Account, region: str) -> dict[str, object]:
    """The values of an account that filters compare with; `region` is its SuperQuery region."""
    return {
        "id": account["id"],
        "tenant_id": account["tenant_id"],
        "environment_id": account["environment_id"],
        "is_sandbox": account["is_sandbox"],
        "integration.name": account["integration"]["name"],
        "features.super_query": region,
        "status": account["status"],
        "created_at": as_date(account["created_at"]),
        "updated_at": as_date(account["updated_at"]),
    }


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one field: the comparison holds for at least one of the wanted values."""

    field: str
    compare: Compare
    wanted: tuple[object, ...]

    def holds(self, values: Mapping[str, object]) -> bool:
        """Whether an account with these `field_values` passes."""
        return any(self.compare(values[self.field], value) for value in self.wanted)


def parse_filters(call: Call, strict: bool | int) -> list[Filter]:
    """The filters in a query: repeated values of one key and operator are alternatives, all filters must hold together.

    Refuses an operator or value that does not fit the field with 400. An unknown field is ignored unless `strict`, which
    may be the status to refuse it with.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for key, text in call.query:
        if key in PAGING:
            continue
        field, op = split_key(key)
        if field in FIELDS:
            found.setdefault((field, op), []).append(text)
        elif strict:
            raise Refused(400 if strict is True else int(strict), f"Unknown filter '{key}'")
    return [make_filter(field, op, texts) for (field, op), texts in found.items()]


def split_key(key: str) -> tuple[str, str]:
    """The dotted field and the operator of a query key: `integration[name]` is `integration.name` and `eq`."""
    match = KEY.fullmatch(key)
    if not match:
        return key, "eq"
    parts = [*match[1].split("."), *re.findall(r"\[([^\[\]]*)\]", match[2])]
    while len(parts) > 1 and parts[-1] == "":
        parts.pop()
    if ".".join(parts) in FIELDS:
        return ".".join(parts), "eq"
    field = ".".join(parts[:-1])
    return (field, parts[-1]) if field in FIELDS else (".".join(parts), "eq")


def make_filter(field: str, op: str, texts: list[str]) -> Filter:
    """One filter; `in` takes values separated by commas, `eq` several ones, the other operators only the last one."""
    if op not in OPERATORS:
        raise Refused(400, f"Unknown operator '{op}' for '{field}'")
    if op == "in":
        texts = ",".join(texts).split(",")
    elif op != "eq":
        texts = texts[-1:]
    return Filter(field, OPERATORS[op], tuple(read_value(field, text) for text in texts))


def read_value(field: str, text: str) -> object:
    """The value that a text means for a field; refuses an invalid one with 400."""
    try:
        return FIELDS[field](text)
    except (ValueError, KeyError):
        raise Refused(400, f"Invalid value for '{field}': {text}") from None
