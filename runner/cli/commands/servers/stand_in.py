"""`postrunner stand-in`: serve a local stand-in until Ctrl-C."""

from __future__ import annotations

import re
import threading
from typing import Any

import click

from runner.interruption import answer, waiting
from runner.standins import STANDINS, Setting, StandInKind, start

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def _value(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """A setting's value: a number, `true` or `false`."""
    if not isinstance(value, str):
        return value
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    if _NUMBER.fullmatch(value):
        return int(value) if value.isdigit() else float(value)
    raise click.BadParameter(f"{value!r} is not a number and neither true nor false", ctx, param)


def _command(name: str, kind: StandInKind) -> click.Command:
    port = click.Option(
        ["--port"],
        type=click.IntRange(0, 65535),
        default=kind.port,
        metavar="N",
        help=f"Port on 127.0.0.1 (default: {kind.port}; 0: a free one).",
    )
    settings: list[click.Parameter] = [_option(key, setting) for key, setting in kind.settings.items()]
    return click.Command(
        name,
        callback=lambda port, **given: serve(name, port, given),
        params=[port, *settings],
        help=f"Serve {kind.summary}",
        short_help=kind.summary,
    )


def _option(key: str, setting: Setting) -> click.Option:
    shown = "" if setting.default is None or "default:" in setting.help else f" (default: {str(setting.default).lower()})"
    text = setting.help.removesuffix(".") + shown + "."
    flag = f"--{key.replace('_', '-')}"
    default = None if setting.default is None else str(setting.default)
    return click.Option([flag, key], callback=_value, default=default, metavar="VALUE", help=text)


def serve(name: str, port: int, settings: dict[str, Any]) -> None:
    """Serve a stand-in on 127.0.0.1 until Ctrl-C or SIGTERM, its normal end."""
    with start(name, port=port, **settings) as standin:
        try:
            with waiting():
                click.echo(f"{name} stand-in at {standin.url} (Ctrl-C ends it)")
                threading.Event().wait()
        except KeyboardInterrupt:
            answer()
            click.echo("stopped")


command = click.Group(
    "stand-in",
    commands={name: _command(name, kind) for name, kind in STANDINS.items()},
    help="Serve a stand-in for an API on 127.0.0.1 until Ctrl-C.",
)
