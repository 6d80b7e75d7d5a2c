"""What a run leaves behind as files: environment, globals and collection, in the form Postman imports.

A file is either written whole or not at all, and no secret gets into a file that did not hold it before.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from runner.auth import TokenStore, parse_tokens
from runner.errors import ExportError, FileUnreadable
from runner.events import Warned
from runner.files import Files
from runner.formats.environment import dump_environment
from runner.formats.json_text import dump_json
from runner.formats.v2 import dump_collection, same_json
from runner.model.collection import Collection
from runner.model.variable import Environment, Variable

ENVIRONMENT_FILE = "newman-environment.json"
GLOBALS_FILE = "newman-globals.json"
COLLECTION_FILE = "newman-collection.json"

Names = tuple[str, ...]


def export_environment(
    path: str, environment: Environment, *, export_secrets: bool = False, secret_names: Names = ()
) -> str:
    """Write an environment; returns the path of the file. Raises `ExportError`.

    `path` may be an existing folder. A secret value that the environment's own file does not hold (from the command line
    or a script) is only written with `export_secrets`. Variables of `secret_names` count as secret, too.
    """
    return _export(path, ENVIRONMENT_FILE, environment, export_secrets, secret_names)


def export_globals(path: str, environment: Environment, *, export_secrets: bool = False, secret_names: Names = ()) -> str:
    """Write globals, as `export_environment` does."""
    return _export(path, GLOBALS_FILE, environment, export_secrets, secret_names)


def export_collection(
    path: str,
    collection: Collection,
    variables: Iterable[Variable] | None = None,
    *,
    export_secrets: bool = False,
    secret_names: Names = (),
) -> str:
    """Write the JSON that was read, with these values of the collection's variables (None: those of the file)."""
    if variables is not None and not export_secrets:
        variables = tuple(without_new_secrets(variables, secret_names))
    return _write(path, COLLECTION_FILE, dump_json(dump_collection(collection, variables), collection.style))


def _export(path: str, default: str, environment: Environment, export_secrets: bool, secret_names: Names) -> str:
    if not export_secrets:
        environment = replace(environment, values=tuple(without_new_secrets(environment.values, secret_names)))
    return _write(path, default, dump_json(dump_environment(environment), environment.style))


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


def _write(path: str, default: str, text: str) -> str:
    if os.path.isdir(path) or path.endswith(("/", os.sep)):
        path = os.path.join(path, default)
    write_text(path, text)
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
