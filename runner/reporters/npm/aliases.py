"""Popular Newman reporters, mapped to reporters of postrunner together with their options."""

from __future__ import annotations

from collections.abc import Mapping

from runner.reporters.context import ReporterContext
from runner.reporters.html.report import HtmlReport
from runner.reporters.junit.report import Junit
from runner.reporters.option_table import TABLES

OTHERWISE = {"skip-sensitive-data": "omit-all-headers-and-body"}
"""Options of htmlextra that are named differently here."""


def html_extra(context: ReporterContext) -> HtmlReport:
    """The `html` report with the options of newman-reporter-htmlextra."""
    return HtmlReport(_as(context, "htmlextra", "html", OTHERWISE))


def junit_full(context: ReporterContext) -> Junit:
    """The `junit` report under the name of newman-reporter-junitfull: both keep the iterations apart."""
    return Junit(_as(context, "junitfull", "junit", {}))


def _as(context: ReporterContext, name: str, other: str, otherwise: Mapping[str, str]) -> ReporterContext:
    """The context for another reporter, with the options of this one under its names."""
    given = ((option.name, context.options.reporter_option(name, option.name)) for option in TABLES[name])
    pairs = [(f"{other}-{otherwise.get(key, key)}", value) for key, value in given if value is not None]
    return context.with_reporter_options(tuple(pairs))
