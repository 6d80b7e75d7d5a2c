"""`{{name}}` in texts and in JSON: each becomes the value of the variable, as Postman does it.

A name is any text without braces, used as it stands: `{{ a }}` and `{{a}}` are two names. Values may hold further names, so
the text is gone through again until nothing changes, at most 19 times; a variable that names itself stays as it is.
Values that multiply each other end in an error long before the memory does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from runner.deep_json import entries, rebuilt
from runner.errors import VariableError
from runner.model.json import Json
from runner.rules.text import text_of

MISSING: Json = type("Missing", (), {"__repr__": lambda self: "MISSING", "__bool__": lambda self: False})()
"""What a name that nobody knows has for a value."""

PASSES = 19
LIMIT = 10_000_000
"""Characters that the values may add to one text in one pass, the longest of them not counted: a file may be a value."""

MOST_NAMES = 100_000
"""Names that values may bring into one text; those that the text itself has are not counted."""

_NAME = re.compile(r"{{([^{}]*)}}")

Get = Callable[[str], Json]
Tree = TypeVar("Tree")


def substitute(text: str, get: Get, dynamic: Get | None = None, unresolved: set[str] | None = None) -> str:
    """The text with every known `{{name}}` replaced.

    `get` gives the value of a name or `MISSING`; `dynamic` is asked for names that `get` does not have. Names that nobody
    knows stay as they are and are added to `unresolved`. Raises `VariableError` when the values grow beyond `LIMIT`.
    """
    if "{{" not in text:
        return text
    for number in range(PASSES):
        previous, text = text, _replaced(text, get, dynamic, math.inf if number == 0 else MOST_NAMES)
        if text == previous or "{{" not in text:
            break
    if unresolved is not None and "{{" in text:
        unresolved.update(name for name in set(_NAME.findall(text)) if name and get(name) is MISSING)
    return text


def _replaced(text: str, get: Get, dynamic: Get | None, most_names: float) -> str:
    """The text after one pass; each name is looked up once, dynamic ones anew wherever they stand."""
    parts = _NAME.split(text)  # every second one is a name
    if len(parts) // 2 > most_names:
        raise _multiplied(f"the values of variables bring more than {MOST_NAMES:,} names into one text", parts[1])
    texts: dict[str, str] = {}
    added = longest = 0
    for at in range(1, len(parts), 2):
        name = parts[at]
        value = texts.get(name)
        if value is None:
            found = get(name)
            if found is not MISSING:
                value = texts[name] = text_of(found)
            elif dynamic is None or (found := dynamic(name)) is MISSING:
                parts[at] = f"{{{{{name}}}}}"
                continue
            else:
                value = text_of(found)
        parts[at] = value
        length = len(value)
        added += length
        if length > longest:
            longest = length
        if added - longest > LIMIT:
            size = f"{LIMIT // 1_000_000} million characters"
            raise _multiplied(f"the values of variables make a text of more than {size}", name)
    return "".join(parts)


def _multiplied(message: str, name: str) -> VariableError:
    return VariableError(message, hint=f"see whether {{{{{name}}}}} names itself, directly or through others")


def substitute_tree(value: Tree, get: Get, dynamic: Get | None = None, unresolved: set[str] | None = None) -> Tree:
    """A JSON value with every text in it substituted, the keys of objects excepted; other values stay as they are."""

    def place(entry: object, about: object) -> tuple[object, Iterable[tuple[object, object]]]:
        if isinstance(entry, str):
            return substitute(entry, get, dynamic, unresolved), ()
        if isinstance(entry, tuple):  # of the model, never of a file
            return tuple(substitute_tree(one, get, dynamic, unresolved) for one in entry), ()
        if isinstance(entry, Mapping | list):
            copy = dict(entry) if isinstance(entry, Mapping) else list(entry)
            return copy, entries(copy)
        return entry, ()

    found: Tree = rebuilt(value, place)
    return found


def names_in(text: str) -> list[str]:
    """The names that stand in a text, in order, repeated ones included."""
    return _NAME.findall(text) if "{{" in text else []
