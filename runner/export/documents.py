"""Environment, globals and collection as files that Postman imports, and single values as files of their own."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from runner.clock import Clock
from runner.descriptors import own_descriptor
from runner.errors import ExportError
from runner.export.left_out import Names, marked_secret, without_new_secrets
from runner.formats.table import dump, extension_for
from runner.logs import json_visible, markers_of_output, visible
from runner.model.collection import Collection
from runner.model.variable import Environment, Variable
from runner.outputs import ANYONE, OWNER_ONLY, is_folder, write_text
from runner.rules.text import json_text
from runner.secrets import Secrets


def export_environment(
    path: str,
    environment: Environment,
    *,
    export_secrets: bool = False,
    secret_names: Names = (),
    secrets: Secrets | None = None,
    clock: Clock | None = None,
) -> str:
    """Write an environment; returns the path of the file. Raises `ExportError`, and `NotEditable` for a file of YAML.

    One that was read from YAML is that text with what changed in it, unless the path ends in `.json`; a path that ends in
    `.yaml` or `.yml` gets YAML.
    `path` may be an existing folder: then the file gets Newman's name with the time. A value that is secret and that the
    environment's own file does not hold (from the command line or a script) is only written with `export_secrets`.
    Variables of `secret_names` count as secret, and every value with something in it that `secrets` knows.
    """
    if not export_secrets:
        environment = replace(environment, values=tuple(without_new_secrets(environment.values, secret_names, secrets)))
    clock, role = clock or Clock(), environment.scope
    path = export_path(path, role, clock, extension_for(environment.origin, role))
    text = dump(environment, environment.origin, role, clock.iso_now(), path)
    return write_export(path, text)


def export_globals(
    path: str,
    environment: Environment,
    *,
    export_secrets: bool = False,
    secret_names: Names = (),
    secrets: Secrets | None = None,
    clock: Clock | None = None,
) -> str:
    """Write globals, as `export_environment` does."""
    environment = replace(environment, scope="globals")
    more: dict[str, Any] = {"secret_names": secret_names, "secrets": secrets, "clock": clock}
    return export_environment(path, environment, export_secrets=export_secrets, **more)


def export_collection(
    path: str,
    collection: Collection,
    variables: Iterable[Variable] | None = None,
    *,
    export_secrets: bool = False,
    secret_names: Names = (),
    secrets: Secrets | None = None,
    clock: Clock | None = None,
) -> str:
    """Write the original JSON, with these values of the collection's variables (None: those of the file)."""
    if variables is not None and not export_secrets:
        variables = without_new_secrets(variables, secret_names, secrets)
    if variables is not None:
        collection = replace(collection, variables=tuple(variables))
    if collection.origin is not None and collection.origin.format == "v3":
        from runner.export.folders import as_v21, export_folder, goes_into_folder

        if goes_into_folder(path, collection):
            export_folder(path, collection)
            return path
        collection = as_v21(collection)
    path = export_path(path, "collection", clock or Clock())
    return write_export(path, dump(collection, collection.origin, "collection"))


def export_variable(
    path: str,
    name: str,
    scopes: Iterable[Iterable[Variable]],
    secrets: Secrets,
    *,
    export_secrets: bool = False,
    secret_names: Names = (),
) -> None:
    """Write the value that a variable has in the first of the scopes that holds it: a text as it is, other values as JSON.

    A variable that is secret, or without a value, raises `ExportError`; secrets within a value are masked. `export_secrets`
    writes all of it. Nothing is written then, and a file that was there stays.
    """
    found = [one for variables in scopes for one in variables if one.key == name and not one.disabled]
    if not found or found[0].value in (None, ""):
        raise ExportError(f"not written: the variable {name} has no value", where=path)
    value = found[0].value
    text = value if isinstance(value, str) else json_text(value)
    shown = text if export_secrets else Secrets.mask(secrets, text)  # even if reports show secrets
    if not export_secrets and (marked_secret(found[0], secret_names) or not shown.strip("•*")):
        raise ExportError(f"not written: the variable {name} is secret; --export-secrets writes it", where=path)
    write_text(path, _printed(path, shown), mode=OWNER_ONLY if export_secrets else ANYONE)


def export_path(path: str, kind: str, clock: Clock, extension: str = ".json") -> str:
    """The file that the user named; in a folder it has Newman's name: `newman-<kind>-<time>.json`."""
    return os.path.join(path, f"newman-{kind}-{clock.file_stamp()}{extension}") if is_folder(path) else path


def write_export(path: str, text: str, *, mode: int = ANYONE) -> str:
    """Write a file of JSON or YAML; returns its path."""
    write_text(path, _printed(path, text, is_json=text[:1] in ("{", "[")), mode=mode)
    return path


def _printed(path: str, text: str, *, is_json: bool = False) -> str:
    """A text made safe for a log if the file is standard output; JSON keeps its values."""
    number, markers = own_descriptor(path, 1), markers_of_output()
    if number is None or not (markers or os.isatty(number)):
        return text
    return markers.in_json(json_visible(text)) if is_json else markers.broken(visible(text))
