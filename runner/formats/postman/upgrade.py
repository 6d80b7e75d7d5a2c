"""A collection of v1, v2.0 or v2.1 in the one form of v2.1 that Postman exports."""

from __future__ import annotations

from runner.formats.postman.v2 import SCHEMA
from runner.formats.postman.v2_request import dump_request, parse_headers, parse_request
from runner.model.json import Json, JsonObject


def upgraded(document: JsonObject, *, url_texts: bool = False) -> JsonObject:
    """The same collection with URLs as objects, lists of headers, of credentials and of the lines of scripts.

    What is the same in another writing changes; all else, keys that are not of the format included, stays. With `url_texts`
    a URL that is a text stays one.
    """
    info = document.get("info")
    info = info if isinstance(info, dict) else {"name": info or document.get("name")}
    return {**_folder(document, url_texts), "info": {**info, "schema": SCHEMA}}


def _folder(node: JsonObject, url_texts: bool) -> JsonObject:
    made = _shared(node)
    made["item"] = [
        _folder(one, url_texts) if "item" in one else _item(one, url_texts) for one in _objects(node.get("item"))
    ]
    return made


def _item(node: JsonObject, url_texts: bool) -> JsonObject:
    made = _shared(node)
    made["request"] = _request(node.get("request"), url_texts)
    responses = _objects(node.get("response"))
    if "response" in node:
        made["response"] = [_response(one, url_texts) for one in responses]
    return made


def _shared(node: JsonObject) -> JsonObject:
    """A collection, folder or item with its scripts and auth in the one form."""
    made = dict(node)
    if "event" in node:
        made["event"] = [_event(one) for one in _objects(node["event"])]
    if isinstance(node.get("auth"), dict):
        made["auth"] = _request({"auth": node["auth"]}, True).get("auth", node["auth"])
    if isinstance(node.get("variable"), dict) and "key" not in node["variable"]:
        made["variable"] = [{"key": key, "value": value} for key, value in node["variable"].items()]
    elif "variable" in node:
        made["variable"] = _objects(node["variable"])
    return made


def _event(event: JsonObject) -> JsonObject:
    script = event.get("script")
    if script is None:
        return event
    script = script if isinstance(script, dict) else {"exec": script}
    lines = script.get("exec")
    if isinstance(lines, str):
        script = {**script, "exec": lines.split("\n")}
    elif isinstance(lines, list):
        text = "\n".join([line if isinstance(line, str) else "" for line in lines])
        script = {**script, "exec": text.split("\n")}
    return {**event, "script": script}


def _request(source: Json, url_texts: bool) -> JsonObject:
    given: JsonObject = source if isinstance(source, dict) else {"url": source if isinstance(source, str) else ""}
    made = dump_request(parse_request(given))
    method, auth, url = given.get("method"), given.get("auth"), given.get("url")
    if isinstance(method, str):
        made["method"] = method  # as it is written: `parse_request` makes capitals of it
    if "auth" not in made and isinstance(auth, dict):
        made["auth"] = auth
    if url_texts and not isinstance(url, dict):
        made["url"] = url if isinstance(url, str) else ""
    return made


def _response(response: JsonObject, url_texts: bool) -> JsonObject:
    made = dict(response)
    if "originalRequest" in response:
        made["originalRequest"] = _request(response["originalRequest"], url_texts)
    header = response.get("header")
    if isinstance(header, str):
        made["header"] = [{"key": one.key, "value": one.value} for one in parse_headers(header)]
    return made


def _objects(value: Json) -> list[JsonObject]:
    found = [value] if isinstance(value, dict) else value
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
