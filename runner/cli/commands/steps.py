"""`postrunner steps`: what a collection does, as steps for a person with the Postman app."""

from __future__ import annotations

import os

import click

from runner.cli.config import load_config
from runner.cli.options import run_options, run_parameters
from runner.errors import UsageError
from runner.formats.reading import read_text
from runner.loading import make_secrets
from runner.manual_steps.writing import FORMATS, format_of
from runner.outputs import write_text
from runner.python.steps import VARIABLES, steps_of
from runner.secrets import Secrets
from runner.secrets.documents import difference

OF_A_RUN = (
    *("environment", "globals", "iteration_data", "env_var", "global_var", "env_file", "postman_api_key"),
    *(
        "collection_name",
        "folder",
        "item",
        "exclude",
        "tag",
        "not_tag",
        "grep",
        "start_at",
        "stop_after",
        "setup",
        "teardown",
    ),
    *("secret", "secret_pattern"),
)
"""The options of `postrunner run` that say which requests there are, with which variables, and what is secret."""

SHOWN = 40
"""Lines of a difference that are shown."""


def _steps(
    collection: str, output: str | None, format: str | None, variables: str, check: str | None, examples: bool, **_: object
) -> int:
    if output and check:
        raise UsageError("--check writes nothing, so there is no --output beside it")
    context = click.get_current_context()
    context.meta["reporter_options"] = {}
    options = run_options(context, load_config())
    chosen = format or format_of(check or output)
    secrets = make_secrets(options)
    text = steps_of(collection, options, secrets, format=chosen, variables=variables, examples=examples)
    if check:
        return _compare(check, text, secrets)
    if output:
        _not_over(output, (collection, options.environment, options.globals, options.iteration_data, options.env_file))
        write_text(output, text)
        click.echo(f"{output} written")
    else:
        click.echo(text, nl=False)
    return 0


def _not_over(output: str, read: tuple[object, ...]) -> None:
    """Refuse to write over a file that the steps are made of."""
    names = [name for one in read for name in (one if isinstance(one, tuple) else (one,)) if isinstance(name, str)]
    if os.path.exists(output) and any(os.path.exists(name) and os.path.samefile(name, output) for name in names):
        raise UsageError("is what the steps are made of", where=output, hint="choose another file for --output")


def _compare(path: str, text: str, secrets: Secrets) -> int:
    """Tell whether a document is up to date; line ends do not count. The one that is there may hold secrets."""
    if not os.path.lexists(path):
        click.echo(f"{path} is not there; write it with -o in place of --check")
        return 1
    there = read_text(path)
    if there.splitlines() == text.splitlines():
        click.echo(f"{path} is up to date")
        return 0
    click.echo(f"{path} is out of date; write it anew with -o in place of --check")
    old, new = ("\n".join(one.splitlines()) for one in (there, text))
    changes = list(difference(old, new, path, "what it would be", secrets, around=1))
    for line in changes[:SHOWN]:
        click.echo(line)
    if len(changes) > SHOWN:
        click.echo(f"… and {len(changes) - SHOWN} more lines")
    return 1


def _parameters() -> list[click.Parameter]:
    return [
        click.Argument(["collection"], metavar="COLLECTION"),
        click.Option(["-o", "--output"], metavar="FILE", help="Write the steps into this file (default: standard output)."),
        click.Option(
            ["--format"],
            type=click.Choice(list(FORMATS)),
            help="How the steps are written (default: by the name of the file, .md or .html, else text).",
        ),
        click.Option(
            ["--variables"],
            type=click.Choice(VARIABLES),
            default=VARIABLES[0],
            help="Tell variables by their names (default), or by their values unless these are secret.",
        ),
        click.Option(["--check"], metavar="FILE", help="Write nothing; exit with 1 if this document is out of date."),
        click.Option(["--examples/--no-examples"], default=True, help="Show the saved examples (default), or do not."),
        *(parameter for parameter in run_parameters() if parameter.name in OF_A_RUN),
    ]


command = click.Command(
    "steps",
    callback=_steps,
    params=_parameters(),
    help="""Write the steps by which a person does in the Postman app what COLLECTION does.

    Each request becomes a step: what to choose and enter, what to send, what to copy from the response and where that is
    needed, what to check. What scripts do is told in words. Nothing is sent and no script is run; secrets are masked.""",
    short_help="Write the steps for a person with the Postman app.",
    epilog="""\b
Exit codes:
  0  the steps are written, or with --check up to date
  1  with --check: the document is out of date
  2  a mistake on the command line or in a file""",
)
