"""The options that only one format has, as options of a command: `--folder-strategy tags`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import click

from runner.foreign.imported import FormatOption
from runner.foreign.options import flag_of
from runner.foreign.table import READERS


def format_parameters() -> list[click.Option]:
    """An option of the command for each option of each format."""
    return [_parameter(name, option) for reader in READERS.values() for name, option in reader.options.items()]


def format_values(given: Mapping[str, object]) -> dict[str, str]:
    """The values of these options that were given, by their flags, as texts."""
    texts = {name: ("false", "true")[value] if isinstance(value, bool) else str(value) for name, value in given.items()}
    return {flag_of(name): texts[name] for name, value in given.items() if value is not None}


class FormatCommand(click.Command):
    """A command whose help lists the options of each format under a heading."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the options of all formats, then those of each."""
        of_formats = {name for reader in READERS.values() for name in reader.options}
        params = {param.name or "": param for param in self.get_params(ctx) if isinstance(param, click.Option)}
        _section(ctx, formatter, "Options", (param for name, param in params.items() if name not in of_formats))
        for reader in READERS.values():
            own = [params[name] for name in reader.options if name in params]
            if own:
                _section(ctx, formatter, f"Options for {reader.title}", own)


def _section(ctx: click.Context, formatter: click.HelpFormatter, heading: str, params: Iterable[click.Parameter]) -> None:
    records = [record for param in params if (record := param.get_help_record(ctx)) is not None]
    with formatter.section(heading):
        formatter.write_dl(records, col_max=30)


class _Switch(click.Option):
    """An option that is on or off: its help has one name for both."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """The line of the help: `--[no-]noise`."""
        return self.opts[0].replace("--", "--[no-]", 1), self.help or ""


def _parameter(name: str, option: FormatOption) -> click.Option:
    flag = flag_of(name)
    about = f"{option.help[:1].upper()}{option.help[1:]}"
    if isinstance(option.default, bool):
        default = "yes" if option.default else "no"
        both = f"{flag}/{flag.replace('--', '--no-', 1)}"
        return _Switch([both, name], default=None, help=f"{about} (default: {default}).")
    metavar = "|".join(option.choices).lower() or ("N" if isinstance(option.default, int) else "TEXT")
    default = f" (default: {str(option.default).lower()})" if option.default != "" else ""
    return click.Option([flag, name], metavar=metavar, help=f"{about}{default}.")
