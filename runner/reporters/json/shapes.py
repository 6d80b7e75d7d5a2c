"""Newman's JSON shapes of requests, responses and errors."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlsplit

from runner.errors import PostrunnerError, RequestError, node_fields
from runner.events import AssertionChecked, Cursor, RequestEvent, ScriptError
from runner.model.collection import Collection, Item
from runner.model.json import JsonObject
from runner.model.request import Body, FormParam, Header, Url
from runner.model.response import Cookie, Response
from runner.model.variable import Environment, Variable
from runner.reporters.json.nodes import NodeShapes
from runner.reporters.text import url_of
from runner.results.coverage import ContractCoverage
from runner.results.failure import Failure, FlakyItem, error_name
from runner.results.figures import SlowRequest
from runner.results.snapshots import SnapshotCounts


def cursor_json(cursor: Cursor, request_id: str = "") -> JsonObject:
    """The place of an execution; `httpRequestId` names its request."""
    place = {
        "position": cursor.position,
        "iteration": cursor.iteration,
        "length": cursor.length,
        "cycles": cursor.cycles,
        "empty": False,
        "eof": False,
        "bof": cursor.position == 0 and cursor.iteration == 0,
        "cr": cursor.position == 0 and cursor.iteration > 0,
        "ref": cursor.ref,
    }
    if cursor.attempts > 1:
        place |= {"attempt": cursor.attempt, "attempts": cursor.attempts}
    return {**place, "httpRequestId": request_id} if request_id else place


def request_json(event: RequestEvent) -> JsonObject:
    """A request as it was sent: the URL in parts, every header, the body, the auth."""
    exchange = event.exchange
    request = event.request
    found: JsonObject = {
        "url": href_json(url_of(event)) if exchange else url_json(request.url),
        "header": [_header_json(header) for header in request.headers],
        "method": exchange.request.method if exchange else request.method,
    }
    if request.body is not None:
        found["body"] = body_json(request.body)
    if request.auth is not None and request.auth.type != "noauth":
        pairs = [{"type": "any", "value": value, "key": key} for key, value in request.auth.params.items()]
        found["auth"] = {"type": request.auth.type, request.auth.type: pairs}
    return found


def href_json(href: str) -> JsonObject:
    """A URL as it was sent, split into the parts of the collection format."""
    try:
        parts = urlsplit(href)
    except ValueError:  # brackets in a host that is not an IPv6 address
        return {"raw": href}
    user, at, address = parts.netloc.rpartition("@")
    host, port = address, ""
    if ":" in address.rpartition("]")[2]:  # an IPv6 address has its colons inside brackets
        host, _, port = address.rpartition(":")
    found: JsonObject = {"protocol": parts.scheme}
    if at:
        name, _, password = user.partition(":")
        found["auth"] = {"user": name, "password": password}
    if port:
        found["port"] = port
    found |= {"path": parts.path.split("/")[1:], "host": host.split(".")}
    pairs = (pair.partition("=") for pair in parts.query.split("&")) if parts.query else ()
    found["query"] = [{"key": key, "value": value if equals else None} for key, equals, value in pairs]
    return {**found, "variable": [], **({"hash": parts.fragment} if parts.fragment else {})}


def url_json(url: Url) -> JsonObject:
    """A URL that was not sent, in the parts it has."""
    found: JsonObject = {}
    if url.protocol:
        found["protocol"] = url.protocol
    if url.user is not None:
        found["auth"] = {"user": url.user, "password": url.password or ""}
    if url.port:
        found["port"] = url.port
    found |= {"path": list(url.path or ()), "host": list(url.host)}
    found["query"] = [{"key": query.key, "value": query.value} for query in url.query or () if not query.disabled]
    return {**found, "variable": [{"key": v.key, "value": v.value} for v in url.variables]}


def _header_json(header: Header) -> JsonObject:
    marks = {name: True for name in ("disabled", "system") if getattr(header, name)}
    return {"key": header.key, "value": header.value, **marks}


def body_json(body: Body) -> JsonObject:
    """A body of any mode; the content of a file is not copied into the report."""
    found: JsonObject = {"mode": body.mode}
    if body.mode in ("urlencoded", "formdata"):
        found[body.mode] = [_field_json(field) for field in getattr(body, body.mode)]
    elif body.mode == "file":
        found["file"] = {"src": (body.file or {}).get("src")}
    elif body.mode in ("raw", "graphql"):
        found[body.mode] = getattr(body, body.mode)
    return {**found, **({"options": body.options} if body.options else {}), **({"disabled": True} if body.disabled else {})}


def _field_json(field: FormParam) -> JsonObject:
    if field.type == "file":
        return {"key": field.key, "type": "file", "src": list(field.src) if isinstance(field.src, tuple) else field.src}
    return {"key": field.key, "value": field.value, "type": field.type, **({"disabled": True} if field.disabled else {})}


def response_json(response: Response, id: str) -> JsonObject:
    """A response without the bytes of its body, which go into `stream.data`."""
    found: JsonObject = {
        "id": id,
        "status": response.status,
        "code": response.code,
        "header": [{"key": key, "value": value} for key, value in response.headers],
        "stream": {"type": "Buffer", "data": []},
        "cookie": [_cookie_json(cookie) for cookie in response.cookies],
        "responseTime": response.time,
        "responseSize": response.body_size,
    }
    return found


def _cookie_json(cookie: Cookie) -> JsonObject:
    return {
        "name": cookie.name,
        "value": cookie.value,
        "domain": cookie.domain,
        "path": cookie.path,
        "expires": cookie.expires,
        "httpOnly": cookie.http_only,
        "secure": cookie.secure,
        "hostOnly": cookie.host_only,
    }


def assertion_json(event: AssertionChecked) -> JsonObject:
    """One test with its error, if it failed."""
    assertion = event.assertion
    found: JsonObject = {"assertion": assertion.name, "skipped": assertion.skipped}
    if assertion.failed:
        error = assertion.error or ScriptError(name="AssertionError", message="")
        named = {"name": error.name, "index": assertion.index, "test": assertion.name}
        found["error"] = {**named, "message": error.message, "stack": error.stack}
    return found


def script_error_json(error: ScriptError) -> JsonObject:
    """The error that ended a script; line and column count in the user's own text."""
    found: JsonObject = {"type": "Error", "name": error.name, "message": error.message, "stack": error.stack}
    places = {"lineNumber": error.line, "columnNumber": error.column}
    return {**found, **{name: place for name, place in places.items() if place is not None}}


