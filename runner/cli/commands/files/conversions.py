"""What the commands that convert, import and export have in common: options of a format, and what may be written where."""

from __future__ import annotations

import os

from runner.errors import UsageError
from runner.formats.conversion import Conversion
from runner.outputs import write_text
from runner.outputs.tree import write_tree


def format_of(target: str | None) -> str:
    """The format that a name asks for: JSON by its suffix, anything else is a folder of v3; raises `UsageError`."""
    if target is None:
        raise UsageError("give --to v2.1 or --to v3")
    return "v2.1" if target.lower().endswith(".json") else "v3"


def pairs_of(options: tuple[str, ...]) -> dict[str, str]:
    """The options of a format, given as NAME=VALUE; raises `UsageError`."""
    for option in options:
        if "=" not in option:
            raise UsageError(f"is NAME=VALUE, not {option!r}", where="--option")
    return dict(option.split("=", 1) for option in options)


def refuse_strange(path: str, *, force: bool) -> None:
    """Raise `UsageError` if something would be lost: a file without `force`, anything else than a file or folder always."""
    if not os.path.lexists(path) or os.path.isdir(path):
        return
    if not os.path.isfile(path):
        raise UsageError("is not a regular file, so nothing is written there", where=path)
    if not force:
        raise UsageError("is there already", where=path, hint="choose another name, or give --force")


def write_conversion(made: Conversion, target: str, *, force: bool) -> None:
    """Write to a new place, an empty folder, or with `force` over what is there; raises `UsageError`, `ExportError`."""
    refuse_strange(target, force=force)
    if not force and os.path.isdir(target) and os.listdir(target):
        raise UsageError("is there already", where=target, hint="choose another name, or give --force")
    if made.text is not None:
        write_text(target, made.text)
        return
    if os.path.lexists(target) and not os.path.isdir(target):
        raise UsageError("is not a folder, and v3 is one", where=target)
    write_tree(target, made.files, made.stale_in(target), mode=0o666)
