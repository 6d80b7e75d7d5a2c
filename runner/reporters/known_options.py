"""Finds the options of reporters by their names. With an unknown one a report would silently not be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from runner.errors import UsageError
from runner.model.quick_dataclass import dataclass
from runner.options import RunOptions
from runner.reporters.option_table import TABLES, ReporterOption, Table

PREFIX = "--reporter-"

SWITCHES = frozenset({"true", "1", "yes", "on", "false", "0", "no", "off"})
"""The values that a flag takes."""


@dataclass(frozen=True, slots=True)
class Found:
    """An option: the `reporter` it is for (empty: for all) and its declaration.

    `option` is None for a reporter of another package that declares none: it takes any option.
    """

    reporter: str
    key: str
    option: ReporterOption | None

    @property
    def full(self) -> str:
        """The name after `--reporter-`, in its canonical spelling."""
        return f"{self.reporter}-{self.key}" if self.reporter else self.key


def find_option(full: str, chosen: Mapping[str, Any] | None = None) -> Found:
    """The option that `--reporter-<full>` means; raises `UsageError` if none has this name.

    Camel case and an unambiguous prefix (`no-assertion`) are accepted. `chosen` are the classes of the run's reporters by
    their names: a name for all reporters is then one that one of these has. Without it, reporters of other packages are
    searched after the built-in ones.
    """
    if chosen is not None:
        others = {name: declared(found) for name, found in chosen.items() if name not in TABLES}
        return find_in(full, {**TABLES, **others}, general=set(chosen))
    with suppress(UsageError):
        return find_in(full, TABLES, general=set(TABLES))
    outside = _outside()
    return find_in(full, {**TABLES, **outside}, general={*TABLES, *outside})


def settle_reporter_options(options: RunOptions, classes: Mapping[str, Any]) -> tuple[RunOptions, list[str]]:
    """The options with reporter options under their canonical names, and a warning for each reporter that is not used.

    `classes` are the reporters of the run. Raises `UsageError` for an option that its reporter does not have and for a
    value that it does not take.
    """
    settled: dict[str, str] = {}
    warnings: list[str] = []
    ignored: list[str] = []
    for full, value in options.reporter_options:
        found = find_option(full, classes)
        check_value(found, value, PREFIX + full)
        if found.reporter and found.reporter not in classes:
            warnings.append(f"--reporter-{full} has no effect: the reporter {found.reporter} is not chosen with -r")
        else:
            settled[found.full] = value
            if found.option is not None and found.option.ignored:
                ignored.append(f"--reporter-{full}")
    if ignored:
        warnings.append(f"{', '.join(ignored)} changed the looks of another report, and change nothing in this one")
    return replace(options, reporter_options=tuple(settled.items())), warnings


def check_value(found: Found, value: str, where: str) -> None:
    """Raise `UsageError` for a value that the option does not take."""
    if found.option is not None and found.option.is_flag and value.lower() not in SWITCHES:
        raise UsageError(f"{value!r} is neither true nor false", where=where, hint="it is a flag and needs no value")
    if not value.strip():
        raise UsageError("is empty", where=where, hint="is a variable not set?")


def needs_value(found: Found, where: str) -> UsageError:
    """The error for an option without its value."""
    metavar = found.option.metavar if found.option else ""
    return UsageError("needs a value", where=where, hint=f"write {PREFIX}{found.full} {metavar}")


def declared(reporter: Any) -> Table | None:
    """The options that a reporter class of another package declares; None if it accepts any. Raises `UsageError`."""
    table = getattr(reporter, "OPTIONS", None)
    if table is None:
        return None
    options = tuple(table) if isinstance(table, Iterable) else (table,)
    if not all(isinstance(option, ReporterOption) for option in options):
        name = getattr(reporter, "__qualname__", repr(reporter))
        raise UsageError(f"the OPTIONS of {name} are not all ReporterOption", where="--reporters")
    return options


def _outside() -> dict[str, Table | None]:
    """The tables of all reporters that other packages offer; one that cannot be loaded is reported when it is chosen."""
    from importlib.metadata import entry_points

    from runner.reporters.registry import ENTRY_POINTS, find_reporter

    tables: dict[str, Table | None] = {}
    for point in entry_points(group=ENTRY_POINTS):
        try:
            tables[point.name] = declared(find_reporter(point.name))
        except UsageError:
            tables[point.name] = None
    return tables


def find_in(full: str, tables: Mapping[str, Table | None], general: set[str]) -> Found:
    """The option of one of these tables that a name means; `general` are those that a name for all is searched in."""
    names = sorted(tables, key=len, reverse=True)
    reporter = next((name for name in names if full.startswith(f"{name}-")), "")
    key = full.removeprefix(f"{reporter}-") if reporter else full
    searched = [tables[name] for name in ([reporter] if reporter else sorted(general))]
    known = {option.name: option for table in searched for option in table or ()}
    begun = [name for name in known if _plain(name).startswith(_plain(key))]
    exact = [name for name in begun if _plain(name) == _plain(key)]
    if len(exact or begun) == 1:
        name = (exact or begun)[0]
        return Found(reporter, name, known[name])
    if None in searched:
        return Found(reporter, key, None)
    raise _unknown(full, reporter, key, known, () if reporter or "-" not in full else tuple(tables))


def _unknown(
    full: str, reporter: str, key: str, known: Mapping[str, ReporterOption], reporters: Iterable[str]
) -> UsageError:
    from difflib import get_close_matches

    whose = f"the reporter {reporter} has" if reporter else "these reporters have"
    plain = {_plain(name): name for name in known}
    near = get_close_matches(_plain(key), plain, 1, 0.75)
    hint = f"{'its' if reporter else 'their'} options are: {', '.join(known) or 'none'}"
    if near:
        hint = f"did you mean {PREFIX}{reporter}{'-' if reporter else ''}{plain[near[0]]}? {hint}"
    if reporters:
        hint += f"; the reporters are: {', '.join(reporters)}"
    return UsageError(f"{whose} no option {key!r}", where=PREFIX + full, hint=hint)


def _plain(name: str) -> str:
    """Kebab case and camel case are the same option."""
    return name.replace("-", "").lower()
