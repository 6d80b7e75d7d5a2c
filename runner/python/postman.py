"""`pull()` and `push()`: collections, environments and globals from Postman into files and back, for Python callers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from os import PathLike

from runner.errors import UsageError
from runner.options import RunOptions
from runner.postman_api.address import REGIONS
from runner.postman_api.connections import OPTIONS, Connections
from runner.postman_api.exchange import Transfer
from runner.postman_api.local import FORMATS
from runner.postman_api.lock import KINDS
from runner.postman_api.pulling import PullOptions
from runner.postman_api.pulling import pull as pull_one
from runner.postman_api.pushing import PushOptions
from runner.postman_api.pushing import push as push_one
from runner.python.given import options_from

AnyPath = str | PathLike[str]
Tell = Callable[[str], object]


def pull(
    what: AnyPath,
    *,
    output: AnyPath = "",
    workspace: str = "",
    kind: str = "",
    to: str = "",
    region: str = "",
    force: bool = False,
    secrets: bool | None = None,
    dry_run: bool = False,
    tell: Tell = lambda line: None,
    **options: object,
) -> Transfer:
    """Pull a collection or an environment by its uid or name, globals (`kind="globals"`), or a file that was pulled before.

    The keywords are the options of `postrunner pull`; more of them, such as `postman_api_key` and `proxy`, are those of
    `run`. `tell` hears the lines that the command prints. Raises `UsageError`, `LoadError`, `RemoteError`
    if Postman refuses or the file was changed since the last pull, `ExportError`.
    """
    _check(kind=(kind, KINDS), to=(to, FORMATS), region=(region, REGIONS))
    with _connections(options, tell) as connections:
        wanted = PullOptions(
            workspace=workspace,
            kind=kind,
            output=os.fspath(output),
            to=to,
            region=region,
            force=force,
            secrets=secrets,
            dry=dry_run,
        )
        return pull_one(connections, os.fspath(what), wanted, tell)


def push(
    path: AnyPath,
    *,
    uid: str = "",
    copy: bool = False,
    workspace: str = "",
    kind: str = "",
    region: str = "",
    force: bool = False,
    export_secrets: bool = False,
    dry_run: bool = False,
    tell: Tell = lambda line: None,
    **options: object,
) -> Transfer:
    """Push a file to where it was pulled from, to the `uid` that is given, or as a `copy`; nobody is asked.

    The keywords are the options of `postrunner push`; more of them, such as `postman_api_key` and `proxy`, are those of
    `run`. `tell` hears the lines that the command prints. Raises `UsageError` without a link, `LoadError`,
    `RemoteError` if Postman refuses or has changed since the pull, `ExportError`.
    """
    _check(kind=(kind, KINDS), region=(region, REGIONS))
    with _connections(options, tell) as connections:
        wanted = PushOptions(
            uid=uid,
            copy=copy,
            workspace=workspace,
            kind=kind,
            region=region,
            force=force,
            secrets=export_secrets,
            yes=True,
            dry=dry_run,
        )
        return push_one(connections, os.fspath(path), wanted, tell, lambda question: True)


def _connections(options: dict[str, object], tell: Tell) -> Connections:
    if unknown := [name for name in options if name not in OPTIONS]:
        raise TypeError(f"there is no keyword {unknown[0]!r}")
    return Connections(options_from(options, RunOptions()), os.environ, tell)


def _check(**words: tuple[str, Iterable[str]]) -> None:
    """Raise `UsageError` for a word that is none of those that its keyword takes."""
    for name, (word, known) in words.items():
        if word and word not in known:
            raise UsageError(f"{word!r} is none of {', '.join(known)}", where=name)
