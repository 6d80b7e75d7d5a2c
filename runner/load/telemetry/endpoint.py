"""The address at which Prometheus asks for the metrics of a load test, on this machine alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gevent.pywsgi import WSGIServer

from runner.errors import UsageError
from runner.load.telemetry.prometheus import CONTENT_TYPE

HOST, PATH = "127.0.0.1", "/metrics"
Start = Callable[[str, list[tuple[str, str]]], object]


class Endpoint:
    """Answers with what `text` says at that moment; port 0 takes any that is free.

    Raises `UsageError` if it cannot listen.
    """

    def __init__(self, port: int, text: Callable[[], str]) -> None:
        self._text = text
        self._server = WSGIServer((HOST, port), self._answer, log=None, error_log=None)
        try:
            self._server.start()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"cannot listen on port {port}: {reason}", where="--metrics-port") from None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{HOST}:{self._server.server_port}{PATH}"

    def close(self) -> None:
        """Answer no more."""
        self._server.stop()

    def _answer(self, environ: dict[str, str], start: Start) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        status, kind, text = "200 OK", CONTENT_TYPE, ""
        if path != PATH:
            status, kind, text = "404 Not Found", "text/plain", f"the metrics are at {PATH}\n"
        elif method not in ("GET", "HEAD"):
            status, kind, text = "405 Method Not Allowed", "text/plain", "only GET\n"
        else:
            text = self._text()
        body = text.encode()
        start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [b"" if method == "HEAD" else body]
