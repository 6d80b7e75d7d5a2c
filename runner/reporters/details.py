"""What a report tells of a failure beside its message: the line of the script, the request and the response, a command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.events import (
    AssertionChecked,
    Event,
    ItemEvent,
    ItemFinished,
    RequestFailed,
    RequestFinished,
    RunStarted,
    ScriptFinished,
)
from runner.model.collection import Collection, Folder, Item
from runner.model.request import PreparedRequest
from runner.model.response import Response
from runner.options import RunOptions
from runner.reporters.context import ReporterContext
from runner.reporters.curl import curl_command
from runner.reporters.text import clean, one_line, plural, shown_body, size_text, time_text, url_of
from runner.reporters.width import clip, columns
from runner.results.evidence import Evidence, Sent
from runner.secrets import Secrets

BODY, LINE = 1000, 300
"""Characters of a body and of a header that are shown."""


INDENT = 4
"""Columns before what is told below a failure."""

OWN_MATTER = frozenset({"content-type", "authorization", "cookie"})
"""Headers (lower case) that are told also when the runner added them."""

MOST_LINES, MOST_EXCHANGES = 200, 20
"""So many failures of a run are shown with the line of their script, and so many failed executions with their request."""


class FailureNotes:
    """What happened around the failures of a run, by their numbers; `on` takes every event. Memory is bounded."""

    def __init__(self, context: ReporterContext) -> None:
        self._context = context
        self._width = context.width - INDENT
        self._scripts: dict[str, str] = {}
        self._evidence = Evidence()
        self._noted: dict[str, tuple[int, tuple[Sent, ...]]] = {}
        self._count = self._told = 0
        self.lines: dict[int, list[str]] = {}
        self.exchanges: dict[int, list[list[str]]] = {}

    def on(self, event: Event) -> None:
        """Take one event; requests are noted under the number of the last failure in a row that is about them."""
        if isinstance(event, RunStarted):
            self._scripts = script_texts(event.collection)
        about = self._evidence.on(event)
        if event.failed and isinstance(event, ItemEvent):
            self._count += 1
            self._note(event.cursor.ref, about)
            if isinstance(event, AssertionChecked | ScriptFinished) and len(self.lines) < MOST_LINES:
                self._note_line(event)
        elif isinstance(event, ItemFinished):
            self.finish(event.cursor.ref)
        elif event.failed:
            self._count += 1  # what ended the run has a number, too

    def finish(self, ref: str | None = None) -> None:
        """Put down the requests of an execution that ended, or of all that never will."""
        for open_ref in [ref] if ref is not None else list(self._noted):
            number, about = self._noted.pop(open_ref, (0, ()))
            if about and self._told < MOST_EXCHANGES:
                self._told += 1
                self.exchanges[number] = [self._lines(event) for event in about]

    def _note(self, ref: str, about: tuple[Sent, ...]) -> None:
        before = self._noted.get(ref)
        if before is not None and [id(event) for event in before[1]] != [id(event) for event in about]:
            self.finish(ref)
        self._noted[ref] = (self._count, about)

    def _lines(self, event: Sent) -> list[str]:
        secrets = self._context.secrets
        return [*exchange_text(event, secrets), command_line(event, self._context.options, secrets)]

    def _note_line(self, event: AssertionChecked | ScriptFinished) -> None:
        error = event.assertion.error if isinstance(event, AssertionChecked) else event.error
        if error is not None:
            script = self._scripts.get(event.script_id, "")
            self.lines[self._count] = source_line(script, error.line, error.column, self._context.secrets, self._width)


def script_texts(collection: Collection) -> dict[str, str]:
    """The text of every script of a collection by its id."""
    texts: dict[str, str] = {}
    waiting: list[Collection | Folder | Item] = [collection]
    while waiting:
        node = waiting.pop()
        texts.update((event.script.id, event.script.exec) for event in node.events)
        if not isinstance(node, Item):
            waiting += node.items
    return texts


def source_line(script: str, line: int | None, column: int | None, secrets: Secrets, width: int = LINE) -> list[str]:
    """The line of a script, with a caret under the column where that is known; nothing when there is no such line.

    Of a long line the part around the column is shown.
    """
    lines = script.split("\n")
    if line is None or not 0 < line <= len(lines):
        return []
    number, text = f"{line} | ", clean(lines[line - 1]).replace("\t", " ").rstrip()
    room = max(20, width - len(number))
    indent = len(text) - len(text.lstrip())
    start = indent
    if column is not None and columns(text[indent:column]) > room:
        start = column - room // (2 if columns(text) == len(text) else 4)
    shown = clip(secrets.mask(text)[start : start + room], room)
    if column is None or secrets.symbol in text or secrets.mask(text) != text or not indent < column <= len(text) + 1:
        return [number + shown]
    return [number + shown, " " * (len(number) + columns(text[start : column - 1])) + "^"]


SENDERS = {"script": "sent by the script:", "auth": "sent by the auth:"}
"""What stands before a request that is not the item's own."""


