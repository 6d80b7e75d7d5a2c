"""Validates bodies by their media types."""

from __future__ import annotations

from collections.abc import Sequence

from runner.contract.findings import Check, Violation
from runner.contract.forms import Forms, fields_of
from runner.contract.parameters import Parameters
from runner.contract.validation.schemas import Schemas
from runner.contract.values import strict_json
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.media import FORM_DATA, JSON_LINES, URLENCODED, bare, family
from runner.model.json import Json, JsonObject
from runner.model.payload import BodyBytes


class Bodies:
    """The bodies of one direction."""

    def __init__(self, document: Document, schemas: Schemas, parameters: Parameters) -> None:
        self._document = document
        self._schemas = schemas
        self._parameters = parameters
        self._forms = Forms(document, parameters)

    def check(self, name: str, found: Json, media_type: str, body: BodyBytes) -> Check:
        """What is wrong with a body that the document has this media type object for."""
        media = self._document.resolved(found)
        schema, kind = media.get("schema", {}), bare(media_type)
        if schema in ({}, True) and "itemSchema" not in media:
            return Check(name, [])
        try:
            if family(kind) == "json":
                return Check(name, self._schemas.violations(schema, strict_json(_text(body, "strict"))))
            if kind in JSON_LINES:
                return Check(name, self._lines(media, body))
            if kind == FORM_DATA:
                return Check(name, self._forms.of_parts(fields_of(body, media_type), media))
        except ValueError as error:
            wanted = "a multipart body" if kind == FORM_DATA else "JSON"
            return Check(name, [Violation("$", wanted, str(error), _text(body))])
        if kind == URLENCODED:
            return Check(name, self._forms.of_text(_text(body), media))
        if not kind.startswith("text/") or family(kind) == "xml" or "itemSchema" in media:
            return Check(name, [], f"{kind or 'a body without Content-Type'} is not validated")
        text = _text(body)
        values = self._parameters.values
        return Check(name, self._parameters.wrong(schema, lambda as_text: values.of(text, schema, as_text=as_text)))

    def _lines(self, media: JsonObject, body: BodyBytes) -> Sequence[Violation]:
        """What is wrong with a body that is a sequence of JSON texts."""
        values = [strict_json(line) for line in _text(body, "strict").replace("\x1e", "\n").split("\n") if line.strip()]
        wrong = list(self._schemas.violations(media.get("schema", {}), values))
        for at, value in enumerate(values):
            wrong += [one.below(f"$[{at}]") for one in self._schemas.violations(media.get("itemSchema", {}), value)]
        return wrong


def _text(body: BodyBytes, errors: str = "replace") -> str:
    return bytes(body).decode("utf-8-sig", errors)


def media_of(content: JsonObject, media_type: str) -> Json:
    """What the document says of a media type: by its name, else by a range such as `application/*`; None if nothing."""
    kind = bare(media_type)
    by_name = {bare(name): node for name, node in content.items()}
    for wanted in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if wanted in by_name:
            found: Json = by_name[wanted]
            return found
    return None
