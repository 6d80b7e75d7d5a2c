"""`postrunner load`: send the load of many users, each of whom runs the collection."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from runner.cli.config import Config, load_config
from runner.cli.options import RunCommand, run_options, run_parameters
from runner.errors import RunAborted, UsageError
from runner.interruption import asked, set_aside, undisturbed, waiting
from runner.load.meeting import OF_WORKER, Meeting, check_meeting, worker_data
from runner.load.meeting import OPTIONS as MEETING
from runner.load.options import (
    ABORT_DELAY,
    DISTRIBUTIONS,
    LEAST_POOL,
    PROFILES,
    WEB_PORT,
    LoadOptions,
    check_together,
    parse_arrivals,
    parse_choice,
    parse_count,
    parse_port,
    parse_processes,
    parse_spawn_rate,
    parse_stages,
    parse_think_time,
    parse_time,
)
from runner.load.processes.starting import check_extra, run_process
from runner.options import RunOptions
from runner.options.check import check_needs
from runner.sources.pipes import settle_pipes

if TYPE_CHECKING:
    from runner.load.job import Job
    from runner.model.json import JsonObject
    from runner.reporters.known_options import Found
    from runner.reporters.option_table import Table

SCRIPT_MS = 5000
"""The time limit of each script, unless `--timeout-script` says another: an endless one holds up its neighbours."""

REFUSED = {
    "iteration_count": "--iterations is the number of all users together",
    "timeout": "--duration ends the test",
    "max_rate": "--rate says how many iterations start",
    "jobs": "--users says how many run beside each other",
    "parallel": "--users says how many run beside each other",
    "rerun": "",
    "last_failed": "",
    "failed_first": "",
    "list_items": "",
    "allow_empty": "",
    "bail": "",
    "dry_run": "",
    "force_parallel": "",
    "shard": "",
    "shard_by": "",
    "retries": "",
    "retry_delay": "",
    "retry_on": "",
    "retry_unsafe": "",
    "fail_on_flaky": "",
    "fail_on_warning": "",
    "allow_skipped_kinds": "",
    "contract": "",
    "contract_server": "",
    "contract_formats": "",
    "contract_coverage": "",
    "mock": "",
    "mock_from": "",
    "use_mock": "",
    "record": "",
    "replay": "",
    "record_mode": "",
    "slowest": "",
    "verbose": "",
    "token_cache": "",
    "history": "",
    "history_runs": "",
    "history_days": "",
    "on_fail": "",
    "on_recover": "",
    "save_examples": "",
    "save_body": "",
    "save_body_pages": "",
    "export_environment": "",
    "export_globals": "",
    "export_collection": "",
    "export_collection_values": "",
    "export_variable": "",
    "export_secrets": "",
    "export_cookie_jar": "",
}
"""Options of a run that mean nothing to a load test, and what to write instead where there is something."""

OPTIONS: tuple[tuple[tuple[str, ...], Mapping[str, Any], str], ...] = (
    (("--users", "--vus", "--vu-count"), {"metavar": "N"}, "Users at the same time (default: 1)."),
    (("--duration",), {"metavar": "TIME"}, "How long users begin iterations: 30s, 5m, 1h."),
    (("--iterations",), {"metavar": "N"}, "How many iterations all users do together."),
    (("--spawn-rate",), {"metavar": "N"}, "Users that begin a second (default: all at once)."),
    (("--stages",), {"metavar": "TIME:N,..."}, "Users over time, in straight lines: 30s:10,1m:50,30s:0."),
    (
        ("--load-profile",),
        {"metavar": f"[{'|'.join(PROFILES)}]"},
        "Postman's shape of the load over --duration (default: fixed).",
    ),
    (("--rate",), {"metavar": "N/s"}, "Begin so many iterations a second or minute, however long they take."),
    (
        ("--max-users",),
        {"metavar": "N"},
        f"With --rate: users that may be busy at once (default: a second's starts, at least {LEAST_POOL}).",
    ),
    (("--think-time",), {"metavar": "TIME"}, "Pause of a user between two iterations: 1s, or 1s-3s at random."),
    (
        ("--data-distribution", "--dataset-distribution"),
        {"metavar": f"[{'|'.join(DISTRIBUTIONS)}]"},
        "How rows of -d go to iterations (default: round-robin); unique: each is used once, then users end.",
    ),
    (
        ("--pass-if",),
        {"metavar": "THRESHOLD", "multiple": True},
        "A condition of passing: p95<500, error_rate<1%, checks>=99%, p95{Login}<300 …; repeatable.",
    ),
    (("--abort-on-fail",), {"is_flag": True}, "End the test as soon as a threshold is crossed."),
    (
        ("--abort-delay",),
        {"metavar": "TIME"},
        f"With --abort-on-fail: how long no threshold ends the test (default: {ABORT_DELAY:g}s).",
    ),
    (
        ("--processes",),
        {"metavar": "N|auto"},
        "Worker processes that share the users on this machine (default: 1); auto: one for each processor.",
    ),
    (
        ("--metrics-port",),
        {"metavar": "PORT"},
        "Give the figures so far to Prometheus at http://127.0.0.1:PORT/metrics (0: any free port).",
    ),
    (("--web",), {"is_flag": True}, "Show Locust's web page during the test, on this machine only."),
    (("--web-port",), {"metavar": "PORT"}, f"With --web: its port (default: {WEB_PORT}; 0: any that is free)."),
    (("--stop-timeout",), {"metavar": "TIME"}, "How long iterations may take to end when the test is over (default: 30s)."),
)
"""The command's own options: their words, how click reads them, and their help."""


