"""The control path of a server: its journal, how often a call came, and its reset."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from runner.deep_json import dumps, equal
from runner.model.json import Json, JsonObject
from runner.server.backend import Backend
from runner.server.journal import BODY_LIMIT, Record, value_hash
from runner.server.messages import Answer, Call, Refused, error_answer, json_answer, parse_json

WORDS = ("method", "path", "status", "query", "headers", "body")
"""What a call can be looked up by."""

COUNTS = ("times", "at_least", "at_most")


def control(backend: Backend, call: Call) -> Answer | None:
    """The answer of the control path, None for a call to the API."""
    prefix = next((one for one in backend.names.control if call.path.startswith(one)), None)
    if prefix is None:
        return None
    route = call.method, call.path.removeprefix(prefix)
    try:
        if route == ("GET", "requests"):
            wanted: JsonObject = dict(call.query)
            return json_answer({"requests": [one.shown() for one in _found(backend.records(), wanted)]})
        if route == ("POST", "requests"):
            return json_answer({"requests": [one.shown() for one in _found(backend.records(), _asked(call))]})
        if route == ("POST", "verify"):
            return _verified(backend.records(), _asked(call))
        if route == ("POST", "reset"):
            backend.reset()
            return json_answer({"success": True})
    except Refused as refused:
        return error_answer(refused)
    return error_answer(Refused(404, "Not Found"))


def _asked(call: Call) -> JsonObject:
    try:
        found = parse_json(call.body or b"{}")
    except ValueError as error:
        raise Refused(400, f"The body is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Refused(400, "The body must be a JSON object")
    return found


def _verified(records: Iterable[Record], asked: JsonObject) -> Answer:
    """How many calls there were like this, with 406 if their number is another than was asked for."""
    counts = {name: asked.pop(name) for name in COUNTS if name in asked}
    for name, value in counts.items():
        if type(value) is not int or value < 0:
            raise Refused(400, f"{name} must be a whole number")
    found = _found(records, asked)
    count = len(found)
    times, least, most = (counts.get(name) for name in COUNTS)
    if not counts:
        least = 1
    verified = times in (None, count) and (least is None or count >= least) and (most is None or count <= most)
    body = {"verified": verified, "count": count, "requests": [one.shown() for one in found]}
    return json_answer(body, 200 if verified else 406)


def _found(records: Iterable[Record], wanted: JsonObject) -> list[Record]:
    unknown = next((name for name in wanted if name not in WORDS), None)
    if unknown is not None:
        raise Refused(400, f"{unknown!r} is unknown: calls are looked up by {', '.join(WORDS)}")
    for name in ("query", "headers"):
        if not isinstance(wanted.get(name, {}), dict):
            _wrong(name, "an object")
    for name in ("method", "path"):
        if not isinstance(wanted.get(name, ""), str):
            _wrong(name, "a text")
    if isinstance(wanted.get("status"), str):
        wanted = {**wanted, "status": int(wanted["status"]) if wanted["status"].isdigit() else -1}
    return [one for one in records if _fits(one, wanted)]


def _wrong(name: str, what: str) -> NoReturn:
    raise Refused(400, f"{name} must be {what}")


def _fits(record: Record, wanted: JsonObject) -> bool:
    call = record.call
    if "method" in wanted and call.method != wanted["method"].upper():
        return False
    if "path" in wanted and call.path != wanted["path"]:
        return False
    if "status" in wanted and record.status != wanted["status"]:
        return False
    if any(not _among(call.query, name, value) for name, value in wanted.get("query", {}).items()):
        return False
    if any(not _among(call.headers, name.lower(), value) for name, value in wanted.get("headers", {}).items()):
        return False
    return "body" not in wanted or _same_body(record, wanted["body"])


def _among(pairs: tuple[tuple[str, str], ...], name: str, value: Json) -> bool:
    """Whether a name has this value among its values; null asks that it is not there."""
    values = [one for key, one in pairs if key == name]
    return not values if value is None else (value if isinstance(value, str) else dumps(value)) in values


def _same_body(record: Record, wanted: Json) -> bool:
    """A body is compared as JSON; a text also with the body itself."""
    from hashlib import sha256

    if isinstance(wanted, str) and sha256(wanted.encode("utf-8", "surrogatepass")).hexdigest() == record.sha256:
        return True
    if record.size > BODY_LIMIT:
        return record.value != "" and record.value == value_hash(dumps(wanted).encode())
    try:
        return equal(parse_json(record.call.body), wanted)
    except ValueError:
        return False
