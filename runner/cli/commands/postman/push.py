"""`postrunner push`: collections, environments and globals from files into Postman."""

from __future__ import annotations

import click

from runner.cli.commands.postman.session import confirmed, linked_files, parameters, session
from runner.errors import UsageError
from runner.postman_api.pushing import PushOptions, push


def _push(
    paths: tuple[str, ...], uid: str, copy: bool, yes: bool, force: bool, export_secrets: bool, workspace: str, kind: str,
    region: str, dry_run: bool, format: str, **_: object,
) -> int:  # fmt: skip
    if uid and (copy or len(paths) != 1):
        raise UsageError("one file is pushed to one uid" + (", and a copy to none" if copy else ""), where="--uid")
    options = PushOptions(
        uid=uid, copy=copy, workspace=workspace, kind=kind, region=region, force=force, secrets=export_secrets, yes=yes,
        dry=dry_run,
    )  # fmt: skip
    names = paths or linked_files()
    with session(format) as postman:
        return postman.each(names, lambda path: push(postman.connections, path, options, postman.tell, confirmed))


command = click.Command(
    "push",
    callback=_push,
    params=parameters(
        [
            click.Argument(["paths"], nargs=-1, metavar="[PATH]..."),
            click.Option(["--uid"], default="", metavar="UID", help="Push to this one, whatever the file was pulled from."),
            click.Option(["--copy"], is_flag=True, help="Make something new in Postman, with ids of its own."),
            click.Option(["--yes"], is_flag=True, help="Push without asking."),
            click.Option(["--force"], is_flag=True, help="Push also over what was changed in Postman since the pull."),
            click.Option(["--export-secrets"], is_flag=True, help="Send the values of secrets, too."),
        ]
    ),
    help="""Push each PATH to where it was pulled from (default: every file that postrunner.lock.json in the current folder
    names). What would be added, changed, moved and removed is shown first, without secrets.

    Folders, requests and examples keep their ids. Nothing is pushed over what somebody changed in Postman since the pull,
    and secrets stay here: Postman keeps the values that it has. A file that was never pulled needs --uid or --copy.""",
    short_help="Push collections, environments and globals to Postman.",
    epilog="""\b
Exit codes:
  0  pushed, or the same already
  1  Postman refused, it was changed there since the pull, or the answer was no
  2  a mistake on the command line or in a file, or nobody to ask and no --yes""",
)
