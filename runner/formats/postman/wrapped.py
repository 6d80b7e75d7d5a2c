"""JSON documents inside of an outer object, as the Postman API and run reports have them."""

from __future__ import annotations

from runner.errors import InvalidDocument
from runner.formats.format import Given
from runner.formats.json_text import JsonStyle, detect_style
from runner.model.json import Json

WRAPPERS = ("collection", "environment", "globals")
"""The keys under which they have a document of any kind."""


def read_json(given: Given) -> Json:
    """The JSON of a text; raises `InvalidDocument`, which names what else the text is, if that is known."""
    try:
        return given.document
    except InvalidDocument as error:
        from runner.formats.explain import explain_text

        raise explain_text(given.text, given.path, given.role, error) from None


def wrapper_of(document: object, wrappers: tuple[str, ...]) -> str:
    """The key of the wrapper around a document; empty without one."""
    if not isinstance(document, dict) or "item" in document or "values" in document:
        return ""
    return next((key for key in wrappers if isinstance(document.get(key), (dict, list))), "")


def inside(document: Json, wrappers: tuple[str, ...]) -> Json:
    """The document without its wrapper."""
    wrapper = wrapper_of(document, wrappers)
    return document[wrapper] if wrapper and isinstance(document, dict) else document


def unwrapped(given: Given, wrappers: tuple[str, ...]) -> tuple[Json, JsonStyle]:
    """The document in a text without its wrapper, and how the text was written; raises `LoadError`."""
    document = read_json(given)
    wrapper = wrapper_of(document, wrappers)
    # What stands beside the document, as in a run report, does not belong into an export.
    alone = isinstance(document, dict) and len(document) == 1
    return inside(document, wrappers), detect_style(given.text, wrapper if alone else "")
