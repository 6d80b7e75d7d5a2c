"""Single requests that belong to no run, sent with the proxy and TLS options of one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from runner.client.http import Client
from runner.client.proxies import environ_of
from runner.cookies.jar import CookieJar
from runner.entropy import Entropy
from runner.formats.postman.v2 import parse_request
from runner.model.json import JsonObject
from runner.model.response import Response
from runner.options import RunOptions
from runner.request.behavior import parse_behavior
from runner.request.prepare import prepare
from runner.version import __version__


class Apart:
    """Sends requests and keeps their connections open until it is closed; no cookies go from one to the next."""

    def __init__(self, options: RunOptions, environ: Mapping[str, str]) -> None:
        self._options = options
        self._environ = environ

    @cached_property
    def _client(self) -> Client:
        return Client(self._options, CookieJar(), environ=environ_of(self._options, self._environ))

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: str | None = None,
        *,
        follow_redirects: bool = True,
        deadline: float | None = None,
    ) -> Response:
        """The response to a request by the monotonic time `deadline`; raises `RequestError`."""
        given = {"User-Agent": f"postrunner/{__version__}", "Accept": "*/*", **headers}
        source: JsonObject = {"method": method, "url": url, "header": [{"key": k, "value": v} for k, v in given.items()]}
        if body is not None:
            source["body"] = {"mode": "raw", "raw": body}
        chosen = {"followRedirects": follow_redirects, "disabledSystemHeaders": {"postman-token": True}}
        prepared = prepare(parse_request(source), parse_behavior(chosen, self._options), Entropy())
        return self._client.send(prepared, deadline=deadline).response

    def close(self) -> None:
        """Close all connections."""
        if "_client" in vars(self):
            self._client.close()
