"""Entry points that open the files a user names: collection, environment or globals, iteration data."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from runner.errors import InvalidCollection
from runner.formats.json_text import detect_style, parse_json
from runner.formats.reading import read_text
from runner.model.collection import Collection
from runner.model.variable import Environment, FileStyle, JsonObject

V3_HINT = "export the collection as JSON: in Postman choose Export, Collection v2.1"


def load_collection(path: str, text: str | None = None) -> Collection:
    """The collection in a file (v2.1, v2.0, v1; plain or in a `collection` wrapper).

    With `text` nothing is opened: it is what was fetched from the address `path`.
    Raises `FileUnreadable`, `InvalidDocument` (no JSON) or `InvalidCollection` (JSON of another kind).
    """
    path = os.fspath(path)
    if text is None and (os.path.isdir(path) or path.lower().endswith((".yaml", ".yml"))):
        _refuse_v3(path)
    from runner.formats.v2 import parse_collection

    with _collector_paused():
        document, style = _load(path, text, "collection")
        return replace(parse_collection(document, path, style), path="" if text is not None else path)


def load_environment(path: str, scope: str = "environment", text: str | None = None) -> Environment:
    """The environment or globals in a file (an object with `values`, a bare list; plain or in a wrapper).

    Raises as `load_collection` does; a plain map of names and values is refused with a hint.
    """
    from runner.formats.environment import parse_environment

    path = os.fspath(path)
    document, style = _load(path, text, scope, "environment", "globals")
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


def _load(path: str, text: str | None, *wrappers: str) -> tuple[Any, FileStyle]:
    text = read_text(path) if text is None else text
    document = parse_json(text, path)
    wrapper = _wrapper(document, wrappers)
    alone = wrapper and len(document) == 1  # what stands beside it (a run report) is no part of the export
    style = detect_style(text, wrapper if alone else "")
    return (document[wrapper] if wrapper else document), style


def _wrapper(document: Any, wrappers: tuple[str, ...]) -> str:
    """The key of the wrapper that the Postman API puts around a document, or an empty text."""
    if not isinstance(document, dict) or "item" in document or "values" in document:
        return ""
    return next((key for key in wrappers if isinstance(document.get(key), (dict, list))), "")


def _refuse_v3(path: str) -> None:
    """Say what is wrong with a folder or a YAML file; returns when the path does not exist at all."""
    if os.path.isdir(path):
        marks = (".resources", "postman")
        is_v3 = any(os.path.isdir(os.path.join(path, mark)) for mark in marks) or _has_requests(path)
        message = (
            "is a folder of the collection format v3, which is not yet supported" if is_v3 else "is a folder, not a file"
        )
        raise InvalidCollection(message, where=path, hint=V3_HINT if is_v3 else "name the collection file in it")
    if os.path.exists(path):
        raise InvalidCollection("YAML (collection format v3) is not yet supported", where=path, hint=V3_HINT)


def _has_requests(path: str) -> bool:
    return any(name.endswith((".request.yaml", ".request.yml")) for name in os.listdir(path))
