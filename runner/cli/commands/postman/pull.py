"""`postrunner pull`: collections, environments and globals from Postman into files."""

from __future__ import annotations

import click

from runner.cli.commands.postman.session import choice, linked_files, parameters, session
from runner.errors import UsageError
from runner.postman_api.local import FORMATS
from runner.postman_api.pulling import PullOptions, pull


def _pull(
    what: tuple[str, ...], output: str, to: str, force: bool, secrets: bool | None, workspace: str, kind: str, region: str,
    dry_run: bool, format: str, **_: object,
) -> int:  # fmt: skip
    if output and len(what) > 1:
        raise UsageError("--output names one place for one thing", hint="pull them one by one")
    options = PullOptions(
        workspace=workspace,
        kind=kind,
        output=output,
        to=to,
        region=region,
        force=force,
        secrets=secrets,
        dry=dry_run,
    )
    names = what or ([""] if kind == "globals" else linked_files())
    with session(format) as postman:
        return postman.each(names, lambda name: pull(postman.connections, name, options, postman.tell))


command = click.Command(
    "pull",
    callback=_pull,
    params=parameters(
        [
            click.Argument(["what"], nargs=-1, metavar="[WHAT]..."),
            click.Option(["-o", "--output"], default="", metavar="PATH", help="What to write (default: by the name)."),
            choice("--to", FORMATS, "The format of a new file (default: v2.1 for *.json, else v3)."),
            click.Option(["--force"], is_flag=True, help="Write over what was changed here, or what is there already."),
            click.Option(["--secrets/--no-secrets"], default=None,
                         help="Write the values of secrets, too (default: as at the last pull, else yes)."),
        ]
    ),
    help="""Pull each WHAT from Postman: a collection or an environment by its uid or its name, or a file that was pulled
    before (default: every file that postrunner.lock.json in the current folder names).

    A collection is written as JSON (v2.1) or as a folder of YAML (v3). postrunner.lock.json beside it remembers where it
    came from and how it was: commit it, so that everybody can push. A file that was changed since is not overwritten.""",
    short_help="Pull collections, environments and globals from Postman.",
    epilog="""\b
Exit codes:
  0  pulled, or up to date
  1  Postman refused, or a file was changed here
  2  a mistake on the command line or in a file""",
)  # fmt: skip
