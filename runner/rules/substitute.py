"""Replaces `{{name}}` in texts and in JSON by the value of the variable, as Postman does.

A name is any text without braces, taken literally: `{{ a }}` and `{{a}}` are two names. Values may hold names, too, so the
text is searched again until nothing changes, at most 19 times; a variable that names itself stays as it is. Values that
multiply one another raise an error long before memory runs out.
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
"""The value of an unknown name."""

PASSES = 19
LIMIT = 10_000_000
"""Characters that values may add to a text in one pass. The longest value is not counted: it may be a whole file."""

MOST_NAMES = 100_000
"""Names that values may bring into a text; those of the text itself are not counted."""

_NAME = re.compile(r"{{([^{}]*)}}")

Get = Callable[[str], Json]
Tree = TypeVar("Tree")


def substitute(text: str, get: Get, dynamic: Get | None = None, unresolved: set[str] | None = None) -> str:
    """The text with every known `{{name}}` replaced.

    `get` returns the value of a name or `MISSING`; names that it does not know go to `dynamic`. Unknown names stay as they
    are and are added to `unresolved`. Raises `VariableError` if the values exceed `LIMIT` or `MOST_NAMES`.
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
    """The text after one pass; each name is looked up once, a dynamic one each time that it stands in the text."""
    parts = _NAME.split(text)  # the names are at the odd places
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
    """A JSON value with every text in it substituted, except for the keys of objects; other values stay as they are."""

    def place(entry: object, about: object) -> tuple[object, Iterable[tuple[object, object]]]:
        if isinstance(entry, str):
            return substitute(entry, get, dynamic, unresolved), ()
        if isinstance(entry, tuple):  # the model has tuples, JSON has none
            return tuple(substitute_tree(one, get, dynamic, unresolved) for one in entry), ()
        if isinstance(entry, Mapping | list):
            copy = dict(entry) if isinstance(entry, Mapping) else list(entry)
            return copy, entries(copy)
        return entry, ()

    found: Tree = rebuilt(value, place)
    return found


def names_in(text: str) -> list[str]:
    """The names in a text, in order, with repetitions."""
    return _NAME.findall(text) if "{{" in text else []