class LoadCommand(RunCommand):
    """The options of a load test, then those of a run that mean the same here."""

    others = "Load"

    def find_reporter_option(self, full: str) -> Found:
        """The option of a report of load tests that `--reporter-<full>` means; raises `UsageError`."""
        from runner.load.reports.registry import find_option

        return find_option(full)

    def reporter_tables(self) -> Mapping[str, Table]:
        """The options of each report of load tests."""
        from runner.load.reports.registry import OPTIONS as OF_REPORTS

        return OF_REPORTS


def _begin(collection: str | None, **given: Any) -> int:
    """Be the worker of a master, or send a load."""
    check_extra()
    check_meeting(given)
    if given["worker"]:
        return _work(collection, given)
    if collection is None:
        context = click.get_current_context()
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    return _load(collection, given)


def _load(collection: str, given: Mapping[str, Any]) -> int:
    options, load = _options(), _load_options(given)
    meeting = Meeting(given) if given["master"] else None
    _check_told(options)
    from runner.load.preparing import Judged, Preparation

    judged = Judged(given["pass_if"], _abort_delay(given) if given["abort_on_fail"] else None)

    with undisturbed(), ExitStack() as stack:
        with waiting():
            options = settle_pipes([collection], options, stack)
            preparation = Preparation(collection, options, load, judged, stack)
        passed = True
        try:
            preparation.run_setup()
            code = run_process(_data(preparation.job(), meeting), preparation.run_teardown)
        except RunAborted as error:
            from runner.load.processes.telling import tell_aborted

            tell_aborted(preparation.job(), error)
            raise
        finally:
            with set_aside():
                passed = preparation.run_teardown()
        failed = code if passed or code not in (0, 99) else 1
        return asked() or (0 if options.suppress_exit_code and failed in (1, 99) else failed)


def _check_told(options: RunOptions) -> None:
    """Raise `UsageError` for telemetry and reports that cannot be; print warnings about them."""
    check_needs(options)
    if options.otel:
        from runner.telemetry.opening import check_telemetry

        check_telemetry(os.environ)
    from runner.load.reports.reporting import check_reports

    for warning in check_reports(options, os.environ):
        print(f"warning: {warning}", file=sys.stderr)


def _data(job: Job, meeting: Meeting | None) -> JsonObject:
    """What the process of the master gets."""
    machines = meeting.machines(job).to_json() if meeting is not None else None
    return {"role": "master", "job": job.to_json(), "machines": machines}


def _work(collection: str | None, given: Mapping[str, Any]) -> int:
    """Be a worker; raises `UsageError` for options that the master has to say."""
    ctx = click.get_current_context()
    typed = [one for one in ctx.params if ctx.get_parameter_source(one) is ParameterSource.COMMANDLINE]
    other = next((one for one in typed if one not in OF_A_WORKER and (one != "collection" or collection)), None)
    if other is not None:
        flag = "COLLECTION" if other == "collection" else f"--{other.replace('_', '-')}"
        raise UsageError("comes from the master", where=flag, hint="give it to the master")
    with undisturbed():
        return asked() or run_process(worker_data(given, _options()))


