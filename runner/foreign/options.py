"""The values of the options that only one format has, from the texts of a command line."""

from __future__ import annotations

from collections.abc import Mapping

from runner.errors import UsageError
from runner.foreign.imported import FormatOption


def option_values(format: str, known: Mapping[str, FormatOption], given: Mapping[str, str]) -> dict[str, bool | int | str]:
    """Every option of a format, as it was given or by default; raises `UsageError`."""
    for name in given:
        if name not in known:
            hint = f"they are {', '.join(known)}" if known else "it has none"
            raise UsageError(f"{format} has no option {name!r}", where="--option", hint=hint)
    return {name: _value(f"--option {name}", given.get(name), option) for name, option in known.items()}


def _value(where: str, text: str | None, option: FormatOption) -> bool | int | str:
    if text is None:
        return option.default
    if isinstance(option.default, bool):
        if text.lower() not in ("true", "false"):
            raise UsageError(f"is true or false, not {text!r}", where=where)
        return text.lower() == "true"
    if isinstance(option.default, int):
        if not (text.isascii() and text.isdigit()):
            raise UsageError(f"is a number, not {text!r}", where=where)
        return int(text)
    if option.choices and text not in option.choices:
        raise UsageError(f"is not {text!r}", where=where, hint=f"it is one of {', '.join(option.choices)}")
    return text
