"""`postrunner mock`: serve the saved examples of collections until Ctrl-C."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

import click

from runner.cancel import Cancel
from runner.cli.config import load_config
from runner.cli.options import run_options, run_parameters
from runner.cli.watch.files import WatchedFiles
from runner.descriptors import HeardBy
from runner.errors import PostrunnerError, UsageError
from runner.interruption import answer, waiting
from runner.loading import make_secrets
from runner.mock.serving import MockServer
from runner.mock.wishes import MOST_DELAY, NETWORKS, Settings, names_in
from runner.outputs import write_text
from runner.reporters.text import clean, plural
from runner.rules.loopback import is_loopback

PORT = 8400
LOOK_EVERY = 0.3
"""Seconds between two looks at the files."""


class _Sources(WatchedFiles):
    """The files that are served; what is recorded into one of them is a save like any other."""

    def writes(self, path: str) -> None:
        """Go on watching a file that is about to be written."""


OF_A_RUN = (
    "environment",
    "env_var",
    "env_file",
    "collection_name",
    "secret",
    "secret_pattern",
    "postman_api_key",
    "proxy",
    "no_proxy",
    "insecure",
    "ssl_extra_ca_certs",
    "timeout_request",
)
"""The options of `postrunner run` that say which examples are served, with which variables, and how an API is reached."""

OF_THE_SERVER = ("port", "tls", "seed", "explain", "stateful", "conditions", "simulation", "record_missing", "record_to")
"""The command's own options that the server takes as they are."""


def _mock(sources: tuple[str, ...], host: str, quiet: bool, **more: Any) -> None:
    context = click.get_current_context()
    _check(context, sources, more)
    context.meta["reporter_options"] = {}
    options = run_options(context, load_config())
    secrets = make_secrets(options)

    def say(line: str) -> None:
        with suppress(OSError):  # nobody reads standard output any more: calls are answered all the same
            click.echo("\n".join(map(clean, secrets.mask(line).split("\n"))))

    files = _Sources()
    files.take_collections((*sources, more["record_to"]) if more["record_to"] else sources)
    anywhere = not is_loopback(host)
    if anywhere:
        click.echo(f"warning: whoever reaches {host} can read what is served, and its journal", err=True)
    own = {name: more[name] for name in OF_THE_SERVER}
    own |= {"host": host, "anywhere": anywhere, "secrets": secrets, "say": None if quiet else say}
    with HeardBy(files):
        saved = files.begin()
        server = MockServer(sources, options, _settings(more), **own)
        with server, _reloading(server, files, saved):
            _tell(server)
            if more["tls_certificate"]:
                write_text(more["tls_certificate"], server.certificate)
                click.echo(f"{more['tls_certificate']} written: clients that trust it verify this server")
            _wait(server)


def _check(context: click.Context, sources: tuple[str, ...], given: Mapping[str, Any]) -> None:
    """Refuse options that say nothing without others, or against them."""
    if given["conditions"] and given["simulation"]:
        raise UsageError("the file has the conditions: give one or the other", where="--simulation")
    if given["record_to"] and not given["record_missing"]:
        raise UsageError("nothing is recorded without --record-missing URL", where="--record-to")
    if given["tls_certificate"] and not given["tls"]:
        raise UsageError("there is a certificate only with --tls", where="--tls-certificate")
    if not sources and not given["record_to"]:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])


def _settings(given: Mapping[str, Any]) -> Settings:
    """What the options of this command say about matching."""
    names = names_in(given["match_headers"])
    chosen = {name: given[name] for name in ("match_body", "match_query", "wildcards", "delay", "dynamic", "validate")}
    return Settings(match_headers=names, **chosen)


def _wait(server: MockServer) -> None:
    """Wait for Ctrl-C or SIGTERM, the normal end."""
    try:
        with waiting():
            click.echo(f"mock server at {server.url} (Ctrl-C ends it)")
            Event().wait()
    except KeyboardInterrupt:
        answer()
        click.echo("stopped")


def _tell(server: MockServer) -> None:
    """Say what is served, and on standard error what is left out."""
    for line in server.loaded.left_out:
        click.echo(f"left out: {line}", err=True)
    count = plural(len(server.loaded.examples), "example")
    names = ", ".join(map(repr, server.loaded.names))
    click.echo(f"{count} of {names}" if names else "no example yet")


