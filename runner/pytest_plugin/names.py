"""What nodes of pytest are called, and which marks they get."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from runner.engine.selection import leaves
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.reporters.text import one_line
from runner.rules.tags import tags_in


def node_name(name: str) -> str:
    """A name without what has a meaning in the ids of pytest."""
    plain = re.sub(":{2,}", ":", one_line(name)).translate({ord("["): "(", ord("]"): ")"})
    return " ".join(plain.split()) or "(no name)"


def ids_of(rows: Sequence[JsonObject], cycles: int) -> list[str]:
    """What stands behind the name of a request for each iteration: the column `id` of its row, else its number."""
    if cycles == 1:
        return [""]
    found = [node_name(str(row["id"])) for row in rows if isinstance(row.get("id"), str | int)]
    numbers = list(map(str, range(cycles)))
    return [f"[{id}]" for id in (found if len(set(found)) == cycles else numbers)]


def tags_by_item(collection: Collection) -> dict[int, tuple[str, ...]]:
    """The tags of each item, by its identity."""
    return {id(item): tags_in((collection, *trail, item)) for trail, item in leaves((), collection.items)}


def register_marks(config: pytest.Config, tags: set[str]) -> None:
    """Make marks of tags; one of the same name stays as it is."""
    known = marks_of(config)
    for tag in sorted(tags):
        if tag not in known and not tag.startswith("_"):
            config.addinivalue_line("markers", f"{tag}: a tag of Postman collections")


def is_mark(config: pytest.Config, tag: str) -> bool:
    """Whether a tag marks its requests: a mark that takes arguments (`skipif`, `timeout`) has a meaning of its own."""
    return "(" not in marks_of(config).get(tag, "(")


def marks_of(config: pytest.Config) -> dict[str, str]:
    """The registered marks, each with its form."""
    forms = (line.partition(":")[0].strip() for line in config.getini("markers"))
    return {form.partition("(")[0]: form for form in forms}
