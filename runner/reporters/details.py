"""What a report shows of a failure besides its message: the script line, the request and the response, a curl command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from runner.events import AssertionChecked, RequestEvent, ScriptFinished
from runner.model.collection import Collection, Script
from runner.model.request import PreparedRequest
from runner.model.response import Response
from runner.options import RunOptions
from runner.reporters.context import ReporterContext
from runner.reporters.script_lines import NO_SCRIPT, scripts_of, source_line
from runner.reporters.text import clean, one_line, plural, shown_body, size_text, time_text, url_of
from runner.results.execution import Execution

BODY, LINE = 1000, 300
"""The most characters of a body and of a header that are shown."""


INDENT = 4
"""The indentation of what is shown below a failure."""

OWN_MATTER = frozenset({"content-type", "authorization", "cookie"})
"""Headers (lower case) that are shown even if the runner added them."""

MOST_LINES, MOST_EXCHANGES = 200, 20
"""The most failures of a run that are shown with their script line, and the most failed executions with their request."""


class FailureNotes:
    """The context of a run's failures, by their numbers. Memory is bounded."""

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._width = context.width - INDENT
        self._collection: Collection | None = None
        self._scripts: dict[str, Script] = {}
        self._told = 0
        self.lines: dict[int, list[str]] = {}
        self.exchanges: dict[int, list[list[str]]] = {}

    def on_execution(self, execution: Execution) -> None:
        """Collect what failed; requests are listed under the last of consecutive failures that are about them."""
        if not execution.failed:
            return
        if execution.collection is not None and execution.collection is not self._collection:
            self._collection, self._scripts = execution.collection, scripts_of(execution.collection)
        for fact, failure in execution.failed_facts():
            if isinstance(fact, AssertionChecked | ScriptFinished) and len(self.lines) < MOST_LINES:
                self._note_line(fact, failure.number)
        for _, row in groupby(execution.failures, lambda failure: tuple(map(id, execution.about(failure)))):
            *_, last = row
            about = execution.about(last)
            if about and self._told < MOST_EXCHANGES:
                self._told += 1
                self.exchanges[last.number] = [self._lines(sent) for sent in about]

    def _lines(self, event: RequestEvent) -> list[str]:
        return [*exchange_text(event), command_line(event, self._context.options)]

    def _note_line(self, event: AssertionChecked | ScriptFinished, number: int) -> None:
        error = event.assertion.error if isinstance(event, AssertionChecked) else event.error
        if error is not None:
            script = self._scripts.get(event.script_id, NO_SCRIPT)
            self.lines[number] = source_line(script, error.line, error.column, self._width)


SENDERS = {"script": "sent by the script:", "auth": "sent by the auth:"}
"""What stands before a request that is not the item's own."""


def exchange_text(event: RequestEvent, body: int = BODY) -> Iterator[str]:
    """The lines of a request and its response or error, with the redirects between; `body` characters of each body.

    Headers that the runner adds to every request are left out.
    """
    exchange = event.exchange
    sender = SENDERS.get(event.source)
    if sender:
        yield sender
    before = exchange.hops[:-1] if exchange else getattr(event.error, "hops", ())
    for hop in before:
        yield one_line(f"> {hop.method} {hop.href}")
        status = f"{hop.response.code} {hop.response.status}".rstrip()
        yield one_line(f"< {status} to {hop.response.header('location') or ''}")
    if exchange is not None or not before:
        yield from _request_lines(event, body)
    if exchange is None:
        yield one_line(f"< no response: {event.error.message}") if event.error else "< no response"
        return
    response = exchange.response
    yield f"< {one_line(f'{response.code} {response.status}').rstrip()} in {time_text(response.time)}"
    yield from _headers("< ", response.headers)
    yield from _body("< ", response, body)


def _request_lines(event: RequestEvent, body: int) -> Iterator[str]:
    """The last request of an exchange, or one that got no response."""
    exchange = event.exchange
    sent = exchange.hops[-1] if exchange and exchange.hops else None
    method, url = (sent.method, sent.href) if sent else (event.request.method, url_of(event))
    yield one_line(f"> {method} {url}")
    added = {h.key.lower() for h in event.request.headers if h.system} - OWN_MATTER
    pairs = sent.headers if sent else [(h.key, h.value or "") for h in event.request.headers if not h.disabled]
    yield from _headers("> ", [pair for pair in pairs if pair[0].lower() not in added])
    if exchange is not None:
        yield from _body("> ", exchange.request, body)


def command_line(event: RequestEvent, options: RunOptions) -> str:
    """The curl command for a request, safe to print."""
    from runner.reporters.curl import curl_command

    return clean(curl_command(event, insecure=options.insecure))


def _headers(mark: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in pairs:
        line = one_line(f"{name}: {value}")
        yield mark + (line if len(line) <= LINE else line[:LINE] + "...")


def _body(mark: str, owner: PreparedRequest | Response, most: int) -> Iterator[str]:
    if not owner.body_size:
        return
    found = shown_body(owner, most)
    yield mark.rstrip()
    if found is None:
        yield f"{mark}<{size_text(owner.body_size)} that are not text>"
        return
    shown, more = found
    yield from (mark + line for line in (shown if more else shown.rstrip()).split("\n"))
    if more:
        yield f"{mark}... {plural(more, 'more character')}"
