"""What is odd about a response and no failure by itself: told as a warning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runner.events import Warned
from runner.model.response import Exchange

_WANTS_TLS = re.compile(
    rb"(?i)plain HTTP (?:request was sent )?to (?:an )?(?:HTTPS|SSL|TLS)|HTTP request to an HTTPS server"
)
"""What nginx, Apache, Go and others answer with a 400 when they are asked in plain text."""


def remarks(exchange: Exchange, name: str, **place: Any) -> Iterator[Warned]:
    """The warnings for one response; `name` is that of the item, `place` goes into the events."""
    response = exchange.response
    if response.cut_off:
        message = f'the compressed body of the response to "{name}" breaks off: it is read as far as it goes'
        yield Warned(code="body-cut-off", message=message, where=name, **place)
    if response.code == 400 and _WANTS_TLS.search(response.body[:4000]):
        message = f'the server tells "{name}" that this port speaks TLS: write https://'
        yield Warned(code="http-on-tls-port", message=message, where=name, **place)
