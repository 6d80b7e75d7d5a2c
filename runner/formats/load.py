"""Entry points that open the files a user names: collection, environment or globals, iteration data."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from runner.errors import InvalidCollection, InvalidDocument, LoadError
from runner.formats.json_text import detect_style, parse_json
from runner.formats.reading import read_text
from runner.model.collection import Collection
from runner.model.variable import Environment, FileStyle, JsonObject


def load_collection(path: str, text: str | None = None) -> Collection:
    """The collection in a file (v2.1, v2.0, v1; plain or in a `collection` wrapper).

    With `text` nothing is opened: it is what was fetched from the address `path`.
    Raises `FileUnreadable`, `InvalidDocument` (no JSON) or `InvalidCollection` (JSON of another kind).
    """
    path = os.fspath(path)
    if text is None and os.path.isdir(path):
        raise _folder(path)
    from runner.formats.v2 import parse_collection

    with _collector_paused():
        document, style = _load(path, text, "collection", "collection")
        return replace(parse_collection(document, path, style), path="" if text is not None else path)


def load_environment(path: str, scope: str = "environment", text: str | None = None) -> Environment:
    """The environment or globals in a file (an object with `values`, a bare list; plain or in a wrapper).

    Raises as `load_collection` does; a plain map of names and values is refused with a hint.
    """
    from runner.formats.environment import parse_environment

    path = os.fspath(path)
    document, style = _load(path, text, scope, scope, "environment", "globals")
    return parse_environment(document, path, scope, style)


def load_data(path: str, text: str | None = None) -> tuple[JsonObject, ...]:
    """The rows of a file of iteration data, JSON or CSV; raises as `load_collection` does."""
    from runner.formats.data import parse_data

    path = os.fspath(path)
    return parse_data(read_text(path) if text is None else text, path)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking a growing document again and again: loading is three times as fast."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _load(path: str, text: str | None, wanted: str, *wrappers: str) -> tuple[Any, FileStyle]:
    text = read_text(path) if text is None else text
    try:
        document = parse_json(text, path)
    except InvalidDocument as error:
        from runner.formats.explain import explain_text

        raise explain_text(text, path, wanted, error) from None
    wrapper = _wrapper(document, wrappers)
    alone = wrapper and len(document) == 1  # what stands beside it (a run report) is no part of the export
    style = detect_style(text, wrapper if alone else "")
    return (document[wrapper] if wrapper else document), style


def _wrapper(document: Any, wrappers: tuple[str, ...]) -> str:
    """The key of the wrapper that the Postman API puts around a document, or an empty text."""
    if not isinstance(document, dict) or "item" in document or "values" in document:
        return ""
    return next((key for key in wrappers if isinstance(document.get(key), (dict, list))), "")


def _folder(path: str) -> LoadError:
    """The error for a folder in the place of a collection."""
    from runner.formats.explain import wrong_kind
    from runner.formats.foreign import hint_for, kind_of_folder

    kind = kind_of_folder(path)
    if kind is None or kind.name == "a folder":
        hint = hint_for(kind, "collection", path) if kind else "name the collection file in it"
        return InvalidCollection("is a folder, not a file", where=path, hint=hint)
    return wrong_kind(kind, "collection", path)
