"""What a collection becomes for another program, and what a writer is told beside the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from runner.foreign.imported import Note
from runner.logs import visible
from runner.model.quick_dataclass import dataclass
from runner.model.variable import Environment
from runner.options import RunOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """How a collection is written. Neither it nor the collection holds the value of a secret.

    `secrets` maps the name of each variable whose value is secret to the environment variable of the shell that has it.
    `environment` is all environments merged, as a run has them, `environments` are those of the files. With `resolve` the
    values of variables stand in the place of their names, but for secrets. `run` has the options of a run that say how
    requests are made (working directory, redirects, certificates); `values` those of the format, by name.
    """

    environment: Environment = Environment(name="environment")
    environments: tuple[Environment, ...] = ()
    globals: Environment = Environment(name="globals", scope="globals")
    secrets: Mapping[str, str] = field(default_factory=dict)
    resolve: bool = False
    run: RunOptions = RunOptions()
    values: Mapping[str, bool | int | str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Written:
    """The text of each file by its relative path, and what could not be carried over.

    Each of the notes stands in the files as well, as a comment where it belongs.
    """

    files: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def file_name(collection: str, extension: str) -> str:
    """The name of the one file that is made of a collection of this name."""
    stem = re.sub(r"[^\w.-]+", "-", collection).strip("-.") or "collection"
    return stem + extension


def in_one_line(text: str) -> str:
    """A text as one line of a comment, in which nothing steers a terminal."""
    return visible(text.replace("\r", " ").replace("\n", " "))
