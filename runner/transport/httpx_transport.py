"""The border to httpx: our HTTP/1.1 behind the transport interface of httpx, and any httpx transport behind our client.

No command imports this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import cast

import httpx

from runner.errors import RequestError
from runner.model.request import PreparedRequest
from runner.transport import failures
from runner.transport.http.reader import Reader
from runner.transport.limits import MAX_BODY, Limits
from runner.transport.network import Network
from runner.transport.raw_response import RawResponse
from runner.transport.sockets.tls import TlsSettings
from runner.transport.timings import Marks

PORTS = {"http": 80, "https": 443}


class HTTP1Transport(httpx.BaseTransport):
    """An httpx transport that sends the headers of a request exactly as they are, in their order.

    The request extension `target` (bytes) replaces the path, `origin` (scheme, host, port) where to connect to. Responses
    have the extensions `timings` (a `Timings`) and `reused`.
    """

    def __init__(self, *, verify: bool = True, extra_ca: str | None = None, max_body: int = MAX_BODY) -> None:
        self._tls = TlsSettings(verify=verify, extra_ca=extra_ca)
        self._max_body = max_body
        self._network = Network({})

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises the exceptions of httpx."""
        body = request.read()
        timeout: dict[str, float | None] = request.extensions.get("timeout") or {}
        limits = Limits(timeout.get("read"), None, self._max_body)
        try:
            answer = self._network.send(_prepared(request, body), self._tls, limits)
        except RequestError as error:
            raise _httpx_error(error, request) from error
        reader = answer.reader
        return httpx.Response(
            reader.status,
            headers=reader.headers,
            stream=httpx.ByteStream(reader.body()),
            extensions={
                "http_version": b"HTTP/" + reader.version.encode(),
                "reason_phrase": reader.reason,
                "timings": answer.marks.timings(perf_counter()),
                "reused": answer.reused,
            },
        )

    def close(self) -> None:
        """Close all idle connections."""
        self._network.close()


def _prepared(request: httpx.Request, body: bytes) -> PreparedRequest:
    url = request.url
    origin = request.extensions.get("origin") or (url.scheme, url.host, url.port)
    target: bytes = request.extensions.get("target") or url.raw_path
    return PreparedRequest(
        method=request.method,
        scheme=origin[0],
        host=origin[1],
        port=origin[2] or PORTS.get(origin[0], 80),
        target=target.decode("latin-1"),
        href=str(url),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw),
        body=body,
    )


def _httpx_error(error: RequestError, request: httpx.Request) -> httpx.TransportError:
    kinds: dict[str, type[httpx.TransportError]] = {
        "ESOCKETTIMEDOUT": httpx.ReadTimeout,
        "ETIMEDOUT": httpx.ConnectTimeout,
        "ECONNRESET": httpx.RemoteProtocolError,
    }
    kind = kinds.get(error.code, httpx.RemoteProtocolError if error.code.startswith("HPE_") else httpx.ConnectError)
    return kind(error.message, request=request)


def send_through(transport: httpx.BaseTransport, request: PreparedRequest, limits: Limits) -> RawResponse:
    """Send a prepared request through any httpx transport; raises `RequestError`."""
    marks = Marks()
    try:
        response = transport.handle_request(_httpx_request(request, limits))
        marks.first_byte = perf_counter()
        reader = _reader(response, limits)
    except httpx.TimeoutException:
        raise failures.idle_timeout() from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RequestError(str(error) or type(error).__name__, code=_code_of(error)) from error
    except RequestError:
        raise
    except Exception as error:  # of an application in this process
        raise RequestError(f"the transport raised {type(error).__name__}: {error}", code=_code_of(error)) from error
    marks.ended = perf_counter()
    return RawResponse(reader, marks, request.headers)


def _httpx_request(request: PreparedRequest, limits: Limits) -> httpx.Request:
    encoding = request.head_encoding
    return httpx.Request(
        request.method,
        request.href,
        headers=[(name.encode(encoding), value.encode(encoding)) for name, value in request.headers],
        stream=httpx.ByteStream(bytes(request.body)),
        extensions={
            "target": request.target.encode(encoding),
            "origin": (request.scheme, request.host, request.port),
            "timeout": httpx.Timeout(limits.idle).as_dict(),
            "limits": limits,
        },
    )


def _reader(response: httpx.Response, limits: Limits) -> Reader:
    """A reader in the state it would have after reading this response: raw headers, body before content decoding."""
    reader = Reader(max_body=limits.max_body)
    reader.status = response.status_code
    reader.reason = response.extensions.get("reason_phrase") or b""
    reader.headers = list(response.headers.raw)
    version: bytes = response.extensions.get("http_version") or b"HTTP/1.1"
    reader.version = version.decode("latin-1").removeprefix("HTTP/")
    try:
        size = 0
        for chunk in cast(Iterable[bytes], response.stream):
            size += len(chunk)
            if size > limits.max_body:
                raise failures.too_large(limits.max_body)
            reader.on_body(chunk)
    finally:
        response.close()
    reader.complete = True
    return reader


def _code_of(error: Exception) -> str:
    """The error code of the system or of ours behind an httpx exception, "" if there is none."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RequestError):
            return cause.code
        if isinstance(cause, OSError) and (name := failures.errno_name(cause)):
            return name
        cause = cause.__cause__ or cause.__context__
    return ""
