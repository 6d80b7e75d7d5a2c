"""`{{name}}` in texts and in JSON: each becomes the value of the variable, as Postman does it.

A name is any text without braces, used as it stands: `{{ a }}` and `{{a}}` are two names. Values may hold further names, so
the text is gone through again until nothing changes, at most 19 times; a variable that names itself stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from runner.variables.scopes import MISSING
from runner.variables.text import text_of

__all__ = ["PASSES", "names_in", "substitute", "substitute_tree", "text_of"]

PASSES = 19

_NAME = re.compile(r"{{([^{}]*)}}")

Get = Callable[[str], Any]


def substitute(text: str, get: Get, dynamic: Get | None = None, unresolved: set[str] | None = None) -> str:
    """The text with every known `{{name}}` replaced.

    `get` gives the value of a name or `MISSING`; `dynamic` is asked for names that `get` does not have. Names that nobody
    knows stay as they are and are added to `unresolved`.
    """
    if "{{" not in text:
        return text

    def replacement(found: re.Match[str]) -> str:
        value = get(found[1])
        if value is MISSING and dynamic is not None:
            value = dynamic(found[1])
        return found[0] if value is MISSING else text_of(value)

    for _ in range(PASSES):
        previous, text = text, _NAME.sub(replacement, text)
        if text == previous or "{{" not in text:
            break
    if unresolved is not None and "{{" in text:
        unresolved.update(name for name in _NAME.findall(text) if name and get(name) is MISSING)
    return text


def substitute_tree(value: Any, get: Get, dynamic: Get | None = None, unresolved: set[str] | None = None) -> Any:
    """A JSON value with every text in it substituted, the keys of objects excepted; other values stay as they are."""
    if isinstance(value, str):
        return substitute(value, get, dynamic, unresolved)
    if isinstance(value, Mapping):
        return {key: substitute_tree(item, get, dynamic, unresolved) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(substitute_tree(item, get, dynamic, unresolved) for item in value)
    return value


def names_in(text: str) -> list[str]:
    """The names that stand in a text, in order, repeated ones included."""
    return _NAME.findall(text) if "{{" in text else []
