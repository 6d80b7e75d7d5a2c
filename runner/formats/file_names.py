"""What Postman calls its files, and which folders hold none: a folder is searched by these names."""

from __future__ import annotations

from collections.abc import Iterable

COLLECTION = (".postman_collection.json",)
ENVIRONMENT = (".postman_environment.json", ".environment.yaml", ".environment.yml")
GLOBALS = (".postman_globals.json", ".globals.yaml", ".globals.yml")

WITHOUT = frozenset({"node_modules", "__pycache__"})
"""Folders of other programs."""


def searched(folders: Iterable[str], hidden: str) -> list[str]:
    """Those of these folders, by name, that are searched: of hidden ones only the one called `hidden`."""
    return sorted(name for name in folders if name == hidden or not (name.startswith(".") or name in WITHOUT))
