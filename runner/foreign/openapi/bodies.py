"""Bodies of requests: which media type is taken, and the body that it makes."""

from __future__ import annotations

from typing import NamedTuple

from runner.foreign.openapi.media import BOUNDARY, FORM_DATA, URLENCODED, Media, bare, family, preferred
from runner.foreign.openapi.options import Choices
from runner.foreign.openapi.parameters import pairs_of, style_of
from runner.foreign.openapi.schemas.views import View
from runner.model.json import Json, JsonObject
from runner.rules.text import json_text, text_of

MODES = {URLENCODED: "x-www-form-urlencoded", FORM_DATA: "form-data"}
"""The names of the two forms in the option preferredRequestBodyType; any other media type is raw."""


class Body(NamedTuple):
    """A body with its media type; `examples` are the keys of the named examples that it may have."""

    body: JsonObject
    media_type: str
    examples: tuple[str, ...]


def body_of(request_body: JsonObject, media: Media, choices: Choices, key: str | None = None) -> Body | None:
    """The body of a request, made of the examples named `key` where there are some; None if there is none."""
    content = media.document.resolved(request_body.get("content"))
    if not content:
        return None
    media_type = _chosen(content, choices.body)
    described = media.document.resolved(content[media_type])
    examples = described.get("examples")
    keys = tuple(examples) if isinstance(examples, dict) else ()
    mode = MODES.get(bare(media_type))
    if mode == "x-www-form-urlencoded":
        body: JsonObject = {
            "mode": "urlencoded",
            "urlencoded": _urlencoded(described, media, key, optional=choices.optional),
        }
    elif mode == "form-data":
        body = {"mode": "formdata", "formdata": _formdata(described, media, key)}
    elif _is_binary(described, media_type, media):
        body = {"mode": "file", "file": {}}
    else:
        if "itemSchema" in described and bare(media_type).startswith("multipart/") and "boundary=" not in media_type:
            media_type = f"{media_type}; boundary={BOUNDARY}"
        body = {"mode": "raw", "raw": media.text_of(described, media_type, key)}
        if language := family(media_type):
            body["options"] = {"raw": {"headerFamily": language, "language": language}}
    return Body(body, media_type, keys)


def _chosen(content: JsonObject, choice: str) -> str:
    """The media type that is taken: the form that was asked for, else the first one, else a raw one."""
    raw = {type: node for type, node in content.items() if bare(type) not in MODES}
    first = next(iter(content))
    if choice == "first-listed":
        return first if bare(first) in MODES else preferred(raw)
    wanted = [type for type in content if MODES.get(bare(type)) == choice]
    return wanted[0] if wanted else preferred(raw) if raw else first


def is_bytes(media_type: str) -> bool:
    """Whether a media type is one of bytes, whatever they mean."""
    kind = bare(media_type)
    return kind == "application/octet-stream" or kind.partition("/")[0] in ("image", "audio", "video")


def _is_binary(described: JsonObject, media_type: str, media: Media) -> bool:
    """Whether a body is a file: by its schema, or a stream of bytes without one (OpenAPI 3.1)."""
    if described.get("schema") is None:
        return is_bytes(media_type)
    return _is_file(media.view(described["schema"]), family(media_type) == "")


def _is_file(view: View, has_no_language: bool = True) -> bool:
    """Whether a schema means the bytes of a file."""
    if view.keywords.get("format") == "binary" and view.kind == "string":
        return True
    return has_no_language and "contentMediaType" in view.keywords and "contentEncoding" not in view.keywords


def _fields(described: JsonObject, media: Media, key: str | None) -> tuple[JsonObject, View]:
    """The values of a form by name, and the schema that describes them."""
    value = media.value_of(described, key)
    return (value if isinstance(value, dict) else {}), media.view(described.get("schema"))


def _urlencoded(described: JsonObject, media: Media, key: str | None, *, optional: bool) -> list[JsonObject]:
    values, view = _fields(described, media, key)
    rows: list[JsonObject] = []
    for name, value in values.items():
        about = _described(view, name, media)
        if not optional and name not in view.required:
            about["disabled"] = True
        for pair in pairs_of({"name": name, "in": "query", **style_of(described, name)}, value, ""):
            rows.append({"key": pair.key, "value": pair.value, **about})
    return rows


def _formdata(described: JsonObject, media: Media, key: str | None) -> list[JsonObject]:
    values, view = _fields(described, media, key)
    encodings = described.get("encoding")
    rows: list[JsonObject] = []
    for name, value in values.items():
        field = media.schemas.view(view.properties.get(name, ()))
        items = media.schemas.view(field.items) if field.kind == "array" else field
        encoding = encodings.get(name) if isinstance(encodings, dict) else None
        content_type = encoding.get("contentType") if isinstance(encoding, dict) else None
        row: JsonObject = {"key": name}
        if _is_file(field) or _is_file(items) or (not field.keywords and is_bytes(str(content_type))):
            row |= {"type": "file", "src": []}
        else:
            row |= {"value": json_text(value) if isinstance(value, dict) else text_of(value), "type": "text"}
        row |= _described(view, name, media)
        if isinstance(content_type, str):
            row["contentType"] = content_type
        rows.append(row)
    return rows


def _described(view: View, name: str, media: Media) -> JsonObject:
    """The description of a field, as that of a parameter."""
    keywords = media.schemas.view(view.properties.get(name, ())).keywords
    options: Json = keywords.get("enum")
    parts = (
        "(Required)" if name in view.required else "",
        keywords["description"] if isinstance(keywords.get("description"), str) else "",
        f"(This can only be one of {text_of(options)})" if isinstance(options, list) else "",
    )
    text = " ".join([part for part in parts if part])
    return {"description": text} if text else {}


def example_summary(described: JsonObject, key: str, media: Media) -> str:
    """What names an example: its summary, else its description, else its key."""
    examples = described.get("examples")
    example = media.document.resolved(examples.get(key)) if isinstance(examples, dict) else {}
    found = example.get("summary") or example.get("description")
    return found if isinstance(found, str) else key
