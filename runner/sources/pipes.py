"""Pipes among the inputs, which can be read only once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from runner.descriptors import once_only
from runner.errors import UsageError
from runner.formats.reading import read_bytes
from runner.options import RunOptions, all_options

OPENED_BY_TLS = ("ssl_extra_ca_certs", "ssl_client_cert", "ssl_client_key", "ssl_client_cert_list")
READ = ("environment", "globals", "iteration_data", "env_file", "cookie_jar", "replay", *OPENED_BY_TLS)
"""The options that name files to read."""


def settle_pipes(collections: Sequence[object], options: RunOptions, stack: ExitStack) -> RunOptions:
    """The options with a private copy in place of each pipe that every collection opens again; `stack` removes the copies.

    Raises `UsageError` if two inputs name the same pipe, and `FileUnreadable`.
    """
    seen: dict[tuple[int, int], str] = {}
    for label, path in _named(collections, options):
        pipe = once_only(path)
        if pipe in seen:
            message = f"{path} can be read only once, and {seen[pipe]} and {label} both name it"
            raise UsageError(message, hint="save what comes out of it to a file, and name that")
        if pipe is not None:
            seen[pipe] = label
    if not seen:
        return options
    from runner.outputs import private_file

    changed: dict[str, Any] = {}
    for name in OPENED_BY_TLS:
        path = getattr(options, name)
        if path and once_only(path):
            copy = private_file(read_bytes(path), os.path.splitext(path)[1])
            changed[name] = stack.enter_context(copy)
    return replace(options, **changed)


def first_pipe(collections: Sequence[object], options: RunOptions) -> str | None:
    """The first input that can be read only once; None if all can be read again."""
    return next((path for _, path in _named(collections, options) if once_only(path)), None)


def _named(collections: Sequence[object], options: RunOptions) -> Iterator[tuple[str, str]]:
    """Every path that is read, behind the argument or option that names it."""
    for collection in collections:
        if isinstance(collection, str | os.PathLike):
            yield "COLLECTION", os.fspath(collection)
    for option in all_options():
        value = getattr(options, option.name) if option.name in READ else None
        for path in value if isinstance(value, tuple) else (value,):
            if isinstance(path, str):
                yield option.flag, path
