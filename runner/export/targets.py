"""Checks before a run the files that it is to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from runner.errors import UsageError
from runner.options import RunOptions

if TYPE_CHECKING:
    from runner.export.body_files import BodyFile

EXPORTS = ("environment", "globals", "collection", "cookie_jar")
PRINTERS = ("cli", "progress", "emojitrain", "github", "teamcity")
"""Reporters that write no file."""


def check_outputs(options: RunOptions, count: int, bodies: Sequence[BodyFile] = ()) -> None:
    """Check the outputs of a run of this many collections, bodies of responses among them; raises `UsageError`."""
    if options.save_examples and not options.export_collection:
        hint = "name the file with --export-collection; that of the collection itself is updated"
        raise UsageError("examples are saved in the exported collection", where="--save-examples", hint=hint)
    _check_exports(options, count)
    _check_files(options, bodies)


def _check_exports(options: RunOptions, count: int) -> None:
    """Several collections need a folder for what they export, a variable needs a file; raises `UsageError`."""
    if count < 2 and not options.export_variable:
        return
    from runner.outputs import is_folder

    for name, path in options.export_variable:
        if is_folder(path):
            raise UsageError(f"{path!r} is a folder: the value of {name} goes into a file", where="--export-variable")
        if count > 1:
            raise UsageError(f"{path!r} is one file for {count} collections", where="--export-variable")
    for kind in EXPORTS if count > 1 else ():
        path = getattr(options, f"export_{kind}")
        if path and not is_folder(path):
            flag = f"--export-{kind.replace('_', '-')}"
            raise UsageError(f"{path!r} is one file for {count} collections", where=flag, hint="name a folder: end with /")


def _check_files(options: RunOptions, bodies: Sequence[BodyFile]) -> None:
    """Every option that names a file to write has a file of its own; raises `UsageError`."""
    given = {f"--{name.replace('_', '-')}": getattr(options, name) for name in ("record", "token_cache", "history")}
    given |= {f"--export-{kind.replace('_', '-')}": getattr(options, f"export_{kind}") for kind in EXPORTS}
    given |= {f"--export-variable {name}": path for name, path in options.export_variable}
    given |= {f"{one.option} {one.request}": one.path for one in bodies}
    for reporter in options.reporters:
        path = options.reporter_option(reporter, "export")
        given[f"--reporter-{reporter}-export"] = path if path != "true" and reporter not in PRINTERS else None
    if any(given.values()):
        from runner.outputs import is_folder, name_outputs

        name_outputs((option, path) for option, path in given.items() if path and not is_folder(path))


def wants_exports(options: RunOptions) -> bool:
    """Whether anything is to be exported when the run of a collection is over."""
    return bool(options.export_variable) or any(getattr(options, f"export_{kind}") for kind in EXPORTS)


def file_names(collections: Iterable[str]) -> list[str]:
    """A unique file name for each of these names of collections."""
    names: list[str] = []
    for collection in collections:
        name = first = re.sub(r"[^\w.-]+", "-", collection).strip("-.") or "collection"
        number = 2
        while name.lower() in (other.lower() for other in names):
            name, number = f"{first}-{number}", number + 1
        names.append(name)
    return names
