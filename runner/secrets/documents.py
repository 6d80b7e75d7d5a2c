"""The secrets that are written into a document of JSON or YAML, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import unified_diff
from itertools import islice

from runner.model.json import Json, JsonObject
from runner.secrets.mask import Secrets
from runner.secrets.names import names_a_secret

HEAD = 2
"""The first lines of a unified diff name its two files."""


def secrets_in(document: Json) -> Secrets:
    """What to mask where the text of a document is shown: values that are secret by name, by mark or in an auth."""
    secrets = Secrets()
    waiting: list[tuple[str, Json]] = [("", document)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, str):
            secrets.learn_header(name, value)
            secrets.learn_text(value)
        elif isinstance(value, list):
            waiting += [(name, entry) for entry in value]
        elif isinstance(value, dict):
            _learn(secrets, value)
            waiting += [(key, entry) for key, entry in value.items()]
        elif value is not None and names_a_secret(name):
            secrets.add(value)
    return secrets


def is_secret_row(row: JsonObject) -> bool:
    """Whether the value of a row is secret by its mark or its key, whatever it is."""
    return row.get("type") == "secret" or row.get("secret") is True or names_a_secret(str(row.get("key", "")))


def _learn(secrets: Secrets, value: JsonObject) -> None:
    """Learn from an object that is a row of a key and a value, or an auth with its parameters."""
    key, type = value.get("key"), value.get("type")
    if isinstance(key, str) and "value" in value:
        if is_secret_row(value):
            secrets.add(value["value"])
        if isinstance(value["value"], str):
            secrets.learn_header(key, value["value"])
    params = value.get("credentials", value.get(type)) if isinstance(type, str) else None
    if isinstance(params, list):
        params = {str(row.get("key")): row.get("value") for row in params if isinstance(row, dict)}
    if isinstance(type, str) and isinstance(params, dict):
        secrets.add_auth(type, params)


def difference(old: str, new: str, old_name: str, new_name: str, secrets: Secrets, around: int = 3) -> Iterator[str]:
    """The lines of a unified diff of two texts, without secrets, with so many lines `around` each change."""
    before, after = (secrets.mask(text).split("\n") for text in (old, new))
    for line in unified_diff(before, after, old_name, new_name, lineterm="", n=around):
        yield line.rstrip("\r")


def document_difference(
    old: JsonObject, new: JsonObject, write: Callable[[JsonObject], str], secrets: Secrets
) -> Iterator[str]:
    """The lines of a unified diff of two documents as `write` writes them, without secrets and without names of files."""
    before, after = (write(secrets.mask_json(document)).splitlines() for document in (old, new))
    yield from islice(unified_diff(before, after, lineterm=""), HEAD, None)
