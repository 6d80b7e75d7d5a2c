"""The values of the options that only one format has, from the texts of a command line."""

from __future__ import annotations

from collections.abc import Mapping

from runner.errors import UsageError
from runner.foreign.imported import FormatOption


def option_values(format: str, known: Mapping[str, FormatOption], given: Mapping[str, str]) -> dict[str, bool | int | str]:
    """Every option of a format, as given (`folder-strategy` is `folderStrategy`) or by default; raises `UsageError`."""
    names = {_plain(name): name for name in known}
    texts: dict[str, str] = {}
    for name, text in given.items():
        if _plain(name) not in names:
            hint = f"they are {', '.join(known)}" if known else "it has none"
            raise UsageError(f"{format} has no option {name!r}", where="--option", hint=hint)
        texts[names[_plain(name)]] = text
    return {name: _value(f"--option {name}", texts.get(name), option) for name, option in known.items()}


def _plain(name: str) -> str:
    """A name or choice without what its spelling may differ in."""
    return name.replace("-", "").lower()


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
    if option.choices:
        chosen = next((choice for choice in option.choices if _plain(choice) == _plain(text)), None)
        if chosen is None:
            raise UsageError(f"is not {text!r}", where=where, hint=f"it is one of {', '.join(option.choices)}")
        return chosen
    return text
