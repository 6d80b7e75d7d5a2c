"""The charsets that a body may have: those that are decoded in linear time."""

from __future__ import annotations

import codecs

NO_CHARSETS = frozenset({"idna", "punycode", "undefined"})
"""Encodings that Python has for host names: never the charset of a body, and slow for long texts."""


def known_charset(name: str) -> str | None:
    """Python's name of a charset; None if it is unknown or not for texts."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name not in NO_CHARSETS else None
