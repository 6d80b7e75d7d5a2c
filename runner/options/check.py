"""The value of an option, from the text of a command line or the JSON of a configuration file: one check for each kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from runner.errors import UsageError
from runner.options.option import BAILS, CAUSES, LISTINGS, Kind, Option
from runner.options.values import (
    LONGEST_WAIT,
    MOST,
    MOST_JOBS,
    kind_of,
    parse_command,
    parse_pair,
    parse_rate,
    parse_shard,
    parse_size,
    shown,
    whole_number,
)

T = TypeVar("T")
SWITCHES = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def check_value(option: Option, value: object, where: str) -> Any:
    """The value as the option's field in `RunOptions` has it; raises `UsageError` that names `where`."""
    if option.kind == "choice":
        if value not in option.choices:
            raise UsageError(f"{shown(value)} is none of {', '.join(option.choices)}", where=where)
        return value
    return CHECKS[option.kind](value, where)


def check_text(value: object, where: str) -> str:
    """A text or number as text; raises `UsageError`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UsageError(f"{kind_of(value)} is not text", where=where)
    return str(value)


def check_texts(value: object, where: str) -> tuple[str, ...]:
    """One text, or a list of texts; raises `UsageError`."""
    return tuple(check_text(one, where) for one in _listed(value))


def check_switch(value: object, where: str) -> bool:
    """A boolean, or a word for one; raises `UsageError`."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.strip().lower() not in SWITCHES:
        raise UsageError(f"{shown(value)} is neither true nor false", where=where)
    return SWITCHES[value.strip().lower()]


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _name(value: object, where: str) -> str:
    """A text that is not empty: `-e "$ENVIRONMENT"` with an unset variable is a mistake."""
    text = check_text(value, where)
    if not text.strip():
        raise UsageError("is empty", where=where, hint="is a variable not set?")
    return text


def _names(value: object, where: str) -> tuple[str, ...]:
    return tuple(_name(one, where) for one in _listed(value))


def _comma_names(value: object, where: str) -> tuple[str, ...]:
    texts = check_texts(value, where)
    names = tuple(part.strip() for text in texts for part in text.split(",") if part.strip())
    if texts and not names:  # `reporters=()` means none, `-r ""` nothing
        raise UsageError("names nothing", where=where)
    return names


def _whole(least: int, most: int) -> Callable[[object, str], int]:
    def check(value: object, where: str) -> int:
        number = None if isinstance(value, bool) else whole_number(str(value), least, most)
        if number is None:
            raise UsageError(f"{shown(value)} is not a whole number from {least} to {most}", where=where)
        return number

    return check


def _pairs(value: object, where: str) -> tuple[tuple[str, str], ...]:
    """`KEY=VALUE` texts, an object, or Newman's list of `{"key": …, "value": …}`."""
    if isinstance(value, dict) and not {"key", "value"} <= set(value):
        return tuple((key, check_text(one, f"{where}.{key}")) for key, one in value.items())
    return tuple(_pair(one, where) for one in _listed(value))


def _pair(value: object, where: str) -> tuple[str, str]:
    if isinstance(value, dict):
        if "key" not in value:
            raise UsageError("a variable needs a key", where=where)
        return check_text(value["key"], where), check_text(value.get("value", ""), where)
    return _parsed(parse_pair, value, where)


def _parsed(parse: Callable[[str], T], value: object, where: str) -> T:
    """What a parser of texts makes of a value; its errors get the place."""
    try:
        return parse(check_text(value, where))
    except UsageError as error:
        raise UsageError(error.message, where=where, hint=error.hint) from None


def _bail(value: object, where: str) -> str | None:
    if isinstance(value, bool):
        return "failure" if value else None
    names = _comma_names(value, where)
    wrong = [name for name in names if name not in BAILS]
    if wrong:
        raise UsageError(f"{shown(wrong[0])} is none of {', '.join(BAILS)}", where=where)
    return ",".join(names)


def _listing(value: object, where: str) -> str | None:
    if isinstance(value, bool):
        return LISTINGS[0] if value else None
    if value not in LISTINGS:
        raise UsageError(f"{shown(value)} is none of {', '.join(LISTINGS)}", where=where)
    return str(value)


def check_causes(value: object, where: str) -> tuple[str, ...]:
    """What `--retry-on` says, one cause each; raises `UsageError`."""
    names = tuple(name.lower() for name in _comma_names(value, where))
    for name in names:
        if name not in CAUSES and not re.fullmatch("[1-5](xx|[0-9][0-9])", name):
            hint = f"{', '.join(CAUSES)}, status codes (429) and classes of them (5xx)"
            raise UsageError(f"{shown(name)} is not a cause to run a request again", where=where, hint=hint)
    return names


NEEDS = {
    "contract_drift": "contract",
    "contract_server": "contract",
    "contract_allow_ref": "contract",
    "contract_formats": "contract",
    "contract_coverage": "contract",
    "snapshot_learn": "snapshot",
    "snapshot_dir": "snapshot",
    "snapshot_ignore": "snapshot",
    "snapshot_unordered": "snapshot",
    "snapshot_exact": "snapshot",
    "snapshot_prune": "snapshot",
    "history_runs": "history",
    "history_days": "history",
    "on_fail": "history",
    "on_recover": "history",
    "trace_header": "otel",
}
"""Options that say something about another one, and do nothing without it."""


def check_needs(options: object) -> None:
    """Raise `UsageError` for an option whose other one is missing: what it asks for would not be done."""
    for name, needed in NEEDS.items():
        if getattr(options, name) not in (None, (), False) and not getattr(options, needed):
            raise UsageError(f"does nothing without --{needed}", where=f"--{name.replace('_', '-')}")


def _jobs(value: object, where: str) -> int | str:
    return "auto" if value == "auto" else _whole(1, MOST_JOBS)(value, where)


def _rate(value: object, where: str) -> str:
    _parsed(parse_rate, value, where)
    return str(value)


def _shard(value: object, where: str) -> str:
    index, count = _parsed(parse_shard, value, where)
    return f"{index}/{count}"


def _command(value: object, where: str) -> str:
    _parsed(parse_command, value, where)
    return str(value)


CHECKS: dict[Kind, Callable[[object, str], object]] = {
    "text": check_text,
    "path": _name,
    "flag": check_switch,
    "count": _whole(1, MOST),
    "ms": _whole(0, LONGEST_WAIT),
    "pair": _pairs,
    "list": _names,
    "names": _comma_names,
    "bail": _bail,
    "listing": _listing,
    "number": _whole(0, MOST),
    "causes": check_causes,
    "jobs": _jobs,
    "rate": _rate,
    "shard": _shard,
    "command": _command,
    "size": lambda value, where: _parsed(parse_size, value, where),
}
