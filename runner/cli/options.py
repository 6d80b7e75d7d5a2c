"""Click options made from the fields of `RunOptions`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from runner.cli.config import Config
from runner.options import RunOptions, all_options
from runner.options.check import check_value
from runner.options.option import EXAMPLES, LISTINGS, SNAPSHOTS

if TYPE_CHECKING:
    from runner.options.option import Option
    from runner.reporters.known_options import Found
    from runner.reporters.option_table import ReporterOption, Table

PREFIX = "--reporter-"
USUAL = {"--list": LISTINGS, "--save-examples": EXAMPLES, "--snapshot": SNAPSHOTS}
"""Options that may stand without a value, which is then the first of these."""

REPORTERS = "Reporters (--reporter-junit-export r.xml; --reporter-export for all)"
"""The heading of the options of reporters in the help."""


class RunCommand(click.Command):
    """A command that takes the run's options, groups them in its help, and accepts `--reporter-<name>-<key>`."""

    others = "Other"
    """The heading of options that are none of a run's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take out the options of reporters before click reads the rest."""
        rest, ctx.meta["reporter_options"], ctx.meta["taken"] = split_reporter_options(args, self.find_reporter_option)
        return super().parse_args(ctx, with_values(rest))

    def find_reporter_option(self, full: str) -> Found:
        """The option that `--reporter-<full>` means; raises `UsageError`."""
        from runner.reporters.known_options import find_option

        return find_option(full)

    def reporter_tables(self) -> Mapping[str, Table]:
        """The options of each reporter that this command has."""
        from runner.reporters.option_table import TABLES

        return TABLES

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the options under the heading of their group."""
        groups = {option.name: option.group for option in all_options()}
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if isinstance(param, click.Argument):
                continue
            record = param.get_help_record(ctx)
            if record is not None:
                sections.setdefault(groups.get(param.name or "", self.others), []).append(record)
        sections[REPORTERS] = list(_reporter_records(self.reporter_tables(), formatter.width - 30))
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records, col_max=26)


def _reporter_records(tables: Mapping[str, Table], width: int) -> Iterator[tuple[str, str]]:
    """The options of each reporter, in lines that do not break names."""
    from textwrap import fill

    for name, table in tables.items():
        text = ", ".join(option.usage for option in table)
        yield f"{PREFIX}{name}-…", "\b\n" + fill(text, max(width, 20), break_on_hyphens=False)


def split_reporter_options(
    args: Iterable[str], find: Callable[[str], Found]
) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """Take `--reporter-<name>-<key>` and `--reporter-<key>` with their values out of a command line.

    Gives the other words, the options under their own names, and which of them took which word that followed it. `find`
    finds an option by its name, and raises `UsageError` for one that no reporter has.
    """
    rest: list[str] = []
    options: dict[str, str] = {}
    taken: dict[str, str] = {}
    words = list(args)
    end = words.index("--") if "--" in words else len(words)
    at = 0
    while at < end:
        word, at = words[at], at + 1
        if not word.startswith(PREFIX):
            rest.append(word)
            continue
        from runner.reporters.known_options import check_value, needs_value

        name, equals, value = word.removeprefix(PREFIX).partition("=")
        found = find(name)
        if not equals and at < end and _takes(found.option, words[at]):
            taken[word] = value = words[at]
            at += 1
        elif not equals:
            if found.option is not None and not (found.option.is_flag or found.option.optional):
                raise needs_value(found, word)
            value = "true"
        check_value(found, value, PREFIX + name)
        options[found.full] = value
    return rest + words[end:], options, taken


def _takes(option: ReporterOption | None, following: str) -> bool:
    """Whether an option takes the word that follows it: a flag only `true` and `false`, others all but an option."""
    if option is not None and option.is_flag:
        return following.lower() in ("true", "false")
    return following == "-" or not following.startswith("-")


def with_values(args: Iterable[str]) -> list[str]:
    """Expand `--bail` to `--bail=failure`, and other options with a usual value, unless one of their values follows."""
    words = list(args)
    end = words.index("--") if "--" in words else len(words)
    for at in range(end):
        following = words[at + 1] if at + 1 < len(words) else ""
        if words[at] == "--bail" and not _may_be_bail(following):
            words[at] = "--bail=failure"
        elif words[at] in USUAL and following not in USUAL[words[at]]:
            words[at] = f"{words[at]}={USUAL[words[at]][0]}"
    return words


def _may_be_bail(word: str) -> bool:
    return bool(word) and not word.startswith("-") and not any(mark in word for mark in "./\\:")


def run_parameters() -> list[click.Parameter]:
    """One click option for each field of `RunOptions` that has flags."""
    return [_parameter(option) for option in all_options()]


def _parameter(option: Option) -> click.Option:
    if option.kind == "flag":
        return click.Option([*option.flags, option.name], is_flag=True, help=option.help)
    metavar = option.metavar or (f"[{'|'.join(option.choices)}]" if option.choices else None)
    multiple = option.kind in ("list", "pair")
    return click.Option([*option.flags, option.name], metavar=metavar, help=option.help, multiple=multiple)


def run_options(ctx: click.Context, config: Config) -> RunOptions:
    """The options of the command line, over those of the configuration, over the defaults; raises `UsageError`."""
    values = dict(config.values)
    for option in all_options():
        if ctx.get_parameter_source(option.name) is ParameterSource.COMMANDLINE:
            values[option.name] = check_value(option, ctx.params[option.name], option.flag)
    options = RunOptions(**values)
    if "auto" in options.reporters:
        from runner.reporters.registry import chosen_reporters

        options = replace(options, reporters=chosen_reporters(options.reporters, os.environ))
    reporter_options = {**_configured(config, options, ctx), **ctx.meta["reporter_options"]}
    return replace(options, reporter_options=tuple(reporter_options.items()))


def _configured(config: Config, options: RunOptions, ctx: click.Context) -> dict[str, str]:
    """The reporter options of the configuration, except where the command line sets one for all reporters."""
    if not config.reporter_options:
        return {}
    from runner.reporters.known_options import find_option

    found = [(find_option(full), value) for full, value in config.reporter_options.items()]
    typed: dict[str, str] = ctx.meta["reporter_options"]
    return {one.full: value for one, value in found if one.reporter in ("", *options.reporters) and one.key not in typed}
