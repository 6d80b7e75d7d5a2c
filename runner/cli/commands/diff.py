"""`postrunner diff`: what differs between two reports, two environments, or two collections."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from runner.cli.config import Config
from runner.cli.options import RunCommand, run_options, run_parameters
from runner.cli.run import expand, given
from runner.diff.choice import AREAS, CAUSES, Against, check_causes, choice_of
from runner.errors import UsageError
from runner.interruption import asked
from runner.options import RunOptions, all_options
from runner.options.check import check_value
from runner.secrets import Secrets, Unmasked

if TYPE_CHECKING:
    from runner.diff.choice import Choice
    from runner.diff.outcome import Outcome
    from runner.reporters.option_table import Table

OF_OUTPUT = frozenset(("reporters", "silent", "color", "ci_safe", "disable_unicode", "suppress_exit_code"))
"""The options of `postrunner run` that are about its outputs."""

OF_A_RUN = frozenset((
    "environment", "globals", "iteration_data", "env_var", "global_var", "env_file", "cookie_jar", "postman_api_key",
    "working_dir", "no_insecure_file_read", "allow_read", "iteration_count", "collection_name", "folder", "item", "exclude",
    "tag", "not_tag", "grep", "only_with_tests", "start_at", "stop_after", "setup", "teardown", "delay_request", "timeout",
    "timeout_script", "script_memory", "script_confinement", "max_requests", "retries", "retry_delay", "retry_on",
    "retry_unsafe", "allow_skipped_kinds", "strict_variables", "strict_files", "seed", "max_rate", "timeout_request",
    "timeout_total", "max_response_size", "proxy", "no_proxy", "http2", "ignore_redirects", "insecure",
    "ssl_extra_ca_certs", "ssl_client_cert", "ssl_client_key", "ssl_client_passphrase", "ssl_client_cert_list", "secret",
    "secret_pattern", "show_secrets",
))  # fmt: skip
"""The options that two runs in step take; others write files, run requests side by side, or only some of them."""

OF_RESPONSES = frozenset(("only", "ignore", "unordered", "tolerance", "all_headers", "other_collection"))

ENVIRONMENT = "--against-environment"
VARIABLE = "--against-env-var"


def _diff(
    sides: tuple[str, ...],
    against_environment: tuple[str, ...],
    against_env_var: tuple[str, ...],
    only: tuple[str, ...],
    ignore: tuple[str, ...],
    unordered: tuple[str, ...],
    tolerance: tuple[str, ...],
    fail_on: tuple[str, ...],
    all_headers: bool,
    other_collection: bool,
    **_: object,
) -> int:
    from runner.diff.reports.writing import check_reporters, write_reports

    choice = choice_of(
        only=only,
        ignore=ignore,
        unordered=unordered,
        tolerance=tolerance,
        fail_on=fail_on,
        all_headers=all_headers,
        other_collection=other_collection,
    )
    against = Against(
        environment=_checked("environment", against_environment), env_var=_checked("env_var", against_env_var)
    )
    in_step = against != Against()
    if not in_step:
        _check_two(sides)
    options = _options(sides, in_step)
    check_reporters(options, sides)
    with ExitStack() as stack:
        if in_step:
            outcome, secrets = _environments(sides, options, against, choice, stack)
        else:
            outcome, secrets = _files(sides, options, choice, stack)
        write_reports(outcome, options, sys.stdout, secrets)
    return asked() or int(bool(outcome.failed) and not options.suppress_exit_code)


def _options(sides: tuple[str, ...], in_step: bool) -> RunOptions:
    """The options of the command line, for runs also those of the configuration; all others have their defaults."""
    context = click.get_current_context()
    if not in_step:
        return run_options(context, Config())
    _, options = given(sides)
    usual = RunOptions()
    typed = context.get_parameter_source("reporters") is ParameterSource.COMMANDLINE
    kept = (OF_A_RUN | OF_OUTPUT) - (frozenset() if typed else {"reporters"})
    values = {name: getattr(options, name) for name in kept}
    return replace(usual, **values, reporter_options=tuple(context.meta["reporter_options"].items()))


def _environments(
    sides: tuple[str, ...], options: RunOptions, against: Against, choice: Choice, stack: ExitStack
) -> tuple[Outcome, Secrets]:
    from runner.diff.compare import compare
    from runner.diff.stepwise import run_both

    names = expand(given(sides)[0])
    choice = check_causes(choice, collections=False)
    left, right, secrets = run_both(names, replace(options, reporters=(), reporter_options=()), against, stack)
    return compare(left, right, choice), secrets


def _files(sides: tuple[str, ...], options: RunOptions, choice: Choice, stack: ExitStack) -> tuple[Outcome, Secrets]:
    """What differs between two reports, or two collections."""
    from runner.diff.report import Given, is_report, read_report
    from runner.secrets.outgoing.masked import Masker
    from runner.sources.sources import Sources

    shown = map(Masker(Secrets()).masked, sides)  # an address may hold a password
    texts = [Sources(options).fetched(name, "collections") for name in sides]
    given = [Given(name if text is None else masked, text) for name, masked, text in zip(sides, shown, texts, strict=True)]
    kinds = [is_report(one) for one in given]
    if kinds[0] != kinds[1]:
        raise UsageError("one is a report of a run, the other is not", where=" and ".join(sides))
    choice = check_causes(choice, collections=not kinds[0])
    if kinds[0]:
        from runner.diff.compare import compare

        left, right = (read_report(one, stack) for one in given)
        return compare(left, right, choice), Unmasked()
    _check_unused(OF_RESPONSES, "is about responses, and collections have none")
    from runner.diff.collections import compare_collections
    from runner.formats.load import load_collection

    one, other = (load_collection(*one) for one in given)
    return compare_collections(one, other, [side.name for side in given], choice), Unmasked()


def _checked(name: str, values: tuple[str, ...]) -> Any:
    """The values of an option as the one of a run with this name has them; raises `UsageError`."""
    option = next(option for option in all_options() if option.name == name)
    return check_value(option, values, f"--against-{name.replace('_', '-')}") if values else ()


def _check_two(sides: tuple[str, ...]) -> None:
    """Without runs there are two sides, and options of a run would do nothing; raises `UsageError`."""
    if len(sides) != 2:
        hint = f"or one collection with {ENVIRONMENT}"
        raise UsageError(f"has {len(sides)} of the two that are compared", where="A B", hint=hint)
    hint = f"{ENVIRONMENT} runs a collection with two environments"
    _check_unused(OF_A_RUN - {"postman_api_key"}, "is for two runs, and nothing is run here", hint)


def _check_unused(names: Collection[str], message: str, hint: str = "") -> None:
    """None of these options is given; raises `UsageError` for one that is."""
    context = click.get_current_context()
    for param in context.command.params:
        name = param.name or ""
        if name in names and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(message, where=max(param.opts, key=len), hint=hint)


OPTIONS = (
    (ENVIRONMENT, "SOURCE", "Run the collections a second time with this environment; repeatable."),
    (VARIABLE, "KEY=VALUE", "Set a variable of the environment of that second run; repeatable."),
    ("--only", "AREAS", f"Compare only some of {', '.join(AREAS)}."),
    ("--ignore", "PATH", "Leave out a part of bodies ($.items[*].id, $..token) or a header (header.X-Id); repeatable."),
    ("--unordered", "PATH[=KEY]", "Compare this array without an order, objects by a key; all: every array; repeatable."),
    ("--tolerance", "PATH=N", "Let numbers from this path down differ by 0.01 or 1%; all=N: every number; repeatable."),
    ("--fail-on", "CAUSES", f"What exits with 1: {', '.join(CAUSES)} (default: each of these), slower:2x, or nothing."),
)


def _parameters() -> list[click.Parameter]:
    return [
        click.Argument(["sides"], nargs=-1, metavar="A B"),
        *(click.Option([flag], multiple=True, metavar=metavar, help=help) for flag, metavar, help in OPTIONS),
        click.Option(["--all-headers"], is_flag=True, help="Compare also headers that differ in every response (Date …)."),
        click.Option(["--other-collection"], is_flag=True, help="Compare reports of different collections, too."),
        *(parameter for parameter in run_parameters() if parameter.name in OF_A_RUN | OF_OUTPUT),
    ]


class DiffCommand(RunCommand):
    """A command whose reporters have a file, and no other options."""

    others = "Comparison"

    def reporter_tables(self) -> Mapping[str, Table]:
        """The one option of each reporter that writes a file."""
        from runner.diff.reports.writing import FILES
        from runner.reporters.option_table import ReporterOption

        return {name: (ReporterOption("export", "where the file goes", "PATH"),) for name in FILES}


command = DiffCommand(
    "diff",
    callback=_diff,
    params=_parameters(),
    help="""Tell what differs between A and B: JSON reports of two runs, ours or Newman's, or two collections.

    With --against-environment, run collections with two environments in step, and tell what differs in the responses.
    Compared are status, headers, bodies, outcomes of tests, response times, and which requests ran.""",
    short_help="Tell what differs between two reports, environments or collections.",
    epilog="""\b
Exit codes:
  0        nothing differs that --fail-on names
  1        something does, or a run did not come to its end (0 with -x)
  2        a mistake on the command line, or two that cannot be compared
  130/143  interrupted by Ctrl-C / SIGTERM""",
)
