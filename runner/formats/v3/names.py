"""The names of files: what is left of a name that every file system takes, and no two that differ in case only."""

from __future__ import annotations

import re

LONGEST = 64
"""Bytes of the longest stem."""

_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f\x80-\x9f]+')
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|\Z)")


def stem_of(name: str, default: str) -> str:
    """The stem of the file that something of this name is written to; `default` if nothing is left of it."""
    stem = re.sub("-+", "-", _UNSAFE.sub("-", name)).rstrip(" ")
    if stem and not stem.strip("."):
        stem = "-"
    stem = _DEVICE.sub("-", stem, count=1) if _DEVICE.match(stem) else stem
    stem = f"{stem.rstrip('.')}-" if stem.endswith(".") else stem
    content = stem.encode("utf-8", "surrogatepass")
    if len(content) > LONGEST:
        stem = content[:LONGEST].decode("utf-8", "ignore").rstrip(" .")
    return stem or default


class Stems:
    """Hands out the stems of one folder's files of one kind: a second one of a name gets a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._reserved: dict[int, str] = {}

    def reserve(self, stem: str, owner: int) -> None:
        """Keep a stem for the owner that had it before, unless another has it already."""
        if stem.lower() not in self._taken:
            self._taken.add(stem.lower())
            self._reserved[owner] = stem

    def take(self, name: str, default: str, owner: int = 0) -> str:
        """A stem that no file has yet, whatever the case of its letters, or the one that was reserved for the owner."""
        if owner in self._reserved:
            return self._reserved[owner]
        base = stem = stem_of(name, default)
        number = 0
        while stem.lower() in self._taken:
            number += 1
            stem = f"{base}-{number}"
        self._taken.add(stem.lower())
        return stem
