"""Writes an outcome where the options say: each of the reporters that `postrunner diff` has."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from runner.diff.outcome import Outcome
from runner.diff.reports.json import as_json
from runner.errors import UsageError
from runner.formats.json_text import JsonStyle, dump_json
from runner.logs import json_visible
from runner.options import RunOptions
from runner.outputs import is_folder, name_outputs, write_text
from runner.reporters.context import ReporterContext, make_context
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker

REPORTERS = ("cli", "json", "markdown", "html")

FILES = {"json": "postrunner-diff.json", "markdown": "postrunner-diff.md", "html": "postrunner-diff.html"}
"""The names of files in a folder; a page without a path goes into the current one."""


def check_reporters(options: RunOptions, sides: Sequence[str]) -> None:
    """Check the reporters and their files before these sides are compared; raises `UsageError`."""
    for name in options.reporters:
        if name not in REPORTERS:
            raise UsageError(f"has no {name!r}", where="-r", hint=f"a comparison has {', '.join(REPORTERS)}")
    for full, _ in options.reporter_options:
        if full.rpartition("-")[2] != "export":
            raise UsageError("is for runs", where=f"--reporter-{full}", hint="a comparison takes --reporter-NAME-export")
    printed = [name for name in options.reporters if name in ("json", "markdown") and _path(options, name) is None]
    if len(printed) > 1 or (printed and "cli" in options.reporters):
        rest = next(name for name in options.reporters if name in ("json", "markdown", "cli") and name != printed[0])
        hint = f"name a file: --reporter-{printed[0]}-export FILE"
        raise UsageError(f"{printed[0]} and {rest} both go to standard output", where="-r", hint=hint)
    paths = [(f"--reporter-{name}-export", path) for name in options.reporters if (path := _path(options, name))]
    for option, path in paths:
        if any(os.path.exists(path) and os.path.exists(side) and os.path.samefile(path, side) for side in sides):
            raise UsageError(f"{path} is one of the two that are compared", where=option)
    name_outputs(paths)


def write_reports(outcome: Outcome, options: RunOptions, stream: TextIO, secrets: Secrets) -> None:
    """Write each report; raises `ExportError`."""
    context = make_context(options, stream, Masker(secrets), os.environ)
    for name in options.reporters:
        path = _path(options, name)
        text = TEXTS[name](outcome, context)
        if path is not None:
            write_text(path, text)
        elif not options.silent:
            context.stream.write(text)
            context.stream.flush()


def _path(options: RunOptions, name: str) -> str | None:
    """Where a report goes; None is standard output."""
    path = options.reporter_option(name, "export") if name in FILES else None
    if path is None or path == "true":
        return FILES[name] if name == "html" else None
    return os.path.join(path, FILES[name]) if is_folder(path) else path


def _cli(outcome: Outcome, context: ReporterContext) -> str:
    from runner.diff.reports.cli import lines_of

    return "".join(f"{line}\n" for line in lines_of(outcome, context))


def _json(outcome: Outcome, context: ReporterContext) -> str:
    return context.markers.in_json(json_visible(dump_json(as_json(outcome), JsonStyle())) + "\n")


def _markdown(outcome: Outcome, context: ReporterContext) -> str:
    from runner.diff.reports.markdown import markdown_text

    return context.markers.broken(markdown_text(outcome))


def _html(outcome: Outcome, context: ReporterContext) -> str:
    from runner.diff.reports.html import page

    return context.markers.in_xml(page(outcome))


TEXTS: Mapping[str, Callable[[Outcome, ReporterContext], str]] = {
    "cli": _cli,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
}
