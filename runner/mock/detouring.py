"""A mock server beside a run: what the options ask for, and which requests go to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from runner.client.detour import Detour, Origin
from runner.engine.ports import Inputs
from runner.errors import UsageError
from runner.mock.loading import Source
from runner.mock.serving import MockServer
from runner.mock.wishes import Settings
from runner.model.json import Json
from runner.model.quick_dataclass import replace
from runner.model.variable import Variable
from runner.options import RunOptions
from runner.reporters.text import plural
from runner.rules.substitute import MISSING, substitute
from runner.rules.text import text_of
from runner.rules.url import parse_url
from runner.variables.scopes import Scopes

HOST = "127.0.0.1"
PORTS = {"http": 80, "https": 443}

_HOST = re.compile(r"{{([^{}]+)}}")

IN_A_RUN = Settings(validate=False, same_body_first=True)
"""Requests of a run are judged by `--contract`, as findings in the reports."""


def open_mock(inputs: list[Inputs], options: RunOptions, stack: ExitStack) -> tuple[Detour, str]:
    """Start a mock server until the stack is closed; gives the way to it, and what is to be said about it.

    If it answers every request, variables in `inputs` that are the host of URLs but have no host in their value get one:
    a base URL that is empty or `/` could not be sent to. Raises `LoadError` and `UsageError`.
    """
    origins = tuple(_origins(inputs, options))
    own: tuple[Source, ...] = tuple(one.plan.collection for one in inputs)
    server = stack.enter_context(
        MockServer(
            options.mock_from or own,
            options,
            IN_A_RUN,
            environment=inputs[0].environment.values,
            seed=options.seed,
            saved_at=True,
        )
    )
    detour = Detour(HOST, server.server.port, origins)
    stack.callback(detour.close)
    examples = plural(sum(not one.lost for one in server.loaded.examples), "example")
    what = "every request" if not origins else "every request to " + ", ".join(map(_shown, origins))
    message = f"{what} is answered by a mock server with {examples} of {', '.join(server.loaded.names)}"
    if not origins and (names := _give_host(inputs)):
        message += f"; {', '.join(names)} had no host and is {HOST} now"
    return detour, message


def _give_host(inputs: list[Inputs]) -> list[str]:
    """Give a host to variables that URLs begin with and that have a value without one; gives their names."""
    found: dict[str, None] = {}
    for at, one in enumerate(inputs):
        get, rows = one.scopes().get, {name for row in one.rows for name in row}
        hosts = (_HOST.fullmatch(".".join(planned.item.request.url.host or ())) for planned in one.plan.items)
        names = dict.fromkeys(host[1] for host in hosts if host and host[1] not in rows)
        lacking = [name for name in names if _without_host(get(name))]
        if lacking:
            kept = [value for value in one.environment.values if value.key not in lacking]
            values = (*kept, *(Variable(name, HOST) for name in lacking))
            inputs[at] = replace(one, environment=replace(one.environment, values=values))
            found |= dict.fromkeys(lacking)
    return list(found)


def _without_host(value: Json) -> bool:
    return value is not MISSING and not any(parse_url(text_of(value)).host or ())


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
            raise UsageError(f"{text} is not an address", where="--use-mock", hint=hint)
        yield scheme, host.strip("[]"), int(port)


def _shown(origin: Origin) -> str:
    scheme, host, port = origin
    return f"{scheme}://{f'[{host}]' if ':' in host else host}" + (f":{port}" if port != PORTS.get(scheme) else "")
