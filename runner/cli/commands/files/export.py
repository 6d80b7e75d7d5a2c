"""`postrunner export`: a collection as files for another program."""

from __future__ import annotations

import os
import sys

import click

from runner.cli.commands.files.conversions import pairs_of, refuse_strange
from runner.cli.config import load_config
from runner.cli.options import run_options, run_parameters
from runner.errors import UsageError
from runner.foreign.exporting import export_collection
from runner.foreign.table import WRITERS
from runner.foreign.written import Written
from runner.loading import load_plans
from runner.outputs import write_text
from runner.outputs.tree import write_tree

OF_A_RUN = (
    "environment", "globals", "env_var", "global_var", "env_file", "collection_name", "folder", "item", "exclude", "tag",
    "not_tag", "grep", "only_with_tests", "start_at", "stop_after", "working_dir", "secret", "secret_pattern",
    "postman_api_key",
)  # fmt: skip
"""The options of `postrunner run` that say which requests are exported, and with which variables."""

STDOUT = "-"


def _export(
    collection: str, format: str, output: str, resolve: bool, options: tuple[str, ...], strict: bool, force: bool,
    **_: object,
) -> int:  # fmt: skip
    context = click.get_current_context()
    context.meta["reporter_options"] = {}
    run = run_options(context, load_config())
    plans = load_plans([collection], run)
    if len(plans) != 1:
        names = ", ".join(repr(plan.collection.name) for plan in plans)
        hint = f"--collection-name chooses one: {names}" if names else "it holds no collection"
        raise UsageError("is a workspace, and one collection is exported", where=collection, hint=hint)
    made = export_collection(plans[0].collection, format, run, resolve=resolve, options=pairs_of(options))
    _write(made, output, folder=WRITERS[format].folder, force=force)
    for note in made.notes:
        click.echo(f"{note.item}: {note}" if note.item else str(note), err=True)
    return int(strict and bool(made.notes))


def _write(made: Written, output: str, *, folder: bool, force: bool) -> None:
    """Write one text to standard output or a file, several into a folder."""
    if output == STDOUT:
        if folder:
            raise UsageError("this format is a folder, which standard output cannot take", hint="name it with --output")
        for text in made.files.values():
            sys.stdout.write(text)
        return
    if not folder and not os.path.isdir(output):
        refuse_strange(output, force=force)
        write_text(output, next(iter(made.files.values())))
        click.echo(f"{output} written", err=True)
        return
    if os.path.lexists(output) and not os.path.isdir(output):
        raise UsageError("is not a folder", where=output)
    for path in made.files:
        refuse_strange(os.path.join(output, path), force=force)
    write_tree(output, made.files, mode=0o666)
    click.echo(f"{output} written", err=True)


def _parameters() -> list[click.Parameter]:
    formats = ", ".join(f"{name} ({writer.title})" for name, writer in WRITERS.items())
    return [
        click.Argument(["collection"], metavar="COLLECTION"),
        click.Option(
            ["--to", "format"],
            type=click.Choice([*WRITERS]),
            metavar="FORMAT",
            required=True,
            help=f"What is written: {formats}.",
        ),
        click.Option(
            ["-o", "--output"],
            default=STDOUT,
            metavar="PATH",
            help="The file or folder to write (default: standard output).",
        ),
        click.Option(["--resolve"], is_flag=True, help="Write the values of variables in the place of their names."),
        click.Option(["--option", "options"], multiple=True, metavar="NAME=VALUE", help="An option of the format."),
        click.Option(["--strict"], is_flag=True, help="Exit with 1 if anything could not be carried over."),
        click.Option(["--force"], is_flag=True, help="Replace files that are there."),
        *(parameter for parameter in run_parameters() if parameter.name in OF_A_RUN),
    ]


command = click.Command(
    "export",
    callback=_export,
    params=_parameters(),
    help="""Write COLLECTION as files for another program.

    The values of secrets are never written: they are read from environment variables when the result is used. What the
    format cannot hold is marked where it belongs and told on standard error.""",
    short_help="Write a collection as files for another program.",
)
