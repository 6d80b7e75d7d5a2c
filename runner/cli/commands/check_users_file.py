"""`postrunner check-users-file`: what Torii would refuse in a users file, before it is uploaded."""

from __future__ import annotations

import click

from runner.formats.reading import read_bytes


@click.command("check-users-file")
@click.argument("file")
def command(file: str) -> int:
    """Check FILE, the users file of a Torii custom integration; exit code 1 on a fault.

    The same rules hold before the upload in the shipped collection: every user has a mail address, none is there twice,
    values have their documented types, and the file is UTF-8 and not larger than 16 MB.
    """
    from runner.standins.users_file import check_users_file, summary

    content = read_bytes(file)
    problems = check_users_file(content)
    for problem in problems:
        click.echo(f"{file}: {problem}")
    if not problems:
        click.echo(f"{file}: good: {summary(content)}")
    return 1 if problems else 0
