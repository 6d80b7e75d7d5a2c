"""The request of a block as the collection format has it."""

from __future__ import annotations

import re

from runner.foreign.http_file.bodies import Bodies
from runner.foreign.http_file.parsing import Block
from runner.formats.postman.v2_url import dump_url
from runner.model.json import JsonObject
from runner.rules.url import parse_url

BASE_URL = "baseUrl"
"""The variable for the host of a request that names none."""

_PAIR = re.compile(r"(Basic|Digest)\s+(?:([^\s:]+)\s+(\S+)|([^\s:]+):(\S*))", re.IGNORECASE)
_AWS = re.compile(r"AWS\s+(\S+)\s+(\S+)((?:\s+(?:token|region|service):\S+)*)", re.IGNORECASE)


def request_of(block: Block, bodies: Bodies) -> JsonObject:
    """Method, URL, headers, auth and body."""
    text = bodies.text
    headers = [(name, text(value)) for _, name, value in block.headers]
    url = text(block.url)
    if url.startswith(("/", "*")):
        host = next((value for name, value in headers if name.lower() == "host"), "")
        headers = [one for one in headers if one[0].lower() != "host"]
        url = (_origin(host) if host else f"{{{{{BASE_URL}}}}}") + url.removeprefix("*")
    graphql = bodies.is_graphql
    request: JsonObject = {"method": "POST" if block.method == "GRAPHQL" else block.method}
    auth = next((auth for name, value in headers if name.lower() == "authorization" and (auth := auth_of(value))), None)
    if auth is not None:
        request["auth"] = auth
        headers = [one for one in headers if one[0].lower() != "authorization"]
    body = bodies.body()
    is_form = body is not None and body["mode"] == "formdata"
    request["header"] = [
        {"key": name, "value": value}
        for name, value in headers
        if not (is_form and name.lower() == "content-type") and not (graphql and name.lower() == "x-request-type")
    ]
    if body is not None:
        request["body"] = body
    request["url"] = dump_url(parse_url(url), url)
    return request


def _origin(host: str) -> str:
    if "://" in host:
        return host.rstrip("/")
    return f"{'https' if host.endswith((':443', ':8443')) else 'http'}://{host}"


def auth_of(value: str) -> JsonObject | None:
    """The auth that an `Authorization` header asks the client to make; None for one that is sent as it is."""
    pair, aws = _PAIR.fullmatch(value), _AWS.fullmatch(value)
    if pair is not None:
        user, password = (pair[2], pair[3]) if pair[2] is not None else (pair[4], pair[5])
        return _auth(pair[1].lower(), {"username": user, "password": password})
    if aws is not None:
        named = dict(part.partition(":")[::2] for part in aws[3].split())
        params = {"accessKey": aws[1], "secretKey": aws[2], "region": named.get("region", "us-east-1")}
        return _auth("awsv4", params | {"sessionToken": named.get("token", ""), "service": named.get("service", "")})
    return None


def _auth(type: str, params: dict[str, str]) -> JsonObject:
    return {"type": type, type: [{"key": key, "value": value, "type": "string"} for key, value in params.items()]}
