"""What a file of another program becomes, and what may be said about how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """Something that cannot be carried over: what it is, where it stands, and the item that it belongs to.

    `file` is the source as it was named, `line` counts from 1 (0: unknown). `item` is the item's path (`Folder/Request`);
    the note is kept there as a comment. No `message` holds the value of a secret.
    """

    message: str
    file: str = ""
    line: int = 0
    item: str = ""

    def __str__(self) -> str:
        place = (
            f"{self.file}:{self.line}"
            if self.file and self.line
            else self.file or (f"line {self.line}" if self.line else "")
        )
        return f"{place}: {self.message}" if place else self.message


@dataclass(slots=True, kw_only=True)
class Imported:
    """A v2.1 document (ids are not needed), documents of environments by their names, and what was not carried over."""

    collection: JsonObject
    environments: dict[str, JsonObject] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FormatOption:
    """An option of one format: its default, which also says its type, what it may be, its help."""

    default: bool | int | str
    help: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How a source is read: the `name` of the collection (empty: the format's own), each option of the format by name."""

    name: str = ""
    values: Mapping[str, bool | int | str] = field(default_factory=dict)
