"""Whether the body of a call is the one that an example answers."""

from __future__ import annotations

from collections import Counter
from urllib.parse import parse_qsl

from runner.deep_json import equal, loads
from runner.request.multipart import boundary_of
from runner.server.messages import Call


def same_body(call: Call, wanted: bytes, wanted_type: str) -> bool:
    """JSON is compared as values, forms by their fields, anything else byte by byte."""
    if call.body == wanted:
        return True
    if call.media_type == "application/x-www-form-urlencoded":
        return _fields(call.body) == _fields(wanted)
    if call.media_type == "multipart/form-data":
        return _without_boundary(call.body, call.header("content-type")) == _without_boundary(wanted, wanted_type)
    try:
        return equal(loads(call.body.decode()), loads(wanted.decode()))
    except ValueError:
        return False


def _fields(body: bytes) -> Counter[tuple[str, str]]:
    return Counter(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _without_boundary(body: bytes, content_type: str) -> bytes:
    boundary = boundary_of(content_type)
    return body.replace(f"--{boundary}".encode(), b"--") if boundary else body
