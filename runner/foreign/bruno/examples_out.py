"""Saved examples as Bruno has them."""

from __future__ import annotations

from runner.foreign.bruno.blocks import QUOTES
from runner.foreign.bruno.model import Example, Request
from runner.foreign.bruno.requests_out import Tell, fill, row
from runner.formats.postman.v2_request import parse_headers, parse_request
from runner.model.json import JsonObject

UNPRUNED: JsonObject = {"disableBodyPruning": True}


def example(response: JsonObject, request: Request, tell: Tell) -> Example:
    """A response with the request that it answers, which is the item's unless the example has its own."""
    name = " ".join(str(response.get("name") or "Example").split())

    def tell_here(message: str) -> None:
        tell(f"in the example {name}: {message}")

    asked = Request(name="", method=request.method, url=request.url)
    source = response.get("originalRequest")
    if isinstance(source, dict):
        fill(asked, parse_request(source), UNPRUNED, tell_here)
        asked.url, asked.docs = " ".join(asked.url.split("\n")), ""
    code, status, body = response.get("code"), response.get("status"), response.get("body")
    made = Example(name, asked, code=code if isinstance(code, int) else 0, status=str(status or ""))
    made.headers = [
        row(header.key, " ".join((header.value or "").splitlines()), "the header", tell_here)
        for header in parse_headers(response.get("header"))
        if header.key
    ]
    text = body if isinstance(body, str) else ""
    if QUOTES in text:
        tell_here(f"the body has {QUOTES} in it, which would end it, and is left out")
        text = ""
    made.body = text.replace("\r\n", "\n").replace("\r", "\n")
    return made
