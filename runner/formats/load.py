"""Entry points that read what a user names: collection, environment or globals, iteration data, `.env` files."""

from __future__ import annotations

import os
from dataclasses import replace

from runner.errors import InvalidCollection
from runner.formats.format import YAML, Given
from runner.formats.gc_pause import paused
from runner.formats.reading import read_text
from runner.formats.table import load
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.model.variable import Environment


def load_collection(path: str, text: str | None = None) -> Collection:
    """The collection in a file, in any format of the table.

    With `text` nothing is opened: the text was fetched from the address `path`.
    Raises `FileUnreadable`, `InvalidDocument` (no JSON) or `InvalidCollection` (JSON of another kind).
    """
    path = os.fspath(path)
    with paused():
        if text is None and os.path.isdir(path):
            return _folder(path)
        if text is None and path.endswith(YAML):
            from runner.formats.v3.paths import is_request

            if is_request(path):
                from runner.formats.v3.loading import load_request

                return load_request(path)
        collection, origin = load(_given(path, text, "collection"))
        found: Collection = replace(collection, origin=origin, path="" if text is not None else path)
        return found


def read_collection(document: JsonObject) -> Collection:
    """The collection of a document that was parsed already; raises `InvalidCollection`."""
    found: Collection = load(Given.of(document, role="collection"))[0]
    return found


def load_environment(path: str, scope: str = "environment", text: str | None = None) -> Environment:
    """The environment or globals in a file; raises as `load_collection` does."""
    environment, origin = load(_given(path, text, scope))
    found: Environment = replace(environment, origin=origin)
    return found


def load_data(path: str, text: str | None = None) -> tuple[JsonObject, ...]:
    """The rows of a file of iteration data; raises as `load_collection` does."""
    rows: tuple[JsonObject, ...] = load(_given(path, text, "data"))[0]
    return rows


def load_dotenv(path: str) -> dict[str, str]:
    """The values of a `.env` file; raises as `load_collection` does."""
    values: dict[str, str] = load(_given(path, None, "dotenv"))[0]
    return values


def _given(path: str, text: str | None, role: str) -> Given:
    path = os.fspath(path)
    return Given(read_text(path) if text is None else text, path, role)


def _folder(path: str) -> Collection:
    """The collection in a folder; raises `LoadError`, which says what a folder of another kind is."""
    from runner.formats.v3.loading import load_folder
    from runner.formats.v3.workspace import holds_collection

    if holds_collection(path):
        return load_folder(path)
    from runner.formats.explain import wrong_kind
    from runner.formats.foreign import hint_for, kind_of_folder

    kind = kind_of_folder(path)
    if kind is None or kind.name == "a folder":
        hint = hint_for(kind, "collection", path) if kind else "name the collection file in it"
        raise InvalidCollection("is a folder, not a file", where=path, hint=hint)
    raise wrong_kind(kind, "collection", path)
