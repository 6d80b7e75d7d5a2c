"""Messages of errors have one form: `place: what is wrong` and a hint, begun small and without a full stop."""

import ast
import re

from runner import errors
from tests.house.code import MODULES, name_of, tree_of

ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
IN_NODES_WORDS = (
    "Cookie ",
    "Decompression failed",
    "Exceeded maxRedirects",
    "Header name must be",
    "Invalid URI",
    "Invalid character",
    "Invalid protocol",
    "Method must be",
    "Parse Error",
    "Request path contains",
)
"""Texts that scripts and reports of Postman users look for."""


def text_of(node):
    """A literal text, with `…` for what is filled in; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    return None


def messages(path):
    """Every message and hint that is written into the making of an error."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS:
            texts = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg in ("message", "hint"))]
            yield from (text for text in map(text_of, texts) if text)


def is_odd(text):
    return re.match(r"[A-Z][a-z]", text) or text.rstrip().endswith((".", "!")) or "\n" in text


def test_a_message_begins_small_and_has_no_full_stop():
    own = [(name_of(path), text) for path in MODULES for text in messages(path) if not text.startswith(IN_NODES_WORDS)]
    assert [(name, text) for name, text in own if is_odd(text)] == []


def test_messages_are_found():
    assert sum(1 for path in MODULES for _ in messages(path)) > 150
