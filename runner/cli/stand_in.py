"""`postrunner stand-in`: serve a local stand-in until Ctrl-C."""

from __future__ import annotations

import threading
from typing import Any

import click

from runner.standins import STANDINS, start


@click.command("stand-in")
@click.argument("name", type=click.Choice(tuple(STANDINS)))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1 (default: a free one).")
@click.option("--url-ttl", type=click.IntRange(min=0), default=300, help="Life of a signed upload URL in seconds (torii).")
@click.option("--sync-seconds", type=click.FloatRange(min=0), default=0.4, help="Duration of a sync (torii).")
def command(name: str, port: int, url_ttl: int, sync_seconds: float) -> None:
    """Serve a stand-in for the API NAME on 127.0.0.1 until Ctrl-C."""
    settings: dict[str, Any] = {"url_ttl": url_ttl, "sync_seconds": sync_seconds} if name == "torii" else {}
    with start(name, port=port, **settings) as standin:
        click.echo(f"{name} stand-in at {standin.url} (Ctrl-C ends it)")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("stopped")
