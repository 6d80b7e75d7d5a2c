"""Truto's list filters: `field=value`, `field[op]=value`, `a.b=value` or `a[b]=value`, and `field[]=value`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from runner.model.quick_dataclass import dataclass
from runner.server.messages import Call, Refused
from runner.standins.truto.data import STATUSES

KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
PAGING = ("limit", "next_cursor")
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "in": lambda have, wanted: have in wanted,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def as_text(text: str) -> str:
    """A value that is compared as it is."""
    return text


def as_boolean(text: str) -> bool:
    """`true` or `false`."""
    return {"true": True, "false": False}[text]


def as_status(text: str) -> str:
    """One of the five documented statuses."""
    return STATUSES[STATUSES.index(text)]


def as_date(text: str) -> datetime:
    """An ISO 8601 date, also with a space for the T; without a zone it is UTC."""
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


FIELDS: dict[str, Callable[[str], Any]] = {
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


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one field, its value already of the field's type."""

    field: str
    compare: Callable[[Any, Any], bool]
    value: Any

    def holds(self, row: dict[str, Any]) -> bool:
        """Whether the row passes."""
        have: Any = row
        for name in self.field.split("."):
            have = have[name]
        return self.compare(as_date(have) if self.field.endswith("_at") else have, self.value)


def parse_filters(call: Call, strict: bool | int) -> list[Filter]:
    """The conditions in a query; values of one key and operator are alternatives, all others have to hold together.

    An operator or value that the field does not take is refused with 400, an unknown field is ignored unless `strict`.
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
    """Field in dotted form and operator of a query key: `integration[name]` is `integration.name` with `eq`."""
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
    """One condition; several plain values mean any of them."""
    if op not in OPERATORS:
        raise Refused(400, f"Unknown operator '{op}' for '{field}'")
    if op == "in" or (op == "eq" and len(texts) > 1):
        texts = ",".join(texts).split(",") if op == "in" else texts
        return Filter(field, OPERATORS["in"], [read_value(field, text) for text in texts])
    return Filter(field, OPERATORS[op], read_value(field, texts[-1]))


def read_value(field: str, text: str) -> Any:
    """The text as a value of the field, else refused with 400."""
    try:
        return FIELDS[field](text)
    except (ValueError, KeyError):
        raise Refused(400, f"Invalid value for '{field}': {text}") from None
