"""Requests that go to a server on this machine in place of their own."""

from __future__ import annotations

from dataclasses import replace

from runner.model.request import PreparedRequest
from runner.transport.limits import Limits
from runner.transport.network import Network
from runner.transport.raw_response import RawResponse
from runner.transport.sockets.tls import TlsSettings

Origin = tuple[str, str, int]
"""Scheme, host in lower case, and port."""


class Detour:
    """Sends requests to a local server as they are, over plain HTTP and past any proxy; of these `origins`, or all."""

    def __init__(self, host: str, port: int, origins: tuple[Origin, ...] = ()) -> None:
        self._host, self._port, self._origins = host, port, frozenset(origins)
        self._network = Network({})

    def takes(self, request: PreparedRequest) -> bool:
        """Whether a request goes this way."""
        return not self._origins or (request.scheme, request.host.lower(), request.port) in self._origins

    def send(self, request: PreparedRequest, limits: Limits) -> RawResponse:
        """Send one request and read its response; raises `RequestError`."""
        behavior = replace(request.behavior, protocol_version=None)
        sent = replace(request, scheme="http", host=self._host, port=self._port, behavior=behavior)
        return self._network.send(sent, TlsSettings(), limits)

    def close(self) -> None:
        """Close its connections."""
        self._network.close()
