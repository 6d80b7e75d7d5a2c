"""What a report tells of a failure beside its message: the line of the script, the request and the response, a command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.events import RequestFailed, RequestFinished
from runner.model.collection import Collection, Folder, Item
from runner.options import RunOptions
from runner.reporters.curl import curl_command
from runner.reporters.text import body_text, clean, one_line, plural, size_text, time_text, url_of
from runner.secrets import Secrets

BODY, LINE = 1000, 300
"""Characters of a body and of a header that are shown."""


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


def source_line(script: str, line: int | None, column: int | None, secrets: Secrets) -> list[str]:
    """The line of a script, with a caret under the column where that is known; nothing when there is no such line."""
    lines = script.split("\n")
    if line is None or not 0 < line <= len(lines):
        return []
    text = lines[line - 1].rstrip()
    if column is not None and column > LINE:  # a script that is one long line
        text, column = "..." + text[column - LINE // 2 :], LINE // 2 + 3
    masked = one_line(secrets.mask(text[:LINE]))
    indent = len(masked) - len(masked.lstrip())
    number = f"{line} | "
    shown = [number + masked[indent:]]
    if column is not None and 0 < column - indent <= len(masked) and masked == one_line(text[:LINE]):
        shown.append(" " * (len(number) + column - 1 - indent) + "^")
    return shown


def exchange_text(event: RequestFinished | RequestFailed, secrets: Secrets) -> Iterator[str]:
    """The lines of a request and its response, shortened and masked; lines may be long."""
    exchange = event.exchange if isinstance(event, RequestFinished) else None
    sent = exchange.hops[-1] if exchange and exchange.hops else None
    method = sent.method if sent else event.request.method
    yield f"> {one_line(method)} {one_line(secrets.mask(sent.href if sent else url_of(event)))}"
    pairs = sent.headers if sent else [(h.key, h.value or "") for h in event.request.headers if not h.disabled]
    yield from _headers("> ", pairs, secrets)
    if exchange is None:
        return
    yield from _body("> ", exchange.request.body, secrets)
    response = exchange.response
    yield f"< {one_line(f'{response.code} {response.status}').rstrip()} in {time_text(response.time)}"
    yield from _headers("< ", response.headers, secrets)
    yield from _body("< ", response.body, secrets)


def command_line(event: RequestFinished | RequestFailed, options: RunOptions, secrets: Secrets) -> str:
    """The curl command for a request, safe to be printed."""
    return clean(curl_command(event, secrets, insecure=options.insecure))


def _headers(mark: str, pairs: Iterable[tuple[str, str]], secrets: Secrets) -> Iterator[str]:
    for name, value in pairs:
        line = one_line(f"{name}: {secrets.mask_header(name, value)}")
        yield mark + (line if len(line) <= LINE else line[:LINE] + "...")


def _body(mark: str, body: bytes, secrets: Secrets) -> Iterator[str]:
    if not body:
        return
    text = body_text(body)
    yield mark.rstrip()
    if text is None:
        yield f"{mark}<{size_text(len(body))} that are no text>"
        return
    shown = clean(secrets.mask(text)).rstrip()
    yield from (mark + line for line in shown[:BODY].split("\n"))
    if len(shown) > BODY:
        yield f"{mark}... {plural(len(shown) - BODY, 'more character')}"
