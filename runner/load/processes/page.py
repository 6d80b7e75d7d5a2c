"""Locust's web page, on this machine only: it shows the test, and neither starts nor stops anything."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import gevent
from flask import abort, request
from gevent.pywsgi import WSGIServer
from locust import argument_parser, stats

from runner.errors import UsageError
from runner.load.figures.locust_rounding import csv_writer

if TYPE_CHECKING:
    from locust.env import Environment

HOST = "127.0.0.1"

UNSAID = ("num_users", "spawn_rate", "run_time", "stats_history_enabled")
"""Options of Locust's own command line that its page asks for."""


def open_page(environment: Environment, port: int, stack: ExitStack) -> str:
    """Serve the page of this environment until `stack` closes; returns its address, with a free port for 0.

    Raises `UsageError` if nothing can listen there. Texts that it shows are those that users fired, which are masked.
    """
    setattr(argument_parser, "ui_extra_args_dict", dict)  # noqa: B010  # it reads configuration files and variables that are meant for Locust
    vars(environment.parsed_options).update(dict.fromkeys(UNSAID))
    page = environment.create_web_ui(HOST, port, delayed_start=True, stats_csv_writer=csv_writer(environment))
    assert page.app is not None
    page.app.debug = False
    page.app.before_request(_refuse)
    server = WSGIServer((HOST, port), page.app, log=None, error_log=None)
    try:
        server.start()
    except OSError as error:
        hint = "--web-port chooses another, 0 any that is free"
        raise UsageError(f"cannot listen on {HOST}:{port}: {error.strerror}", where="--web", hint=hint) from None
    stack.callback(server.stop)
    history = gevent.spawn(stats.stats_history, environment.runner)
    stack.callback(history.kill)
    return f"http://{HOST}:{server.server_port}"


def _refuse() -> None:
    """Refuse what would change the test, and pages of other sites that a browser has open."""
    if request.method not in ("GET", "HEAD"):
        abort(403, "this page only shows the load test")
    asked_by = request.headers.get("Origin", request.host_url).partition("://")[2].rstrip("/")
    if request.host.partition(":")[0] not in (HOST, "localhost") or asked_by != request.host:
        abort(403, "this page is for this machine only")  # Locust would let every site read it
