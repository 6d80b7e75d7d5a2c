"""How a run goes on and ends: limits, failures, scripts, contracts, snapshots."""

from __future__ import annotations

from runner.model.quick_dataclass import dataclass
from runner.options.option import SNAPSHOTS, option


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)
class FlowOptions:
    """How a run goes on and ends: limits, failures, scripts, contracts, snapshots."""

    bail: str | None = option(
        "--bail",
        kind="bail",
        metavar="[failure|folder|iteration]",
        help="Stop at the first failure, after its item (failure), or at once on errors (folder); iteration: go on"
        " with the next iteration.",
    )
    delay_request: int = option("--delay-request", kind="ms", metavar="MS", default=0, help="Wait before every item.")
    timeout: int = option("--timeout", kind="ms", metavar="MS", default=0, help="Time limit of the whole run.")
    timeout_script: int = option(
        "--timeout-script",
        kind="ms",
        metavar="MS",
        default=0,
        help="Time limit of each script (0: none, but a script that cannot end is still found).",
    )
    script_memory: int | None = option(
        "--script-memory",
        kind="size",
        metavar="SIZE",
        help="Memory that scripts may use, from 128MB to 4GB (default: 2GB); one that needs more fails.",
    )
    script_confinement: str = option(
        "--script-confinement",
        kind="choice",
        default="warn",
        choices=("warn", "require", "quiet"),
        help="If the system cannot confine the script process: warn, refuse to run scripts, or say nothing.",
    )
    suppress_exit_code: bool = option(
        "-x", "--suppress-exit-code", kind="flag", default=False, help="Exit with 0 even if the run failed."
    )
    max_requests: int | None = option(
        "--max-requests",
        kind="count",
        metavar="N",
        help="End the run when an iteration runs more requests than this (default: 100000 and those of the collection).",
    )
    retries: int = option(
        "--retries",
        kind="number",
        metavar="N",
        default=0,
        help="Run a failed request again, up to N times; the last attempt counts. @retry N in its description wins.",
    )
    retry_delay: int = option(
        "--retry-delay",
        kind="ms",
        metavar="MS",
        default=1000,
        help="Wait before a request is run again (default: 1000); Retry-After of a server may ask for up to a minute.",
    )
    retry_on: tuple[str, ...] = option(
        "--retry-on",
        kind="causes",
        metavar="CAUSES",
        default=("connect", "timeout", "429", "502", "503", "504"),
        help="What is run again: connect, timeout, assertion, script, status codes and classes like 5xx, separated by"
        " commas"
        " (default: connect,timeout,429,502,503,504).",
    )
    retry_unsafe: bool = option(
        "--retry-unsafe",
        kind="flag",
        default=False,
        help="Also repeat what is not safe to repeat: POST, PATCH and the like.",
    )
    fail_on_flaky: bool = option(
        "--fail-on-flaky", kind="flag", default=False, help="A request that passed only after a retry is a failure."
    )
    allow_skipped_kinds: bool = option(
        "--allow-skipped-kinds",
        kind="flag",
        default=False,
        help="Pass when requests were skipped because their kind (gRPC, WebSocket …) cannot be sent yet.",
    )
    fail_on_warning: bool = option("--fail-on-warning", kind="flag", default=False, help="A warning is a failure.")
    dry_run: bool = option("--dry-run", kind="flag", default=False, help="Show every request, send nothing, run no script.")
    strict_variables: bool = option(
        "--strict-variables",
        kind="flag",
        default=False,
        help="A variable without a value is a failure: its request is not sent.",
    )
    strict_files: bool = option(
        "--strict-files",
        kind="flag",
        default=False,
        help="A file of an upload that is missing or not chosen is a failure: its request is not sent.",
    )
    seed: str | None = option("--seed", metavar="TEXT", help="Make random values repeat from run to run.")
    contract: tuple[str, ...] = option(
        "--contract",
        kind="list",
        metavar="FILE",
        default=(),
        help="Check requests and responses against an OpenAPI document (2.0 to 3.2, a file or URL), or responses against"
        " the saved examples (--contract examples); repeatable.",
    )
    contract_drift: str | None = option(
        "--contract-drift",
        kind="choice",
        choices=("warn", "fail"),
        help="With --contract examples: whether a response that differs from them is a warning (default) or a failure.",
    )
    contract_server: tuple[str, ...] = option(
        "--contract-server",
        kind="list",
        metavar="URL",
        default=(),
        help="Where the API of the documents is, in place of their own servers; repeatable.",
    )
    contract_allow_ref: tuple[str, ...] = option(
        "--contract-allow-ref",
        kind="list",
        metavar="URL",
        default=(),
        help="What references of the documents may fetch: URLs that begin like this; repeatable. Loopback may always be.",
    )
    contract_formats: bool = option(
        "--contract-formats", kind="flag", default=False, help="Check formats of texts (date-time, email, uuid, …), too."
    )
    contract_coverage: int | None = option(
        "--contract-coverage",
        kind="number",
        metavar="PERCENT",
        help="Fail if fewer operations of the documents got a response that could be checked.",
    )
    snapshot: str | None = option(
        "--snapshot",
        kind="choice",
        metavar="[auto|check|update|review]",
        choices=SNAPSHOTS,
        help="Compare each response with its snapshot, in files beside the collection. auto (the default): write those that"
        " are missing, in CI check; check: a missing one is a failure, too; update: write what differs; review: show it and"
        " ask.",
    )
    snapshot_dir: str | None = option(
        "--snapshot-dir", kind="path", metavar="DIR", help="Where the snapshots are, if not beside the collection."
    )
    snapshot_ignore: tuple[str, ...] = option(
        "--snapshot-ignore",
        kind="list",
        metavar="NAME:PATH",
        default=(),
        help="Leave a part of the responses to a request out of snapshots: NAME:$.path, NAME:header.name, NAME:status,"
        " NAME:body, or all of it: NAME (name, id or path of a request or folder; * is every request); repeatable.",
    )
    snapshot_unordered: tuple[str, ...] = option(
        "--snapshot-unordered",
        kind="list",
        metavar="NAME:PATH",
        default=(),
        help="Compare this array of the responses to a request without regard to its order; repeatable.",
    )
    snapshot_exact: tuple[str, ...] = option(
        "--snapshot-exact",
        kind="list",
        metavar="NAME:PATH",
        default=(),
        help="Keep times, ids and tokens at this path in snapshots, and compare them; repeatable.",
    )
    snapshot_learn: bool = option(
        "--snapshot-learn",
        kind="flag",
        default=False,
        help="Run twice, propose rules for what differs, and write them if you agree (--snapshot update: without asking).",
    )
    snapshot_prune: bool = option(
        "--snapshot-prune", kind="flag", default=False, help="Remove the snapshots that nothing uses any more."
    )
