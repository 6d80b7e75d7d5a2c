"""Content types by file extension, the same on every platform (never the system's own tables)."""

from __future__ import annotations

from functools import cache

from runner.rules.tables import read_table

UNKNOWN = "application/octet-stream"


@cache
def _types() -> dict[str, str]:
    """Extension → content type."""
    table = read_table("mime_types")
    return {extension: type for type, extensions in table.items() for extension in extensions.split()}


def content_type(name: str) -> str | None:
    """The content type that a file name's extension stands for, or None."""
    stem, dot, extension = name.rpartition(".")
    return _types().get(extension.lower()) if dot and stem else None
