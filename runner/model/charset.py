"""Which charsets a body may be in: those that take linear time to decode."""

from __future__ import annotations

import codecs

NO_CHARSETS = frozenset({"idna", "punycode", "undefined"})
"""Text encodings of Python for the names of hosts: no charset of a body, and slow on long texts."""


def known_charset(name: str) -> str | None:
    """Python's name of a charset for texts, None for one that nobody knows."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name not in NO_CHARSETS else None
