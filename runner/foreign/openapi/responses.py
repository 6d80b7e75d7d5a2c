"""Responses of an operation as saved examples: one for each, or one for each named example of a response or request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from runner.foreign.openapi.bodies import example_summary
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.media import Media, family, preferred
from runner.foreign.openapi.parameters import Parameters
from runner.model.json import Json, JsonObject
from runner.rules.status_phrases import status_phrase

DEFAULT_CODE = 500
"""The status of an example of the response `default`, which has none."""


class Example(NamedTuple):
    """A saved example, and the key of the named examples that its request has; None: the first ones."""

    response: JsonObject
    key: str | None
    accept: str


class Responses:
    """Makes saved examples of the responses of operations."""

    def __init__(self, document: Document, media: Media, *, deprecated: bool) -> None:
        self._document = document
        self._media = media
        self._headers = Parameters(media, optional=True, deprecated=deprecated, implicit_headers=True)

    def examples(self, responses: Json, request_keys: tuple[str, ...], named: Callable[[str], str]) -> Iterator[Example]:
        """The examples of all responses.

        `request_keys` are those of the named examples of the request, `named` gives their names: if no response has
        examples, the first success is there once for each.
        """
        nodes = responses if isinstance(responses, dict) else {}
        found = {code: self._document.resolved(node) for code, node in nodes.items() if not code.startswith("x-")}
        spread = request_keys if len(request_keys) > 1 and not any(map(self._keys, found.values())) else ()
        success = next((code for code in found if code.startswith("2")), "")
        for code, node in found.items():
            yield from self._of(code, node, spread if code == success else (), named)

    def _keys(self, node: JsonObject) -> tuple[str, ...]:
        """The keys of the named examples of a response."""
        content = node.get("content")
        if not isinstance(content, dict) or not content or not self._media.examples:
            return ()
        examples = self._document.resolved(content[preferred(content)]).get("examples")
        return tuple(examples) if isinstance(examples, dict) else ()

    def _of(self, code: str, node: JsonObject, spread: tuple[str, ...], named: Callable[[str], str]) -> Iterator[Example]:
        content = self._document.resolved(node.get("content"))
        media_type = preferred(content) if content else ""
        described = self._document.resolved(content[media_type]) if media_type else {}
        description = str(node.get("description") or node.get("summary") or "").strip()
        own = self._keys(node)
        for key in own or spread or (None,):
            response = self._response(code, node, described, media_type, key)
            several = len(own or spread) > 1 and key is not None
            example = "" if key is None else example_summary(described, key, self._media) if own else named(key)
            response["name"] = example if several else description or example or code
            accept = next(iter(content)) if media_type else ""
            yield Example({"name": response.pop("name"), **response}, key, accept)

    def _response(self, code: str, node: JsonObject, described: JsonObject, media_type: str, key: str | None) -> JsonObject:
        status = _status(code)
        headers = [{"key": "Content-Type", "value": media_type}] if media_type else []
        declared = node.get("headers")
        for name, header in declared.items() if isinstance(declared, dict) else ():
            about = {**self._document.resolved(header), "name": name, "in": "header"}
            if name.lower() != "content-type":
                headers += self._headers.rows([about]).headers
        phrase = status_phrase(status)
        return {
            "name": "",
            **({"status": phrase} if phrase else {}),
            "code": status,
            "_postman_previewlanguage": (family(media_type) or "text"),
            "header": headers,
            "cookie": [],
            "body": self._media.text_of(described, media_type, key) if media_type else "",
        }


def _status(code: str) -> int:
    """The status of a response: 4XX is 400, default is 500."""
    digits = code.upper().replace("X", "0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 3 else DEFAULT_CODE
