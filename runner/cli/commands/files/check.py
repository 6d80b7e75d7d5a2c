"""`postrunner check`: what is wrong with collections and variables, before any request is sent."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

import click

from runner.cli.app import report
from runner.cli.config import load_config
from runner.cli.options import run_options, run_parameters
from runner.logs import Log

if TYPE_CHECKING:
    from runner.checks.check import Checked

OF_A_RUN = (
    "environment",
    "globals",
    "iteration_data",
    "env_var",
    "global_var",
    "env_file",
    "working_dir",
    "contract",
    "contract_server",
    "contract_formats",
    "contract_allow_ref",
)
"""The options of `postrunner run` that say which variables and files a run has."""

FORMATS = ("text", "json", "sarif", "github")


def _check(
    paths: tuple[str, ...], rule: tuple[str, ...], fail_on: str | None, output: str, fix: bool, yes: bool, **_: object
) -> int:
    from runner.checks.check import check_files
    from runner.checks.known import known_from
    from runner.checks.settings import settings_from

    context = click.get_current_context()
    context.meta["reporter_options"] = {}
    config = load_config()
    settings = settings_from(config.checks, rule, fail_on, config.places.get("check", "check"))
    known = known_from(run_options(context, config))

    def check() -> Checked:
        return check_files(paths or (".",), known, settings.levels)

    checked, unfixed = check(), False
    if fix and any(finding.edits for finding in checked.findings):
        from runner.cli.commands.files.fix import fix_files

        unfixed = not fix_files(checked, yes, to_errors=output != "text")
        checked = checked if unfixed else check()
    REPORTS[output](checked)
    for error in checked.unreadable:
        report(error)
    if checked.unreadable:
        return 2
    return int(unfixed or settings.failed(checked.worst()))


def _text(checked: Checked) -> None:
    from runner.checks.reports.text import lines

    for line in lines(checked):
        click.echo(line)


def _json(checked: Checked) -> None:
    from runner.checks.reports.json import as_json

    click.echo(json.dumps(as_json(checked), indent=2))


def _sarif(checked: Checked) -> None:
    from runner.checks.reports.json import as_sarif

    click.echo(json.dumps(as_sarif(checked), indent=2))


def _github(checked: Checked) -> None:
    from runner.checks.reports.github import commands
    from runner.checks.reports.text import summary

    for command in commands(checked):
        cast(Log, sys.stdout).command(command)
    click.echo(summary(checked))


REPORTS: Mapping[str, Callable[[Checked], None]] = {"text": _text, "json": _json, "sarif": _sarif, "github": _github}


def _parameters() -> list[click.Parameter]:
    return [
        click.Argument(["paths"], nargs=-1, metavar="PATH..."),
        click.Option(
            ["-o", "--output"],
            type=click.Choice(FORMATS),
            default="text",
            help="How findings are told: for people, as JSON, as SARIF 2.1.0, or as annotations of GitHub.",
        ),
        click.Option(
            ["--rule"],
            multiple=True,
            metavar="ID=LEVEL",
            help="Give a rule another severity: off, info, warning or error; all=LEVEL is for all rules; repeatable.",
        ),
        click.Option(["--fail-on"], metavar="LEVEL", help="Least severity that makes the exit code 1 (default: warning)."),
        click.Option(["--fix"], is_flag=True, help="Put right what is safe to change; the changes are shown first."),
        click.Option(["--yes"], is_flag=True, help="With --fix: change the files without asking."),
        *(parameter for parameter in run_parameters() if parameter.name in OF_A_RUN),
    ]


command = click.Command(
    "check",
    callback=_check,
    params=_parameters(),
    help="""Check each PATH: a collection, an environment, globals, or a folder with such files (default: the current one).

    Nothing is sent and no script is run. Findings are told with file, line and column; docs/check.md lists the rules.
    Severities may also stand in the table `check` of the configuration. A script switches rules off with a comment,
    `// postrunner-disable-line RULE` or `-next-line`; anything with a description by `@postrunner-disable RULE` in it.""",
    short_help="Check collections and variables before a run.",
    epilog="""\b
Exit codes:
  0  nothing found of the severity of --fail-on or above
  1  something found
  2  a mistake on the command line, or a file that a run would refuse""",
)
