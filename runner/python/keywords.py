"""The keywords of `runner.run` and `runner.arun`, with their types; written by `scripts/docs` from the options.

Each may also be None, which stands for its default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Literal, TypeAlias, TypedDict

from runner.model.variable import Environment

AnyPath: TypeAlias = str | PathLike[str]
"""A path; where the command line takes URLs or UIDs, a text may be one of these, too."""

Paths: TypeAlias = AnyPath | Sequence[AnyPath]
"""A path or several."""

Texts: TypeAlias = str | Sequence[str]
"""A text or several."""

Scalar: TypeAlias = str | float | bool
"""A value that has a text."""

Pairs: TypeAlias = Mapping[str, Scalar] | str | Sequence[str | tuple[str, Scalar]]
"""Names with their values: a mapping, pairs, or texts of the form `name=value`."""

Variables: TypeAlias = AnyPath | Mapping[str, object] | Environment
"""A file of variables; names with their values; or what such a file holds."""

ReporterOptions: TypeAlias = Mapping[str, Scalar | AnyPath | Mapping[str, Scalar | AnyPath]] | Sequence[tuple[str, str]]
"""`{"junit": {"export": "junit.xml"}}`, or `{"junit-export": "junit.xml"}`."""


class Keywords(TypedDict, total=False):
    """Every option of a run; those of the command line, with underscores."""

    environment: Variables | Sequence[Variables] | None
    """Environment: a file, URL or Postman UID; repeatable, the later one wins."""

    globals: Variables | None
    """Globals: a file or URL."""

    iteration_data: AnyPath | Mapping[str, object] | Sequence[Mapping[str, object]] | None
    """JSON or CSV, a file or URL: one iteration for each row."""

    env_var: Pairs | None
    """Set an environment variable over the file's; repeatable."""

    global_var: Pairs | None
    """Set a global variable over the file's; repeatable."""

    env_file: Paths | None
    """File of KEY=VALUE lines (.env): environment variables over those of -e; repeatable."""

    cookie_jar: AnyPath | None
    """Cookies to start with (JSON of tough-cookie)."""

    postman_api_key: str | None
    """Key to load files by their UID from the Postman API (default: POSTMAN_API_KEY, or the keyring)."""

    working_dir: AnyPath | None
    """Folder for relative file uploads (default: the current one)."""

    no_insecure_file_read: bool | None
    """Forbid reading files outside of the working directory."""

    allow_read: Paths | None
    """Folder that scripts may read, too: files they upload (else: the working directory) and pm.require (else: the
    collection's folder); repeatable."""

    token_cache: AnyPath | None
    """Keep fetched OAuth 2.0 tokens in this file for the next run (readable by you only)."""

    iteration_count: int | None
    """Number of iterations (default: one for each row of data, else 1)."""

    collection_name: Texts | None
    """Of a workspace folder run only the collection of this name, id or folder name; repeatable."""

    folder: Texts | None
    """Run only this folder or request: name, id or path (Folder/Sub/Request); repeatable."""

    item: Texts | None
    """The Postman CLI's name for --folder."""

    exclude: Texts | None
    """Leave out every folder or request of this name, id or path; repeatable."""

    tag: Texts | None
    """Run only what has this tag: [TAG] in its name or that of a folder, or @TAG in a description; repeatable (any
    of them)."""

    not_tag: Texts | None
    """Leave out what has this tag; repeatable."""

    grep: str | None
    """Run only requests whose path (Folder/Sub/Request) contains this text or matches this regular expression,
    ignoring case."""

    only_with_tests: bool | None
    """Run only requests with tests, their own or those of their folders or collection."""

    start_at: AnyPath | None
    """Begin each iteration at this request or folder: name, id or path."""

    stop_after: AnyPath | None
    """End each iteration after this request or folder: name, id or path."""

    setup: Texts | None
    """Run this folder or request once, before everything else; what it sets reaches every iteration and collection;
    repeatable."""

    teardown: Texts | None
    """Run this folder or request once, after everything else, also after failures, --timeout and Ctrl-C; repeatable."""

    last_failed: bool | None
    """Run only what failed last time, with the requests that it depends on; all if nothing did."""

    failed_first: bool | None
    """Run everything, what failed last time first where the order makes no difference."""

    rerun: AnyPath | None
    """Run only what failed in this JSON or JUnit report (or Newman's JSON), with what it depends on."""

    allow_empty: bool | None
    """Pass even if no request was selected."""

    bail: bool | Texts | None
    """Stop at the first failure, after its item (failure), or at once on errors (folder); iteration: go on with the
    next iteration."""

    delay_request: int | None
    """Wait before every item."""

    timeout: int | None
    """Time limit of the whole run."""

    timeout_script: int | None
    """Time limit of each script (0: none, but a script that cannot end is still found)."""

    script_memory: int | str | None
    """Memory that scripts may use, from 128MB to 4GB (default: 2GB); one that needs more fails."""

    script_confinement: Literal["warn", "require", "quiet"] | None
    """If the system cannot confine the script process: warn, refuse to run scripts, or say nothing."""

    suppress_exit_code: bool | None
    """Exit with 0 even if the run failed."""

    max_requests: int | None
    """End the run when an iteration runs more requests than this (default: 100000 and those of the collection)."""

    retries: int | None
    """Run a failed request again, up to N times; the last attempt counts. @retry N in its description wins."""

    retry_delay: int | None
    """Wait before a request is run again (default: 1000); Retry-After of a server may ask for up to a minute."""

    retry_on: Texts | None
    """What is run again: connect, timeout, assertion, script, status codes and classes like 5xx, separated by commas
    (default: connect,timeout,429,502,503,504)."""

    retry_unsafe: bool | None
    """Also repeat what is not safe to repeat: POST, PATCH and the like."""

    fail_on_flaky: bool | None
    """A request that passed only after a retry is a failure."""

    allow_skipped_kinds: bool | None
    """Pass when requests were skipped because their kind (gRPC, WebSocket …) cannot be sent yet."""

    fail_on_warning: bool | None
    """A warning is a failure."""

    strict_variables: bool | None
    """A variable without a value is a failure: its request is not sent."""

    strict_files: bool | None
    """A file of an upload that is missing or not chosen is a failure: its request is not sent."""

    seed: str | int | None
    """Make random values repeat from run to run."""

    contract: Paths | None
    """Check requests and responses against an OpenAPI document (2.0 to 3.2, a file or URL), or responses against the
    saved examples (--contract examples); repeatable."""

    contract_drift: Literal["warn", "fail"] | None
    """With --contract examples: whether a response that differs from them is a warning (default) or a failure."""

    contract_server: Texts | None
    """Where the API of the documents is, in place of their own servers; repeatable."""

    contract_allow_ref: Texts | None
    """What references of the documents may fetch: URLs that begin like this; repeatable. Loopback may always be."""

    contract_formats: bool | None
    """Check formats of texts (date-time, email, uuid, …), too."""

    contract_coverage: int | None
    """Fail if fewer operations of the documents got a response that could be checked."""

    snapshot: Literal["auto", "check", "update", "review"] | None
    """Compare each response with its snapshot, in files beside the collection. auto (the default): write those that
    are missing, in CI check; check: a missing one is a failure, too; update: write what differs; review: show it
    and ask."""

    snapshot_dir: AnyPath | None
    """Where the snapshots are, if not beside the collection."""

    snapshot_ignore: Texts | None
    """Leave a part of the responses to a request out of snapshots: NAME:$.path, NAME:header.name, NAME:status,
    NAME:body, or all of it: NAME (name, id or path of a request or folder; * is every request); repeatable."""

    snapshot_unordered: Texts | None
    """Compare this array of the responses to a request without regard to its order; repeatable."""

    snapshot_exact: Texts | None
    """Keep times, ids and tokens at this path in snapshots, and compare them; repeatable."""

    snapshot_learn: bool | None
    """Run twice, propose rules for what differs, and write them if you agree (--snapshot update: without asking)."""

    snapshot_prune: bool | None
    """Remove the snapshots that nothing uses any more."""

    jobs: int | Literal["auto"] | None
    """Run N collections, or parts of one (--parallel), at a time; auto: one for each processor."""

    parallel: Literal["iterations", "folders"] | None
    """Run the iterations, or the top-level folders, of a collection in parallel, each from the variables and cookies
    before the first; refused if one may read what an earlier one sets."""

    force_parallel: bool | None
    """Run them in parallel all the same."""

    max_rate: str | None
    """The most requests that one host gets: 5/s, 200/min, 1000/h. A 429 with Retry-After slows it down."""

    shard: str | None
    """Run only part I of N: of the collections, or of the top-level folders and requests of a single one (of the
    iterations or folders with --parallel)."""

    shard_by: AnyPath | None
    """Give all parts about the same time, by the times in this JSON or JUnit report."""

    timeout_request: int | None
    """Time limit to connect and between two bytes of a response."""

    timeout_total: int | None
    """Time limit of each request as a whole, redirects included."""

    max_response_size: int | str | None
    """Fail a request whose response body is larger, for example 10MB (default: 50MB)."""

    proxy: str | None
    """Proxy for http and https, over HTTP_PROXY and HTTPS_PROXY."""

    no_proxy: str | None
    """Hosts that need no proxy, separated by commas, over NO_PROXY (* for all)."""

    http2: bool | None
    """Offer HTTP/2 to https servers (needs postrunner[http2]); an item's protocolVersion wins."""

    ignore_redirects: bool | None
    """Do not follow redirects."""

    insecure: bool | None
    """Do not verify TLS certificates."""

    ssl_extra_ca_certs: AnyPath | None
    """PEM file of further certificate authorities to trust."""

    ssl_client_cert: AnyPath | None
    """Client certificate (PEM, or PFX by its extension) for every https request."""

    ssl_client_key: AnyPath | None
    """Private key of the client certificate (PEM)."""

    ssl_client_passphrase: str | None
    """Passphrase of the client certificate's key."""

    ssl_client_cert_list: AnyPath | None
    """JSON list of client certificates with the URL patterns they are for."""

    mock: bool | None
    """Answer every request from the collection's saved examples; nothing is sent elsewhere."""

    mock_from: Paths | None
    """The same from the examples of another collection, or of an OpenAPI document."""

    use_mock: Texts | None
    """Answer only requests to this origin like that, for example "{{base_url}}"; the others are sent."""

    record: AnyPath | None
    """Record every exchange into this cassette (vcrpy's YAML), without secrets."""

    replay: AnyPath | None
    """Answer every request from this cassette; nothing is sent."""

    record_mode: Literal["once", "new", "all", "none"] | None
    """With --record: once (record a new file, replay an existing one), new (replay what is recorded, record the
    rest), all (record everything anew), none (replay only)."""

    reporters: Texts | None
    """Reporters, separated by commas: cli, json, junit, html, progress, emojitrain, ndjson, markdown, github,
    teamcity, allure, htmlextra, junitfull, json-summary; auto: cli and what the CI server shows."""

    slowest: int | None
    """List the N slowest requests in cli, html, json and markdown (default: 5 in markdown, else none)."""

    silent: bool | None
    """Print nothing on standard output."""

    verbose: bool | None
    """Show headers, bodies and timings of every request."""

    color: Literal["auto", "on", "off"] | None
    """Colours in the output."""

    ci_safe: bool | None
    """Break what could be a command for any CI server in the output (else: for the one that runs this)."""

    disable_unicode: bool | None
    """Use only ASCII symbols in the output."""

    export_environment: AnyPath | None
    """Write the final environment."""

    export_globals: AnyPath | None
    """Write the final globals."""

    export_collection: AnyPath | None
    """Write the collection as it was run; its variables as in the file."""

    export_collection_values: bool | None
    """Write the values that scripts gave to the collection's variables, too."""

    save_examples: Literal["new", "replace", "missing"] | None
    """Save the responses as examples in the exported collection: beside those that are there (new, the default), in
    place of those with the same status, or only where there is none with that status."""

    export_variable: Pairs | None
    """Write the final value of one variable, and nothing else; repeatable."""

    save_body: Pairs | None
    """Write the body of each response to this request (name, id or path: Folder/Sub/Request), as it came; further
    ones into FILE-2 and so on; repeatable."""

    save_body_pages: Pairs | None
    """Write the arrays in all responses to this request as one JSON array; NAME#/path/to/array says where in a body
    the array is; repeatable."""

    export_secrets: bool | None
    """Also write what exports leave out: every value that is secret by any rule (type or name of its variable,
    --secret, a known secret in it) and that the loaded file did not hold."""

    export_cookie_jar: AnyPath | None
    """Write the final cookies."""

    history: AnyPath | None
    """Add the run to a history, an SQLite file that `postrunner history` reads."""

    history_runs: int | None
    """Keep the latest N runs of this collection in the history (default: all)."""

    history_days: int | None
    """Keep the runs of the last N days in the history (default: all)."""

    on_fail: str | None
    """Run this program when the run fails, and the one before in the history (same collections, environment and
    selection) passed or is missing; it gets POSTRUNNER_RUN_… variables, and no shell is involved."""

    on_recover: str | None
    """Run this program when the run passes and the one before failed."""

    otel: bool | None
    """Send traces and metrics of the run to an OpenTelemetry collector; OTEL_… variables say where (extra: otel)."""

    trace_header: bool | None
    """Send a traceparent header with each request, so that the spans of servers are in the same trace."""

    secret: Texts | None
    """Mask the value of this variable in every output; repeatable."""

    secret_pattern: Texts | None
    """Mask every text that matches; repeatable."""

    show_secrets: bool | None
    """Mask nothing. Reports will contain your secrets."""

    reporter_options: ReporterOptions | None
    """Options of reporters."""
