"""What a file says, with what its node says differently now."""

from __future__ import annotations

from runner.deep_json import same
from runner.model.json import Json, JsonArray, JsonObject


def merged(kept: Json, old: Json, new: Json) -> Json:
    """What a file says, with the changes that lead from `old` to `new`; what neither of them knows stays."""
    if same(old, new):
        return kept
    if isinstance(kept, list):
        old, new = _as_rows(old), _as_rows(new)
        if isinstance(old, list) and isinstance(new, list) and len(kept) == len(old):
            places = _places(old, new)
            return [
                row if place is None else merged(kept[place], old[place], row)
                for row, place in zip(new, places, strict=True)
            ]
        return new
    if isinstance(kept, dict) and isinstance(new, list):
        plain = all(isinstance(row, dict) and not row.keys() - {"key", "value", "secret"} for row in new)
        rows: JsonObject = {str(row["key"]): row["value"] for row in new if isinstance(row, dict)} if plain else {}
        secret = any(isinstance(row, dict) and row.get("secret") for row in new)
        return rows if len(rows) == len(new) and not secret else new
    if not (isinstance(kept, dict) and isinstance(old, dict) and isinstance(new, dict)):
        return new
    found: JsonObject = {}
    for key, value in kept.items():
        if key in new:
            found[key] = merged(value, old[key], new[key]) if key in old else new[key]
        elif key not in old:
            found[key] = value
    return {**found, **{key: value for key, value in new.items() if key not in found and not same(old.get(key), value)}}


def _as_rows(value: Json) -> Json:
    """Rows as a list, also of a map."""
    if isinstance(value, dict):
        return [{"key": key, "value": entry} for key, entry in value.items()]
    return [] if value is None else value


def _places(old: JsonArray, new: JsonArray) -> list[int | None]:
    """For each of the new rows the number of the old one: the next with its key."""
    waiting: dict[str, list[int]] = {}
    for number, row in enumerate(old):
        waiting.setdefault(_key(row), []).append(number)
    return [rows.pop(0) if (rows := waiting.get(_key(row))) else None for row in new]


def _key(row: Json) -> str:
    """What says which row it is: its key, else its type, as that of a script."""
    return str(row.get("key", row.get("type"))) if isinstance(row, dict) else str(row)
