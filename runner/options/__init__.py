"""The options of a run: one frozen dataclass, made of one group for each heading of `--help`.

The command line, the documentation and the configuration files are made from its fields.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from runner.model.quick_dataclass import dataclass
from runner.options.files import FileOptions
from runner.options.flow import FlowOptions
from runner.options.jobs import JobOptions
from runner.options.network import NetworkOptions
from runner.options.option import Option
from runner.options.output import OutputOptions
from runner.options.selection import SelectionOptions

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

GROUPS: dict[str, type[DataclassInstance]] = {
    "Files": FileOptions,
    "Selection": SelectionOptions,
    "Flow": FlowOptions,
    "Parallel": JobOptions,
    "Network": NetworkOptions,
    "Output": OutputOptions,
}
"""The groups under their headings, in the order of `--help`."""


@dataclass(frozen=True, kw_only=True, repr=False)
class RunOptions(FileOptions, SelectionOptions, FlowOptions, JobOptions, NetworkOptions, OutputOptions):
    """Everything that steers a run but the collection itself."""

    def __repr__(self) -> str:
        """The names of the options that differ from the default; their values may be secrets."""
        return f"RunOptions({', '.join(f'{one.name}=…' for one in fields(self) if getattr(self, one.name) != one.default)})"

    def reporter_option(self, reporter: str, name: str) -> str | None:
        """The value of `--reporter-<reporter>-<name>`, or of a general `--reporter-<name>` where it is missing."""
        chosen = dict(self.reporter_options)
        return chosen.get(f"{reporter}-{name}", chosen.get(name))


def all_options() -> list[Option]:
    """Every option of the command line, group by group."""
    return [
        Option(name=one.name, group=group, default=one.default, **one.metadata)
        for group, part in GROUPS.items()
        for one in fields(part)
        if one.metadata
    ]
