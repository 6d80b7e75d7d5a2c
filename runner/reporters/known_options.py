"""Finds the options of reporters by their names; a misspelt one would be a report that is silently not written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from runner.errors import UsageError
from runner.options import RunOptions


def settle_reporter_options(
    options: RunOptions, classes: Mapping[str, Any], known: Iterable[str]
) -> tuple[RunOptions, list[str]]:
    """The options with those of reporters under their own names, and a warning for each reporter that is not used.

    Camel case and a beginning that only one option has (`no-assertion`) are the same option. `classes` are the reporters
    of the run; one without a table `OPTIONS` takes any option. `known` are the names of all built-in reporters. Raises
    `UsageError` for an option that its reporter does not have.
    """
    names = sorted({*known, *classes}, key=len, reverse=True)
    settled: list[tuple[str, str]] = []
    warnings: list[str] = []
    for full, value in options.reporter_options:
        reporter = next((name for name in names if full.startswith(f"{name}-")), None)
        if reporter is None:
            settled.append((_settle(full, full, classes.values(), ""), value))
        elif reporter in classes:
            key = _settle(full, full.removeprefix(f"{reporter}-"), [classes[reporter]], reporter)
            settled.append((f"{reporter}-{key}", value))
        else:
            warnings.append(f"--reporter-{full} has no effect: the reporter {reporter} is not chosen with -r")
    return replace(options, reporter_options=tuple(settled)), warnings


def _settle(full: str, key: str, classes: Iterable[Any], reporter: str) -> str:
    tables = [getattr(found, "OPTIONS", None) for found in classes]
    known: list[str] = sorted({name for table in tables for name in table or ()})
    begun = [name for name in known if _plain(name).startswith(_plain(key))]
    exact = [name for name in begun if _plain(name) == _plain(key)]
    if None in tables and not exact:
        return key
    if len(exact or begun) == 1:
        return (exact or begun)[0]
    whose = f"the reporter {reporter} has" if reporter else "these reporters have"
    hint = f"its options are: {', '.join(known) or 'none'}"
    raise UsageError(f"{whose} no option {key!r}", where=f"--reporter-{full}", hint=hint)


def _plain(name: str) -> str:
    """Kebab case and camel case are the same option."""
    return name.replace("-", "").lower()
