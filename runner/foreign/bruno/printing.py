"""Writes the blocks of `.bru` files: pairs, texts, names, and what is quoted or indented in them, as Bruno does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from runner.foreign.bruno.blocks import QUOTES, TYPES
from runner.foreign.bruno.model import Row
from runner.rules.text import SPACES

INDENT = "  "
_MORE_QUOTES = re.compile("'{4,}")
_QUOTED_KEY = re.compile(r'[:"{}\s]')


def document(blocks: Iterable[str]) -> str:
    """A file of these blocks; those that are empty are left out."""
    return "\n".join(block for block in blocks if block)


def pairs(name: str, rows: Sequence[Row]) -> str:
    """A block of pairs; an empty text without rows."""
    if not rows:
        return ""
    return f"{name} {{\n{indented(chr(10).join(map(_pair, rows)))}\n}}\n"


def values(name: str, members: Iterable[tuple[str, str]]) -> str:
    """A block of pairs that are settings: their names need no quotes."""
    return pairs(name, [Row(key, value) for key, value in members])


def text(name: str, content: str) -> str:
    """A block of text; an empty text without content."""
    return f"{name} {{\n{indented(content)}\n}}\n" if content else ""


def names(name: str, rows: Sequence[Row]) -> str:
    """A list of names without values (`vars:secret`); an empty text without rows."""
    if not rows:
        return ""
    lines = ",\n".join(indented(_annotations(row) + "~" * (not row.enabled) + row.name) for row in rows)
    return f"{name} [\n{lines}\n]\n"


def indented(content: str, levels: int = 1) -> str:
    """A text with every line indented, the empty ones, too: so none of them ends a block. Carriage returns stay."""
    return "\n".join(INDENT * levels + line for line in content.split("\n"))


def _pair(row: Row) -> str:
    return f"{_annotations(row)}{'~' * (not row.enabled)}{key(row.name)}: {_value(row)}"


def key(name: str) -> str:
    """The name of a pair, in quotes where it needs them."""
    return '"' + name.replace('"', '\\"') + '"' if _QUOTED_KEY.search(name) else name


def _value(row: Row) -> str:
    found = f"@file({'|'.join(row.files)})" if row.kind == "file" else value(row.value)
    return f"{found} @contentType({row.content_type})" if row.content_type else found


def value(content: str) -> str:
    """A value, in `'''` if it has several lines."""
    if "\n" not in content and "\r" not in content:
        return content
    return f"{QUOTES}\n{indented(content)}\n{QUOTES}"


def _annotations(row: Row) -> str:
    lines = [f"@{row.kind}\n"] if row.kind in TYPES else []
    if row.description:
        lines.append(f"@description({_argument(row.description)})\n")
    return "".join(lines)


def _argument(content: str) -> str:
    if "\n" in content or "\r" in content:
        escaped = _MORE_QUOTES.sub(QUOTES, content).replace("\\'", "\\\\'").replace(QUOTES, "\\'\\'\\'")
        return f"{QUOTES}\n{indented(escaped)}\n{QUOTES}"
    if "'" in content:
        return '"' + content.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"'{content}'"


# -- what cannot be held --------------------------------------------------------------------------------------------


def name_loss(name: str) -> str:
    """What is lost of the name of a pair; an empty text if nothing is."""
    if name[:1] == "~":
        return "begins with `~`, which switches it off in Bruno"
    if "\n" in name or "\r" in name:
        return "has a name of several lines"
    return "has a name with a backslash at its end" if name.endswith("\\") and _QUOTED_KEY.search(name) else ""


def value_loss(content: str) -> str:
    """What is lost of a value; an empty text if nothing is."""
    if QUOTES in content and ("\n" in content or "\r" in content or content.startswith(QUOTES) or content.endswith(QUOTES)):
        return f"has {QUOTES} in its value, which ends it"
    return "" if content.strip(SPACES) == content else "loses the blanks around its value"


def means_more(content: str) -> bool:
    """Whether the value of a field reads as a file, or as a value with a content type."""
    is_file = content.startswith("@file(") and content.endswith(")")
    return is_file or ("@contentType(" in content and content.rstrip(SPACES).endswith(")"))
