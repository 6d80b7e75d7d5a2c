"""Lists and objects that do not fit where their name stands in a JSON body: a warning says so."""

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
    """What is doubtful about lists and objects in the JSON that a request template sends; `get` has the values of names."""
    texts = _json_texts(request)
    return tuple(dict.fromkeys(doubt for text in texts for doubt in _doubts(text, get)))


def _json_texts(request: Request) -> Iterator[str]:
    body = request.body
    if body is None or body.disabled:
        return
    if body.mode == "graphql" and isinstance(body.graphql, dict):
        variables = body.graphql.get("variables")
        if isinstance(variables, str):
            yield variables
    elif body.mode == "raw" and isinstance(body.raw, str) and "{{" in body.raw and _is_json(request, body):
        yield body.raw


def _is_json(request: Request, body: Body) -> bool:
    """As its language or its media type says, else by its first letter."""
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
            yield from _doubts_between_quotes(part["text"], get)
        elif _is_joined(value := get(part["name"])) and not _is_part_of_list(text, part, containers, value):
            yield JOINED % part["name"]


def _doubts_between_quotes(text: str, get: Get) -> Iterator[str]:
    for name in _NAME.findall(text):
        value = get(name)
        if isinstance(value, dict | list) and not _is_json_text(f'"{text_of(value)}"'):
            yield QUOTED % (name, "an object" if isinstance(value, dict) else "a list")


def _is_joined(value: Json) -> bool:
    return isinstance(value, list) and not any(isinstance(item, dict | list) for item in value)


def _is_part_of_list(text: str, part: re.Match[str], containers: list[str], value: Json) -> bool:
    """Whether the joined entries are entries of the list around them: `[{{ids}}]`."""
    if containers[-1:] != ["["]:
        return False
    before, after = _letter(text, part.start() - 1, -1), _letter(text, part.end(), 1)
    if before not in "[," or after not in ",]":
        return False
    return _is_json_text(f"[{text_of(value)}]") and (bool(value) or before + after == "[]")


def _letter(text: str, at: int, step: int) -> str:
    """The first letter from here on that is no blank."""
    while 0 <= at < len(text) and text[at].isspace():
        at += step
    return text[at : at + 1] if at >= 0 else ""


def _is_json_text(text: str) -> bool:
    try:
        loads(text)
    except ValueError:
        return False
    return True
