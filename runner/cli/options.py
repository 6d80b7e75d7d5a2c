"""Click options made from the fields of `RunOptions`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from runner.errors import UsageError
from runner.options import RunOptions, option_fields, parse_pair

PREFIX = "--reporter-"


class RunCommand(click.Command):
    """A command that takes the run's options, groups them in its help, and accepts `--reporter-<name>-<key>`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the reporters' own options out before click reads the rest."""
        rest, ctx.meta["reporter_options"] = split_reporter_options(args)
        return super().parse_args(ctx, rest)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the options under the heading of their group."""
        groups = {name: meta["group"] for name, meta, _ in option_fields()}
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                sections.setdefault(groups.get(param.name or "", "Other"), []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)


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


# Options of the cli reporter that are switches: what follows them is an argument of the command.
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
    return name.removeprefix("cli-") in SWITCHES


def run_parameters() -> list[click.Parameter]:
    """One click option for each field of `RunOptions` that has flags."""
    return [_parameter(name, meta, default) for name, meta, default in option_fields()]


def _parameter(name: str, meta: dict[str, Any], default: Any) -> click.Option:
    more: dict[str, Any] = {"help": meta["help"]}
    kind = meta["kind"]
    if kind == "flag":
        return click.Option([*meta["flags"], name], is_flag=True, **more)
    if kind in ("list", "pair"):
        more["multiple"] = True
    if kind == "bail":
        more.update(is_flag=False, flag_value="failure")
    if kind == "names":
        default = ",".join(default)
    if kind == "choice":
        more["type"] = click.Choice(meta["choices"])
    more.setdefault("type", TYPES.get(kind))
    return click.Option([*meta["flags"], name], metavar=meta["metavar"] or None, default=default, **more)


TYPES: dict[str, click.types.IntRange | click.Choice[str]] = {
    "count": click.IntRange(min=1),
    "ms": click.IntRange(min=0),
    "bail": click.Choice(("failure", "folder")),
}


def run_options(values: dict[str, Any], reporter_options: tuple[tuple[str, str], ...]) -> RunOptions:
    """Make `RunOptions` of what click parsed; raises `UsageError`."""
    for name, meta, _ in option_fields():
        if meta["kind"] == "pair":
            values[name] = tuple(parse_pair(text) for text in values[name])
        elif meta["kind"] == "names":
            values[name] = tuple(part.strip() for part in values[name].split(",") if part.strip())
            if not values[name]:
                raise UsageError(f"{meta['flags'][-1]} names nothing")
    return RunOptions(**values, reporter_options=reporter_options)
