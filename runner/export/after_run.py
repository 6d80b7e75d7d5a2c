"""Writes everything that the options ask for when the run of one collection is over."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from runner.clock import Clock
from runner.cookies.jar import CookieJar
from runner.cookies.jar_file import dump_jar
from runner.engine.ports import Inputs
from runner.errors import ExportError, NotEditable, PostrunnerError
from runner.events import Event, RunFinished, stamp
from runner.export.documents import (
    export_collection,
    export_environment,
    export_globals,
    export_path,
    export_variable,
    write_export,
)
from runner.export.left_out import left_out
from runner.formats.json_text import JsonStyle, dump_json
from runner.formats.table import extension_for
from runner.options import RunOptions
from runner.outputs import OWNER_ONLY
from runner.secrets import Secrets


def export_run(
    inputs: Inputs,
    options: RunOptions,
    finished: RunFinished,
    jar: CookieJar,
    name: str,
    clock: Clock,
    secrets: Secrets,
    emit: Callable[[Event], None],
) -> list[PostrunnerError]:
    """Write what the options ask for; `name` is the collection's file name when there are several, else empty.

    Warns about secrets that are left out.
    """
    collection = inputs.plan.collection
    known: dict[str, Any] = {"secret_names": options.secret, "secrets": secrets}
    more: dict[str, Any] = {"export_secrets": options.export_secrets, "clock": clock, **known}
    variables = finished.collection_variables.values if options.export_collection_values else None
    states = {"environment": finished.environment.values, "globals": finished.globals.values, "collection": variables}
    writers: dict[str, Callable[[str], object]] = {
        "environment": lambda path: export_environment(path, finished.environment, **more),
        "globals": lambda path: export_globals(path, finished.globals, **more),
        "collection": lambda path: export_collection(path, collection, variables, **more),
        "cookie_jar": lambda path: _export_cookies(path, jar, clock),
    }
    suffixes = {kind: f".postman_{kind}.json" for kind in writers}
    for role, given in (("environment", finished.environment), ("globals", finished.globals)):
        if (extension := extension_for(given.origin, role)) != ".json":
            suffixes[role] = f".{role}{extension}"
    if collection.origin is not None and collection.origin.format == "v3":
        suffixes["collection"] = ""  # a folder
    problems: list[PostrunnerError] = []
    for kind, write in writers.items():
        path = getattr(options, f"export_{kind}")
        try:
            if path:
                write(os.path.join(path, f"{name}{suffixes[kind]}") if name else path)
                for warning in () if options.export_secrets else left_out(kind, states.get(kind) or (), **known):
                    stamp(warning, finished.unit, clock)
                    emit(warning)
        except (ExportError, NotEditable) as error:
            problems.append(error)
    return problems + _export_values(finished, options, secrets)


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
