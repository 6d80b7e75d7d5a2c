"""Writes everything that the options ask for when the run of one collection is over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from runner.clock import Clock
from runner.cookies.jar import CookieJar
from runner.cookies.jar_file import dump_jar
from runner.engine.ports import Inputs
from runner.errors import ExportError, NotEditable, PostrunnerError
from runner.events import Event, RunFinished, Warned, stamp
from runner.export.documents import (
    export_collection,
    export_environment,
    export_globals,
    export_path,
    export_variable,
    write_export,
)
from runner.export.left_out import left_out
from runner.export.targets import EXPORTS
from runner.formats.json_text import JsonStyle, dump_json
from runner.formats.table import extension_for
from runner.model.collection import Collection
from runner.options import RunOptions
from runner.outputs import OWNER_ONLY
from runner.secrets import Secrets

if TYPE_CHECKING:
    from runner.export.examples import Examples


def export_run(
    inputs: Inputs,
    options: RunOptions,
    finished: RunFinished,
    jar: CookieJar,
    name: str,
    clock: Clock,
    secrets: Secrets,
    emit: Callable[[Event], None],
    examples: Examples | None = None,
) -> list[PostrunnerError]:
    """Write what the options ask for; `name` is the collection's file name when there are several, else empty.

    Warns about secrets that are left out. The collection gets the `examples` of the run.
    """

    def tell(warning: Warned) -> None:
        stamp(warning, finished.unit, clock)
        emit(warning)

    collection = inputs.plan.collection
    if examples is not None:
        collection = examples.written_into(collection, tell)
    more: dict[str, Any] = {"secret_names": options.secret, "secrets": secrets, "clock": clock}
    more["export_secrets"] = options.export_secrets
    variables = finished.collection_variables.values if options.export_collection_values else None
    writers: dict[str, Callable[[str], object]] = {
        "environment": lambda path: export_environment(path, finished.environment, **more),
        "globals": lambda path: export_globals(path, finished.globals, **more),
        "collection": lambda path: export_collection(path, collection, variables, **more),
        "cookie_jar": lambda path: _export_cookies(path, jar, clock),
    }
    suffixes = _suffixes(finished, collection)
    problems: list[PostrunnerError] = []
    for kind, write in writers.items():
        path = getattr(options, f"export_{kind}")
        try:
            if path:
                write(os.path.join(path, f"{name}{suffixes[kind]}") if name else path)
                for warning in _secrets_left_out(kind, finished, options, secrets):
                    tell(warning)
        except (ExportError, NotEditable) as error:
            problems.append(error)
    return problems + _export_values(finished, options, secrets)


def _suffixes(finished: RunFinished, collection: Collection) -> dict[str, str]:
    """How the file of each kind of export ends where the exports of several collections have a folder."""
    suffixes = {kind: f".postman_{kind}.json" for kind in EXPORTS}
    for role, given in (("environment", finished.environment), ("globals", finished.globals)):
        if (extension := extension_for(given.origin, role)) != ".json":
            suffixes[role] = f".{role}{extension}"
    if collection.origin is not None and collection.origin.format == "v3":
        suffixes["collection"] = ""  # a folder
    return suffixes


def _secrets_left_out(kind: str, finished: RunFinished, options: RunOptions, secrets: Secrets) -> Iterable[Warned]:
    """Warnings about what the next run will miss in this export; a collection is a copy unless its values are asked for."""
    given = {"environment": finished.environment, "globals": finished.globals, "collection": finished.collection_variables}
    is_copy = kind == "collection" and not options.export_collection_values
    if kind not in given or (options.export_secrets and not is_copy):
        return ()
    option = "--export-collection-values with --export-secrets" if is_copy else "--export-secrets"
    return left_out(kind, given[kind].values, options.secret, secrets, option)


def _export_cookies(path: str, jar: CookieJar, clock: Clock) -> None:
    """Write the cookies; a new file is for its owner only: sessions are as good as passwords."""
    path = export_path(path, "cookie-jar", clock)
    write_export(path, dump_json(dump_jar(jar), JsonStyle()), mode=OWNER_ONLY)


def _export_values(finished: RunFinished, options: RunOptions, secrets: Secrets) -> list[ExportError]:
    """Write the values of single variables: the environment's before the collection's and the globals'."""
    scopes = [one.values for one in (finished.environment, finished.collection_variables, finished.globals)]
    problems: list[ExportError] = []
    for name, path in options.export_variable:
        try:
            more: dict[str, Any] = {"export_secrets": options.export_secrets, "secret_names": options.secret}
            export_variable(path, name, scopes, secrets, **more)
        except ExportError as error:
            problems.append(error)
    return problems
