"""The environments of JetBrains' `http-client.env.json`, and those of its private file."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runner.errors import LoadError
from runner.foreign.imported import Note
from runner.formats.json_text import parse_json
from runner.formats.reading import read_text
from runner.model.json import Json, JsonObject
from runner.rules.text import json_text
from runner.secrets.names import names_a_secret

FILES = (("http-client.env.json", False), ("http-client.private.env.json", True))
SHARED = "$shared"


def environments_beside(folder: str, notes: list[Note]) -> dict[str, JsonObject]:
    """The environments beside an `.http` file; what is private becomes environments of its own (`dev.private`)."""
    found: dict[str, JsonObject] = {}
    for name, private in FILES:
        path = os.path.join(folder, name)
        if not os.path.isfile(path):
            continue
        try:
            document = parse_json(read_text(path), path)
        except LoadError as error:
            notes.append(Note(f"its environments are not imported: {error.message}", path))
            continue
        groups = (
            {key: value for key, value in document.items() if isinstance(value, dict)} if isinstance(document, dict) else {}
        )
        shared = groups.pop(SHARED, {})
        for environment, values in (groups or ({"shared": {}} if shared else {})).items():
            title = f"{environment}.private" if private else environment
            rows = [*_rows({**shared, **values}, private)]
            found[title] = {"name": title, "values": rows, "_postman_variable_scope": "environment"}
            if "Security" in values:
                notes.append(Note(f"the auth that {environment} configures (Security) is not imported", path))
    return found


def _rows(values: dict[str, Json], private: bool) -> Iterator[JsonObject]:
    for key, value in values.items():
        if key not in ("Security", "SSLConfiguration"):
            secret = private or names_a_secret(key)
            text = value if isinstance(value, str) else json_text(value)
            yield {"key": key, "value": text, "type": "secret" if secret else "default", "enabled": True}
