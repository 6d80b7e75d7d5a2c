"""Bodies of forms as the values that their schemas describe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote_plus

from runner.contract.findings import Violation
from runner.contract.parameters import Parameters
from runner.contract.styles import Misfit, Pairs
from runner.contract.values import strict_json
from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.media import bare, family
from runner.model.json import Json, JsonObject
from runner.model.payload import BodyBytes, Payload
from runner.model.quick_dataclass import dataclass

UNREAD = b"\0a file that is not read\0"
"""What stands for the content of a file that is not in memory."""

_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)
_NAME = re.compile(r'[;\s]name=(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))', re.IGNORECASE)
_FILE = re.compile(r"[;\s]filename\*?=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a multipart body; `content` is None for a file that is not in memory."""

    name: str
    is_file: bool
    media_type: str
    content: bytes | None

    @property
    def text(self) -> str:
        """Its content as text."""
        return (self.content or b"").decode("utf-8", "replace")


def fields_of(body: BodyBytes, media_type: str) -> list[Field]:
    """The parts of a multipart body; raises `ValueError`."""
    found = _BOUNDARY.search(media_type)
    if found is None:
        raise ValueError("Content-Type names no boundary")
    parts = body.parts if isinstance(body, Payload) else (body,)
    content = b"".join(part if isinstance(part, bytes) else UNREAD for part in parts)
    between = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    pieces = (b"\r\n" + content).split(b"\r\n" + between)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise ValueError("its boundary does not end it")
    return [_field(piece) for piece in pieces[1:-1]]


def _field(piece: bytes) -> Field:
    head, _, content = piece.partition(b"\r\n\r\n")
    headers: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").split("\r\n"):
        key, _, value = line.partition(":")
        headers[key.strip().lower()] = value.strip()
    disposition = headers.get("content-disposition", "")
    name = _NAME.search(disposition)
    return Field(
        re.sub(r"\\(.)", r"\1", name[1]) if name and name[1] is not None else name[2] if name else "",
        bool(_FILE.search(disposition)),
        headers.get("content-type", ""),
        None if content == UNREAD else content,
    )


class Forms:
    """Reads and validates forms."""

    def __init__(self, document: Document, parameters: Parameters) -> None:
        self._document = document
        self._parameters = parameters
        self._values = parameters.values

    def of_text(self, text: str, media: JsonObject) -> list[Violation]:
        """What is wrong with a form that is sent as pairs."""
        schema, pairs = media.get("schema", {}), Pairs(text)
        try:
            return self._parameters.wrong(schema, lambda as_text: self._of_pairs(pairs, media, as_text))
        except Misfit as misfit:
            return [Violation("$", str(misfit), "another style")]

    def of_parts(self, fields: Sequence[Field], media: JsonObject) -> list[Violation]:
        """What is wrong with a multipart form: of files, their media types; their contents are not looked at."""
        schema = media.get("schema", {})
        wrong = self._parameters.wrong(schema, lambda as_text: self._of_fields(fields, schema, as_text))
        unread = tuple(f"$.{one.name}" for one in fields if one.content is None)
        encoding = self._document.resolved(media.get("encoding"))
        told = [one for field in fields if (one := self._wrong_type(field, encoding)) is not None]
        return told + [one for one in wrong if not unread or not one.path.startswith(unread)]

    def _of_pairs(self, pairs: Pairs, media: JsonObject, as_text: bool) -> JsonObject:
        properties = self._values.properties(media.get("schema", {}))
        encoding = self._document.resolved(media.get("encoding"))
        found: JsonObject = {}
        for name, texts in pairs.texts.items():
            owner = name.partition("[")[0]
            if name not in properties and owner in properties and (members := pairs.members(owner)):
                found[owner] = self._values.of_members(members, properties[owner], as_text=as_text)
                continue
            schema, how = properties.get(name, {}), self._document.resolved(encoding.get(name))
            is_json = family(str(how.get("contentType") or "")) == "json"
            if is_json or (self._values.kind(schema) == "object" and "style" not in how):
                found[name] = _json_or_text(unquote_plus(texts[-1]))
            elif name in properties:
                param = {"name": name, "schema": schema, **how}
                found[name] = self._parameters.value(param, texts, unquote_plus, "query", as_text=as_text)
            else:
                found[name] = unquote_plus(texts[-1])
        return found

    def _of_fields(self, fields: Sequence[Field], schema: Json, as_text: bool) -> JsonObject:
        properties = self._values.properties(schema)
        found: JsonObject = {}
        for field in fields:
            of_field = properties.get(field.name, {})
            is_list = "array" in self._values.types(of_field)
            own = self._document.resolved(of_field).get("items", {}) if is_list else of_field
            is_text = field.is_file and self._values.kind(own) == "text"
            if not is_text and (family(field.media_type) == "json" or self._values.kind(own) != "text"):
                value = _json_or_text(field.text)
            elif field.is_file:
                value = field.text
            else:
                value = self._values.of(field.text, own, as_text=as_text)
            if not is_list or (isinstance(value, list) and family(field.media_type) == "json"):
                found[field.name] = value
            else:
                found.setdefault(field.name, []).append(value)
        return found

    def _wrong_type(self, field: Field, encoding: JsonObject) -> Violation | None:
        wanted = self._document.resolved(encoding.get(field.name)).get("contentType")
        sent = bare(field.media_type)
        if not isinstance(wanted, str) or not sent:
            return None
        ranges = {bare(one) for one in wanted.split(",")}
        if {sent, f"{sent.partition('/')[0]}/*", "*/*"} & ranges:
            return None
        return Violation(f"$.{field.name}", f"the media type {wanted}", sent)


def _json_or_text(text: str) -> Json:
    try:
        return strict_json(text)
    except ValueError:
        return text
