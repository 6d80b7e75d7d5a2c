"""The reports of load tests by their names, and the options of each: what is chosen is checked before the first request."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from runner.errors import UsageError
from runner.load.reports.report import About, Report
from runner.logs import server_of
from runner.options import RunOptions
from runner.reporters.context import ReporterContext
from runner.reporters.known_options import PREFIX, Found, check_value, find_in
from runner.reporters.option_table import EXPORT, SILENT, TABLES, TITLE, ReporterOption, Table
from runner.reporters.registry import AUTO, BY_SERVER, REPORTERS, chosen_reporters

Maker = Callable[[ReporterContext, About], Report]

REPORTS = {
    "cli": "runner.load.reports.terminal.report:Terminal",
    "html": "runner.load.reports.html.report:HtmlReport",
    "json": "runner.load.reports.document:Document",
    "ndjson": "runner.load.reports.ndjson:NdJson",
    "junit": "runner.load.reports.junit:Junit",
    "csv": "runner.load.reports.spreadsheet:Spreadsheet",
    "markdown": "runner.load.reports.github:Markdown",
    "github": "runner.load.reports.github:GitHub",
}
"""Name → `module:Class` of every report of a load test."""

OPTIONS: dict[str, Table] = {
    "cli": (SILENT, ReporterOption("no-banner", "leave out the first lines")),
    "html": (EXPORT, TITLE),
    "json": (EXPORT,),
    "ndjson": TABLES["ndjson"],
    "junit": (EXPORT,),
    "csv": (EXPORT,),
    "markdown": TABLES["markdown"],
    "github": TABLES["github"],
}
"""The options of each."""

INSTEAD = {"teamcity": "junit"}
"""What is written in the place of a report that `auto` chooses on a CI server and load tests do not have."""


def settle(options: RunOptions, environ: Mapping[str, str]) -> tuple[tuple[str, ...], RunOptions, list[str]]:
    """The names of the chosen reports, the options with those of reports under their canonical names, and warnings.

    Raises `UsageError` for a report that load tests do not have, and for an option that a report does not have.
    """
    chosen = chosen_reporters(options.reporters, environ)
    server = BY_SERVER.get(server_of(environ) or "", "")
    names = tuple(dict.fromkeys(INSTEAD.get(name, name) if name == server else name for name in chosen))
    for name in names:
        if name not in REPORTS:
            raise _unknown(name)
    settled: dict[str, str] = {}
    warnings = []
    if server in chosen and server in INSTEAD:
        warnings.append(f"load tests have no reporter {server}: {INSTEAD[server]} takes its place")
    for full, value in options.reporter_options:
        option = find_in(full, dict(OPTIONS), general=set(names))
        check_value(option, value, PREFIX + full)
        if option.reporter and option.reporter not in names:
            warnings.append(f"--reporter-{full} has no effect: the reporter {option.reporter} is not chosen with -r")
        else:
            settled[option.full] = value
    return names, replace(options, reporter_options=tuple(settled.items())), warnings


def _unknown(name: str) -> UsageError:
    near = "".join(f"did you mean {found}? " for found in get_close_matches(name, REPORTS, 1))
    what = f"load tests have no reporter {name!r}" if name in REPORTERS else f"there is no reporter {name!r}"
    return UsageError(what, where="--reporters", hint=f"{near}choose from: {', '.join((*REPORTS, AUTO))}")


def find_option(full: str) -> Found:
    """The option that `--reporter-<full>` means; raises `UsageError`."""
    return find_in(full, dict(OPTIONS), general=set(OPTIONS))


def has_option(full: str) -> bool:
    """Whether a report has the option that `--reporter-<full>` means."""
    try:
        find_option(full)
    except UsageError:
        return False
    return True


def has_report(name: str) -> bool:
    """Whether load tests have this report, or `auto` can choose one."""
    return name in REPORTS or name == AUTO


def find_report(name: str) -> Maker:
    """The class of a report by its name."""
    module, _, attribute = REPORTS[name].partition(":")
    found: Maker = getattr(importlib.import_module(module), attribute)
    return found
