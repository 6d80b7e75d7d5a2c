"""A mock server beside a run: what the options ask for, and which requests go to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from runner.client.detour import Detour, Origin
from runner.engine.ports import Inputs
from runner.errors import UsageError
from runner.mock.loading import Source
from runner.mock.serving import MockServer
from runner.mock.wishes import Settings
from runner.options import RunOptions
from runner.reporters.text import plural
from runner.rules.substitute import substitute
from runner.rules.url import parse_url
from runner.variables.scopes import Scopes

PORTS = {"http": 80, "https": 443}

UNDISPUTED = Settings(validate=False)
"""Requests of a run are judged by `--contract`, as findings in the reports."""


def open_mock(inputs: Sequence[Inputs], options: RunOptions, stack: ExitStack) -> tuple[Detour, str]:
    """Start a mock server until the stack is closed; gives the way to it, and what is to be said about it.

    Raises `LoadError` and `UsageError`.
    """
    origins = tuple(_origins(inputs, options))
    own: tuple[Source, ...] = tuple(one.plan.collection for one in inputs)
    server = stack.enter_context(
        MockServer(
            options.mock_from or own, options, UNDISPUTED, environment=inputs[0].environment.values, seed=options.seed
        )
    )
    detour = Detour("127.0.0.1", server.server.port, origins)
    stack.callback(detour.close)
    examples = plural(len(server.loaded.examples), "example")
    what = "every request" if not origins else "every request to " + ", ".join(map(_shown, origins))
    return detour, f"{what} is answered by a mock server with {examples} of {', '.join(server.loaded.names)}"


def _origins(inputs: Sequence[Inputs], options: RunOptions) -> Iterator[Origin]:
    """The origins of `--use-mock`, with the variables that the run starts with."""
    first = inputs[0]
    scopes = Scopes(
        environment=first.environment.values,
        collection=first.plan.collection.variables,
        globals=first.globals.values,
    )
    for text in options.use_mock:
        url = parse_url(substitute(text, scopes.get))
        host, scheme = ".".join(url.host).lower(), (url.protocol or "http").lower()
        port = url.port or str(PORTS.get(scheme, ""))
        if not host or "{{" in host or not (port.isascii() and port.isdigit()):
            hint = "give a URL, or a variable whose value is known when the run begins"
            raise UsageError(f"{text} is no address", where="--use-mock", hint=hint)
        yield scheme, host.strip("[]"), int(port)


def _shown(origin: Origin) -> str:
    scheme, host, port = origin
    return f"{scheme}://{f'[{host}]' if ':' in host else host}" + (f":{port}" if port != PORTS.get(scheme) else "")
