"""Click options made from the fields of `RunOptions`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click
from click.core import ParameterSource

from runner.cli.config import Config, check_field
from runner.options import RunOptions, option_fields

PREFIX = "--reporter-"


class RunCommand(click.Command):
    """A command that takes the run's options, groups them in its help, and accepts `--reporter-<name>-<key>`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the reporters' own options out before click reads the rest."""
        rest, ctx.meta["reporter_options"] = split_reporter_options(args)
        return super().parse_args(ctx, bail_with_value(rest))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the options under the heading of their group."""
        groups = {name: meta["group"] for name, meta, _ in option_fields()}
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if isinstance(param, click.Argument):
                continue
            record = param.get_help_record(ctx)
            if record is not None:
                sections.setdefault(groups.get(param.name or "", "Other"), []).append(record)
        sections.setdefault("Output", []).append(
            ("--reporter-NAME-KEY [VALUE]", "An option of one reporter, for example --reporter-junit-export r.xml.")
        )
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records, col_max=26)


def split_reporter_options(args: Iterable[str]) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Take `--reporter-<name>-<key> [value]` and `--reporter-<key>=value` out of a command line.

    Without a value an option is `true`, as in Newman; a following argument that begins with `-` is no value.
    """
    rest: list[str] = []
    found: list[tuple[str, str]] = []
    queue = list(args)
    while queue:
        word = queue.pop(0)
        if word == "--":
            rest += [word, *queue]
            break
        if not word.startswith(PREFIX):
            rest.append(word)
            continue
        name, equals, value = word.removeprefix(PREFIX).partition("=")
        if not equals:
            value = queue.pop(0) if queue and not queue[0].startswith("-") and not _is_switch(name) else "true"
        found.append((name, value))
    return rest, tuple(found)


# Options of reporters that are switches: what follows them is an argument of the command.
SWITCHES = (
    "silent",
    "show-timestamps",
    "no-summary",
    "no-failures",
    "no-assertions",
    "no-success-assertions",
    "no-console",
    "no-banner",
)


def _is_switch(name: str) -> bool:
    return name.endswith(SWITCHES) or "omit" in name


BAILS = ("failure", "folder", "iteration")


def bail_with_value(args: Iterable[str]) -> list[str]:
    """`--bail` as `--bail=failure` unless a kind of bail follows: the collection that follows it is no value of it."""
    words = list(args)
    end = words.index("--") if "--" in words else len(words)
    for at in range(end):
        following = words[at + 1] if at + 1 < len(words) else ""
        if words[at] == "--bail" and not _may_be_bail(following):
            words[at] = "--bail=failure"
    return words


def _may_be_bail(word: str) -> bool:
    return bool(word) and not word.startswith("-") and not any(mark in word for mark in "./\\:")


def run_parameters() -> list[click.Parameter]:
    """One click option for each field of `RunOptions` that has flags."""
    return [_parameter(name, meta) for name, meta, _ in option_fields()]


def _parameter(name: str, meta: dict[str, Any]) -> click.Option:
    kind = meta["kind"]
    if kind == "flag":
        return click.Option([*meta["flags"], name], is_flag=True, help=meta["help"])
    return click.Option(
        [*meta["flags"], name],
        metavar=meta["metavar"] or None,
        help=meta["help"],
        multiple=kind in ("list", "pair"),
        type=click.Choice(meta["choices"]) if kind == "choice" else None,
    )


def run_options(ctx: click.Context, config: Config) -> RunOptions:
    """What was typed, over what the configuration says, over the defaults; raises `UsageError`."""
    values = dict(config.values)
    for name, meta, _ in option_fields():
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            values[name] = check_field(meta, ctx.params[name], meta["flags"][-1])
    reporter_options = {**config.reporter_options, **dict(ctx.meta["reporter_options"])}
    return RunOptions(**values, reporter_options=tuple(reporter_options.items()))
