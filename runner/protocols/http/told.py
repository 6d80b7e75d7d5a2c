"""What is told of the requests of an auth flow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from runner.effects import Send, Step
from runner.errors import PostrunnerError, RequestError
from runner.events import ItemPlace, RequestFinished, Warned
from runner.model.response import Exchange


def told(flow: Step[Exchange], place: ItemPlace) -> Step[Exchange]:
    """The flow, with an event for every request that it sends.

    The event of a response waits until the flow goes on: a response that is followed at once by another request of the
    same source was a challenge.
    """
    held: RequestFinished | None = None
    reply: object = None
    failure: Exception | None = None
    try:
        while True:
            try:
                asked = flow.throw(failure) if failure else flow.send(reply)
            except Exception as end:  # StopIteration, too
                if held is not None:
                    yield held
                if not isinstance(end, StopIteration):
                    raise
                finished: Exchange = end.value
                return finished
            reply = failure = None
            if held is not None:
                challenged = isinstance(asked, Send) and asked.source == held.source
                yield replace(held, source="auth") if challenged else held
                held = None
            try:
                reply = yield asked
            except (PostrunnerError, TimeoutError) as error:
                failure = error
            if isinstance(asked, Send) and isinstance(failure, RequestError):
                yield _finished(asked, place, error=failure)
                if asked.source == "auth":
                    failure.sent = None  # only the item's own request is shown to its test scripts
            elif isinstance(asked, Send) and isinstance(reply, Exchange):
                yield from remarks(reply, place)
                held = _finished(asked, place, exchange=reply)
                if asked.source == "auth":
                    yield held
                    held = None
    finally:
        flow.close()


def _finished(
    asked: Send, place: ItemPlace, exchange: Exchange | None = None, error: RequestError | None = None
) -> RequestFinished:
    sent = exchange.sent if exchange else error.sent if error else None
    return RequestFinished(
        cursor=place.cursor,
        item=place.item,
        path=place.path,
        source=asked.source,
        request=sent or asked.request,
        exchange=exchange,
        error=error,
    )


_WANTS_TLS = re.compile(
    rb"(?i)plain HTTP (?:request was sent )?to (?:an )?(?:HTTPS|SSL|TLS)|HTTP request to an HTTPS server"
)
"""What nginx, Apache, Go and others answer with a 400 when they are asked in plain text."""


def remarks(exchange: Exchange, place: ItemPlace) -> Iterator[Warned]:
    """What is odd about a response and no failure by itself."""
    response, name = exchange.response, place.item.name
    if response.cut_off:
        message = f'the compressed body of the response to "{name}" breaks off: it is read as far as it goes'
        yield Warned(code="body-cut-off", message=message, where=name, cursor=place.cursor)
    if response.code == 400 and _WANTS_TLS.search(response.body[:4000]):
        message = f'the server tells "{name}" that this port speaks TLS: write https://'
        yield Warned(code="http-on-tls-port", message=message, where=name, cursor=place.cursor)
