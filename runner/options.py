"""The options of a run: one frozen dataclass; each field carries its flag, help, and configuration key.

The command line, the documentation and the configuration files are made from these fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


def option(*flags: str, help: str, default: Any = None, kind: str = "text", metavar: str = "", **more: Any) -> Any:
    """A field with what its command line option needs.

    `kind` is one of text, path, flag, count (whole number ≥ 1), ms (whole milliseconds ≥ 0), pair (`key=value`,
    repeatable), list (repeatable), names (comma list), choice (with `choices`), bail, size (bytes, with kB, MB or GB
    behind the number). `group` names its heading in `--help`.
    """
    metadata = {"flags": flags, "help": help, "kind": kind, "metavar": metavar, **more}
    return field(default=default, metadata=metadata)


FILES, SELECTION, NETWORK, FLOW, OUTPUT = "Files", "Selection", "Network", "Flow", "Output"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Everything that steers a run but the collection itself."""

    environment: str | tuple[str, ...] | None = option(
        "-e",
        "--environment",
        kind="list",
        metavar="FILE",
        default=(),
        group=FILES,
        help="Environment: a file, URL or Postman UID; repeatable, the later one wins.",
    )
    globals: str | None = option(
        "-g", "--globals", kind="path", metavar="FILE", group=FILES, help="Globals: a file or URL."
    )
    iteration_data: str | None = option(
        "-d",
        "--iteration-data",
        kind="path",
        metavar="FILE",
        group=FILES,
        help="JSON or CSV, a file or URL: one iteration for each row.",
    )
    iteration_count: int | None = option(
        "-n",
        "--iteration-count",
        kind="count",
        metavar="N",
        group=SELECTION,
        help="Number of iterations (default: one for each row of data, else 1).",
    )
    folder: tuple[str, ...] = option(
        "--folder",
        kind="list",
        metavar="NAME",
        default=(),
        group=SELECTION,
        help="Run only this folder or request: name, id or path (Folder/Sub/Request); repeatable.",
    )
    item: tuple[str, ...] = option(
        "-i",
        "--item",
        kind="list",
        metavar="NAME",
        default=(),
        group=SELECTION,
        help="The same as --folder, as the Postman CLI has it.",
    )
    exclude: tuple[str, ...] = option(
        "--exclude",
        kind="list",
        metavar="NAME",
        default=(),
        group=SELECTION,
        help="Leave out every folder or request of this name, id or path; repeatable.",
    )
    allow_empty: bool = option(
        "--allow-empty",
        kind="flag",
        default=False,
        group=SELECTION,
        help="Pass when what was selected holds no request.",
    )
    env_var: tuple[tuple[str, str], ...] = option(
        "--env-var",
        kind="pair",
        metavar="KEY=VALUE",
        default=(),
        group=FILES,
        help="Set an environment variable over the file's; repeatable.",
    )
    global_var: tuple[tuple[str, str], ...] = option(
        "--global-var",
        kind="pair",
        metavar="KEY=VALUE",
        default=(),
        group=FILES,
        help="Set a global variable over the file's; repeatable.",
    )
    env_file: tuple[str, ...] = option(
        "--env-file",
        kind="list",
        metavar="FILE",
        default=(),
        group=FILES,
        help="File of KEY=VALUE lines (.env): environment variables over those of -e; repeatable.",
    )
    cookie_jar: str | None = option(
        "--cookie-jar", kind="path", metavar="FILE", group=FILES, help="Cookies to start with (JSON of tough-cookie)."
    )
    postman_api_key: str | None = option(
        "--postman-api-key", metavar="KEY", group=FILES, help="Key to load files by their UID from the Postman API."
    )
    working_dir: str | None = option(
        "--working-dir",
        kind="path",
        metavar="DIR",
        group=FILES,
        help="Folder for relative file uploads (default: the current one).",
    )
    no_insecure_file_read: bool = option(
        "--no-insecure-file-read",
        kind="flag",
        default=False,
        group=FILES,
        help="Forbid reading files outside of the working directory.",
    )
    allow_read: tuple[str, ...] = option(
        "--allow-read",
        kind="list",
        metavar="DIR",
        default=(),
        group=FILES,
        help="Folder that scripts may read, too: files they upload (else: the working directory) and pm.require"
        " (else: the collection's folder); repeatable.",
    )
    bail: str | None = option(
        "--bail",
        kind="bail",
        metavar="[failure|folder|iteration]",
        group=FLOW,
        help="Stop at the first failure, after its item (failure), or at once on errors (folder); iteration: go on"
        " with the next iteration.",
    )
    delay_request: int = option(
        "--delay-request", kind="ms", metavar="MS", default=0, group=FLOW, help="Wait before every item."
    )
    timeout: int = option("--timeout", kind="ms", metavar="MS", default=0, group=FLOW, help="Time limit of the whole run.")
    timeout_request: int = option(
        "--timeout-request",
        kind="ms",
        metavar="MS",
        default=0,
        group=NETWORK,
        help="Time limit to connect and between two bytes of a response.",
    )
    timeout_total: int = option(
        "--timeout-total",
        kind="ms",
        metavar="MS",
        default=0,
        group=NETWORK,
        help="Time limit of each request as a whole, redirects included.",
    )
    max_response_size: int | None = option(
        "--max-response-size",
        kind="size",
        metavar="SIZE",
        group=NETWORK,
        help="Fail a request whose response body is larger, for example 10MB (default: 50MB).",
    )
    proxy: str | None = option(
        "--proxy", metavar="URL", group=NETWORK, help="Proxy for http and https, over HTTP_PROXY and HTTPS_PROXY."
    )
    no_proxy: str | None = option(
        "--no-proxy", metavar="HOSTS", group=NETWORK, help="Hosts that need no proxy, by commas, over NO_PROXY (* for all)."
    )
    http2: bool = option(
        "--http2",
        kind="flag",
        default=False,
        group=NETWORK,
        help="Offer HTTP/2 to https servers (needs postrunner[http2]); an item's protocolVersion wins.",
    )
    timeout_script: int = option(
        "--timeout-script",
        kind="ms",
        metavar="MS",
        default=0,
        group=FLOW,
        help="Time limit of each script (0: none, but a script that cannot end is still found).",
    )
    script_memory: int | None = option(
        "--script-memory",
        kind="size",
        metavar="SIZE",
        group=FLOW,
        help="Memory that scripts may use, from 128MB to 4GB (default: 2GB); one that needs more fails.",
    )
    script_confinement: str = option(
        "--script-confinement",
        kind="choice",
        default="warn",
        choices=("warn", "require", "quiet"),
        group=FLOW,
        help="Where the system cannot confine the script process: warn, refuse to run scripts, or say nothing.",
    )
    ignore_redirects: bool = option(
        "--ignore-redirects", kind="flag", default=False, group=NETWORK, help="Do not follow redirects."
    )
    insecure: bool = option(
        "-k", "--insecure", kind="flag", default=False, group=NETWORK, help="Do not verify TLS certificates."
    )
    ssl_extra_ca_certs: str | None = option(
        "--ssl-extra-ca-certs",
        kind="path",
        metavar="FILE",
        group=NETWORK,
        help="PEM file of further certificate authorities to trust.",
    )
    ssl_client_cert: str | None = option(
        "--ssl-client-cert",
        kind="path",
        metavar="FILE",
        group=NETWORK,
        help="Client certificate (PEM, or PFX by its extension) for every https request.",
    )
    ssl_client_key: str | None = option(
        "--ssl-client-key", kind="path", metavar="FILE", group=NETWORK, help="Private key of the client certificate (PEM)."
    )
    ssl_client_passphrase: str | None = option(
        "--ssl-client-passphrase", metavar="TEXT", group=NETWORK, help="Passphrase of the client certificate's key."
    )
    ssl_client_cert_list: str | None = option(
        "--ssl-client-cert-list",
        kind="path",
        metavar="FILE",
        group=NETWORK,
        help="JSON list of client certificates with the URL patterns they are for.",
    )
    record: str | None = option(
        "--record",
        kind="path",
        metavar="FILE",
        group=NETWORK,
        help="Record every exchange into this cassette (vcrpy's YAML), without secrets.",
    )
    replay: str | None = option(
        "--replay",
        kind="path",
        metavar="FILE",
        group=NETWORK,
        help="Answer every request from this cassette; nothing is sent.",
    )
    record_mode: str = option(
        "--record-mode",
        kind="choice",
        default="once",
        choices=("once", "new", "all", "none"),
        metavar="MODE",
        group=NETWORK,
        help="With --record: once (record a new file, replay an existing one), new (replay what is recorded, record the"
        " rest), all (record everything anew), none (replay only).",
    )
    suppress_exit_code: bool = option(
        "-x", "--suppress-exit-code", kind="flag", default=False, group=FLOW, help="Exit with 0 even when the run failed."
    )
    max_requests: int | None = option(
        "--max-requests",
        kind="count",
        metavar="N",
        group=FLOW,
        help="End the run when an iteration runs more requests than this (default: 100000 and those of the collection).",
    )
    dry_run: bool = option(
        "--dry-run", kind="flag", default=False, group=FLOW, help="Show every request, send nothing, run no script."
    )
    reporters: tuple[str, ...] = option(
        "-r",
        "--reporters",
        kind="names",
        metavar="NAMES",
        default=("cli",),
        group=OUTPUT,
        help="Reporters, separated by commas: cli, json, junit, html, progress, emojitrain, ndjson.",
    )
    reporter_options: tuple[tuple[str, str], ...] = field(default=())
    silent: bool = option("--silent", kind="flag", default=False, group=OUTPUT, help="Print nothing on standard output.")
    verbose: bool = option(
        "--verbose", kind="flag", default=False, group=OUTPUT, help="Show headers, bodies and timings of every request."
    )
    color: str = option(
        "--color", kind="choice", default="auto", choices=("auto", "on", "off"), group=OUTPUT, help="Colours in the output."
    )
    ci_safe: bool = option(
        "--ci-safe",
        kind="flag",
        default=False,
        group=OUTPUT,
        help="Break what could be a command for any CI server in the output (else: for the one that runs this).",
    )
    disable_unicode: bool = option(
        "--disable-unicode", kind="flag", default=False, group=OUTPUT, help="Use only ASCII symbols in the output."
    )
    export_environment: str | None = option(
        "--export-environment", kind="path", metavar="FILE", group=OUTPUT, help="Write the final environment."
    )
    export_globals: str | None = option(
        "--export-globals", kind="path", metavar="FILE", group=OUTPUT, help="Write the final globals."
    )
    export_collection: str | None = option(
        "--export-collection",
        kind="path",
        metavar="FILE",
        group=OUTPUT,
        help="Write the collection as it was run; its variables as in the file.",
    )
    export_collection_values: bool = option(
        "--export-collection-values",
        kind="flag",
        default=False,
        group=OUTPUT,
        help="Write the values that scripts gave to the collection's variables, too.",
    )
    export_variable: tuple[tuple[str, str], ...] = option(
        "--export-variable",
        kind="pair",
        metavar="NAME=FILE",
        default=(),
        group=OUTPUT,
        help="Write the final value of one variable, and nothing else; repeatable.",
    )
    export_secrets: bool = option(
        "--export-secrets",
        kind="flag",
        default=False,
        group=OUTPUT,
        help="Write also what exports leave out: every value that is secret by any rule (type or name of its variable,"
        " --secret, a known secret in it) and that the loaded file did not hold.",
    )
    export_cookie_jar: str | None = option(
        "--export-cookie-jar", kind="path", metavar="FILE", group=OUTPUT, help="Write the final cookies."
    )
    secret: tuple[str, ...] = option(
        "--secret",
        kind="list",
        metavar="NAME",
        default=(),
        group=OUTPUT,
        help="Mask the value of this variable in every output; repeatable.",
    )
    secret_pattern: tuple[str, ...] = option(
        "--secret-pattern",
        kind="list",
        metavar="REGEX",
        default=(),
        group=OUTPUT,
        help="Mask every text that matches; repeatable.",
    )
    show_secrets: bool = option(
        "--show-secrets", kind="flag", default=False, group=OUTPUT, help="Mask nothing. Reports will hold your secrets."
    )
    token_cache: str | None = option(
        "--token-cache",
        kind="path",
        metavar="FILE",
        group=FILES,
        help="Keep fetched OAuth 2.0 tokens in this file for the next run (readable by you only).",
    )
    strict_variables: bool = option(
        "--strict-variables",
        kind="flag",
        default=False,
        group=FLOW,
        help="A variable without a value is a failure: its request is not sent.",
    )
    strict_files: bool = option(
        "--strict-files",
        kind="flag",
        default=False,
        group=FLOW,
        help="A file of an upload that is missing or not chosen is a failure: its request is not sent.",
    )
    seed: str | None = option("--seed", metavar="TEXT", group=FLOW, help="Make random values repeat from run to run.")

    def reporter_option(self, reporter: str, name: str) -> str | None:
        """The value of `--reporter-<reporter>-<name>`, or of a general `--reporter-<name>` where it is missing."""
        chosen = dict(self.reporter_options)
        return chosen.get(f"{reporter}-{name}", chosen.get(name))


def option_fields() -> list[tuple[str, dict[str, Any], Any]]:
    """Name, metadata and default of every field that is a command line option, in order."""
    return [(f.name, dict(f.metadata), f.default) for f in fields(RunOptions) if f.metadata]
