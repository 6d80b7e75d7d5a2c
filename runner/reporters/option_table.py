"""The options of every reporter, declared once: the command line, its help, configuration and the pages read them here."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class ReporterOption:
    """One `--reporter-<reporter>-<name>`; `name` is in kebab case.

    A flag has no `metavar`. An option with one takes a value, which may be missing if it is `optional`. An `ignored`
    option is accepted for command lines written for other programs, and does nothing.
    """

    name: str
    help: str
    metavar: str = ""
    optional: bool = False
    ignored: bool = False

    @property
    def is_flag(self) -> bool:
        """Whether it takes no value."""
        return not self.metavar

    @property
    def usage(self) -> str:
        """The name with its value: `export PATH`."""
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

TITLE = ReporterOption("title", "heading of the page (default: the name of the collection)", "TEXT")
TEMPLATE = ReporterOption("template", "ignored: the page has no other template", "PATH", ignored=True)
CHOICE = (
    ReporterOption("browser-title", "title of the window (default: the verdict and the heading)", "TEXT"),
    ReporterOption("timezone", "time zone of the date (default: UTC)", "ZONE"),
    ReporterOption("show-only-fails", "list only requests that failed"),
    ReporterOption("skip-folders", "leave out these folders, separated by commas", "NAMES"),
    ReporterOption("skip-requests", "leave out these requests, separated by commas", "NAMES"),
    ReporterOption("skip-headers", "leave out these headers, separated by commas", "NAMES"),
    ReporterOption("hide-request-body", "leave out the bodies that these requests sent, separated by commas", "NAMES"),
    ReporterOption("hide-response-body", "leave out the bodies that these requests got, separated by commas", "NAMES"),
    ReporterOption("skip-environment-vars", "leave out these variables of the environment, separated by commas", "NAMES"),
    ReporterOption("skip-global-vars", "leave out these globals, separated by commas", "NAMES"),
)
HTMLEXTRA = (
    EXPORT,
    TITLE,
    *CHOICE,
    ReporterOption("omit-headers", "leave out the headers of requests and responses"),
    ReporterOption("omit-request-bodies", "leave out the bodies of requests"),
    ReporterOption("omit-response-bodies", "leave out the bodies of responses"),
    ReporterOption("skip-sensitive-data", "leave out all headers and bodies"),
    TEMPLATE,
    ReporterOption("logs", "ignored: the console is shown", ignored=True),
    ReporterOption("show-environment-data", "ignored: the environment is shown", ignored=True),
    ReporterOption("show-global-data", "ignored: the globals are shown", ignored=True),
    ReporterOption("show-folder-description", "ignored: descriptions are shown", ignored=True),
    ReporterOption("show-markdown-links", "ignored: names of tests are plain text", ignored=True),
    ReporterOption("no-syntax-highlighting", "ignored: only what is seen is coloured", ignored=True),
    ReporterOption("test-paging", "ignored: the list has no pages", ignored=True),
    ReporterOption("title-size", "ignored: the heading has one size", "NUMBER", ignored=True),
    ReporterOption("display-progress-bar", "ignored: `-r progress` draws a bar", ignored=True),
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
    "html": (EXPORT, TITLE, *OMIT, *CHOICE, TEMPLATE),
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
    "htmlextra": HTMLEXTRA,
    "junitfull": (EXPORT,),
    "json-summary": (
        EXPORT,
        ReporterOption("summary-json-export", "the same, as newman-reporter-json-summary names it", "PATH", optional=True),
    ),
}
"""The options of each reporter of postrunner. One of another package declares its own as `OPTIONS` of its class."""
