"""The values of the options that only one format has, from the texts of a command line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from runner.errors import UsageError
from runner.foreign.imported import FormatOption


def flag_of(name: str) -> str:
    """The option of a command line for an option of a format: `--folder-strategy` for `folderStrategy`."""
    return "--" + re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)


def option_values(format: str, known: Mapping[str, FormatOption], given: Mapping[str, str]) -> dict[str, bool | int | str]:
    """Every option of a format, as given (by its name or flag, in any case) or by default; raises `UsageError`."""
    names = {_plain(name): name for name in known}
    found: dict[str, tuple[str, str]] = {}
    for name, text in given.items():
        is_flag = name.startswith("--")
        where = name if is_flag else f"--option {name}"
        if _plain(name) not in names:
            hint = f"they are {', '.join(map(flag_of, known) if is_flag else known)}" if known else "it has none"
            raise UsageError(f"{format} has no such option", where=where, hint=hint)
        found[names[_plain(name)]] = (where, text)
    return {name: _value(*found[name], option) if name in found else option.default for name, option in known.items()}


def _plain(name: str) -> str:
    """A name or choice without what its spelling may differ in."""
    return name.replace("-", "").lower()


def _value(where: str, text: str, option: FormatOption) -> bool | int | str:
    if isinstance(option.default, bool):
        if text.lower() not in ("true", "false"):
            raise UsageError(f"is true or false, not {text!r}", where=where)
        return text.lower() == "true"
    if isinstance(option.default, int):
        if not (text.isascii() and text.isdigit()):
            raise UsageError(f"is a number, not {text!r}", where=where)
        return int(text)
    if option.choices:
        chosen = next((choice for choice in option.choices if _plain(choice) == _plain(text)), None)
        if chosen is None:
            raise UsageError(f"is not {text!r}", where=where, hint=f"it is one of {', '.join(option.choices).lower()}")
        return chosen
    return text
