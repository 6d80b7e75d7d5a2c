"""Cassette files: vcrpy's YAML (version 1), with a key `postrunner` in each response for what that format cannot express.

Read as plain data (see `plain_yaml`); written with PyYAML, as vcrpy does.
"""

from __future__ import annotations

import math
from base64 import b64decode
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

from runner.cassettes.document import Document, read_document
from runner.cassettes.recording import MOMENTS, Recording
from runner.errors import InvalidDocument, RequestError
from runner.formats.gc_pause import paused

OWN = "postrunner"
ONE_LINE = 2**30
# YAML preserves text of printable characters and these; everything else is written as binary.
_PLAIN_CONTROL = dict.fromkeys(map(ord, "\t\n\r"))


def load(content: bytes, where: str) -> tuple[list[Recording], Document]:
    """The recordings of a file, and the other keys of its document; raises `InvalidDocument`."""
    with paused():
        document = read_document(content, where)
    recordings = document["interactions"]
    read = [_read_recording(recording, f"{where}: interaction {number}") for number, recording in enumerate(recordings, 1)]
    return read, {key: value for key, value in document.items() if key != "interactions"}


def dump(recordings: Iterable[Recording], rest: Document) -> str:
    """The text of a file with these recordings and other keys."""
    import yaml  # type: ignore[import-untyped]

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    document = {"version": 1} | rest | {"interactions": [_recording_document(recording) for recording in recordings]}
    # Long lines are not folded, so that text in them can be searched for.
    with paused():
        return str(yaml.dump(document, Dumper=dumper, allow_unicode=True, width=ONE_LINE))


# -- reading ------------------------------------------------------------------------------------------------------------


def _read_recording(document: Document, where: str) -> Recording:
    try:
        request, response = document["request"], _in_current_form(document["response"])
        own = response.get(OWN) or {}
        return Recording(
            method=_text(request["method"]),
            uri=_text(request["uri"]),
            request_headers=tuple(
                (_latin(name).decode("latin-1"), _latin(value).decode("latin-1")) for name, value in _pairs(request)
            ),
            request_body=_bytes(request.get("body")),
            status=_status(response["status"]["code"]),
            reason=_latin(own.get("reason") or response["status"].get("message") or ""),
            version=_text(own.get("http_version") or "1.1"),
            headers=tuple(_in_order(list(_pairs(response)), own.get("header_order") or ())),
            body=_bytes(response.get("body")),
            moments={name: _milliseconds(at) for name, at in (own.get("timings") or {}).items() if name in MOMENTS},
            address=_text(own.get("remote_address") or ""),
            tls=_text(own.get("tls") or ""),
            reused=bool(own.get("reused")),
            error=_read_error(own["error"]) if own.get("error") else None,
            more={key: value for key, value in document.items() if key not in ("request", "response")},
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InvalidDocument(f"is not a recording: {type(error).__name__} {str(error)[:100]}", where=where) from None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict | list | tuple):
        raise TypeError(f"a {type(value).__name__} where a text is expected")
    return str(value)


def _status(code: str | float) -> int:
    status = int(code)
    if not 0 <= status <= 999:
        raise ValueError("its status has more than three digits")
    return status


def _milliseconds(at: str | float) -> float:
    milliseconds = float(at)
    if not 0 <= milliseconds < math.inf:
        raise ValueError("a moment before its start, or infinite")
    return milliseconds


def _in_current_form(response: Document) -> Document:
    """The response in the current form of vcrpy: older versions had another one for httpx, with a decoded body."""
    if "status_code" not in response:
        return response
    headers = {name: value for name, value in response.get("headers", {}).items() if name.lower() != "content-encoding"}
    status = {"code": response["status_code"], "message": ""}
    return {"status": status, "headers": headers, "body": {"string": response.get("content")}}


def _read_error(error: Document) -> RequestError:
    return RequestError(_text(error["message"]), code=_text(error.get("code") or ""), hint=_text(error.get("hint") or ""))


def _pairs(message: Document) -> Iterator[tuple[bytes, bytes]]:
    for name, values in (message.get("headers") or {}).items():
        for value in values if isinstance(values, list | tuple) else [values]:
            yield _latin(name), _latin(value)


def _in_order(pairs: list[tuple[bytes, bytes]], order: Iterable[object]) -> Iterator[tuple[bytes, bytes]]:
    """The headers in the order they had on the wire; those that were added to the file come last."""
    waiting: defaultdict[bytes, deque[int]] = defaultdict(deque)
    for number, (name, _) in enumerate(pairs):
        waiting[name].append(number)
    taken = [waiting[name].popleft() for name in map(_latin, order) if waiting[name]]
    left = set(range(len(pairs))).difference(taken)
    yield from (pairs[number] for number in (*taken, *sorted(left)))


def _latin(value: object) -> bytes:
    """The bytes of a header name or value, which may be text."""
    return value if isinstance(value, bytes) else _text(value).encode("latin-1", "replace")


def _bytes(body: object) -> bytes:
    """The bytes of a body: bytes, text, a list of these, or a mapping with one of them as `string` or `base64_string`."""
    if isinstance(body, dict):
        packed = body.get("base64_string")
        body = body.get("string") if packed is None else b64decode(_text(packed).encode("ascii"))
    if body is None or isinstance(body, bytes):
        return body or b""
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    if not isinstance(body, list | tuple):
        raise TypeError(f"a {type(body).__name__} where a body is expected")
    return b"".join(map(_bytes, body))


# -- writing ------------------------------------------------------------------------------------------------------------


def _recording_document(recording: Recording) -> Document:
    names = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in recording.request_headers]
    request = {
        "method": _whole(recording.method),
        "uri": recording.uri,
        "headers": _header_document(names),
        "body": _body(recording.request_body),
    }
    response = {
        "status": {"code": recording.status, "message": recording.reason.decode("ascii", "ignore")},
        "headers": _header_document(recording.headers),
        "body": {"string": _body(recording.body)},
        OWN: _own(recording),
    }
    return {**recording.more, "request": request, "response": response}


def _own(recording: Recording) -> Document:
    """What the format of vcrpy cannot express about a response."""
    if recording.error is not None:
        error = {"message": recording.error.message, "code": recording.error.code, "hint": recording.error.hint}
        return {"error": {key: _whole(value) for key, value in error.items() if value or key == "message"}}
    own = {
        "http_version": recording.version,
        "header_order": [_ascii(name) for name, _ in recording.headers],
        "timings": dict(recording.moments),
        "remote_address": recording.address,
        "tls": recording.tls,
        "reused": recording.reused,
        "reason": recording.reason if not recording.reason.isascii() else b"",
    }
    return {key: value for key, value in own.items() if value}


def _whole(text: str) -> str:
    """The text with `?` for each lone surrogate, which no file can be written with."""
    return text.encode("utf-8", "replace").decode()


def _header_document(headers: Iterable[tuple[bytes, bytes]]) -> dict[str | bytes, list[str | bytes]]:
    document: dict[str | bytes, list[str | bytes]] = {}
    for name, value in headers:
        document.setdefault(_ascii(name), []).append(_ascii(value))
    return document


def _ascii(value: bytes) -> str | bytes:
    """ASCII as text, anything else as bytes: vcrpy passes headers to httpx, which refuses other text."""
    return value.decode("ascii") if value.isascii() else value


def _body(body: bytes) -> str | bytes:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    return text if text.translate(_PLAIN_CONTROL).isprintable() else body
