"""What the text of an option means: pairs, sizes."""

from __future__ import annotations

from runner.errors import UsageError


def parse_pair(text: str) -> tuple[str, str]:
    """`key=value`, split at the first `=`; raises `UsageError`."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise UsageError(f"{text!r} is not KEY=VALUE", hint="write both, with = between them and no blank before it")
    return key, value


UNITS = {"": 1, "b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}


def parse_size(text: str) -> int:
    """A number of bytes, maybe with kB, MB or GB (of 1024) behind it; raises `UsageError`."""
    number = text.strip().rstrip("bBkKmMgG ")
    unit = text.strip()[len(number) :].strip().lower()
    if not number.isascii() or not number.isdigit() or unit not in UNITS or not int(number):
        raise UsageError(f"{text!r} is not a size", hint="write bytes, or for example 500kB or 10MB")
    return int(number) * UNITS[unit]


def script_memory_mb(size: int | str) -> int:
    """The value of `--script-memory` in MB; raises `UsageError` for what the engine cannot start with or never use."""
    megabytes = parse_size(str(size)) >> 20
    if not 128 <= megabytes <= 4096:
        raise UsageError(f"--script-memory {megabytes}MB is not between 128MB and 4GB (4096MB), what the engine can use")
    return megabytes
