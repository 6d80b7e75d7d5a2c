"""What a run shows and leaves: reports, exports, masking."""

from __future__ import annotations

from dataclasses import field

from runner.model.quick_dataclass import dataclass
from runner.options.option import EXAMPLES, option


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class OutputOptions:
    """What a run shows and leaves: reports, exports, masking."""

    reporters: tuple[str, ...] = option(
        "-r",
        "--reporters",
        kind="names",
        metavar="NAMES",
        default=("cli",),
        help="Reporters, separated by commas: cli, json, junit, html, progress, emojitrain, ndjson, markdown, github,"
        " teamcity, allure, htmlextra, junitfull, json-summary; auto: cli and what the CI server shows.",
    )
    reporter_options: tuple[tuple[str, str], ...] = field(default=())
    slowest: int | None = option(
        "--slowest",
        kind="number",
        metavar="N",
        help="List the N slowest requests in cli, html, json and markdown (default: 5 in markdown, else none).",
    )
    silent: bool = option("--silent", kind="flag", default=False, help="Print nothing on standard output.")
    verbose: bool = option(
        "--verbose", kind="flag", default=False, help="Show headers, bodies and timings of every request."
    )
    color: str = option(
        "--color", kind="choice", default="auto", choices=("auto", "on", "off"), help="Colours in the output."
    )
    ci_safe: bool = option(
        "--ci-safe",
        kind="flag",
        default=False,
        help="Break what could be a command for any CI server in the output (else: for the one that runs this).",
    )
    disable_unicode: bool = option(
        "--disable-unicode", kind="flag", default=False, help="Use only ASCII symbols in the output."
    )
    export_environment: str | None = option(
        "--export-environment", kind="path", metavar="FILE", help="Write the final environment."
    )
    export_globals: str | None = option("--export-globals", kind="path", metavar="FILE", help="Write the final globals.")
    export_collection: str | None = option(
        "--export-collection",
        kind="path",
        metavar="FILE",
        help="Write the collection as it was run; its variables as in the file.",
    )
    export_collection_values: bool = option(
        "--export-collection-values",
        kind="flag",
        default=False,
        help="Write the values that scripts gave to the collection's variables, too.",
    )
    save_examples: str | None = option(
        "--save-examples",
        kind="choice",
        metavar="[new|replace|missing]",
        choices=EXAMPLES,
        help="Save the responses as examples in the exported collection: beside those that are there (new, the default),"
        " in place of those with the same status, or only where there is none with that status.",
    )
    export_variable: tuple[tuple[str, str], ...] = option(
        "--export-variable",
        kind="pair",
        metavar="NAME=FILE",
        default=(),
        help="Write the final value of one variable, and nothing else; repeatable.",
    )
    save_body: tuple[tuple[str, str], ...] = option(
        "--save-body",
        kind="pair",
        metavar="NAME=FILE",
        default=(),
        help="Write the body of each response to this request (name, id or path: Folder/Sub/Request), as it came;"
        " further ones into FILE-2 and so on; repeatable.",
    )
    save_body_pages: tuple[tuple[str, str], ...] = option(
        "--save-body-pages",
        kind="pair",
        metavar="NAME=FILE",
        default=(),
        help="Write the arrays in all responses to this request as one JSON array; NAME#/path/to/array says where in a"
        " body the array is; repeatable.",
    )
    export_secrets: bool = option(
        "--export-secrets",
        kind="flag",
        default=False,
        help="Also write what exports leave out: every value that is secret by any rule (type or name of its variable,"
        " --secret, a known secret in it) and that the loaded file did not hold.",
    )
    export_cookie_jar: str | None = option(
        "--export-cookie-jar", kind="path", metavar="FILE", help="Write the final cookies."
    )
    history: str | None = option(
        "--history",
        kind="path",
        metavar="FILE",
        help="Add the run to a history, an SQLite file that `postrunner history` reads.",
    )
    history_runs: int | None = option(
        "--history-runs",
        kind="count",
        metavar="N",
        help="Keep the latest N runs of this collection in the history (default: all).",
    )
    history_days: int | None = option(
        "--history-days", kind="count", metavar="N", help="Keep the runs of the last N days in the history (default: all)."
    )
    on_fail: str | None = option(
        "--on-fail",
        kind="command",
        metavar="COMMAND",
        help="Run this program when the run fails, and the one before in the history (same collections, environment and"
        " selection) passed or is missing; it gets POSTRUNNER_RUN_… variables, and no shell is involved.",
    )
    on_recover: str | None = option(
        "--on-recover",
        kind="command",
        metavar="COMMAND",
        help="Run this program when the run passes and the one before failed.",
    )
    otel: bool = option(
        "--otel",
        kind="flag",
        default=False,
        help="Send traces and metrics of the run to an OpenTelemetry collector; OTEL_… variables say where (extra: otel).",
    )
    trace_header: bool = option(
        "--trace-header",
        kind="flag",
        default=False,
        help="Send a traceparent header with each request, so that the spans of servers are in the same trace.",
    )
    secret: tuple[str, ...] = option(
        "--secret",
        kind="list",
        metavar="NAME",
        default=(),
        help="Mask the value of this variable in every output; repeatable.",
    )
    secret_pattern: tuple[str, ...] = option(
        "--secret-pattern",
        kind="list",
        metavar="REGEX",
        default=(),
        help="Mask every text that matches; repeatable.",
    )
    show_secrets: bool = option(
        "--show-secrets", kind="flag", default=False, help="Mask nothing. Reports will contain your secrets."
    )
