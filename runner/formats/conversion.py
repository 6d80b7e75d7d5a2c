"""Converts files from one format into another, by the table of formats, and says what the other cannot hold."""

from __future__ import annotations

import os
from dataclasses import field

from runner.deep_json import same
from runner.errors import InvalidCollection, UsageError
from runner.formats.file_names import COLLECTION, ENVIRONMENT, GLOBALS
from runner.formats.format import YAML, Given
from runner.formats.json_text import JsonStyle, dump_json
from runner.formats.load import load_collection, load_environment
from runner.formats.postman.upgrade import upgraded
from runner.formats.postman.v2 import KEPT
from runner.formats.reading import read_text
from runner.formats.table import dump, recognise
from runner.formats.v3.converting import to_v3, to_v21
from runner.formats.v3.kept import differences, saying
from runner.formats.v3.paths import REQUEST, RESOURCES, SIDE_FILE
from runner.formats.v3.reading import ReadFolder, read_folder, read_single, read_written
from runner.formats.v3.workspace import collections_of, holds_collection
from runner.formats.v3.writing import DEFINITION
from runner.model.json import Json, JsonObject
from runner.model.quick_dataclass import dataclass

GRAPHQL = "the Postman CLI leaves out requests with a GraphQL body: postrunner sends them"


@dataclass(slots=True, kw_only=True)
class Conversion:
    """What a file or folder becomes: one `text`, or the `files` of a folder.

    `kept` has the places, by file, of what `to` cannot hold, which is kept in `kept_in`; `lost` is kept nowhere, and
    `differences` are what a round trip would change. `source_files` are those of a folder that was read.
    """

    to: str
    text: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)
    kept_in: str = ""
    lost: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    source_files: list[str] = field(default_factory=list)
    suffix: str = ""

    def stale_in(self, target: str) -> list[str]:
        """The files of a collection in the target folder that this does not write; raises `InvalidCollection`."""
        if not holds_collection(target):
            return []
        return [path for path in (*read_folder(target).files, f"{RESOURCES}/{SIDE_FILE}") if path not in self.files]

    def new_name(self, name: str) -> str:
        """The name that the converted file or folder has in the place of `name`."""
        base = name
        for ending in (*COLLECTION, *ENVIRONMENT, *GLOBALS, ".json", *YAML):
            if name.endswith(ending):
                base = name[: -len(ending)]
                break
        return name if self.suffix and name.endswith(".json") and self.suffix.endswith(".json") else base + self.suffix


def convert(source: str, to: str, target: str = "") -> Conversion:
    """Convert what a path names; raises `LoadError` and `UsageError`."""
    if os.path.isdir(source) and collections_of(source):
        raise UsageError("is a workspace of several collections", where=source, hint="name one of postman/collections")
    if os.path.isdir(source) or source.endswith(REQUEST):
        return _from_v3(_read(source), to, source)
    text = read_text(source)
    entry = recognise(Given(text, source, _role_of(source)))
    if entry is not None and "environment" in entry.roles:
        return _variables(source, to, target)
    collection = load_collection(source)
    return from_document(collection.source, to)


def _role_of(source: str) -> str:
    name = os.path.basename(source).lower()
    if name.endswith(YAML):
        return "globals" if "globals" in name else "environment"
    return "globals" if "globals" in name else ""


def _read(source: str) -> ReadFolder:
    if os.path.isdir(source) and not holds_collection(source):
        load_collection(source)  # says what the folder is instead
    return read_folder(source) if os.path.isdir(source) else read_single(source)


def _json(document: Json) -> str:
    return dump_json(document, JsonStyle(indent="\t", final_newline=True))


def _places(kept: dict[str, list[JsonObject]]) -> dict[str, list[str]]:
    return {path: [str(change["at"]) for change in changes] for path, changes in kept.items()}


# -- collections ------------------------------------------------------------------------------------------------------


def from_document(document: JsonObject, to: str) -> Conversion:
    """What a collection of v1 (made v2.1 already), v2.0 or v2.1 becomes."""
    if to == "v2.1":
        return Conversion(to=to, text=_json(upgraded(document)), suffix=".postman_collection.json")
    made = to_v3(document)
    back = to_v21(read_written(made.files)).document
    changed = [str(one["at"]) for one in differences(saying(upgraded(document)), saying(upgraded(back)))]
    return Conversion(
        to=to,
        files=made.files,
        kept=_places(made.kept),
        kept_in=f"{RESOURCES}/{SIDE_FILE}",
        differences=changed,
        notes=[GRAPHQL] if any("\n  type: graphql\n" in text for text in made.files.values()) else [],
    )


def _from_v3(read: ReadFolder, to: str, source: str) -> Conversion:
    if to == "v3":
        raise UsageError("is of the format v3 already", where=source, hint="--to v2.1 makes JSON of it")
    files, given = sorted(read.files), {path: file.data for path, file in read.files.items()}
    side = f"{RESOURCES}/{SIDE_FILE}"
    files += [side] if os.path.isfile(os.path.join(source, side)) else []
    made = to_v21(read)
    back = {path: file.data for path, file in read_written(to_v3(made.document).files).files.items()}
    back = {path: data for path, data in back.items() if path != DEFINITION or path in given}
    both = given.keys() | back.keys()
    changed = sorted(path for path in both if not same(given.get(path), back.get(path), ordered=False))
    return Conversion(
        to=to,
        text=_json(made.document),
        kept=_places(made.kept),
        kept_in=KEPT,
        lost=[*made.lost, *(f"what is kept of {place}: the file was changed since" for place in read.stale)],
        differences=changed,
        source_files=files,
        suffix=".postman_collection.json",
    )


# -- variables --------------------------------------------------------------------------------------------------------


def _variables(source: str, to: str, target: str) -> Conversion:
    """An environment or globals file as JSON (`v2.1`) or YAML (`v3`)."""
    scope = "globals" if "globals" in os.path.basename(source).lower() else "environment"
    environment = load_environment(source, scope)
    suffix = f".postman_{scope}.json" if to == "v2.1" else f".{scope}.yaml"
    if target and not target.lower().endswith(".json" if to == "v2.1" else YAML):
        raise UsageError(f"an environment becomes one file: {os.path.basename(target)}{suffix}", where=target)
    name = target or f"x{suffix}"
    text = dump(environment, None, scope, path=name)
    try:
        back = load_environment(name, scope, text)
    except InvalidCollection as error:
        raise InvalidCollection(f"cannot be written as {to}: {error.message}", where=source) from None
    changed = [
        one.key for one, other in zip(environment.values, back.values, strict=False)
        if (one.key, one.value, one.secret, one.disabled) != (other.key, other.value, other.secret, other.disabled)
    ]  # fmt: skip
    return Conversion(to=to, text=text, suffix=suffix, differences=[f"the variable {key}" for key in changed])
