"""Makes runner/python/keywords.py from the options in the code; reference.py writes it."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from runner.options import GROUPS, all_options  # noqa: E402
from runner.options.option import Option  # noqa: E402

MODULE = ROOT / "runner" / "python" / "keywords.py"
HEAD = '''"""The keywords of `runner.run` and `runner.arun`, with their types; written by `scripts/docs` from the options.

Each may also be None, which stands for its default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Literal, TypeAlias, TypedDict

from runner.model.variable import Environment

AnyPath: TypeAlias = str | PathLike[str]
"""A path; where the command line takes URLs or UIDs, a text may be one of these, too."""

Paths: TypeAlias = AnyPath | Sequence[AnyPath]
"""A path or several."""

Texts: TypeAlias = str | Sequence[str]
"""A text or several."""

Scalar: TypeAlias = str | float | bool
"""A value that has a text."""

Pairs: TypeAlias = Mapping[str, Scalar] | str | Sequence[str | tuple[str, Scalar]]
"""Names with their values: a mapping, pairs, or texts of the form `name=value`."""

Variables: TypeAlias = AnyPath | Mapping[str, object] | Environment
"""A file of variables; names with their values; or what such a file holds."""

ReporterOptions: TypeAlias = Mapping[str, Scalar | AnyPath | Mapping[str, Scalar | AnyPath]] | Sequence[tuple[str, str]]
"""`{"junit": {"export": "junit.xml"}}`, or `{"junit-export": "junit.xml"}`."""


class Keywords(TypedDict, total=False):
    """Every option of a run; those of the command line, with underscores."""
'''
KINDS = {
    "text": "str",
    "path": "AnyPath",
    "flag": "bool",
    "count": "int",
    "number": "int",
    "ms": "int",
    "pair": "Pairs",
    "names": "Texts",
    "causes": "Texts",
    "bail": "bool | Texts",
    "size": "int | str",
    "jobs": 'int | Literal["auto"]',
    "rate": "str",
    "shard": "str",
    "command": "str",
}
"""The type for each kind of an option, where the option itself has none in `OWN`."""

OWN = {
    "environment": "Variables | Sequence[Variables]",
    "globals": "Variables",
    "seed": "str | int",
    "iteration_data": "AnyPath | Mapping[str, object] | Sequence[Mapping[str, object]]",
}
COMMAND_ONLY = {"dry_run", "list_items"}
"""What `runner.run` refuses: it says something of the command line's output."""


def type_of(option: Option) -> str:
    """The type of an option's keyword, as it is written in the module."""
    if option.name in OWN:
        return OWN[option.name]
    if option.kind == "choice":
        return f"Literal[{', '.join(map(repr, option.choices))}]".replace("'", '"')
    if option.kind == "list":
        return "Paths" if option.metavar in ("FILE", "DIR") else "Texts"
    return KINDS[option.kind]


def module() -> str:
    """The text of the module."""
    parts = [HEAD]
    for group in GROUPS:
        for option in all_options():
            if option.group == group and option.name not in COMMAND_ONLY:
                parts.append(f"\n    {option.name}: {type_of(option)} | None\n{_documented(option.help)}")
    parts.append("\n    reporter_options: ReporterOptions | None\n" + _documented("Options of reporters."))
    return "".join(parts)


def _documented(help: str) -> str:
    if len(help) < 110:
        return f'    """{help}"""\n'
    words, lines = help.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 110:
            lines.append("")
        lines[-1] += f"{word} "
    return '    """' + "\n    ".join(line.rstrip() for line in lines) + '"""\n'
