"""Local, deterministic stand-ins for the APIs of Torii, Truto and Postman; loopback only.

`start` serves one on a thread of its own until it is closed. Only then are the server and the API imported.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, Any

from runner.errors import UsageError
from runner.model.quick_dataclass import dataclass

if TYPE_CHECKING:
    from runner.server.backend import Api
    from runner.server.http_server import HttpServer


@dataclass(frozen=True, slots=True)
class Setting:
    """One option of a stand-in: its default (None: see `help`) and one line of help."""

    default: float | None
    help: str


@dataclass(frozen=True, slots=True)
class StandInKind:
    """One stand-in: a line about it, its default port, and its settings by name."""

    summary: str
    port: int
    settings: dict[str, Setting] = field(default_factory=dict)


COMMON = {
    "strict_query": Setting(False, "Refuse undocumented query parameters (true: the usual status; or a status code)."),
    "seed": Setting(0, "Number that the made-up data is drawn from."),
}

STANDINS: dict[str, StandInKind] = {
    "torii": StandInKind(
        "Torii's API: files, signed upload URLs, custom integration sync, users, apps, audit, SCIM.",
        8100,
        {
            "url_ttl": Setting(300, "Seconds that a signed upload URL is valid."),
            "sync_seconds": Setting(0.4, "Seconds that a sync takes."),
            "rate": Setting(None, "Calls a minute for every endpoint (default: as documented; 0: no limit)."),
            **COMMON,
        },
    ),
    "truto": StandInKind(
        "Truto's API: integrated accounts with every filter, cursor paging, proxy and unified calls, tokens.",
        8200,
        {
            "rate": Setting(None, "Calls in ten seconds for every token (default: as documented; 0: no limit)."),
            "retry_after": Setting(10, "Seconds in the Retry-After header of a 429."),
            **COMMON,
        },
    ),
    "postman": StandInKind(
        "Postman's API: collections, environments, globals and workspaces.",
        8300,
        {
            "rate": Setting(None, "Calls in a window for every key (default: as documented; 0: no limit)."),
            "window": Setting(60, "Seconds of a window."),
            "task_seconds": Setting(0.4, "Seconds that an asynchronous update takes."),
            "fail_tasks": Setting(False, "Whether every asynchronous update fails in the end."),
            "collection_mb": Setting(100, "Megabytes that the body of a call about collections may have."),
            "environment_mb": Setting(30, "Megabytes that the body of a call about environments may have."),
            **COMMON,
        },
    ),
}


def start(
    name: str,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    clock: Callable[[], float] = time.time,
    **settings: Any,
) -> HttpServer:
    """Start a stand-in on `port` (0: a free one); use it in a `with` block or `close` it.

    The settings are those of `STANDINS[name]`; `clock` returns seconds since 1970. Raises UsageError for an unknown name or
    setting, a port in use, and a host that is not a loopback address.
    """
    if name not in STANDINS:
        raise UsageError(f"there is no stand-in {name!r}", hint="choose one of: " + ", ".join(STANDINS))
    known = STANDINS[name].settings
    for key in settings:
        if key not in known:
            raise UsageError(f"the stand-in {name} has no setting {key!r}", hint="choose one of: " + ", ".join(known))
    from runner.server.backend import CONTROL, ServerNames
    from runner.server.http_server import HttpServer as Serving

    names = ServerNames("stand-in", "postrunner-stand-in", "X-Standin-Fault", (CONTROL, "/__standin/"))
    values = {key: setting.default for key, setting in known.items()} | settings
    return Serving(name, build_api(name, clock, values), names, host, port)


def build_api(name: str, clock: Callable[[], float], settings: dict[str, Any]) -> Api:
    """The API object of a stand-in, without a server."""
    if name == "torii":
        from runner.standins.torii.api import Torii

        return Torii(clock=clock, **settings)
    if name == "postman":
        from runner.standins.postman.api import Postman

        return Postman(clock=clock, **settings)
    from runner.standins.truto.api import Truto

    return Truto(clock=clock, **settings)
