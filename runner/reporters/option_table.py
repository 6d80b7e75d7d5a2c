"""The options of every reporter, declared once: the command line, its help, configuration and the pages read them here."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class ReporterOption:
    """One `--reporter-<reporter>-<name>`; `name` is in kebab case.

    A flag has no `metavar`. An option with one takes a value, and may stand without it when it is `optional`.
    """

    name: str
    help: str
    metavar: str = ""
    optional: bool = False

    @property
    def is_flag(self) -> bool:
        """Whether it is on or off and takes nothing that follows it."""
        return not self.metavar

    @property
    def usage(self) -> str:
        """The name with what it takes: `export PATH`."""
        return f"{self.name} {self.metavar}".rstrip()


Table = tuple[ReporterOption, ...]

SILENT = ReporterOption("silent", "print nothing")
EXPORT = ReporterOption("export", "where the file goes", "PATH", optional=True)
OMIT = (
    ReporterOption("omit-headers", "leave out the headers of requests and responses"),
    ReporterOption("omit-request-bodies", "leave out the bodies of requests"),
    ReporterOption("omit-response-bodies", "leave out the bodies of responses"),
    ReporterOption("omit-bodies", "leave out both bodies"),
    ReporterOption("omit-all-headers-and-body", "leave out all headers and bodies"),
)

CLI = (
    SILENT,
    ReporterOption("show-timestamps", "put the time before each line"),
    ReporterOption("no-summary", "leave out the table of totals"),
    ReporterOption("no-failures", "leave out the list of failures"),
    ReporterOption("no-failure-details", "list failures without script line, request, response and command"),
    ReporterOption("no-assertions", "leave out all assertions"),
    ReporterOption("no-success-assertions", "leave out assertions that passed"),
    ReporterOption("no-console", "leave out what scripts write to the console"),
    ReporterOption("no-banner", "leave out the first lines"),
)

TABLES: dict[str, Table] = {
    "cli": CLI,
    "json": (
        EXPORT,
        ReporterOption("structure", "`newman`, as the Postman CLI names it; there is no other", "NAME"),
        *OMIT,
    ),
    "junit": (EXPORT,),
    "progress": (SILENT,),
    "emojitrain": (SILENT,),
    "ndjson": (ReporterOption("export", "write to a file instead of standard output", "PATH", optional=True),),
    "html": (EXPORT, ReporterOption("title", "heading of the page (default: the name of the collection)", "TEXT"), *OMIT),
    "markdown": (ReporterOption("export", "write to a file instead of standard output", "PATH", optional=True),),
    "github": (
        ReporterOption("no-annotations", "print no annotations"),
        ReporterOption("no-summary", "add nothing to the summary of the job"),
    ),
    "allure": (
        ReporterOption("results-dir", "the folder of the results (default: allure-results)", "DIR"),
        ReporterOption("collection-as-parent-suite", "as it is in any case: the collection is the parent suite"),
    ),
    "teamcity": (),
    "json-summary": (
        EXPORT,
        ReporterOption("summary-json-export", "the same, as newman-reporter-json-summary names it", "PATH", optional=True),
    ),
}
"""The options of each reporter of postrunner. One of another package declares its own as `OPTIONS` of its class."""
