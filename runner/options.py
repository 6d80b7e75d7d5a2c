"""The options of a run: one frozen dataclass; each field carries its flag, help, and configuration key.

The command line, the documentation and the configuration files are made from these fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from runner.errors import UsageError


def option(*flags: str, help: str, default: Any = None, kind: str = "text", metavar: str = "", **more: Any) -> Any:
    """A field with what its command line option needs.

    `kind` is one of text, path, flag, count (whole number ≥ 1), ms (whole milliseconds ≥ 0), pair (`key=value`,
    repeatable), list (repeatable), names (comma list), choice (with `choices`). `group` names its heading in `--help`.
    """
    metadata = {"flags": flags, "help": help, "kind": kind, "metavar": metavar, **more}
    return field(default=default, metadata=metadata)


FILES, SELECTION, NETWORK, FLOW, OUTPUT = "Files", "Selection", "Network", "Flow", "Output"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Everything that steers a run but the collection itself."""

    environment: str | None = option(
        "-e", "--environment", kind="path", metavar="FILE", group=FILES, help="Environment file."
    )
    globals: str | None = option("-g", "--globals", kind="path", metavar="FILE", group=FILES, help="Globals file.")
    iteration_data: str | None = option(
        "-d",
        "--iteration-data",
        kind="path",
        metavar="FILE",
        group=FILES,
        help="JSON or CSV file: one iteration for each row.",
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
        help="Run only this folder or request, by name or id; repeatable.",
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
    bail: str | None = option(
        "--bail",
        kind="bail",
        metavar="[failure|folder]",
        group=FLOW,
        help="Stop at the first failure, after its item (failure), or at once on errors (folder).",
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
    timeout_script: int = option(
        "--timeout-script",
        kind="ms",
        metavar="MS",
        default=0,
        group=FLOW,
        help="Time limit of each script (0: none, but a script that cannot end is still found).",
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
    reporters: tuple[str, ...] = option(
        "-r",
        "--reporters",
        kind="names",
        metavar="NAMES",
        default=("cli",),
        group=OUTPUT,
        help="Reporters, separated by commas: cli, json, junit, progress, emojitrain, ndjson.",
    )
    reporter_options: tuple[tuple[str, str], ...] = field(default=())
    silent: bool = option("--silent", kind="flag", default=False, group=OUTPUT, help="Print nothing on standard output.")
    verbose: bool = option(
        "--verbose", kind="flag", default=False, group=OUTPUT, help="Show headers, bodies and timings of every request."
    )
    color: str = option(
        "--color", kind="choice", default="auto", choices=("auto", "on", "off"), group=OUTPUT, help="Colours in the output."
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
        help="Write the collection with its final variables.",
    )
    token_cache: str | None = option(
        "--token-cache",
        kind="path",
        metavar="FILE",
        group=FILES,
        help="Keep fetched OAuth 2.0 tokens in this file for the next run (readable by you only).",
    )
    seed: str | None = option("--seed", metavar="TEXT", group=FLOW, help="Make random values repeat from run to run.")

    def reporter_option(self, reporter: str, name: str) -> str | None:
        """The value of `--reporter-<reporter>-<name>`, or of a general `--reporter-<name>` where it is missing."""
        chosen = dict(self.reporter_options)
        return chosen.get(f"{reporter}-{name}", chosen.get(name))


def parse_pair(text: str) -> tuple[str, str]:
    """`key=value`, split at the first `=`; raises `UsageError`."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise UsageError(f"{text!r} is not KEY=VALUE", hint="write for example --env-var base_url=https://example.com")
    return key, value


def option_fields() -> list[tuple[str, dict[str, Any], Any]]:
    """Name, metadata and default of every field that is a command line option, in order."""
    return [(f.name, dict(f.metadata), f.default) for f in fields(RunOptions) if f.metadata]
