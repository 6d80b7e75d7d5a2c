"""Reads what a mock server serves: collections of any format, and documents of other programs, which are imported."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from runner.errors import LoadError, UsageError
from runner.foreign.imported import Imported
from runner.foreign.importing import given_by, import_sources, recognised
from runner.formats.gc_pause import paused
from runner.formats.load import read_collection
from runner.mock.examples import Example, examples_in
from runner.model.collection import Collection
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.sources.environments import load_environments
from runner.sources.sources import Sources
from runner.variables.scopes import Scopes

if TYPE_CHECKING:
    from runner.foreign.openapi.documents import Document


class Loaded(NamedTuple):
    """The examples of all sources, the names of their collections, what was left out, and the OpenAPI documents."""

    examples: list[Example]
    names: list[str]
    left_out: list[str]
    variables: list[Variable]
    """Those that fill the examples in: some may be secret."""
    documents: list[Document]


Source = str | Collection


def load_examples(
    sources: Sequence[Source],
    options: RunOptions,
    environment: Sequence[Variable] | None = None,
    *,
    may_be_empty: bool = False,
    saved_at: bool = False,
) -> Loaded:
    """The examples of sources, with the variables of the environment over those of the collections.

    The environment is that of the options unless it is given. Raises `LoadError`, and `UsageError` if there is no example,
    unless that `may_be_empty`. With `saved_at` examples also answer the requests that they are saved at.
    """
    with paused():
        values = load_environments(options).values if environment is None else environment
        loaded = _loaded(sources, options, values, saved_at=saved_at)
    if not loaded.examples and not may_be_empty:
        hint = "save responses as examples in Postman, or with postrunner run --save-examples"
        raise UsageError("has no saved example, so there is nothing to serve", where=_names(sources), hint=hint)
    return loaded


def _loaded(sources: Sequence[Source], options: RunOptions, environment: Sequence[Variable], *, saved_at: bool) -> Loaded:
    examples: list[Example] = []
    names: list[str] = []
    left_out: list[str] = []
    variables = list(environment)
    documents: list[Document] = []
    for source in sources:
        for collection in _collections(source, options, left_out.append, documents):
            scopes = Scopes(environment=environment, collection=collection.variables)
            examples += examples_in(collection, scopes, left_out.append, len(examples), saved_at=saved_at)
            names.append(collection.name)
            variables += collection.variables
    return Loaded(examples, names, left_out, variables, documents)


def _names(sources: Sequence[Source]) -> str:
    return ", ".join(one if isinstance(one, str) else one.path or one.name for one in sources)


def _collections(
    source: Source, options: RunOptions, tell: Callable[[str], object], documents: list[Document]
) -> Iterator[Collection]:
    """The collections of a source: one, those of a workspace folder, or one that is made of something else.

    A source that is an OpenAPI document is added to `documents`.
    """
    if isinstance(source, Collection):
        yield source
        return
    if os.path.isdir(source):
        from runner.formats.v3.workspace import expand

        paths = expand(source, options.collection_name)
        if paths is not None:
            for path in paths:
                yield Sources(options).collection(os.fspath(path))
            return
    try:
        yield Sources(options).collection(source)
    except LoadError:
        imported = _imported(source)
        if imported is None:
            raise
        for note in imported.notes:
            tell(str(note))
        given = given_by(source)
        if recognised(given) == "openapi":
            from runner.foreign.openapi.reading import load

            documents.append(load(given))
        yield read_collection(imported.collection)


def _imported(source: str) -> Imported | None:
    """What a source of another program becomes, None if it is none."""
    try:
        return import_sources([source])
    except LoadError:
        return None
