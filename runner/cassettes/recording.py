"""One recording: a request on the wire, and the response or error that came back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field
from time import perf_counter

from runner.cassettes.match import canonical
from runner.errors import RequestError
from runner.model.quick_dataclass import dataclass
from runner.model.request import PreparedRequest
from runner.transport import failures
from runner.transport.http.reader import Reader
from runner.transport.limits import Limits
from runner.transport.raw_response import RawResponse
from runner.transport.timings import Marks

PORTS = {"http": 80, "https": 443}
MOMENTS = ("socket", "resolved", "connected", "secured", "first_byte", "ended")
TENTH_OF_A_MICROSECOND = 0.0001


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording; `moments` are in milliseconds since its start, `error` is set if there was no response.

    Request headers are latin-1 text, one character per byte. `more` has the keys that other tools added to the interaction.
    """

    method: str
    uri: str
    request_headers: tuple[tuple[str, str], ...] = ()
    request_body: bytes = b""
    status: int = 0
    reason: bytes = b""
    version: str = "1.1"
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    moments: Mapping[str, float] = field(default_factory=dict)
    address: str = ""
    tls: str = ""
    reused: bool = False
    error: RequestError | None = None
    more: Mapping[str, object] = field(default_factory=dict)


def uri_of(request: PreparedRequest) -> str:
    """The URL as sent, without a default port; characters that no URI may contain are percent-encoded."""
    host = f"[{request.host}]" if ":" in request.host else request.host
    port = "" if request.port == PORTS.get(request.scheme) else f":{request.port}"
    # A character of the target is one byte, not a code point to be encoded as UTF-8.
    target = "".join([char if char < "\x80" else f"%{ord(char):02X}" for char in request.target])
    return canonical(f"{request.scheme}://{host}{port}{target}")


def recording_of(request: PreparedRequest, answer: RawResponse) -> Recording:
    """The recording of an answer."""
    reader = answer.reader
    return Recording(
        method=request.method,
        uri=uri_of(request),
        request_headers=request.headers,
        request_body=bytes(request.body),
        status=reader.status,
        reason=reader.reason,
        version=reader.version,
        headers=tuple(reader.headers),
        body=reader.body(),
        moments=moments_of(answer.marks),
        address=answer.address,
        tls=answer.tls,
        reused=answer.reused,
    )


def failed_recording(request: PreparedRequest, error: RequestError) -> Recording:
    """The recording of an error."""
    return Recording(
        method=request.method,
        uri=uri_of(request),
        request_headers=request.headers,
        request_body=bytes(request.body),
        error=error,
    )


def play(recording: Recording, request: PreparedRequest, limits: Limits) -> RawResponse:
    """The recorded response to a new request; raises the `RequestError` that was recorded instead of one."""
    if recording.error is not None:
        raise RequestError(recording.error.message, code=recording.error.code, hint=recording.error.hint)
    if len(recording.body) > limits.max_body:
        raise failures.too_large(limits.max_body)
    reader = Reader(max_body=limits.max_body)
    reader.status, reader.reason, reader.version = recording.status, recording.reason, recording.version
    reader.headers = list(recording.headers)
    if recording.body:
        reader.on_body(recording.body)
    reader.complete = True
    answer = RawResponse(reader, marks_of(recording.moments), request.headers)
    answer.address, answer.tls, answer.reused = recording.address, recording.tls, recording.reused
    return answer


def moments_of(marks: Marks) -> dict[str, float]:
    """The moments that are set, in milliseconds since the start, rounded up to microseconds."""
    found = {name: getattr(marks, name) for name in MOMENTS}
    return {name: math.ceil((at - marks.started) * 1e6) / 1000 for name, at in found.items() if at}


def marks_of(moments: Mapping[str, float]) -> Marks:
    """Marks with these moments, as if the exchange ended now."""
    marks = Marks()
    marks.started -= max([0.0, *moments.values()]) / 1000
    for name, at in moments.items():
        # The response time is rounded up to whole milliseconds: a rounding error must not add one.
        setattr(marks, name, marks.started + (at - TENTH_OF_A_MICROSECOND) / 1000)
    if not marks.ended:
        marks.ended = perf_counter()
    return marks