@contextmanager
def _reloading(server: MockServer, files: WatchedFiles, saved: Cancel) -> Iterator[None]:
    """Read everything again whenever a file is saved; one that is broken changes nothing."""
    over = Event()

    def look() -> None:
        nonlocal saved
        while not over.wait(LOOK_EVERY):
            files.look()
            if not saved.is_set:
                continue
            names, saved = ", ".join(files.saved), files.begin()
            try:
                server.reload()
            except PostrunnerError as error:
                click.echo(f"{names} saved, but what was served before stays: {error}", err=True)
            else:
                click.echo(f"{names} saved: {plural(len(server.loaded.examples), 'example')}")

    thread = Thread(target=look, name="postrunner-mock-reload", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class _Delay(click.IntRange):
    """Milliseconds, or the name of a network."""

    def __init__(self) -> None:
        super().__init__(0, MOST_DELAY)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The milliseconds."""
        return super().convert(NETWORKS.get(str(value).lower(), value), param, ctx)


OPTIONS: tuple[tuple[tuple[str, ...], Mapping[str, Any], str], ...] = (
    (
        ("--port",),
        {"type": click.IntRange(0, 65535), "default": PORT, "metavar": "N"},
        f"Port to listen on (default: {PORT}; 0: a free one).",
    ),
    (
        ("--host",),
        {"default": "127.0.0.1", "metavar": "ADDRESS"},
        "Address to listen on (default: 127.0.0.1); any other than loopback is open to others.",
    ),
    (("--tls",), {"is_flag": True}, "Serve HTTPS with a certificate that is made at the start."),
    (("--tls-certificate",), {"metavar": "FILE"}, "With --tls: write that certificate here, for clients to trust."),
    (("--explain",), {"is_flag": True}, "Say for each answer why its example won and the next one lost."),
    (("-q", "--quiet"), {"is_flag": True}, "Print no line for each answer."),
    (
        ("--delay",),
        {"type": _Delay(), "default": 0, "metavar": "MS|2G|3G"},
        "Hold each answer back this long; 2G is 300 ms, 3G 100 ms, as in Postman.",
    ),
    (
        ("--dynamic",),
        {"is_flag": True},
        "Answer with random values by the schemas of an OpenAPI document, as Prefer: dynamic=true does.",
    ),
    (
        ("--no-validate", "validate"),
        {"is_flag": True, "flag_value": False, "default": True},
        "Also answer calls that the OpenAPI document does not allow, instead of 422.",
    ),
    (("--stateful",), {"is_flag": True}, "Keep what calls change: POST adds what GET lists, by resource paths."),
    (("--match-body",), {"is_flag": True}, "Answer only what has the same body as the example's request."),
    (
        ("--match-headers",),
        {"default": "", "metavar": "NAMES"},
        "Answer only what has the same values in these headers, separated by commas.",
    ),
    (
        ("--no-match-query", "match_query"),
        {"is_flag": True, "flag_value": False, "default": True},
        "Leave query parameters out of the score.",
    ),
    (
        ("--no-wildcards", "wildcards"),
        {"is_flag": True, "flag_value": False, "default": True},
        "Take {{name}} and :name in paths literally.",
    ),
    (
        ("--condition", "conditions"),
        {"multiple": True, "metavar": "NAME=NUMBER"},
        "Make calls fail or wait: latency=MS, error=STATUS, rate_limit=CALLS a minute, chaos=PERCENT.",
    ),
    (("--simulation",), {"metavar": "FILE"}, "Take conditions for several APIs from a file of Postman, NAME.sim.yaml."),
    (
        ("--record-missing",),
        {"metavar": "URL"},
        "Forward what no example answers to this API, and save the answers as examples, secrets masked.",
    ),
    (
        ("--record-to",),
        {"metavar": "FILE"},
        "With --record-missing: the collection that gets them, made if it is not there (default: the one that is served).",
    ),
    (("--seed",), {"type": int, "metavar": "N"}, "Repeat the same random values after each start and reset."),
)
"""The command's own options: their words, how click reads them, and their help."""


def _parameters() -> list[click.Parameter]:
    return [
        click.Argument(["sources"], nargs=-1, metavar="COLLECTION|OPENAPI..."),
        *(click.Option([*words], help=text, **how) for words, how, text in OPTIONS),
        *(parameter for parameter in run_parameters() if parameter.name in OF_A_RUN),
    ]


command = click.Command(
    "mock",
    callback=_mock,
    params=_parameters(),
    help="""Serve the saved examples of each COLLECTION, or of an OPENAPI document, until Ctrl-C.

    Which example answers is decided as by Postman's mock servers: by method, path, query, and the headers
    x-mock-response-code, -id, -name and -delay, x-mock-match-request-body and -headers, or Prefer: code=404, example=NAME,
    dynamic=true.
    A source that is saved is read again. The journal of all calls is at /__postrunner/requests.""",
    short_help="Serve the saved examples of a collection.",
)
