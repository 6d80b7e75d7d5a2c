"""The app's tables of keys and values: parameters, headers."""

from __future__ import annotations

from collections.abc import Sequence

from runner.manual_steps.descriptions import line_of
from runner.manual_steps.document import Table
from runner.manual_steps.values import Values
from runner.model.json import Json
from runner.model.request import Header, QueryParam
from runner.rules.text import text_of


def rows_table(rows: Sequence[Header | QueryParam], texts: dict[str, str], values: Values) -> Table:
    """Keys and values; with a column for ticks if any row is unticked, and one for descriptions if there are any."""
    ticks = any(row.disabled for row in rows)
    about = any(texts.get(row.key or "") for row in rows)
    return Table(
        (*(("Ticked",) if ticks else ()), "Key", "Value", *(("Description",) if about else ())),
        tuple(
            (
                *(((("no" if row.disabled else "yes"),),) if ticks else ()),
                (values.code(row.key or ""),),
                values.cell(row.key or "", row.value),
                *((line_of(values.text(texts.get(row.key or "", ""))),) if about else ()),
            )
            for row in rows
        ),
    )


def described(source: Json) -> dict[str, str]:
    """The descriptions of rows by their keys."""
    found = {}
    for row in source if isinstance(source, list) else ():
        if isinstance(row, dict):
            text = row.get("description")
            text = text.get("content") if isinstance(text, dict) else text
            if isinstance(text, str) and text.strip():
                found[text_of(row.get("key") or row.get("id") or "")] = " ".join(text.split())
    return found
