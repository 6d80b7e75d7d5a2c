"""What the collections of one call start from: their plans, environments and data, and the secrets of the options."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from runner.descriptors import own_descriptor
from runner.engine.plan import Plan, make_plan
from runner.engine.selection import check_parts
from runner.errors import UsageError
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.options import RunOptions
from runner.secrets import Secrets, Unmasked
from runner.sources.environments import load_environments, load_globals
from runner.sources.sources import Sources, load_rows

if TYPE_CHECKING:
    from runner.engine.ports import Inputs

AnyCollection = str | Path | JsonObject | Collection


def load_plans(collections: Iterable[AnyCollection], options: RunOptions) -> list[Plan]:
    """What each collection runs under these options; raises `UsageError`, `LoadError` and `SelectionError`."""
    try:
        os.getcwd()
    except OSError:
        raise UsageError("the current folder is gone or may not be read", hint="change to a folder that is there") from None
    loaded = [_load(one, options) for collection in collections for one in _expanded(collection, options)]
    check_parts(loaded, options)
    return [make_plan(collection, options) for collection in loaded]


def _expanded(collection: AnyCollection, options: RunOptions) -> Sequence[AnyCollection]:
    """The collections of a workspace, if a folder is one; anything else stands for itself."""
    paths = None
    if isinstance(collection, str | Path) and os.path.isdir(collection):
        from runner.formats.v3.workspace import expand

        paths = expand(os.fspath(collection), options.collection_name)
    if paths is None and options.collection_name:
        message = "chooses a collection of a workspace folder, and this is none"
        raise UsageError(message, where="--collection-name", hint="--folder chooses within a collection")
    return [collection] if paths is None else paths


def _load(collection: AnyCollection, options: RunOptions) -> Collection:
    if isinstance(collection, Collection):
        return collection
    if isinstance(collection, dict):
        from runner.formats.load import read_collection

        return read_collection(collection)
    return Sources(options).collection(os.fspath(collection))


def load_all(plans: Sequence[Plan], options: RunOptions) -> list[Inputs]:
    """What is run of each plan, and what it starts from; raises `LoadError` and `UsageError`."""
    first = load_inputs(plans[0], options)  # the same for all: a pipe gives it only once
    inputs = [first, *(replace(first, plan=plan) for plan in plans[1:])]
    chosen = inputs
    if options.reruns:
        from runner.reruns.narrow import rerun_inputs

        chosen = rerun_inputs(inputs, options)
    if options.shard_by and not options.shard:
        raise UsageError("says how shards are made", where="--shard-by", hint="say which one this is: --shard 1/5")
    if options.shard:
        from runner.shards.narrow import shard_inputs

        chosen = shard_inputs(inputs, chosen, options)
    return chosen


def folder_of(collection: Collection) -> str:
    """Where `pm.require` looks: the folder of the collection's file, the current one where it came in another way."""
    if os.path.isdir(collection.path):
        return os.path.abspath(collection.path)
    is_file = os.path.isfile(collection.path) and own_descriptor(collection.path, 0) is None
    return os.path.dirname(os.path.abspath(collection.path)) if is_file else os.path.abspath("")


def make_secrets(options: RunOptions, kind: Callable[[], Secrets] = Secrets) -> Secrets:
    """The secrets that the options themselves hold or describe; raises `UsageError` for a pattern that is none."""
    secrets = Unmasked() if options.show_secrets else kind()
    for value in (options.postman_api_key, options.ssl_client_passphrase):
        secrets.add(value)
    for proxy in (options.proxy, *(value for name, value in os.environ.items() if name.lower().endswith("_proxy"))):
        if proxy:
            secrets.learn_text(proxy if "://" in proxy else f"http://{proxy}")
    for pattern in options.secret_pattern:
        try:
            secrets.add_pattern(pattern)
        except re.error as error:  # a pattern may be a secret, and a message may quote it
            reason = re.split(r"['\"\\]", error.msg)[0].rstrip(" :")
            message = f"is not a regular expression: {reason} at position {error.pos}"
            raise UsageError(message, where="--secret-pattern") from None
    return secrets


def load_inputs(plan: Plan, options: RunOptions) -> Inputs:
    """The plan with its environment, globals and rows of data; raises `LoadError` and `UsageError`."""
    from runner.engine.ports import Inputs  # V8 starts while these are imported
    from runner.events import Warned

    for folder in options.allow_read:
        if not os.path.isdir(folder):
            raise UsageError(f"{folder!r} is not a folder", where="--allow-read")
    rows = load_rows(options)
    without = options.iteration_data not in (None, "") and not rows
    name = options.iteration_data or "iteration_data"
    message = f"{name} has no row of data: one iteration runs without"
    told = [Warned(code="no-data", message=message)] if without else []
    collection = plan.collection
    unused = collection.origin.unused if collection.origin else ()
    told += [Warned(code="file-outdated", message=text, where=collection.name) for text in unused]
    return Inputs(
        plan=plan,
        environment=load_environments(options),
        globals=load_globals(options),
        rows=rows,
        warnings=tuple(told),
    )
