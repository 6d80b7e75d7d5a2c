"""What the text of an option means: numbers, pairs, sizes; and how much of a wrong one an error shows."""

from __future__ import annotations

from runner.errors import UsageError

LONGEST_SHOWN = 12
"""Characters of the longest wrong value that an error repeats: a longer one may be a secret in the wrong place."""

_KINDS = {dict: "an object", list: "a list", tuple: "a list", bool: "a boolean", int: "a number", float: "a number"}


def shown(value: object) -> str:
    """A wrong value in an error: a short text or number as it is, of others only what it is."""
    if isinstance(value, str | int | float) and len(str(value)) <= LONGEST_SHOWN:
        return repr(value)
    return f"a text of {len(value)} characters" if isinstance(value, str) else kind_of(value)


def kind_of(value: object) -> str:
    """What a JSON value is, in words: where it may be a secret, an error says no more."""
    return "null" if value is None else _KINDS.get(type(value), "a text")


LONGEST_WAIT = 2**31 - 1
"""Milliseconds, 24 days: what timers and sockets take everywhere."""

MOST = 2**53 - 1
"""The greatest whole number that JSON and JavaScript hold exactly."""


MOST_JOBS = 1000
"""Units that may run beside each other: each has a thread and connections of its own."""


MOST_SHARDS = 10_000


def whole_number(text: str, least: int, most: int) -> int | None:
    """The whole number of a text in ASCII digits, None if it is not one from `least` to `most`."""
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits.lstrip("0")) > len(str(most)):
        return None
    number = int(digits.lstrip("0") or "0")
    return number if least <= number <= most else None


def parse_pair(text: str) -> tuple[str, str]:
    """`key=value`, split at the first `=`; raises `UsageError`, which does not repeat the text: it may be a secret."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise UsageError("is not KEY=VALUE", hint="write both, with = between them and no blank before it")
    return key, value


UNITS = {"": 1, "b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}


def parse_size(text: str) -> int:
    """A number of bytes, maybe with kB, MB or GB (of 1024) behind it; raises `UsageError`."""
    number = text.strip().rstrip("bBkKmMgG ")
    unit = text.strip()[len(number) :].strip().lower()
    count = whole_number(number, 1, MOST // UNITS.get(unit, 1))
    if count is None or unit not in UNITS:
        raise UsageError(f"{shown(text)} is not a size", hint="write bytes, or for example 500kB or 10MB")
    return count * UNITS[unit]


def script_memory_mb(size: int | str) -> int:
    """The value of `--script-memory` in MB; raises `UsageError` for what the engine cannot start with or never use."""
    megabytes = parse_size(str(size)) >> 20
    if not 128 <= megabytes <= 4096:
        raise UsageError(f"--script-memory {megabytes}MB is not between 128MB and 4GB (4096MB), what the engine can use")
    return megabytes


SECONDS = {"s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600}


def parse_rate(text: str) -> float:
    """Requests a second, from `5/s`, `200/min` or `1000/h`; raises `UsageError`."""
    number, slash, unit = text.strip().partition("/")
    count, seconds = whole_number(number, 1, MOST), SECONDS.get(unit.strip().lower())
    if count is None or not slash or seconds is None:
        raise UsageError(f"{shown(text)} is not a rate", hint="write a number and what it is for: 5/s, 200/min or 1000/h")
    return count / seconds


def parse_shard(text: str) -> tuple[int, int]:
    """The number of a shard, from 1, and how many there are, from `2/5`; raises `UsageError`."""
    index, slash, count = text.partition("/")
    total = whole_number(count, 1, MOST_SHARDS)
    number = whole_number(index, 1, MOST_SHARDS)
    if not slash or total is None or number is None or number > total:
        hint = f"write the number of the part and how many there are: 2/5; from 1/1 to {MOST_SHARDS}/{MOST_SHARDS}"
        raise UsageError(f"{shown(text)} is not a part of a run", hint=hint)
    return number, total


def parse_command(text: str) -> list[str]:
    """The program and its arguments, split as a POSIX shell splits words; raises `UsageError`."""
    import shlex

    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"{shown(text)} is not a command: {str(error).lower()}") from None
    if not words or not words[0]:
        raise UsageError("names no program", hint="is a variable not set?")
    return words
