"""One request on the wire as the attributes of a client span and of its metric, by the conventions for HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from runner.events import RequestFinished
from runner.model.response import Response, Timings, Traced
from runner.telemetry import names
from runner.telemetry.pipeline import without_user

Value = str | int | float | bool
DEFAULT_PORTS = {"http": 80, "https": 443}
PHASES = ("dns", "tcp", "tls", "first_byte", "download")
LONGEST = 2_000
"""Characters of a URL or message that a span keeps."""


class Sent(NamedTuple):
    """One request on the wire: its span, what was asked, and either a response or the type of an error."""

    traced: Traced
    method: str
    url: str
    response: Response | None
    error: str = ""
    message: str = ""

    @property
    def seconds(self) -> float:
        """How long it took."""
        return max(0.0, self.traced.ended - self.traced.started)

    @property
    def error_type(self) -> str:
        """Why it failed: the code of an error, a status of 400 or more; empty if it did not."""
        if self.response is None:
            return self.error or "_OTHER"
        return str(self.response.code) if self.response.code >= 400 else ""

    @property
    def name(self) -> str:
        """The name of its span."""
        return self.method if self.method in names.METHODS else "HTTP"


def sent_by(event: RequestFinished) -> list[Sent]:
    """Every request on the wire that an event tells of, in order: redirects make several."""
    hops = event.exchange.hops if event.exchange is not None else event.error.hops if event.error is not None else ()
    found = [Sent(hop.traced, hop.method, hop.href, hop.response) for hop in hops if hop.traced is not None]
    if event.error is not None and event.error.traced is not None:
        method, url = event.error.asked
        kind = event.error.code or type(event.error).__name__
        found.append(Sent(event.error.traced, method, url, None, kind, event.error.message[:LONGEST]))
    return found


def metric_attributes(sent: Sent) -> dict[str, Value]:
    """What the duration of a request is counted by."""
    found: dict[str, Value] = {names.HTTP_METHOD: sent.method if sent.method in names.METHODS else "_OTHER"}
    found |= _server(sent.url)
    if sent.response is not None:
        found |= {names.HTTP_STATUS: sent.response.code, names.PROTOCOL_VERSION: sent.response.http_version}
    return found | ({names.ERROR_TYPE: sent.error_type} if sent.error_type else {})


def span_attributes(sent: Sent, resent: int) -> dict[str, Value]:
    """Those of its span; `resent` is how often the same request was sent before."""
    found = {**metric_attributes(sent), names.URL_FULL: without_user(sent.url)[:LONGEST]}
    if sent.method not in names.METHODS:
        found[names.HTTP_METHOD_ORIGINAL] = sent.method
    if resent:
        found[names.HTTP_RESEND_COUNT] = resent
    if sent.response is not None:
        found[names.HTTP_RESPONSE_SIZE] = sent.response.sizes.body
        found |= _peer(sent.response.remote_address) | _timings(sent.response.timings)
    return found


def _server(url: str) -> dict[str, Value]:
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:  # what is hidden in it may be anything
        return {}
    found: Mapping[str, Value] = {
        names.URL_SCHEME: parts.scheme,
        names.SERVER_ADDRESS: parts.hostname or "",
        names.SERVER_PORT: port,
    }
    return {name: value for name, value in found.items() if value}


def _peer(address: str) -> dict[str, Value]:
    host, _, port = address.rpartition(":")
    if not (host and port.isdecimal()):
        host, port = address, ""
    found: dict[str, Value] = {names.PEER_ADDRESS: host.strip("[]")} if host else {}
    return found | ({names.PEER_PORT: int(port)} if port else {})


def _timings(timings: Timings) -> dict[str, Value]:
    """The phases in ms; the conventions have no names for them."""
    phases = {phase: getattr(timings, phase) for phase in PHASES}
    return {f"{names.TIMING}.{phase}": round(value, 3) for phase, value in phases.items() if value is not None}
