"""One option of a run: a field of a dataclass with everything its command line option needs."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Literal, NamedTuple

Kind = Literal[
    "text",
    "path",
    "flag",
    "count",
    "number",
    "ms",
    "pair",
    "list",
    "names",
    "choice",
    "bail",
    "listing",
    "size",
    "causes",
    "jobs",
    "rate",
    "shard",
    "command",
]
"""What values an option takes.

`count` is a whole number ≥ 1, `number` one ≥ 0, `ms` whole milliseconds ≥ 0, `pair` a repeatable `key=value`, `list` a
repeatable text, `names` a comma list, `choice` one of the option's choices, `listing` the form of a list, `size` a number
of bytes, optionally with kB, MB or GB, `causes` what `--retry-on` takes, `jobs` a whole number ≥ 1 or
`auto`, `rate` a number a second, minute or hour, `shard` the number of a part and that of all parts, `command` a program
with its arguments.
"""

LISTINGS = ("text", "json")
"""What `--list` takes; without a value it is the first."""

EXAMPLES = ("new", "replace", "missing")
"""What `--save-examples` takes; without a value it is the first."""

SNAPSHOTS = ("auto", "check", "update", "review")
"""What `--snapshot` takes; without a value it is the first."""

CAUSES = ("connect", "timeout", "assertion", "script")
"""What `--retry-on` takes beside status codes (`429`) and classes of them (`5xx`)."""

BAILS = ("failure", "folder", "iteration")
"""What `--bail` takes."""


class Option(NamedTuple):
    """What the command line, the documentation and the configuration files know of one option."""

    name: str
    """The field of `RunOptions`."""
    group: str
    """Its heading in `--help`."""
    default: object
    flags: tuple[str, ...]
    help: str
    kind: Kind
    metavar: str
    choices: tuple[str, ...]

    @property
    def flag(self) -> str:
        """The long flag: `--iteration-count`."""
        return self.flags[-1]


def option(
    *flags: str,
    help: str,
    default: Any = None,
    kind: Kind = "text",
    metavar: str = "",
    choices: tuple[str, ...] = (),
) -> Any:
    """A field with its option; declared as `Any`, as `dataclasses.field` is, so that it fits every annotation."""
    metadata = {"flags": flags, "help": help, "kind": kind, "metavar": metavar, "choices": choices}
    return field(default=default, metadata=metadata)
