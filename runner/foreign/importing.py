"""Reads sources of any format in the table: recognises them, and makes one collection of all."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from runner.errors import FileUnreadable, InvalidCollection, LoadError
from runner.foreign.comments import keep_notes
from runner.foreign.imported import Imported, ImportOptions
from runner.foreign.joining import joined
from runner.foreign.options import option_values
from runner.foreign.table import FILE, FOLDER, READERS
from runner.formats.foreign import Kind, hint_for, kind_of_document, kind_of_folder, kind_of_text
from runner.formats.format import Given
from runner.formats.reading import read_text
from runner.options import RunOptions


def import_sources(
    sources: Sequence[str], format: str = "", *, name: str = "", options: Mapping[str, str] | None = None
) -> Imported:
    """One collection of everything that the sources hold: each is a path, `-`, an address, or the text itself.

    `format` is one of the table (empty: each source is recognised); `options` are those of the format, as texts. Raises
    `LoadError`, and `UsageError` for an option that the format does not have.
    """
    read = []
    for source in sources:
        given = given_by(source)
        found = format or recognised(given)
        if (FOLDER if _is_folder(given) else FILE) not in READERS[found].paths:
            what = "a folder, not a file" if _is_folder(given) else "a file, not a folder"
            raise FileUnreadable(f"is {what}: {READERS[found].title} are not read from it", where=source)
        values = option_values(found, READERS[found].options, options or {})
        read.append(READERS[found].read(given, ImportOptions(name=name, values=values)))
    made = joined(read, name)
    keep_notes(made)
    return made


def recognised(given: Given) -> str:
    """The name of the format of a source; raises `LoadError`, which says what the source is instead."""
    kind = _kind(given)
    if kind is not None and kind.reader:
        return kind.reader
    if kind is None:
        if given.text.lstrip()[:1] in ("{", "["):
            _ = given.document  # raises the mistake in its JSON
        known = f"--from says what it is: {', '.join(READERS)}"
        raise LoadError("is nothing that can be imported", where=given.path, hint=known)
    if kind.name.startswith("not "):
        raise InvalidCollection(f"is {kind.name}", where=given.path)
    of_postman = kind.role in ("collection", "environment")
    hint = "it is of Postman's already: postrunner convert {file} TARGET" if of_postman else kind.hint
    hint = hint_for(Kind(kind.name, hint), "", given.path)
    raise InvalidCollection(f"this is {kind.name}, which cannot be imported", where=given.path, hint=hint)


def _kind(given: Given) -> Kind | None:
    if _is_folder(given):
        return kind_of_folder(given.path)
    return kind_of_text(given.text, given.path) or kind_of_document(given.json)


def _is_folder(given: Given) -> bool:
    return bool(given.path) and os.path.isdir(given.path)


def given_by(source: str) -> Given:
    """What a word of the command line names, or is itself; raises `LoadError`."""
    if source.lower().startswith(("http://", "https://")) and not os.path.lexists(source):
        from runner.sources.web import fetch

        return Given(fetch(source, RunOptions(), os.environ), source)
    if os.path.isdir(source):
        return Given("", source)
    if any(one.isspace() for one in source) and not os.path.lexists(source):
        kind = kind_of_text(source, "")
        if kind is not None and kind.reader:
            return Given(source)
    return Given(read_text(source), source)
