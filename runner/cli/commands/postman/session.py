"""One call of `postrunner pull` or `push`: the key, the connections, what it is about, what it tells."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from runner.cli.app import report
from runner.cli.config import load_config
from runner.cli.options import run_options, run_parameters
from runner.errors import Interrupted, PostrunnerError, UsageError
from runner.interruption import asked, check, undisturbed, waiting
from runner.postman_api.address import REGIONS
from runner.postman_api.connections import OPTIONS, Connections
from runner.postman_api.exchange import Transfer
from runner.postman_api.lock import KINDS, LOCK, Lock

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
        *(parameter for parameter in run_parameters() if parameter.name in OPTIONS),
    ]


def linked_files() -> list[str]:
    """The files in the current folder that have a link; raises `UsageError` if there are none."""
    names = Lock.in_folder(".").names
    if not names:
        raise UsageError(f"nothing here was pulled: there is no {LOCK}", hint="name what is meant")
    return names


class Session:
    """What one command talks to, and what it tells."""

    def __init__(self, connections: Connections, format: str) -> None:
        self.connections, self._as_json = connections, format == "json"

    def tell(self, line: str) -> None:
        """Tell a person something: on standard error if standard output is for a program."""
        click.echo(line, err=self._as_json)

    def each(self, names: Iterable[str], work: Callable[[str], Transfer]) -> int:
        """Do the work for each name, and tell what came of it; an error of one does not keep the others from theirs."""
        failed, made = 0, list[Transfer]()
        for name in names:
            try:
                check()
                made.append(work(name))
            except PostrunnerError as error:
                report(error)
                failed = max(failed, error.exit_code)
                if isinstance(error, Interrupted):
                    break
        if self._as_json:
            click.echo(json.dumps([asdict(one) for one in made], indent=2))
        return failed


@contextmanager
def session(format: str) -> Iterator[Session]:
    """A session, in which signals end waits only: what is written is written whole."""
    context = click.get_current_context()
    context.meta["reporter_options"] = {}
    options = run_options(context, load_config())
    with undisturbed(), Connections(options, os.environ, lambda line: click.echo(line, err=True)) as connections:
        yield Session(connections, format)


def confirmed(question: str) -> bool:
    """Ask the user; raises `UsageError` if nobody can be asked."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("nobody can be asked whether to push", hint="--yes pushes without asking, --dry-run only shows")
    try:
        with waiting():
            return click.confirm(question, err=True)
    except click.Abort:  # what click makes of Ctrl-C, and of the end of the input
        if asked():
            check()
        return False
