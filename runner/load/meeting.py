"""The options by which master and workers on several machines find one another."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runner.errors import UsageError
from runner.load.distributed.handshake import check_token
from runner.load.machines import LOOPBACK, PORT, Machines
from runner.load.options import parse_count, parse_time
from runner.rules.loopback import is_loopback

if TYPE_CHECKING:
    from runner.load.job import Job
    from runner.model.json import JsonObject
    from runner.options import RunOptions

TOKEN_VARIABLE = "POSTRUNNER_JOIN_TOKEN"
WAIT = 300.0
"""Seconds that the master waits for its workers, unless `--expect-workers-max-wait` says another."""

MOST_PORT = 65535

OF_MASTER = ("bind", "port", "expect_workers", "expect_workers_max_wait", "insecure_workers")
OF_WORKER = ("master_host", "master_port")

OPTIONS: tuple[tuple[tuple[str, ...], Mapping[str, Any], str], ...] = (
    (("--master",), {"is_flag": True}, "Lead workers on other machines, which join with --worker."),
    (
        ("--bind", "--master-bind-host"),
        {"metavar": "ADDRESS"},
        f"With --master: the address that workers come to (default: {LOOPBACK}).",
    ),
    (("--port", "--master-bind-port"), {"metavar": "PORT"}, f"With --master: the port there (default: {PORT})."),
    (("--expect-workers",), {"metavar": "N"}, "With --master: how many workers take part."),
    (
        ("--expect-workers-max-wait",),
        {"metavar": "TIME"},
        f"With --master: how long they are waited for (default: {WAIT:g}s).",
    ),
    (
        ("--insecure-workers",),
        {"is_flag": True},
        "With --master: also send secret values, over a channel that is not encrypted.",
    ),
    (
        ("--worker",),
        {"is_flag": True},
        "Work for a master, which sends the collection; secrets come from --env-file or the environment.",
    ),
    (("--master-host",), {"metavar": "HOST"}, "With --worker: the machine of the master."),
    (("--master-port",), {"metavar": "PORT"}, f"With --worker: its port (default: {PORT})."),
    (
        ("--join-token",),
        {"metavar": "TOKEN"},
        f"What master and workers know of one another, at least 16 characters (default: {TOKEN_VARIABLE}).",
    ),
)


def token_of(given: Mapping[str, Any]) -> str:
    """The join token; raises `UsageError` without a usable one."""
    token: str = given["join_token"] or os.environ.get(TOKEN_VARIABLE, "")
    check_token(token)
    return token


def check_meeting(given: Mapping[str, Any]) -> None:
    """Raise `UsageError` for options of a master without `--master`, of a worker without `--worker`, and for wrong ones."""
    if given["master"] and given["worker"]:
        raise UsageError("makes no sense with --master", where="--worker")
    for names, role in ((OF_MASTER, "master"), (OF_WORKER, "worker"), (("join_token",), "")):
        for name in names:
            if given[name] and not (given[role] if role else given["master"] or given["worker"]):
                needed = f"--{role}" if role else "--master or --worker"
                raise UsageError(f"does nothing without {needed}", where=_flag(name))
    if given["master"] and not given["expect_workers"]:
        raise UsageError("needs --expect-workers", where="--master", hint="say how many workers take part")
    if given["master"] and given["processes"]:
        raise UsageError("makes no sense with --master", where="--processes", hint="start as many workers on the machines")
    if given["worker"] and not given["master_host"]:
        raise UsageError("needs --master-host", where="--worker")
    if given["master"] or given["worker"]:
        token_of(given)


def worker_data(given: Mapping[str, Any], options: RunOptions) -> JsonObject:
    """What the process of a worker gets; raises `UsageError` and `LoadError`."""
    from runner.formats.load import load_dotenv

    values: dict[str, str] = {}
    for path in options.env_file:
        values |= load_dotenv(path)
    port = _port(given["master_port"], "--master-port")
    return {"role": "worker", "host": given["master_host"], "port": port, "token": token_of(given), "values": values}


class Meeting:
    """Where workers come to; raises `UsageError` for what is wrong with it before anything is sent."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._host: str = given["bind"] or LOOPBACK
        self._port = _port(given["port"], "--port")
        self._token = token_of(given)
        self._expect = parse_count(given["expect_workers"], "--expect-workers")
        text = given["expect_workers_max_wait"]
        self._wait = parse_time(text, "--expect-workers-max-wait") if text else WAIT
        self._here = is_loopback(self._host)
        self._open: bool = given["insecure_workers"] or self._here

    def machines(self, job: Job) -> Machines:
        """What the master's process needs to meet its workers; raises `UsageError` for secrets that no worker can have."""
        from runner.files import Files
        from runner.load.distributed.secret_values import Bare, check_options, split
        from runner.load.job_files import files_of

        options = job.options
        files = Files(options.working_dir, not options.no_insecure_file_read, options.allow_read)
        travels = {**job.to_json(), "path": "", "files": files_of(job.collection, files)}
        if not self._here:
            check_options(travels["options"])
        sent = Bare(travels, {}) if self._open else split(travels)
        return Machines(
            host=self._host,
            port=self._port,
            token=self._token,
            expect=self._expect,
            wait=self._wait,
            job=sent.to_json(),
        )


def _port(text: str | None, where: str) -> int:
    if not text:
        return PORT
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) <= MOST_PORT):
        raise UsageError(f"{text[:40]!r} is no port", where=where)
    return int(text)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
