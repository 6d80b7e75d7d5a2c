"""One call of `postrunner pull` or `push`: the key, the connections, what it is about, what it tells."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from runner.cli.app import report
from runner.cli.config import load_config
from runner.cli.options import run_options, run_parameters
from runner.errors import PostrunnerError, UsageError
from runner.interruption import check, undisturbed
from runner.postman_api.address import REGIONS, base_url
from runner.postman_api.client import PostmanClient
from runner.postman_api.cloud import Cloud
from runner.postman_api.exchange import Done
from runner.postman_api.key import need_key
from runner.postman_api.lock import KINDS, LOCK, Link, Lock

OF_A_RUN = (
    *("postman_api_key", "timeout_request", "proxy", "no_proxy", "insecure", "ssl_extra_ca_certs"),
    *("ssl_client_cert", "ssl_client_key", "ssl_client_passphrase", "ssl_client_cert_list"),
)
"""The options of `postrunner run` that say how to get to the Postman API."""

FORMATS = ("text", "json")


def choice(name: str, choices: tuple[str, ...], help: str) -> click.Option:
    """An option that is one of several words, or empty."""
    return click.Option([name], type=click.Choice(choices), callback=lambda ctx, param, value: value or "", help=help)


def parameters(own: list[click.Parameter]) -> list[click.Parameter]:
    """The options of a command: its own, those of both commands, and those of a run."""
    return [
        *own,
        click.Option(["-w", "--workspace"], default="", metavar="NAME", help="The workspace, by its name or its id."),
        choice("--kind", KINDS, "What is meant (default: what is found)."),
        choice("--region", tuple(REGIONS), "Where the data of the team is kept (default: us)."),
        click.Option(["--dry-run"], is_flag=True, help="Change nothing; show what would change."),
        click.Option(["--format"], type=click.Choice(FORMATS), default=FORMATS[0], help="How it is told (default: text)."),
        *(parameter for parameter in run_parameters() if parameter.name in OF_A_RUN),
    ]


def linked_files() -> list[str]:
    """The files in the current folder that have a link; raises `UsageError` if there are none."""
    names = Lock.in_folder(".").names
    if not names:
        raise UsageError(f"nothing here was pulled: there is no {LOCK}", hint="name what is meant")
    return names


def link_of(name: str) -> Link | None:
    """The link of a file, None for what is no file that was pulled."""
    return Lock.beside(name).link(name)


class Session:
    """The connections of one command, and what it tells."""

    def __init__(self, region: str, format: str) -> None:
        context = click.get_current_context()
        context.meta["reporter_options"] = {}
        self._options = run_options(context, load_config())
        self._key = need_key(self._options.postman_api_key, os.environ)
        self._region, self._as_json = region, format == "json"
        self._clients: dict[str, PostmanClient] = {}

    def tell(self, line: str) -> None:
        """Tell a person something: on standard error if standard output is for a program."""
        click.echo(line, err=self._as_json)

    def cloud(self, link: Link | None) -> Cloud:
        """The cloud that a link leads to, or that of the region."""
        region = self._region or (link.region if link is not None else "") or "us"
        if region not in self._clients:
            base = base_url(region, os.environ)
            self._clients[region] = PostmanClient(base, self._key, self._options, os.environ, tell=self._tell_wait)
        return Cloud(self._clients[region])

    def _tell_wait(self, line: str) -> None:
        click.echo(line, err=True)

    def each(self, names: tuple[str, ...] | list[str], work: Callable[[str], Done]) -> int:
        """Do the work for each name, and tell what came of it; an error of one does not keep the others from theirs."""
        failed, made = 0, list[Done]()
        for name in names:
            try:
                check()
                made.append(work(name))
            except PostrunnerError as error:
                report(error)
                failed = max(failed, error.exit_code)
                if error.exit_code >= 128:
                    break
        if self._as_json:
            click.echo(json.dumps([_as_json(one) for one in made], indent=2))
        return failed

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            client.__exit__()


@contextmanager
def session(region: str, format: str) -> Iterator[Session]:
    """A session, in which signals end waits only: what is written is written whole."""
    with undisturbed():
        made = Session(region, format)
        try:
            yield made
        finally:
            made.close()


def confirmed(question: str) -> bool:
    """Ask the user; raises `UsageError` if nobody can be asked."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("nobody can be asked whether to push", hint="--yes pushes without asking, --dry-run only shows")
    from runner.interruption import asked, waiting

    try:
        with waiting():
            return click.confirm(question, err=True)
    except click.Abort:  # what click makes of Ctrl-C, and of the end of the input
        if asked():
            check()
        return False


def _as_json(done: Done) -> dict[str, object]:
    link = done.link
    return {
        "path": done.path,
        "kind": link.kind,
        "uid": link.uid,
        "workspace": link.workspace,
        "done": done.done,
        "changes": done.changes,
        "withheld": done.withheld,
    }
