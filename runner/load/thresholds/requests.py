"""Which requests a threshold is about: by name, or by the path of a request or folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runner.errors import UsageError
from runner.load.figures.names import name_of
from runner.load.thresholds.metrics import Names

Path = tuple[str, ...]

NAMED = 12
"""So many requests a hint lists."""


def select(wanted: str, paths: Sequence[Path]) -> Names:
    """The requests that a name stands for, by the names that figures have for them.

    It is the name of a request or folder, or its path (`Shop/Login`); `/Login` is one that is in no folder, `Shop/` is a
    folder. Raises `UsageError` without a place if there is none or several.
    """
    entries = _entries(paths)
    found = [entry for entry in entries if _fits(wanted, entry)]
    if "/" in wanted and len({path for path, _ in found}) == 1:
        found = sorted(found)[:1]  # a request and a folder of one path: the folder is written with a slash behind it
    if len(found) == 1:
        return frozenset(name_of(path) for path in paths if _within(path, found[0]))
    if found:
        raise UsageError(f"{wanted!r} is the name of {len(found)}", hint=f"write which: {_listed(map(_text, found))}")
    from difflib import get_close_matches

    known = {_plain(_text(entry)): None for entry in entries} | {entry[0][-1]: None for entry in entries}
    near = get_close_matches(_plain(wanted), known, 1)
    hint = f"did you mean {near[0]}?" if near else f"requests: {_listed(map(name_of, dict.fromkeys(paths)))}"
    raise UsageError(f"there is no request or folder {wanted!r}", hint=hint)


Entry = tuple[Path, bool]
"""A path, and whether it is that of a folder."""


def _entries(paths: Sequence[Path]) -> list[Entry]:
    found: dict[Entry, None] = {}
    for path in paths:
        found |= {(path[:length], True): None for length in range(1, len(path))}
        found[path, False] = None
    return [*found]


def _within(path: Path, entry: Entry) -> bool:
    place, is_folder = entry
    return path[: len(place)] == place and len(path) > len(place) if is_folder else path == place


def _fits(wanted: str, entry: Entry) -> bool:
    path, is_folder = entry
    if wanted.rstrip().endswith("/") and not is_folder:
        return False
    at_root = wanted.lstrip().startswith("/") and path[-1] != wanted
    return _plain(wanted) == _plain(name_of(path)) or (not at_root and _plain(wanted) == _plain(path[-1]))


def _plain(text: str) -> str:
    """A path without the blanks around its slashes, and without those at its ends."""
    return "/".join(part.strip() for part in text.split("/")).strip("/")


def _text(entry: Entry) -> str:
    """A path that fits no other entry."""
    path, is_folder = entry
    return ("/" if len(path) == 1 else "") + "/".join(path) + ("/" if is_folder else "")


def _listed(texts: Iterable[str]) -> str:
    every = [*texts]
    return ", ".join(every[:NAMED]) + (f" and {len(every) - NAMED} more" if len(every) > NAMED else "")
