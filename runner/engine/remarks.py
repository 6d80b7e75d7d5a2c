"""What is odd about a response and no failure by itself: told as a warning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runner.engine.plan import Plan, make_plan
from runner.events import Warned
from runner.model.response import Exchange
from runner.options import RunOptions
from runner.request.behavior import weakened_by

_WANTS_TLS = re.compile(
    rb"(?i)plain HTTP (?:request was sent )?to (?:an )?(?:HTTPS|SSL|TLS)|HTTP request to an HTTPS server"
)
"""What nginx, Apache, Go and others answer with a 400 when they are asked in plain text."""


WEAKENED = "weakened"
"""The code of the warning that is told whatever is printed."""

SHOWN = 3
"""So many requests are named."""


def weakening(plan: Plan, options: RunOptions) -> Iterator[Warned]:
    """One warning for what the collection's own settings weaken: TLS, and who gets credentials."""
    items = plan.items
    if any("runRequest" in script.script.exec for item in items for script in (*item.prerequest, *item.test)):
        items = make_plan(plan.collection).items
    places: dict[str, list[str]] = {}
    for item in items:
        for setting in weakened_by(item.behavior, options):
            places.setdefault(setting, []).append("/".join((*item.path, item.item.name)))
    if places:
        told = "; ".join(f"{setting} for {_named(names, len(items))}" for setting, names in places.items())
        yield Warned(code=WEAKENED, message=f"the collection weakens this run: {told}")


def _named(names: list[str], count: int) -> str:
    if len(names) == count:
        return "every request"
    shown, more = ", ".join(f'"{name}"' for name in names[:SHOWN]), len(names) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def remarks(exchange: Exchange, name: str, **place: Any) -> Iterator[Warned]:
    """The warnings for one response; `name` is that of the item, `place` goes into the events."""
    response = exchange.response
    if response.cut_off:
        message = f'the compressed body of the response to "{name}" breaks off: it is read as far as it goes'
        yield Warned(code="body-cut-off", message=message, where=name, **place)
    if response.code == 400 and _WANTS_TLS.search(response.body[:4000]):
        message = f'the server tells "{name}" that this port speaks TLS: write https://'
        yield Warned(code="http-on-tls-port", message=message, where=name, **place)
