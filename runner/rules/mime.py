"""Content types by file extension, the same on every platform: the system's own tables are not used.

The table has the extensions of each type, the usual one first; if several types have the same extension, the last counts
(as in mime-types 2.1, which Postman uses).
"""

from __future__ import annotations

from functools import cache

from runner.rules.tables import read_table

UNKNOWN = "application/octet-stream"


@cache
def extensions() -> dict[str, tuple[str, ...]]:
    """Content type → its extensions, the usual one first."""
    return {type: tuple(names.split()) for type, names in read_table("mime_types").items()}


@cache
def _types() -> dict[str, str]:
    return {name: type for type, names in extensions().items() for name in names}


def content_type(name: str) -> str | None:
    """The content type for the extension of a file name; None if it is unknown."""
    stem, dot, extension = name.rpartition(".")
    return _types().get(extension.lower()) if dot and stem else None