def request_error_json(error: PostrunnerError) -> JsonObject:
    """Why a request got no response."""
    network = node_fields(error.code, error.message) if isinstance(error, RequestError) else {}
    hint = {"hint": error.hint} if error.hint else {}
    return {**network, "name": error_name(error), "message": error.message, **hint}


def flaky_json(item: FlakyItem) -> JsonObject:
    """An item that passed only after a retry."""
    named = {"item": {"id": item.item.id, "name": item.item.name, "path": [*item.path]}}
    return {**named, "cursor": cursor_json(item.cursor), "reasons": [*item.reasons]}


def slow_json(slow: SlowRequest) -> JsonObject:
    """One of the slowest requests: its response time in milliseconds, who sent it, what, and its item."""
    named = {"item": {"id": slow.item.id, "name": slow.item.name, "path": [*slow.path]}}
    return {**named, "cursor": cursor_json(slow.cursor), "time": slow.time, "request": asdict(slow.sent)}


def failure_json(failure: Failure, nodes: NodeShapes) -> JsonObject:
    """One entry of `run.failures`."""
    error: JsonObject = {"type": "Error"} if failure.kind == "script" else node_fields(failure.code, failure.message)
    error["name"] = failure.name
    if failure.test is not None:
        error |= {"index": failure.index, "test": failure.test}
    error |= {"message": failure.message, "stack": failure.stack, "checksum": failure.checksum, "id": failure.id}
    error |= {"timestamp": failure.timestamp, "stacktrace": []}
    script = {"scriptId": failure.script_id} if failure.script_id else {}
    requests = {"requests": [asdict(request) for request in failure.requests]} if failure.requests else {}
    return {
        "error": error,
        "at": failure.at,
        "source": _source_json(failure.item, nodes),
        "parent": nodes.masked(failure.parent) if failure.parent is not None else None,
        "cursor": {**cursor_json(failure.cursor), **script},
        **requests,
    }


def _source_json(item: Item | Collection, nodes: NodeShapes) -> JsonObject:
    """The item that failed; a collection only with its name and id, as the report already contains it."""
    if isinstance(item, Item):
        return nodes.masked(item)
    return {"id": item.id, "name": item.name}


def environment_json(environment: Environment) -> JsonObject:
    """An environment or globals with their values."""
    named = {"name": environment.name} if environment.name else {}
    values = [variable_json(variable) for variable in environment.values]
    return {"id": environment.id, **named, "values": values, "_postman_variable_scope": environment.scope}


def variable_json(variable: Variable) -> JsonObject:
    """One variable."""
    disabled = {"disabled": True} if variable.disabled else {}
    type = "secret" if variable.secret else variable.type
    return {"type": type, "value": variable.value, "key": variable.key, **disabled}


def coverage_json(coverage: ContractCoverage) -> JsonObject:
    """What a run saw of the operations of its contract."""
    operations = [
        {
            "document": one.document,
            "method": one.method,
            "path": one.path,
            "covered": one.covered,
            "requests": one.requests,
            "statuses": [*one.statuses],
            "seenStatuses": sorted(one.seen_statuses),
            "parameters": [*one.parameters],
            "seenParameters": sorted(one.seen_parameters),
        }
        for one in coverage.operations
    ]
    total = {"operations": len(operations), "covered": coverage.covered, "percent": round(coverage.percent, 1)}
    return {"coverage": total, "judged": coverage.judged, "operations": operations}


def snapshots_json(counts: SnapshotCounts) -> JsonObject:
    """What came of comparing with snapshots; files by their paths."""
    return {
        "matched": counts.matched,
        "different": counts.different,
        "missing": counts.missing,
        "new": counts.new,
        "updated": counts.updated,
        "leftOut": counts.left_out,
        "unused": counts.unused,
        "removed": counts.removed,
    }
