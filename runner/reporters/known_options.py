"""Finds options of reporters that no reporter has: a misspelt one would be a report that is silently not written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from runner.errors import UsageError
from runner.options import RunOptions


def check_reporter_options(options: RunOptions, classes: Mapping[str, Any], known: Iterable[str]) -> Iterator[str]:
    """Raise `UsageError` for an option that its reporter does not have; yield a warning for a reporter that is not used.

    `classes` are the reporters of the run; one without a table `OPTIONS` takes any option. `known` are the names of all
    built-in reporters.
    """
    names = sorted({*known, *classes}, key=len, reverse=True)
    for full, _ in options.reporter_options:
        reporter = next((name for name in names if full.startswith(f"{name}-")), None)
        if reporter is not None and reporter in classes:
            _check(full, full.removeprefix(f"{reporter}-"), [classes[reporter]], reporter)
        elif reporter is not None:
            yield f"--reporter-{full} has no effect: the reporter {reporter} is not chosen with -r"
        else:
            _check(full, full, classes.values(), "")


def _check(full: str, key: str, classes: Iterable[Any], reporter: str | None) -> None:
    tables = [getattr(found, "OPTIONS", None) for found in classes]
    known = {name for table in tables for name in table or ()}
    if None in tables or _plain(key) in map(_plain, known):
        return
    whose = f"the reporter {reporter} has" if reporter else "these reporters have"
    listed = ", ".join(sorted(known)) or "none"
    raise UsageError(f"{whose} no option {key!r}", where=f"--reporter-{full}", hint=f"its options are: {listed}")


def _plain(name: str) -> str:
    """Kebab case and camel case are the same option."""
    return name.replace("-", "").lower()
