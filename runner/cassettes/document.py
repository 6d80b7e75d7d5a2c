"""Reads the document of a cassette: YAML or JSON of any vcrpy version, converted to format version 1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeAlias

from runner.cassettes.plain_yaml import DEEPEST, read_yaml
from runner.errors import InvalidDocument

Document: TypeAlias = dict[str, Any]
"""A mapping of the file. Whoever uses its values checks them."""

PARTS = ("protocol", "host", "port", "path")
"""What a request had instead of a URI before version 1."""

DEFAULT_PORTS = {"http": "80", "https": "443"}
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")


def read_document(content: bytes, where: str) -> Document:
    """The document of a file, which has a list `interactions`; raises `InvalidDocument`."""
    document = _parse(content, where)
    if (
        isinstance(document, list)
        and document
        and all(isinstance(one, dict) and {"request", "response"} <= one.keys() for one in document)
    ):
        document = {"interactions": [_from_version_0(one) for one in document]}
    if not isinstance(document, dict) or not isinstance(document.get("interactions"), list):
        raise InvalidDocument("is not a cassette: it has no list of interactions", where=where)
    return document


def _parse(content: bytes, where: str) -> object:
    if content.lstrip()[:1] in (b"{", b"["):
        with suppress(ValueError, RecursionError):  # it is YAML that begins with a bracket
            document: object = json.loads(content.decode("utf-8"))
            _check_depth(document, where)
            halves = b"\\ud" in content or b"\\uD" in content
            return _whole_characters(document) if halves else document
    return read_yaml(content, where)


def _check_depth(document: object, where: str) -> None:
    level = [document]
    for _ in range(DEEPEST + 1):
        inner: list[object] = []
        for value in level:
            if isinstance(value, dict | list):
                inner += value.values() if isinstance(value, dict) else value
        if not inner:
            return
        level = inner
    raise InvalidDocument(f"is nested more than {DEEPEST} levels deep", where=where)


def _whole_characters(value: object) -> object:
    """The value with U+FFFD for each lone surrogate: JSON can escape these, but no file can be written with them."""
    if isinstance(value, str):
        return _HALF_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_whole_characters(one) for one in value]
    if isinstance(value, dict):
        return {_whole_characters(key): _whole_characters(one) for key, one in value.items()}
    return value


# -- before version 1 ---------------------------------------------------------------------------------------------------


def _from_version_0(interaction: Document) -> Document:
    """The interaction with a URI instead of its parts, and mappings instead of pairs and lines of headers."""
    request, response = interaction["request"], interaction.get("response")
    if isinstance(request, dict) and "uri" not in request and all(part in request for part in PARTS):
        rest = {key: value for key, value in request.items() if key not in PARTS}
        protocol, host, port, path = (str(request[part]) for part in PARTS)
        uri = f"{protocol}://{host}{'' if port == DEFAULT_PORTS.get(protocol) else f':{port}'}{path}"
        request = {**rest, "uri": uri, "headers": _from_pairs(request.get("headers"))}
    if isinstance(response, dict) and isinstance(response.get("headers"), list):
        response = {**response, "headers": _gathered(_lines(response["headers"]))}
    return {**interaction, "request": request, "response": response}


def _from_pairs(headers: object) -> object:
    """The headers as a mapping if they are a list of pairs, which may be in a list of its own."""
    if not isinstance(headers, list | tuple):
        return headers
    if len(headers) == 1 and isinstance(headers[0], list) and all(isinstance(one, list | tuple) for one in headers[0]):
        headers = headers[0]
    return _gathered((pair[0], pair[1]) for pair in headers if isinstance(pair, list | tuple) and len(pair) == 2)


def _lines(headers: list[object]) -> Iterator[tuple[str, str]]:
    for line in headers:
        name, _, value = str(line).rstrip("\r\n").partition(":")
        yield name, value.strip()


def _gathered(pairs: Iterable[tuple[object, object]]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for name, value in pairs:
        found.setdefault(str(name), []).append(value)
    return found
