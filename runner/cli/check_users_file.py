"""`postrunner check-users-file`: what Torii would refuse in a users file, before it is uploaded."""

from __future__ import annotations

import click

from runner.formats.reading import read_bytes


@click.command("check-users-file")
@click.argument("file")
def command(file: str) -> int:
    """Check FILE, the users file of a Torii custom integration, against the published schema; exit code 1 on a fault."""
    from runner.standins.users_file import check_users_file

    problems = check_users_file(read_bytes(file))
    for problem in problems:
        click.echo(f"{file}: {problem}")
    if not problems:
        click.echo(f"{file}: good")
    return 1 if problems else 0
