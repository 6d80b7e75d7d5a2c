"""What is shown of a request that was sent: the head of its response, or all of both as JSON, masked as they are given."""

from __future__ import annotations

import os
import sys

from runner.cli.request.sending import Sent
from runner.descriptors import own_descriptor
from runner.errors import ExportError, PostrunnerError
from runner.events import RequestEvent
from runner.export.documents import write_export
from runner.formats.json_text import JsonStyle, dump_json
from runner.model.json import JsonArray, JsonObject
from runner.model.response import Response
from runner.outputs import OWNER_ONLY
from runner.outputs.body import STDOUT, write_body
from runner.reporters.text import size_text
from runner.results.written.shapes import body_shape, error_shape, shape
from runner.rules.url import url_text

Pairs = tuple[tuple[str, str], ...]


def show(sent: Sent, output: str, *, include: bool, save: str | None) -> list[PostrunnerError]:
    """Write what is asked for: `body`, `headers`, `json` or `none`, and the body into the file `save`.

    Gives what went wrong. What goes to standard output is masked, but not the body.
    """
    problems: list[PostrunnerError] = []
    if output == "json" and sent.shown is not None:
        write_export(STDOUT, json_text(sent.shown))
    if sent.response is None or sent.shown is None:
        return problems
    if output == "headers" or include:
        assert sent.shown.response is not None
        print(head_text(sent.shown.response), end="" if output == "headers" else "\n")
    try:
        if output == "body":
            _show_body(sent.response)
        if save is not None:
            write_body(save, sent.response.body, mode=OWNER_ONLY)
            if own_descriptor(save, 1) is None:
                status = f"{sent.response.code} {sent.response.status}".rstrip()
                print(f"{save} written: {status}, {size_text(sent.response.body_size)}", file=sys.stderr)
    except ExportError as error:
        problems.append(error)
    return problems


def _show_body(response: Response) -> None:
    """The body as it came; on a terminal as text. Raises `ExportError` for another body there."""
    if not os.isatty(1):
        write_body(STDOUT, response.body, mode=OWNER_ONLY)
        return
    found = response.text_start(response.body_size + 1, response.charset or "utf-8")
    if found is None:
        hint = "--save FILE writes it to a file, | cat to the terminal all the same"
        raise ExportError(f"the body is binary: {response.body_size} bytes are not shown on a terminal", hint=hint)
    print(found[0], end="" if found[0].endswith("\n") else "\n")


def head_text(response: Response) -> str:
    """The status line and the headers, each on a line of its own."""
    first = f"HTTP/{response.http_version} {response.code} {response.status}".rstrip()
    return "\n".join([first, *(f"{name}: {value}" for name, value in response.headers), ""])


def json_text(sent: RequestEvent) -> str:
    """Request and response (or the error in its place) as one JSON object; bodies that are not text are in base64."""
    return dump_json({"request": _request(sent), **_outcome(sent)}, JsonStyle())


def _request(sent: RequestEvent) -> JsonObject:
    exchange = sent.exchange
    if exchange is None:
        return {"method": sent.method, "url": url_text(sent.request.url)}
    last = exchange.hops[-1] if exchange.hops else exchange.request
    first = exchange.hops[0] if exchange.hops else exchange.request
    found: JsonObject = {"method": sent.method, "url": exchange.request.href, "headers": _headers(first.headers)}
    if exchange.request.body:
        found["body"] = body_shape(exchange.request.body)
    return found | ({"finalUrl": last.href} if last.href != exchange.request.href else {})


def _outcome(sent: RequestEvent) -> JsonObject:
    response = sent.response
    if response is None:
        return {"error": error_shape(sent.error)} if sent.error else {}
    return {
        "response": {
            "httpVersion": response.http_version,
            "code": response.code,
            "status": response.status,
            "headers": _headers(response.headers),
            "body": body_shape(response.body),
            "time": response.time,
            "sizes": shape(response.sizes),
            "timings": shape(response.timings),
        }
    }


def _headers(pairs: Pairs) -> JsonArray:
    return [{"key": name, "value": value} for name, value in pairs]
