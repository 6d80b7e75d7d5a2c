"""The files of requests, HTTP and GraphQL: their keys in order. A node is an item of v2.1."""

from __future__ import annotations

from collections.abc import Callable

from runner.formats.v3.fields.auth import read_auth, write_auth
from runner.formats.v3.fields.body import read_body, write_body
from runner.formats.v3.fields.rows import read_rows, write_rows
from runner.formats.v3.fields.rule import Place, Rule, description, member, own_name
from runner.formats.v3.fields.scripts import GRAPHQL, HTTP, script_reader, script_writer
from runner.formats.v3.fields.settings import BEHAVIOR, read_settings, write_settings
from runner.formats.v3.fields.url import read_path, read_query, read_url, write_path, write_query, write_url
from runner.model.json import Json, JsonObject
from runner.model.request import BODYLESS_METHODS

Write = Callable[[JsonObject, Place], Json]
Read = Callable[[JsonObject, JsonObject], None]


def write_method(request: JsonObject, place: Place) -> Json:
    """The method as it is written, GET without one."""
    method = request.get("method")
    return "GET" if method is None else method


def write_headers(request: JsonObject, place: Place) -> Json:
    """The rows of the headers."""
    return write_rows(request.get("header"))


def read_method(data: JsonObject, request: JsonObject) -> None:
    """The method as it is written."""
    request["method"] = data["method"]


def read_headers(data: JsonObject, request: JsonObject) -> None:
    """The list of headers."""
    request["header"] = read_rows(data["headers"])


MESSAGE = (
    Rule("url", write_url, read_url),
    Rule("method", write_method, read_method),
    Rule("headers", write_headers, read_headers),
    Rule("queryParams", write_query, read_query),
    Rule("pathVariables", write_path, read_path),
    Rule("body", write_body, read_body),
)
"""What a request and the request of an example have in common. A node is a request of v2.1."""


def _in_request(rule: Rule) -> Rule:
    """The same rule for the request inside of an item."""
    read = rule.read

    def write(item: JsonObject, place: Place) -> Json:
        return rule.write(item["request"], place)

    def read_inside(data: JsonObject, item: JsonObject) -> None:
        assert read is not None
        read(data, item["request"])

    return Rule(rule.key, write, read_inside if read else None)


def _write_description(item: JsonObject, place: Place) -> Json:
    return description(item["request"].get("description")) or description(item.get("description"))


def _read_description(data: JsonObject, item: JsonObject) -> None:
    item["request"]["description"] = data["description"]


def _read_id(data: JsonObject, item: JsonObject) -> None:
    item["id"] = data["id"]


def _write_examples(item: JsonObject, place: Place) -> Json:
    return f"./.resources/{place.stem}.resources/examples" if item.get("response") else None


ID = Rule("id", lambda node, place: node.get("id"), _read_id)
NAME = Rule("name", own_name)
ORDER = Rule("order", lambda node, place: place.order)

_HEAD = (ID, NAME, Rule("description", _write_description, _read_description))
_AUTH = _in_request(Rule("auth", write_auth, read_auth))
_TAIL = (Rule("settings", write_settings, read_settings), Rule("examples", _write_examples), ORDER)

HTTP_REQUEST = (
    *_HEAD,
    *map(_in_request, MESSAGE),
    _AUTH,
    Rule("scripts", script_writer(HTTP), script_reader(HTTP)),
    *_TAIL,
)

# -- GraphQL --------------------------------------------------------------------------------------------------------


def _write_query(item: JsonObject, place: Place) -> Json:
    return member(item["request"].get("body"), "graphql").get("query") or ""


def _write_variables(item: JsonObject, place: Place) -> Json:
    return member(item["request"].get("body"), "graphql").get("variables") or None


def _read_query(data: JsonObject, item: JsonObject) -> None:
    item["request"].setdefault("body", {"mode": "graphql", "graphql": {}})["graphql"]["query"] = data["query"]


def _read_variables(data: JsonObject, item: JsonObject) -> None:
    item["request"].setdefault("body", {"mode": "graphql", "graphql": {}})["graphql"]["variables"] = data["variables"]


GRAPHQL_REQUEST = (
    *_HEAD,
    *(_in_request(rule) for rule in MESSAGE if rule.key in ("url", "headers")),
    Rule("query", _write_query, _read_query),
    Rule("variables", _write_variables, _read_variables),
    _AUTH,
    Rule("scripts", script_writer(GRAPHQL), script_reader(GRAPHQL)),
    *_TAIL,
)

RULES = {"http-request": HTTP_REQUEST, "graphql-request": GRAPHQL_REQUEST}
"""The kinds that v2.1 has, too: a GraphQL request is a POST there."""


def read_request(data: JsonObject, name: str) -> JsonObject:
    """The item of v2.1 that a file of a request says; what is sent with GET is marked so that v2.1 sends it, too."""
    kind = data.get("$kind", "http-request")
    request: JsonObject = {"method": "GET" if kind == "http-request" else "POST", "header": [], "url": {"raw": ""}}
    item: JsonObject = {"name": name, "request": request, "response": []}
    for rule in RULES[kind]:
        if rule.read is not None and rule.key in data:
            rule.read(data, item)
    if "body" in request and request["method"].upper() in BODYLESS_METHODS:
        item[BEHAVIOR] = {**item.get(BEHAVIOR, {}), "disableBodyPruning": True}
    return item
