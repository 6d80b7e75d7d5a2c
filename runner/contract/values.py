"""The values of parameters, headers and form fields as their schemas mean them: all of them are sent as texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from runner.deep_json import loads
from runner.foreign.openapi.documents import Document
from runner.model.json import Json, JsonObject

_INTEGER = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}


class Values:
    """Reads texts by the schemas of a document. A text that is no such value stays a text, which no schema then takes."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def of(self, text: str, schema: Json) -> Json:
        """The value of one text."""
        types = self._types(schema)
        if "null" in types and text in ("", "null"):
            return None
        if "integer" in types and _INTEGER.fullmatch(text):
            return int(text)
        if "number" in types and _NUMBER.fullmatch(text):
            return float(text)
        if "boolean" in types and text in ("true", "false"):
            return text == "true"
        return text

    def of_parameter(self, param: JsonObject, texts: Sequence[str]) -> Json:
        """The value of a parameter, from each text that was sent for it."""
        content = param.get("content")
        if isinstance(content, dict) and content:
            try:
                found: Json = loads(texts[-1])
                return found
            except ValueError:
                return texts[-1]
        schema = param.get("schema", {})
        types = self._types(schema)
        style = str(param.get("style") or ("form" if param.get("in") in ("query", "cookie") else "simple"))
        explode = param.get("explode", style == "form")
        if "array" in types and not ("string" in types and len(texts) == 1):
            parts = list(texts) if explode and style == "form" else texts[-1].split(SEPARATORS.get(style, ","))
            items = self._document.resolved(schema).get("items", {})
            return [self.of(part, items) for part in parts]
        if "object" in types and "string" not in types:
            parts = texts[-1].split(",")
            pairs = (
                [part.partition("=")[::2] for part in parts]
                if explode
                else list(zip(parts[::2], parts[1::2], strict=False))
            )
            return self.of_fields(dict(pairs), schema)
        return self.of(texts[-1], schema)

    def of_fields(self, fields: Mapping[str, str | Sequence[str]], schema: Json) -> JsonObject:
        """The object of a form, each field by the schema of its property."""
        properties = self._document.resolved(schema).get("properties")
        known = properties if isinstance(properties, dict) else {}
        return {
            name: self.of(value, known.get(name, {}))
            if isinstance(value, str)
            else self.of_parameter({"schema": known.get(name, {}), "in": "query"}, value)
            for name, value in fields.items()
        }

    def _types(self, schema: Json) -> frozenset[str]:
        """Every type that a schema may have, also in its alternatives; empty if it does not say."""
        found: set[str] = set()
        waiting, seen = [schema], 0
        while waiting and seen < 50:
            seen += 1
            one = self._document.resolved(waiting.pop())
            named = one.get("type")
            found |= set(named) if isinstance(named, list) else {named} if isinstance(named, str) else set()
            found |= {"null"} if one.get("nullable") is True else set()
            for keyword in ("allOf", "anyOf", "oneOf"):
                waiting += one[keyword] if isinstance(one.get(keyword), list) else []
        return frozenset(found)
