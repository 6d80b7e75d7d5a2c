"""Where a document holds values that are secret: rows of a key and a value, of variables, headers, parameters and auth."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass
from runner.secrets import is_hideable
from runner.secrets.documents import is_secret_row

Place = tuple[str, ...]


@dataclass(slots=True)
class Row:
    """An object with a `key` and a `value`, and where it stands: the keys of objects and rows that lead to it.

    `url` is the URL of which it is a parameter.
    """

    place: Place
    row: JsonObject
    url: JsonObject | None
    value: Json
    """What it holds."""

    @property
    def is_secret(self) -> bool:
        """Whether what it holds is secret: by its mark, its key, or as the value of an API key."""
        return is_secret_row(self.row) or (self.place[-3:-2] == ("apikey",) and self.row["key"] == "value")

    @property
    def holds_secret(self) -> bool:
        """Whether it holds a secret, and neither nothing nor only a variable."""
        return self.is_secret and is_hideable(self.value)

    def put(self, value: Json) -> None:
        """Give it another value, also in the text of its URL."""
        if self.url is not None and isinstance(raw := self.url.get("raw"), str):
            key = self.row["key"]
            self.url["raw"] = raw.replace(f"{key}={self.value}", f"{key}={value}", 1)
        self.value = self.row["value"] = value


def rows_of(part: JsonObject) -> Iterator[Row]:
    """Each row of a part of a document, whatever else that holds; not those of items in it."""
    waiting: list[tuple[Json, Place, JsonObject | None]] = [(part, (), None)]
    while waiting:
        value, place, url = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("key"), str) and "value" in value:
                yield Row(place, value, url, value["value"])
            for name, inner in value.items():
                if name not in ("item", "response"):
                    waiting.append((inner, (*place, name), value if name == "query" else None))
        elif isinstance(value, list):
            counts: dict[str, int] = {}
            for entry in value:
                name = str(entry.get("key", "")) if isinstance(entry, dict) else ""
                counts[name] = counts.get(name, 0) + 1
                waiting.append((entry, (*place, name, str(counts[name])), url))


def without_secrets(part: JsonObject) -> JsonObject:
    """The same part with nothing in the place of its secrets."""
    if not any(row.holds_secret for row in rows_of(part)):
        return part
    made = deepcopy(part)
    for row in rows_of(made):
        if row.holds_secret:
            row.put("")
    return made