def exchange_text(event: Sent, secrets: Secrets) -> Iterator[str]:
    """The lines of a request and its response or error, with the redirects between; shortened, masked, maybe long.

    Headers that the runner adds to every request are left out.
    """
    exchange = event.exchange if isinstance(event, RequestFinished) else None
    sender = SENDERS.get(event.source) if isinstance(event, RequestFinished) else None
    if sender:
        yield sender
    before = exchange.hops[:-1] if exchange else getattr(event.error, "hops", ())
    for hop in before:
        yield one_line(f"> {secrets.mask(hop.method)} {secrets.mask(hop.href)}")
        status = f"{hop.response.code} {secrets.mask(hop.response.status)}".rstrip()
        yield one_line(f"< {status} to {secrets.mask(hop.response.header('location') or '')}")
    if exchange is not None or not before:
        yield from _request_lines(event, secrets)
    if exchange is None:
        yield one_line(f"< no response: {secrets.mask(event.error.message)}") if event.error else "< no response"
        return
    response = exchange.response
    yield f"< {one_line(f'{response.code} {secrets.mask(response.status)}').rstrip()} in {time_text(response.time)}"
    yield from _headers("< ", response.headers, secrets)
    yield from _body("< ", response, secrets)


def _request_lines(event: Sent, secrets: Secrets) -> Iterator[str]:
    """The last request of an exchange, or one that got no response."""
    exchange = event.exchange if isinstance(event, RequestFinished) else None
    sent = exchange.hops[-1] if exchange and exchange.hops else None
    method, url = (sent.method, sent.href) if sent else (event.request.method, url_of(event))
    yield one_line(f"> {secrets.mask(method)} {secrets.mask(url)}")
    added = {h.key.lower() for h in event.request.headers if h.system} - OWN_MATTER
    pairs = sent.headers if sent else [(h.key, h.value or "") for h in event.request.headers if not h.disabled]
    yield from _headers("> ", [pair for pair in pairs if pair[0].lower() not in added], secrets)
    if exchange is not None:
        yield from _body("> ", exchange.request, secrets)


def command_line(event: RequestFinished | RequestFailed, options: RunOptions, secrets: Secrets) -> str:
    """The curl command for a request, safe to be printed."""
    return clean(curl_command(event, secrets, insecure=options.insecure))


def _headers(mark: str, pairs: Iterable[tuple[str, str]], secrets: Secrets) -> Iterator[str]:
    for name, value in pairs:
        line = one_line(f"{secrets.mask(name)}: {secrets.mask_header(name, value)}")
        yield mark + (line if len(line) <= LINE else line[:LINE] + "...")


def _body(mark: str, owner: PreparedRequest | Response, secrets: Secrets) -> Iterator[str]:
    if not owner.body_size:
        return
    found = shown_body(owner, BODY, secrets)
    yield mark.rstrip()
    if found is None:
        yield f"{mark}<{size_text(owner.body_size)} that are no text>"
        return
    shown, more = found
    yield from (mark + line for line in (shown if more else shown.rstrip()).split("\n"))
    if more:
        yield f"{mark}... {plural(more, 'more character')}"
