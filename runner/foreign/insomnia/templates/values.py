"""What a template stands for: a text with Postman's variables where that can say it, and code that computes it."""

from __future__ import annotations

import json
import re

from runner.model.quick_dataclass import dataclass


class Untranslatable(Exception):
    """A template that has no counterpart in Postman; its text says why."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value: `text` is None if only a script has it; `literal` says that it is known here and now.

    `code` is an expression of JavaScript for a text. `variable` is the name that it has if it is that of one variable.
    """

    code: str
    text: str | None = None
    literal: bool = False
    variable: str = ""
    numeric: bool = False


def literal(text: str) -> Value:
    """A value that is known."""
    return Value(quoted(text), text, literal=True)


def number(text: str) -> Value:
    """A number, as it is written."""
    return Value(text, text, literal=True, numeric=True)


def reference(name: str) -> Value:
    """The value of a variable."""
    return Value(filled(f"{{{{{name}}}}}"), f"{{{{{name}}}}}", variable=name)


def dynamic(name: str) -> Value:
    """One of Postman's dynamic variables."""
    return Value(filled(f"{{{{${name}}}}}"), f"{{{{${name}}}}}")


def filled(text: str) -> str:
    """Code for a text with variables in it."""
    return f"pm.variables.replaceIn({quoted(text)})"


def quoted(text: str) -> str:
    """A text as JavaScript writes it."""
    return json.dumps(text, ensure_ascii=False)


_NOT_IN_NAMES = re.compile(r"[^\w]+")


def slug(text: str, otherwise: str = "value") -> str:
    """A name for a variable: letters, digits and underscores of a text."""
    return _NOT_IN_NAMES.sub("_", text).strip("_").lower() or otherwise
