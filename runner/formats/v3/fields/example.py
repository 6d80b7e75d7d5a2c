"""The files of examples. A node is a response of v2.1."""

from __future__ import annotations

from runner.formats.v3.fields.request import ID, MESSAGE, NAME, ORDER
from runner.formats.v3.fields.rows import read_rows, write_rows
from runner.formats.v3.fields.rule import Place, Rule, read_into, written
from runner.model.json import Json, JsonObject

BODY_TYPES = ("text", "json", "xml", "html", "javascript", "yaml")
LANGUAGE = "_postman_previewlanguage"


def _write_request(response: JsonObject, place: Place) -> Json:
    source = response.get("originalRequest")
    return written(MESSAGE, {"url": source} if isinstance(source, str) else source or {}, place)


def _read_request(data: JsonObject, response: JsonObject) -> None:
    request = data["request"]
    if isinstance(request, dict):
        response["originalRequest"] = read_into(MESSAGE, request, {"method": "GET", "header": [], "url": {"raw": ""}})


def _write_response(response: JsonObject, place: Place) -> Json:
    code, status = response.get("code"), response.get("status")
    headers = write_rows(response.get("header"))
    text = response.get("body")
    language = str(response.get(LANGUAGE) or "").lower()
    return {
        "statusCode": 200 if code is None else code,
        "statusText": "OK" if status is None else status,
        **({"headers": headers} if headers is not None else {}),
        "body": {"type": language if language in BODY_TYPES and text is not None else "text", "content": text or ""},
    }


def _read_response(data: JsonObject, response: JsonObject) -> None:
    source = data["response"]
    if not isinstance(source, dict):
        return
    body = source.get("body")
    response["status"] = source.get("statusText", "OK")
    response["code"] = source.get("statusCode", 200)
    if isinstance(body, dict):
        response[LANGUAGE] = body.get("type", "text")
    response["header"] = read_rows(source.get("headers"))
    response["cookie"] = []
    if isinstance(body, dict):
        response["body"] = body.get("content", "")


EXAMPLE = (
    ID,
    NAME,
    Rule("request", _write_request, _read_request),
    Rule("response", _write_response, _read_response),
    ORDER,
)


def read_example(data: JsonObject, name: str) -> JsonObject:
    """The response of v2.1 that a file of an example says."""
    return read_into(EXAMPLE, data, {"name": name})
