"""Validates parameters and headers: the texts that were sent, as their styles and schemas read them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from runner.contract.findings import Violation
from runner.contract.styles import Decode, Misfit, Pairs, Sent, style_of, taken_apart
from runner.contract.validation.schemas import Schemas
from runner.contract.values import Values, strict_json
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.media import URLENCODED, bare, family
from runner.model.json import Json, JsonObject

Read = Callable[[bool], Json]
"""The value that texts are; with True what may be a text is one."""


class Parameters:
    """The parameters of a document, and the headers of its responses."""

    def __init__(self, document: Document, schemas: Schemas) -> None:
        self._document = document
        self._schemas = schemas
        self.values = Values(document)

    def check(self, param: JsonObject, sent: Sent, others: Collection[str] = ()) -> list[Violation] | None:
        """What is wrong with a parameter; None if it was not sent. `others` are the names of those in the query."""
        name, place = str(param["name"]), str(param["in"])
        if place == "querystring":
            return self._content(param, sent.query_string, str, place) if sent.query_string else None
        found, schema, where = sent.texts(name, place), param.get("schema", {}), f"{place}.{name}"
        style, explode = style_of(param, place)
        if found is None and place == "query" and "content" not in param:
            members = sent.query.members(name) if style == "deepObject" or self.values.kind(schema) != "text" else None
            if members is None and style == "form" and explode and self.values.kind(schema) == "object":
                members = self._exploded(schema, sent, others)
            if members is not None:
                return self.wrong(schema, lambda as_text: self.values.of_members(members, schema, as_text=as_text), where)
        if found is None:
            return None
        texts, decode = found
        if param.get("allowEmptyValue") is True and list(texts) == [""]:
            return []
        return self.of_texts(param, texts, decode, place, where)

    def of_texts(self, param: JsonObject, texts: Sequence[str], decode: Decode, place: str, where: str) -> list[Violation]:
        """What is wrong with the texts of a parameter or header."""
        if self._document.resolved(param.get("content")):
            return self._content(param, texts[-1], decode, where)
        schema = param.get("schema", {})
        try:
            return self.wrong(schema, lambda as_text: self.value(param, texts, decode, place, as_text=as_text), where)
        except Misfit as misfit:
            return [Violation(where, str(misfit), texts[-1], texts[-1])]

    def value(self, param: JsonObject, texts: Sequence[str], decode: Decode, place: str, *, as_text: bool) -> Json:
        """The value of the texts of a parameter by its style; raises `Misfit`."""
        schema = param.get("schema", {})
        style, explode = style_of(param, place)
        kind = self.values.kind(schema, as_text=as_text)
        raw = taken_apart(str(param.get("name") or ""), texts, style, explode, kind, decode)
        return self.values.of(raw, schema, as_text=as_text)

    def wrong(self, schema: Json, read: Read, where: str = "$") -> list[Violation]:
        """What is wrong with texts however they can be read: what is told is what is wrong with the first reading."""
        value = read(False)
        found = self._schemas.violations(schema, value)
        if found:
            other = read(True)
            if other != value and not self._schemas.violations(schema, other):
                return []
        return [one.below(where) for one in found]

    def _exploded(self, schema: Json, sent: Sent, others: Collection[str]) -> JsonObject | None:
        """The members of an object that are parameters of their own."""
        known = self.values.properties(schema)
        more = self._document.resolved(schema).get("additionalProperties")
        takes_more = more is True or isinstance(more, dict)
        sent_here = sent.query.decoded().items()
        return {name: text for name, text in sent_here if name in known or (takes_more and name not in others)} or None

    def _content(self, param: JsonObject, text: str, decode: Decode, where: str) -> list[Violation]:
        """What is wrong with a parameter that has a media type in place of a style."""
        content = self._document.resolved(param.get("content"))
        kind, media = next(iter(content.items()), ("", {}))
        schema = self._document.resolved(media).get("schema", {})
        if family(kind) == "json":
            try:
                value: Json = strict_json(decode(text))
            except ValueError as error:
                return [Violation(where, "JSON", str(error), text)]
            return [one.below(where) for one in self._schemas.violations(schema, value)]
        if bare(kind) == URLENCODED:
            members = Pairs(text).decoded()
            return self.wrong(schema, lambda as_text: self.values.of_members(members, schema, as_text=as_text), where)
        if self.values.kind(schema) != "text":
            return [Violation(where, "a media type that can be validated", kind)]
        return self.wrong(schema, lambda as_text: self.values.of(decode(text), schema, as_text=as_text), where)
