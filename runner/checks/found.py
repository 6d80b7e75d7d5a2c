"""The files that are checked: those that are named, and those that a folder holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from runner.checks.document import JsonDocument
from runner.errors import FileUnreadable, LoadError
from runner.formats.format import Given
from runner.formats.places import Steps
from runner.formats.postman.wrapped import wrapper_of
from runner.formats.reading import read_text
from runner.formats.table import load, recognise
from runner.model.collection import Collection
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Environment

ENDINGS = (".postman_collection.json", ".postman_environment.json", ".postman_globals.json")
"""How the files are called that are looked for in a folder: as Postman exports them."""

WRAPPERS = ("collection", "environment", "globals")
PASSED_OVER = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Found:
    """One file as it was read; `top` are the steps to the collection or environment in its document."""

    path: str
    document: JsonDocument
    model: Collection | Environment
    top: Steps


def find_files(path: str, unreadable: list[LoadError]) -> Iterator[Found]:
    """The file of this name, or all in the folder of this name; what cannot be read in a folder goes to `unreadable`.

    Raises `LoadError` for a file that cannot be read, and for a folder without any.
    """
    if not os.path.isdir(path):
        yield read_file(path)
        return
    names = list(_in_folder(path))
    if not names:
        hint = f"files are looked for that are called *{', *'.join(ENDINGS)}; name others themselves"
        raise FileUnreadable("holds nothing to check", where=path, hint=hint)
    for name in names:
        try:
            yield read_file(name)
        except LoadError as error:
            unreadable.append(error)


def read_file(path: str) -> Found:
    """A collection, environment or globals file, told apart by what is in it; raises `LoadError`."""
    given = Given(read_text(path), path)
    entry = recognise(given)
    is_environment = entry is not None and "environment" in entry.roles
    given.role = _scope(given) if is_environment else "collection"
    model, origin = load(given)
    document = JsonDocument(given)
    wrapper = wrapper_of(document.value, WRAPPERS)
    return Found(path, document, replace(model, origin=origin), (wrapper,) if wrapper else ())


def _scope(given: Given) -> str:
    """Whether variables are those of an environment or globals."""
    value = given.json
    says = value.get("_postman_variable_scope") if isinstance(value, dict) else None
    is_globals = says == "globals" or (isinstance(value, dict) and "globals" in value and "values" not in value)
    return "globals" if is_globals or given.path.endswith(ENDINGS[2]) else "environment"


def _in_folder(path: str) -> Iterator[str]:
    for folder, inner, names in os.walk(path):
        inner[:] = sorted(name for name in inner if not name.startswith(".") and name not in PASSED_OVER)
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(ENDINGS))
