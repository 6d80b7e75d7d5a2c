"""What failed last time, stored in `.postrunner/` of the current folder: names and paths, no values.

An entry is removed when its request passes in any run; a run that does not include it leaves the entry.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping

from runner.descriptors import own_descriptor
from runner.errors import ExportError, FileUnreadable, InvalidDocument, LoadError
from runner.formats.json_text import parse_json
from runner.formats.reading import read_text
from runner.model.collection import Collection, Item
from runner.options import RunOptions
from runner.outputs import write_text
from runner.reruns import FOLDER, STATE, Ran
from runner.reruns.failures import Failures, Key, Path, paths_in, plain_path
from runner.results.summary import Summary
from runner.secrets.outgoing.masked import unmasked

SCHEMA = 1
HINT = f"remove {STATE} to forget what failed"


def load_state(collections: Iterable[Collection]) -> Failures:
    """What failed last time in these collections; raises `LoadError` if the file cannot be read."""
    places = {place_of(collection) for collection in collections}
    found = {key: "/".join(key[1:]) or key[0] for key in _read() if key[0] in places}
    return Failures("last time", found, _key_of)


def anything_failed() -> bool:
    """Whether something is known to have failed last time, or that is not known for certain."""
    try:
        return bool(_read())
    except LoadError:
        return True


def place_of(collection: Collection) -> str:
    """Identifies a collection: its file, relative to the current folder, else its name."""
    path = collection.path
    if not os.path.isfile(path) or own_descriptor(path, 0) is not None:
        return collection.name
    try:
        path = os.path.relpath(path)
    except ValueError:  # another drive
        path = os.path.abspath(path)
    return path.replace(os.sep, "/")


def _key_of(collection: Collection, path: Path, item: Item | None) -> Key:
    return (place_of(collection), *path)


def _read() -> list[Key]:
    """The keys in the file, empty without a file; raises `LoadError`."""
    if not os.path.lexists(STATE):
        return []
    try:
        document = parse_json(read_text(STATE), STATE)
    except LoadError as error:
        raise FileUnreadable(error.message, where=error.where, hint=HINT) from None
    entries = document.get("failed") if isinstance(document, dict) and document.get("schema") == SCHEMA else None
    keys = [_key(entry) for entry in entries] if isinstance(entries, list) else [None]
    if None in keys:
        raise InvalidDocument("is not what postrunner writes there", where=STATE, hint=HINT)
    return [key for key in keys if key is not None]


def _key(entry: object) -> Key | None:
    place, path = (entry.get("collection"), entry.get("path")) if isinstance(entry, dict) else (None, None)
    if not isinstance(place, str) or not isinstance(path, list):
        return None
    names = [name for name in path if isinstance(name, str)]
    return (place, *names) if len(names) == len(path) else None


def record(ran: Ran, summary: Summary, options: RunOptions) -> tuple[LoadError | ExportError, ...]:
    """Update the file after a run.

    Returns an error only if the user asked for the file or has an older one, which stays as it is.
    """
    try:
        _record(ran, summary, whole=not (options.selects or options.shard))
    except (LoadError, ExportError) as error:
        return (error,) if options.reruns or os.path.lexists(STATE) else ()
    return ()


def _record(ran: Ran, summary: Summary, *, whole: bool) -> None:
    """Write what is known to have failed now, unless the file already says so; `whole`: nothing was left out."""
    before = _read()
    collections = {unit: unmasked(collection) for unit, collection in ran.collections.items()}
    places = {unit: place_of(collection) for unit, collection in collections.items()}
    paths = {unit: paths_in(collection) for unit, collection in collections.items()}
    there = {(places[unit], *path) for unit, known in paths.items() for path in known}
    passed = {(places[unit], *plain_path((*path, name), paths[unit])) for unit, path, name in ran.requests}
    passed |= {(places[unit],) for unit in ran.ended if whole}
    gone = {key for key in before if key[0] in places.values() and len(key) > 1 and key not in there}
    failed = dict.fromkeys(_failed(summary, dict(zip(places.values(), paths.values(), strict=True))))
    now = list(dict.fromkeys([*(key for key in before if key not in passed | gone), *failed]))
    if now != before:
        _write(now)


def _failed(summary: Summary, paths: Mapping[str, set[Path]]) -> Iterator[Key]:
    for failure in summary.failures:
        collection = unmasked(failure.collection)
        if collection is not None:
            place = place_of(collection)
            about_item = failure.kind != "run" and isinstance(failure.item, Item)
            path = (*failure.path, failure.item.name) if about_item else ()
            yield (place, *plain_path(path, paths.get(place, set())))


def _write(keys: Iterable[Key]) -> None:
    ignore = f"{FOLDER}/.gitignore"
    if not os.path.lexists(ignore):
        write_text(ignore, "*\n")
    entries = [{"collection": key[0], "path": list(key[1:])} for key in keys]
    write_text(STATE, json.dumps({"schema": SCHEMA, "failed": entries}, indent=1) + "\n")
