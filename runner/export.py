"""What a run leaves behind as files: environment, globals and collection, in the form Postman imports.

A file is either written whole or not at all, and no secret gets into a file that did not hold it before.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from runner.auth import TokenStore, parse_tokens
from runner.chance import Chance
from runner.errors import ExportError, FileUnreadable
from runner.events import Warned
from runner.files import Files
from runner.formats.environment import dump_environment
from runner.formats.json_text import dump_json
from runner.formats.v2 import dump_collection, same_json
from runner.model.collection import Collection
from runner.model.variable import Environment, Variable
from runner.version import __version__

EXPORTED_AT, EXPORTED_USING, SCOPE = "_postman_exported_at", "_postman_exported_using", "_postman_variable_scope"

Names = tuple[str, ...]


def export_environment(
    path: str,
    environment: Environment,
    *,
    export_secrets: bool = False,
    secret_names: Names = (),
    chance: Chance | None = None,
) -> str:
    """Write an environment; returns the path of the file. Raises `ExportError`.

    `path` may be an existing folder: the file gets Newman's name with the time then. A secret value that the environment's
    own file does not hold (from the command line or a script) is only written with `export_secrets`. Variables of
    `secret_names` count as secret, too.
    """
    if not export_secrets:
        environment = replace(environment, values=tuple(without_new_secrets(environment.values, secret_names)))
    chance = chance or Chance()
    text = dump_json(marked(environment, chance), environment.style)
    return write_export(path, environment.scope, text, chance)


def export_globals(
    path: str,
    environment: Environment,
    *,
    export_secrets: bool = False,
    secret_names: Names = (),
    chance: Chance | None = None,
) -> str:
    """Write globals, as `export_environment` does."""
    environment = replace(environment, scope="globals")
    return export_environment(path, environment, export_secrets=export_secrets, secret_names=secret_names, chance=chance)


def export_collection(
    path: str,
    collection: Collection,
    variables: Iterable[Variable] | None = None,
    *,
    export_secrets: bool = False,
    secret_names: Names = (),
    chance: Chance | None = None,
) -> str:
    """Write the JSON that was read, with these values of the collection's variables (None: those of the file)."""
    if variables is not None and not export_secrets:
        variables = tuple(without_new_secrets(variables, secret_names))
    text = dump_json(dump_collection(collection, variables), collection.style)
    return write_export(path, "collection", text, chance or Chance())


def marked(environment: Environment, chance: Chance) -> Any:
    """The JSON of an environment with the marks of an export: a name, types, the scope, when and by what it was written.

    A file that has its marks and did not change is the same again, without a new time; a bare list stays one.
    """
    document = dump_environment(environment)
    if not isinstance(document, dict):
        return document
    values = [entry if {"type", "secret"} & set(entry) else {**entry, "type": "any"} for entry in document["values"]]
    result = {"name": environment.name or environment.scope, **document, "values": values, SCOPE: environment.scope}
    if EXPORTED_AT in result and result == environment.source:
        return document
    return {**result, EXPORTED_AT: chance.iso_now(), EXPORTED_USING: f"postrunner/{__version__}"}


def without_new_secrets(variables: Iterable[Variable], secret_names: Names = ()) -> Iterator[Variable]:
    """The variables with secret values as their file has them; a secret that came from elsewhere is left out.

    "Left out" keeps the variable with its mark and the value of its file, so that it can be filled in again.
    """
    for variable in variables:
        if not variable.secret and variable.key not in secret_names:
            yield variable
        elif variable.source is None:
            yield replace(variable, value="")
        elif same_json(variable.source.get("value"), variable.value):
            yield variable
        else:
            yield replace(variable, value=variable.source.get("value"))


def write_export(path: str, kind: str, text: str, chance: Chance, *, mode: int | None = None) -> str:
    """Write a file that the user named, in a folder under Newman's name: `newman-<kind>-<time>.json`; returns its path."""
    if os.path.isdir(path) or path.endswith(("/", os.sep)):
        path = os.path.join(path, f"newman-{kind}-{chance.file_stamp()}.json")
    write_text(path, text, mode=mode)
    return path


def load_tokens(path: str | None) -> tuple[TokenStore, tuple[Warned, ...]]:
    """The tokens that earlier runs left in a file; one that cannot be used is a warning, and is written anew."""
    if path is None or not os.path.exists(path):
        return TokenStore(), ()
    try:
        return parse_tokens(Files().read(path).decode("utf-8", "replace")), ()
    except (FileUnreadable, ValueError) as error:
        reason = error.message if isinstance(error, FileUnreadable) else str(error)
        return TokenStore(), (Warned(code="token-cache", message=f"the token cache is not used: {reason}", where=path),)


def export_tokens(path: str | None, tokens: TokenStore, now: float) -> list[ExportError]:
    """Write the tokens that came since the last call, if any; the file is readable and writable by its owner only."""
    if path is None or not tokens.changed:
        return []
    try:
        write_text(path, tokens.dump(now), mode=0o600)
    except ExportError as error:
        return [error]
    return []


def write_text(path: str, text: str, *, mode: int | None = None) -> None:
    """Write a whole file in one step: after a failure or a crash the old file is still there, complete.

    Missing folders are made, the permissions of an existing file are kept unless `mode` gives others, a symbolic link stays
    one. Raises `ExportError`.
    """
    target = os.path.realpath(path)
    try:
        if os.path.exists(target) and not os.path.isfile(target):
            _write_through(target, text)
            return
        os.makedirs(os.path.dirname(target), exist_ok=True)
        _replace(target, text.encode(), mode)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path, text that is no Unicode
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError(f"cannot be written: {reason[:1].lower()}{reason[1:]}", where=path) from None


def _write_through(target: str, text: str) -> None:
    """Write into what cannot be replaced: a pipe or a device such as /dev/stdout."""
    with open(target, "wb") as file:
        file.write(text.encode())


def _replace(target: str, content: bytes, mode: int | None) -> None:
    temporary = os.path.join(os.path.dirname(target), f".postrunner-{os.getpid()}-{os.urandom(6).hex()}")
    try:
        # Without `mode` opened as any new file, so that the user's umask decides.
        number = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode or 0o666)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is None and os.path.exists(target):
            os.chmod(temporary, stat.S_IMODE(os.stat(target).st_mode))
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
