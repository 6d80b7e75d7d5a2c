"""What the Postman API refuses in a collection: everything but a well-formed v2.1.0 document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeGuard

from runner.model.json import Json, JsonObject

SCHEMA = re.compile(r"https?://schema\.(?:get)?postman\.com/(?:[\w.-]+/)*v2\.1\.0/(?:[\w.-]+/)*collection\.json")
MODES = ("raw", "urlencoded", "formdata", "file", "graphql")
AUTH_TYPES = (
    *("apikey", "awsv4", "basic", "bearer", "digest", "edgegrid", "hawk", "noauth", "oauth1", "oauth2", "ntlm"),
    *("asap", "jwt"),
)
LISTENS = ("test", "prerequest")


def collection_problems(document: JsonObject) -> list[str]:
    """What is wrong with a collection, each line as `path: message`; empty for one that is taken."""
    found = [f": must have required property '{name}'" for name in ("info", "item") if name not in document]
    if "info" in document:
        found += _info(document["info"])
    found += _shared(document, "")
    waiting: list[tuple[Json, str]] = [(document["item"], "item")] if "item" in document else []
    while waiting:
        entries, path = waiting.pop()
        if not isinstance(entries, list):
            found.append(f"{path}: must be array")
            continue
        for number, entry in enumerate(entries):
            place = f"{path}.{number}"
            if not isinstance(entry, dict):
                found.append(f"{place}: must be object")
            elif "item" in entry:
                found += _shared(entry, place)
                waiting.append((entry["item"], f"{place}.item"))
            elif "request" in entry:
                found += [
                    *_shared(entry, place),
                    *_request(entry["request"], f"{place}.request"),
                    *_responses(entry, place),
                ]
            else:
                found.append(f"{place}: must have required property 'request'")
    return found


def _info(info: Json) -> Iterator[str]:
    if not isinstance(info, dict):
        yield "info: must be object"
        return
    for name in ("name", "schema"):
        if name not in info:
            yield f"info: must have required property '{name}'"
        elif not isinstance(info[name], str):
            yield f"info.{name}: must be string"
    address = info.get("schema")
    if isinstance(address, str) and not SCHEMA.fullmatch(address):
        yield "info.schema: must be equal to one of the allowed values"


def _shared(entry: JsonObject, path: str) -> Iterator[str]:
    """The members that a collection, a folder and a request have in common."""
    dot = f"{path}." if path else ""
    if not isinstance(entry.get("name", ""), str):
        yield f"{dot}name: must be string"
    if not isinstance(entry.get("description"), str | dict | None):
        yield f"{dot}description: must be object,string,null"
    yield from _auth(entry.get("auth"), f"{dot}auth")
    for event, place in _objects(entry, "event", dot):
        if event is None:
            yield f"{place}: must be object"
        elif event.get("listen") not in LISTENS:
            yield f"{place}.listen: must be equal to one of the allowed values"
        elif not _is_script(event.get("script")):
            yield f"{place}.script.exec: must be array,string"
    for variable, place in _objects(entry, "variable", dot):
        if variable is None:
            yield f"{place}: must be object"
        elif "key" not in variable and "id" not in variable:
            yield f"{place}: must have required property 'key'"
    for name in ("event", "variable"):
        if not isinstance(entry.get(name, []), list):
            yield f"{dot}{name}: must be array"


def _objects(entry: JsonObject, name: str, dot: str) -> Iterator[tuple[JsonObject | None, str]]:
    """Each entry of a list with its path; None for one that is not an object."""
    entries = entry.get(name)
    for number, one in enumerate(entries if isinstance(entries, list) else ()):
        yield one if isinstance(one, dict) else None, f"{dot}{name}.{number}"


def _is_script(script: Json) -> bool:
    if not isinstance(script, dict):
        return isinstance(script, str | None)
    lines = script.get("exec", "")
    return isinstance(lines, str) or _is_texts(lines)


def _is_texts(value: Json) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _auth(auth: Json, path: str) -> Iterator[str]:
    if auth is None:
        return
    if not isinstance(auth, dict):
        yield f"{path}: must be object,null"
        return
    kind = auth.get("type")
    if not isinstance(kind, str) or kind not in AUTH_TYPES:
        yield f"{path}.type: must be equal to one of the allowed values"
    else:
        values = auth.get(kind, [])
        # An object here is the form of v2.0.
        good = isinstance(values, list) and all(isinstance(one, dict) and "key" in one for one in values)
        if not good and not (kind == "noauth" and values is None):
            yield f"{path}.{kind}: must be array"


def _request(request: Json, path: str) -> Iterator[str]:
    if isinstance(request, str):
        return
    if not isinstance(request, dict):
        yield f"{path}: must be object,string"
        return
    if not isinstance(request.get("url", ""), str | dict | None):
        yield f"{path}.url: must be object,string,null"
    if not isinstance(request.get("method", ""), str):
        yield f"{path}.method: must be string"
    if not isinstance(request.get("header"), list | str | None):
        yield f"{path}.header: must be array,string,null"
    body = request.get("body")
    if not isinstance(body, dict | None):
        yield f"{path}.body: must be object,null"
    elif body and body.get("mode") is not None and body["mode"] not in MODES:
        yield f"{path}.body.mode: must be equal to one of the allowed values"
    yield from _auth(request.get("auth"), f"{path}.auth")


def _responses(entry: JsonObject, path: str) -> Iterator[str]:
    if not isinstance(entry.get("response", []), list):
        yield f"{path}.response: must be array"
    for response, place in _objects(entry, "response", f"{path}."):
        if response is None:
            yield f"{place}: must be object"
            continue
        if not isinstance(response.get("code", 0), int):
            yield f"{place}.code: must be integer"
        if not isinstance(response.get("body"), str | None):
            yield f"{place}.body: must be null,string"
        if response.get("originalRequest") is not None:
            yield from _request(response["originalRequest"], f"{place}.originalRequest")
