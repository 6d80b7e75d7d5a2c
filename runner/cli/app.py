"""The command `postrunner` with its subcommands; each is imported only when it is called."""

from __future__ import annotations

import os
from importlib import import_module

import click

from runner.cli.early import EarlyChild
from runner.errors import PostrunnerError, unforeseen
from runner.version import __version__

COMMANDS = {
    "run": ("runner.cli.run", "Run a collection."),
    "request": ("runner.cli.request.command", "Send one request."),
    "watch": ("runner.cli.watch.command", "Run a collection whenever it is saved."),
    "load": ("runner.cli.commands.load", "Send the load of many users."),
    "merge": ("runner.cli.commands.merge", "Make one report of the JSON reports of all shards."),
    "diff": ("runner.cli.commands.diff", "Tell what differs between two reports, environments or collections."),
    "convert": ("runner.cli.commands.files.convert", "Convert collections between v2.1 and v3."),
    "import": ("runner.cli.commands.files.import_", "Make a collection of files of other programs."),
    "export": ("runner.cli.commands.files.export", "Write a collection as files for another program."),
    "pull": ("runner.cli.commands.postman.pull", "Pull collections, environments and globals from Postman."),
    "push": ("runner.cli.commands.postman.push", "Push collections, environments and globals to Postman."),
    "stand-in": ("runner.cli.commands.servers.stand_in", "Serve a local stand-in for the Torii or Truto API."),
    "mock": ("runner.cli.commands.servers.mock", "Serve the saved examples of a collection."),
    "check": ("runner.cli.commands.files.check", "Check collections and variables before a run."),
    "history": ("runner.cli.commands.history", "Show flaky tests, failing commits and slower requests of many runs."),
    "steps": ("runner.cli.commands.steps", "Write the steps for a person with the Postman app."),
    "fmt": ("runner.cli.commands.files.fmt", "Format collections and variables as Postman does."),
    "check-users-file": ("runner.cli.commands.check_users_file", "Check a users file of Torii before it is uploaded."),
    "flows": ("runner.cli.commands.flows", "List or copy the shipped collections for Torii and Truto."),
    "demo": ("runner.cli.commands.demo", "Run both documented flows against local stand-ins."),
    "help": ("runner.cli.commands.help", "Show the help of a command."),
}


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of this name."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names; raises `UsageError`."""
        if args[0] not in COMMANDS:
            from runner.cli.mistakes import unknown_command

            raise unknown_command(args, COMMANDS)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-v", "--version", message="%(version)s")
def app() -> None:
    """Run Postman collections: no Node, no account, no cloud."""


def run_app(arguments: list[str], early: EarlyChild) -> int:
    """Run a command line; every error is one message on standard error and an exit code, never a traceback."""
    try:
        result = app.main(arguments, prog_name="postrunner", standalone_mode=False, obj=early)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        from runner.cli.mistakes import explain

        report(explain(error))
        return error.exit_code
    except click.Abort:  # click turns Ctrl-C into this
        raise KeyboardInterrupt from None
    except SystemExit:  # click exits like this if the reader of standard output has left
        return 1
    except PostrunnerError as error:
        report(error)
        return error.exit_code
    except Exception as defect:
        if os.environ.get("POSTRUNNER_DEBUG"):
            raise
        told = unforeseen(defect)
        report(told)
        return told.exit_code
    return result if isinstance(result, int) else 0


def report(error: PostrunnerError, label: str = "error") -> None:
    """Print an error with its place and its hint."""
    click.echo(f"{label}: {error}", err=True)
    if error.hint:
        click.echo(f"  hint: {error.hint}", err=True)
