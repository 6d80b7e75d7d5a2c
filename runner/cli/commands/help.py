"""`postrunner help`: the help of the program, or of a command."""

from __future__ import annotations

import click


@click.command("help", add_help_option=False)
@click.argument("command", nargs=-1)
@click.pass_context
def command(ctx: click.Context, command: tuple[str, ...]) -> None:
    """Show the help of a COMMAND, or this list of commands."""
    assert ctx.parent is not None
    ctx.parent.command.main([*command, "--help"], prog_name="postrunner", standalone_mode=False)
