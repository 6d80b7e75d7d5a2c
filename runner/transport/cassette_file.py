"""Cassette files: vcrpy's YAML (version 1), with a key `postrunner` in each response for what that format cannot say.

Read and written with PyYAML, which is what vcrpy's own serializer does; importing vcrpy costs several times more.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from runner.errors import InvalidDocument, RequestError
from runner.transport.cassette_entry import Entry

Document = dict[str, Any]
OWN = "postrunner"
ONE_LINE = 2**30
# Text in these characters comes back from YAML as it was; everything else is written as binary.
_PLAIN_CONTROL = dict.fromkeys(map(ord, "\t\n\r"))


def load(content: bytes, where: str) -> tuple[list[Entry], Document]:
    """The recordings of a file, and what else it holds; raises `InvalidDocument`."""
    document = _parse(content, where)
    entries = document.get("interactions") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise InvalidDocument("is no cassette: it has no list of interactions", where=where)
    read = [_read_entry(entry, f"{where}: interaction {number}") for number, entry in enumerate(entries, 1)]
    return read, {key: value for key, value in document.items() if key != "interactions"}


def dump(entries: Iterable[Entry], rest: Document) -> str:
    """The text of a file."""
    import yaml  # type: ignore[import-untyped]

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    document = {"version": 1} | rest | {"interactions": [_entry_document(entry) for entry in entries]}
    # Long lines are not folded, so that a search for a text finds it.
    with _collector_paused():
        return str(yaml.dump(document, Dumper=dumper, allow_unicode=True, width=ONE_LINE))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """PyYAML makes millions of objects that all stay: searching them for garbage took 60 % of the time of a big file."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _parse(content: bytes, where: str) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        with _collector_paused():
            return yaml.load(content, Loader=loader)
    except yaml.constructor.ConstructorError:
        return _parse_odd(content, where)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _invalid(error, where) from None


def _parse_odd(content: bytes, where: str) -> Any:
    """A file with tags that only vcrpy's own loader knows (from its older versions)."""
    import yaml
    from vcr.serializers import yamlserializer  # type: ignore[import-untyped]

    try:
        return yamlserializer.deserialize(content)
    except yaml.YAMLError as error:
        raise _invalid(error, where) from None


def _invalid(error: Any, where: str) -> InvalidDocument:
    mark = getattr(error, "problem_mark", None)
    place = f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
    return InvalidDocument(f"is no YAML of a cassette: {getattr(error, 'problem', None) or error}", where=place)


# -- reading ------------------------------------------------------------------------------------------------------------


def _read_entry(document: Any, where: str) -> Entry:
    try:
        request, response = document["request"], _of_today(document["response"])
        own = response.get(OWN) or {}
        return Entry(
            method=str(request["method"]),
            uri=str(request["uri"]),
            request_headers=tuple(
                (_latin(name).decode("latin-1"), _latin(value).decode("latin-1")) for name, value in _pairs(request)
            ),
            request_body=_bytes(request.get("body")),
            status=int(response["status"]["code"]),
            reason=_latin(own.get("reason") or response["status"].get("message") or ""),
            version=str(own.get("http_version") or "1.1"),
            headers=tuple(_in_order(list(_pairs(response)), own.get("header_order") or ())),
            body=_bytes(response.get("body")),
            moments={str(name): float(at) for name, at in (own.get("timings") or {}).items()},
            address=str(own.get("remote_address") or ""),
            tls=str(own.get("tls") or ""),
            reused=bool(own.get("reused")),
            error=_read_error(own.get("error")),
            more={key: value for key, value in document.items() if key not in ("request", "response")},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidDocument(f"is no recording: {type(error).__name__} {error}", where=where) from None


def _of_today(response: Document) -> Document:
    """The response in vcrpy's form of today: older versions had another one for httpx, with a decoded body."""
    if "status_code" not in response:
        return response
    headers = {name: value for name, value in response.get("headers", {}).items() if name.lower() != "content-encoding"}
    status = {"code": response["status_code"], "message": ""}
    return {"status": status, "headers": headers, "body": {"string": response.get("content")}}


def _read_error(error: Any) -> RequestError | None:
    if not error:
        return None
    return RequestError(str(error["message"]), code=str(error.get("code") or ""), hint=str(error.get("hint") or ""))


def _pairs(message: Document) -> Iterator[tuple[bytes, bytes]]:
    for name, values in (message.get("headers") or {}).items():
        for value in values if isinstance(values, list | tuple) else [values]:
            yield _latin(name), _latin(value)


def _in_order(pairs: list[tuple[bytes, bytes]], order: Iterable[Any]) -> Iterator[tuple[bytes, bytes]]:
    """The headers in their order on the wire; those that somebody added to the file come last."""
    for name in map(_latin, order):
        found = next((pair for pair in pairs if pair[0] == name), None)
        if found is not None:
            pairs.remove(found)
            yield found
    yield from pairs


def _latin(value: Any) -> bytes:
    """A header's name or value: bytes, or text that is mostly ASCII."""
    return value if isinstance(value, bytes) else str(value).encode("latin-1", "replace")


def _bytes(body: Any) -> bytes:
    if isinstance(body, dict):
        body = body.get("string")
    if hasattr(body, "read"):
        body = body.read()
    if body is None or isinstance(body, bytes):
        return body or b""
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    return b"".join(map(_bytes, body))


# -- writing ------------------------------------------------------------------------------------------------------------


def _entry_document(entry: Entry) -> Document:
    names = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in entry.request_headers]
    request = {
        "method": entry.method,
        "uri": entry.uri,
        "headers": _header_document(names),
        "body": _body(entry.request_body),
    }
    response = {
        "status": {"code": entry.status, "message": entry.reason.decode("ascii", "ignore")},
        "headers": _header_document(entry.headers),
        "body": {"string": _body(entry.body)},
        OWN: _own(entry),
    }
    return {**entry.more, "request": request, "response": response}


def _own(entry: Entry) -> Document:
    """What vcrpy's format cannot say of a response."""
    if entry.error is not None:
        error = {"message": entry.error.message, "code": entry.error.code, "hint": entry.error.hint}
        return {"error": {key: value for key, value in error.items() if value or key == "message"}}
    own = {
        "http_version": entry.version,
        "header_order": [_ascii(name) for name, _ in entry.headers],
        "timings": dict(entry.moments),
        "remote_address": entry.address,
        "tls": entry.tls,
        "reused": entry.reused,
        "reason": entry.reason if not entry.reason.isascii() else b"",
    }
    return {key: value for key, value in own.items() if value}


def _header_document(headers: Iterable[tuple[bytes, bytes]]) -> dict[str | bytes, list[str | bytes]]:
    document: dict[str | bytes, list[str | bytes]] = {}
    for name, value in headers:
        document.setdefault(_ascii(name), []).append(_ascii(value))
    return document


def _ascii(value: bytes) -> str | bytes:
    """Text, or bytes when it is more than ASCII: httpx takes bytes in vcrpy's hands, but no such text."""
    return value.decode("ascii") if value.isascii() else value


def _body(body: bytes) -> str | bytes:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    return text if text.translate(_PLAIN_CONTROL).isprintable() else body
