"""`postrunner history`: what many runs say that one does not."""

from __future__ import annotations

import click

from runner.errors import UsageError
from runner.history.reading import outcomes, past_runs
from runner.history.store import history
from runner.history.telling import FORMATS, told_of

LAST = 50
"""How many runs are looked at."""


def _history(file: str, collection: str | None, environment: str | None, last: int, format: str) -> int:
    with history(file) as connection:
        runs = past_runs(connection, last, collection, environment)
        if not runs:
            known = past_runs(connection, LAST)
            names = sorted({f"{run.collection} ({run.environment or 'no environment'})" for run in known})
            hint = f"it has runs of {', '.join(names)}" if names else "add runs with `postrunner run --history`"
            raise UsageError("the history has no such run", where=file, hint=hint)
        click.echo(FORMATS[format](told_of(runs, outcomes(connection, runs))), nl=False)
    return 0


command = click.Command(
    "history",
    callback=_history,
    params=[
        click.Argument(["file"], metavar="FILE"),
        click.Option(["--collection"], metavar="NAME", help="Only runs of this collection."),
        click.Option(["--environment"], metavar="NAME", help="Only runs with this environment; an empty name: with none."),
        click.Option(
            ["--last"],
            type=click.IntRange(1),
            default=LAST,
            metavar="N",
            help=f"How many runs are looked at (default: {LAST}).",
        ),
        click.Option(
            ["--format"], type=click.Choice(list(FORMATS)), default="text", help="How it is written (default: text)."
        ),
    ],
    help="""Tell what the runs in FILE, a history that `postrunner run --history` writes, have in common.

    Shown are the latest runs, what fails and since which commit, what is flaky, what became slower, what is slowest.""",
    short_help="Show flaky tests, failing commits and slower requests of many runs.",
    epilog="""\b
Exit codes:
  0  the history is shown
  2  a mistake on the command line, or a file that is not a history or a broken one""",
)
