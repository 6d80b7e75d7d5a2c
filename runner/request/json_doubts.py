"""Warnings about variables whose list or object does not fit where it stands in a JSON body."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.deep_json import loads
from runner.model.json import Json
from runner.model.request import Body, Request
from runner.rules.substitute import Get
from runner.rules.text import text_of

_PART = re.compile(r'(?P<text>"(?:[^"\\]++|\\.)*+"?)|\{\{(?P<name>[^{}]*)\}\}|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
_NAME = re.compile(r"\{\{([^{}]*)\}\}")
_JSON_START = re.compile(r"\s*(\[|\{(?!\{))")

JOINED = (
    "{{%s}} is a list: in the JSON body its entries stand joined by commas; JSON.stringify in a script makes it a JSON list"
)
QUOTED = "{{%s}} is %s: its JSON stands between quotes in the JSON body and breaks it; leave the quotes out"


def doubts_in(request: Request, get: Get) -> tuple[str, ...]:
    """The warnings about the JSON that a request template sends; `get` gives the value of a variable."""
    body = request.body
    if body is None or body.disabled:
        return ()
    text: Json = None
    if body.mode == "graphql" and isinstance(body.graphql, dict):
        text = body.graphql.get("variables")
    elif body.mode == "raw" and isinstance(body.raw, str) and "{{" in body.raw and _is_json(request, body):
        text = body.raw
    return tuple(dict.fromkeys(_doubts(text, get))) if isinstance(text, str) else ()


def _is_json(request: Request, body: Body) -> bool:
    """Whether a raw body is JSON: by its language or its media type, without both by its first character."""
    types = [
        header.value or "" for header in request.headers if header.key.lower() == "content-type" and not header.disabled
    ]
    if types or body.language:
        return body.language == "json" or any("json" in type.lower() for type in types)
    return isinstance(body.raw, str) and _JSON_START.match(body.raw) is not None


def _doubts(text: str, get: Get) -> Iterator[str]:
    containers: list[str] = []
    for part in _PART.finditer(text):
        if part["open"]:
            containers.append(part["open"])
        elif part["close"]:
            containers[-1:] = []
        elif part["text"]:
            for name in _NAME.findall(part["text"]):
                value = get(name)
                if isinstance(value, dict | list) and not _is_json_text(f'"{text_of(value)}"'):
                    yield QUOTED % (name, "an object" if isinstance(value, dict) else "a list")
        else:
            value = get(part["name"])
            joined = isinstance(value, list) and not any(isinstance(item, dict | list) for item in value)
            if joined and not _is_part_of_list(text, part, containers, value):
                yield JOINED % part["name"]


def _is_part_of_list(text: str, part: re.Match[str], containers: list[str], value: Json) -> bool:
    """Whether the joined entries become entries of the list around them, as in `[{{ids}}]`."""
    if containers[-1:] != ["["]:
        return False
    before, after = _letter(text, part.start() - 1, -1), _letter(text, part.end(), 1)
    if before not in "[," or after not in ",]":
        return False
    return _is_json_text(f"[{text_of(value)}]") and (bool(value) or before + after == "[]")


def _letter(text: str, at: int, step: int) -> str:
    """The first character from `at` on that is not white space, in steps of 1 or -1; empty at the end of the text."""
    while 0 <= at < len(text) and text[at].isspace():
        at += step
    return text[at : at + 1] if at >= 0 else ""


def _is_json_text(text: str) -> bool:
    try:
        loads(text)
    except ValueError:
        return False
    return True