OF_A_WORKER = ("worker", *OF_WORKER, "join_token", "env_file")


def _options() -> RunOptions:
    """The options of a run, typed and configured; raises `UsageError` for those that mean nothing here."""
    ctx, config = click.get_current_context(), load_config()
    for name, hint in REFUSED.items():
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            flag = next(parameter.opts[-1] for parameter in ctx.command.params if parameter.name == name)
            raise UsageError("makes no sense under load", where=flag, hint=hint)
        config.values.pop(name, None)
    _leave_out_reporters(config)
    options = run_options(ctx, config)
    return options if options.timeout_script else replace(options, timeout_script=SCRIPT_MS)


def _leave_out_reporters(config: Config) -> None:
    """Take from the configuration, which is for runs, too, reporters and options of theirs that load tests do not have."""
    from runner.load.reports.registry import has_option, has_report

    names = tuple(filter(has_report, config.values.pop("reporters", ())))
    config.values |= {"reporters": names} if names else {}
    config.reporter_options = {full: value for full, value in config.reporter_options.items() if has_option(full)}


def _load_options(given: Mapping[str, Any]) -> LoadOptions:
    """The load; raises `UsageError`."""
    ctx = click.get_current_context()
    named = {name: given[name] for name in (*PARSERS, *FURTHER)}
    typed = {f"--{name.replace('_', '-')}": value for name, value in named.items() if value not in (None, (), False)}
    data = ctx.get_parameter_source("iteration_data") is ParameterSource.COMMANDLINE
    check_together({**typed, **({"--iteration-data": True} if data else {})})
    values: dict[str, Any] = {
        name: parse(given[name] or "", f"--{name.replace('_', '-')}")
        for name, parse in PARSERS.items()
        if given.get(name) is not None
    }
    most = values.pop("max_users", None)
    if "rate" in values:
        values["users"] = most or max(LEAST_POOL, round(values["rate"]))
    if values.get("load_profile", "fixed") != "fixed" and "duration" not in values:
        raise UsageError("needs --duration", where="--load-profile")
    port = values.pop("web_port", WEB_PORT)
    return LoadOptions(**values, web=port if given["web"] else None)


def _abort_delay(given: Mapping[str, str | None]) -> float:
    text = given["abort_delay"]
    return ABORT_DELAY if text is None else parse_time(text, "--abort-delay")


def _one_of(choices: tuple[str, ...]) -> Callable[[str, str], str]:
    return lambda text, where: parse_choice(text, where, choices)


PARSERS: dict[str, Callable[[str, str], Any]] = {
    "users": parse_count,
    "max_users": parse_count,
    "iterations": parse_count,
    "duration": parse_time,
    "stop_timeout": parse_time,
    "spawn_rate": parse_spawn_rate,
    "stages": parse_stages,
    "load_profile": _one_of(PROFILES),
    "data_distribution": _one_of(DISTRIBUTIONS),
    "think_time": parse_think_time,
    "rate": parse_arrivals,
    "processes": parse_processes,
    "metrics_port": parse_port,
    "web_port": parse_port,
}


FURTHER = ("pass_if", "abort_on_fail", "abort_delay", "web")


def _parameters() -> list[click.Parameter]:
    rows = (*OPTIONS, *MEETING)
    own: list[click.Parameter] = [click.Option([*words, _name(words)], help=text, **how) for words, how, text in rows]
    of_a_run = run_parameters()
    for parameter in of_a_run:
        if isinstance(parameter, click.Option) and parameter.name in REFUSED:
            parameter.hidden = True
    return [click.Argument(["collection"], metavar="COLLECTION", required=False), *own, *of_a_run]


def _name(words: tuple[str, ...]) -> str:
    return words[0].removeprefix("--").replace("-", "_")


command = LoadCommand(
    "load",
    callback=_begin,
    params=_parameters(),
    help="""Let many users run COLLECTION at the same time, again and again, and measure what they get.

    Each user has its own variables, cookies, connections and script world, and sends what `run` sends. A folder of --setup
    runs once before the load, and what it sets reaches every user. Needs postrunner[load].""",
    short_help="Send the load of many users.",
    epilog="""\b
Exit codes:
  0        no request, assertion or script failed
  1        something failed, in the setup or under load
  99       only thresholds were crossed
  2        a mistake on the command line or in a file: nothing was sent
  130/143  interrupted by Ctrl-C / SIGTERM; the reports are written""",
)
