"""The body: its `type` is the mode of v2.1, or the language of a raw one."""

from __future__ import annotations

from runner.formats.v3.fields.rows import plain_key, read_rows, text_value, write_rows
from runner.formats.v3.fields.rule import Place, description, member
from runner.model.json import Json, JsonArray, JsonObject
from runner.rules.text import json_text

LANGUAGES = ("json", "xml", "html", "javascript")
RAW_TYPES = ("text", *LANGUAGES)


def write_body(request: JsonObject, place: Place) -> Json:
    """The body of a request; None without one."""
    body = request.get("body")
    if not isinstance(body, dict) or body.get("disabled"):
        return None
    mode = body.get("mode")
    if mode == "urlencoded":
        rows = write_rows(body.get("urlencoded"))
        return {"type": mode, "content": rows} if rows else {"type": mode}
    if mode == "formdata":
        parts = body.get("formdata")
        parts = parts if isinstance(parts, list) else []
        return {"type": mode, "content": [_part(part) for part in parts if isinstance(part, dict)]}
    if mode == "file":
        source = body.get("file")
        source = source.get("src") if isinstance(source, dict) else source
        return {"type": mode, "content": {"src": source} if source else {}}
    if mode == "graphql":
        return {"type": mode, "content": write_graphql(body.get("graphql"))}
    language = member(body.get("options"), "raw").get("language")
    raw = body.get("raw")
    return {"type": language if language in LANGUAGES else "text", "content": raw or ""}


def write_graphql(source: Json) -> JsonObject:
    """The query with its variables, which are JSON as a text, and the name of its operation."""
    source = source if isinstance(source, dict) else {}
    content: JsonObject = {"query": source.get("query") or ""}
    if variables := source.get("variables"):
        content["variables"] = variables if isinstance(variables, str) else json_text(variables)
    if name := source.get("operationName"):
        content["operationName"] = name
    return content


def _part(entry: JsonObject) -> JsonObject:
    file = entry.get("type") == "file"
    part: JsonObject = {"type": "file" if file else "text", "key": plain_key(entry.get("key"))}
    if file:
        part["src"] = "" if entry.get("src") is None else entry["src"]
    else:
        part["value"] = text_value(entry.get("value"))
    if entry.get("contentType"):
        part["contentType"] = entry["contentType"]
    if text := description(entry.get("description")):
        part["description"] = text
    if entry.get("disabled") is True:
        part["disabled"] = True
    return part


def read_body(data: JsonObject, request: JsonObject) -> None:
    """The body of v2.1."""
    body = data["body"]
    if isinstance(body, dict) and (type := body.get("type")) not in (None, "none"):
        request["body"] = _body(type, body.get("content"))


def _body(type: str, content: Json) -> JsonObject:
    if type == "urlencoded":
        return {"mode": type, "urlencoded": read_rows(content)}
    if type == "formdata":
        return {"mode": type, "formdata": _parts(content)}
    if type == "file":
        return {"mode": type, "file": content if isinstance(content, dict) else {}}
    if type == "graphql":
        return {"mode": type, "graphql": content if isinstance(content, dict) else {}}
    body: JsonObject = {"mode": "raw", "raw": "" if content is None else content}
    return {**body, "options": {"raw": {"language": type}}} if type in LANGUAGES else body


def _parts(content: Json) -> JsonArray:
    """The parts of a form; where they are a map, all of them are texts."""
    if isinstance(content, dict):
        return [{"key": key, "value": value, "type": "text"} for key, value in content.items()]
    return [{"type": "text", **part} for part in content if isinstance(part, dict)] if isinstance(content, list) else []
