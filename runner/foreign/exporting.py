"""Makes files for another program of a collection: selects its items, takes the secrets out, asks the writer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from runner.engine.selection import leaves, select
from runner.errors import SelectionError
from runner.foreign.options import option_values
from runner.foreign.table import WRITERS
from runner.foreign.without_secrets import Bare, without_secrets
from runner.foreign.written import ExportOptions, Written
from runner.formats.load import read_collection
from runner.formats.postman.upgrade import upgraded
from runner.formats.postman.v2 import dump_collection
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.model.quick_dataclass import replace
from runner.model.variable import Environment
from runner.options import RunOptions
from runner.sources.environments import load_environments, load_globals
from runner.sources.sources import Sources


def export_collection(
    collection: Collection, format: str, run: RunOptions, *, resolve: bool = False, options: Mapping[str, str] | None = None
) -> Written:
    """What a collection becomes in a format of the table; `run` says which items, variables and files.

    `options` are those of the format, as texts. Raises `LoadError`, `SelectionError`, and `UsageError` for an option that
    the format does not have.
    """
    writer = WRITERS[format]
    values = option_values(format, writer.options, options or {})
    bare = prepared(collection, run)
    environment, globals, *environments = bare.environments
    return writer.write(
        bare.collection,
        ExportOptions(
            environment=environment,
            environments=tuple(environments),
            globals=globals,
            secrets=bare.named.names,
            resolve=resolve,
            run=run,
            values=values,
        ),
    )


def prepared(collection: Collection, run: RunOptions) -> Bare:
    """The selected items without secrets, with the environment, the globals and each environment."""
    names = (run.environment,) if isinstance(run.environment, str) else run.environment or ()
    each = [one if isinstance(one, Environment) else Sources(run).environment(one) for one in names]
    loaded = replace(run, environment=tuple(each)) if each else run
    chosen = selected(collection, run)
    variables = (load_environments(loaded), load_globals(run), *each)
    return without_secrets(chosen, variables, run.secret, run.secret_pattern)


def selected(collection: Collection, run: RunOptions) -> Collection:
    """The collection in the form of v2.1 with nothing but the items that the options select, in its own order."""
    document = upgraded(dump_collection(collection))
    if run.selects:
        chosen = {id(item) for _, item in select(collection, run).items}
        kept = {at for at, (_, item) in enumerate(leaves((), collection.items)) if id(item) in chosen}
        if not kept:
            raise SelectionError("nothing of it is selected", where=collection.name)
        document = {**document, "item": _kept(document["item"], kept, count())}
    return replace(read_collection(document), path=collection.path, origin=collection.origin)


def _kept(entries: list[JsonObject], kept: set[int], places: Iterator[int]) -> list[JsonObject]:
    """The entries of a list with the items at the places that are kept, counted through all folders."""
    found = []
    for entry in entries:
        if "item" in entry:
            inner = _kept(entry["item"], kept, places)
            found += [{**entry, "item": inner}] if inner else []
        elif next(places) in kept:
            found.append(entry)
    return found
