"""The saved examples of a request, which show what its responses look like."""

from __future__ import annotations

import json
from collections.abc import Iterator

from runner.manual_steps.document import Sample
from runner.manual_steps.values import Values
from runner.model.collection import Item
from runner.model.json import Json, JsonObject
from runner.rules.text import text_of

MOST_LINES = 60
"""The most lines of an example that are shown; the others are counted."""


def examples(item: Item, values: Values) -> Iterator[Sample]:
    """The examples in the order of the file."""
    listed = item.source.get("response")
    for response in listed if isinstance(listed, list) else ():
        if isinstance(response, dict):
            yield _example(response, values)


def _example(response: JsonObject, values: Values) -> Sample:
    code, status = response.get("code"), response.get("status")
    line = " ".join(text_of(one) for one in (code, status) if isinstance(one, str | int) and one != "")
    name = text_of(response.get("name") or "")
    title = name if line and name.startswith(line) else ", ".join(filter(None, (line, name)))
    body = response.get("body")
    text = body if isinstance(body, str) else json.dumps(body, indent=4) if isinstance(body, list | dict) else ""
    language = text_of(response.get("_postman_previewlanguage") or "")
    if not text.strip():
        text, language = "\n".join(_head(response.get("header"), values)) or "(no body)", ""
    shown = values.text(text).replace("\r\n", "\n").split("\n")
    left = len(shown) - MOST_LINES
    if left > 0:
        shown = [*shown[:MOST_LINES], f"… ({left} more {'line' if left == 1 else 'lines'})"]
    return Sample("\n".join(shown), language.lower(), f"Example: {values.name(title) or 'a response'}")


def _head(headers: Json, values: Values) -> Iterator[str]:
    """The headers of a response, shown if it has no body."""
    for row in headers if isinstance(headers, list) else ():
        key = row.get("key") if isinstance(row, dict) else None
        if isinstance(row, dict) and isinstance(key, str):
            yield f"{key}: {values.named(key, text_of(row.get('value') or ''))}"
