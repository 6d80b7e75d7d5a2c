"""The connections to the Postman API that one command needs: one for each region."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runner.options import RunOptions
from runner.postman_api.address import base_url
from runner.postman_api.client import PostmanClient
from runner.postman_api.cloud import Cloud
from runner.postman_api.key import need_key

OPTIONS = (
    *("postman_api_key", "timeout_request", "proxy", "no_proxy", "insecure", "ssl_extra_ca_certs"),
    *("ssl_client_cert", "ssl_client_key", "ssl_client_passphrase", "ssl_client_cert_list"),
)
"""The options of a run that say how to get to the Postman API."""


class Connections:
    """Opens connections when they are first needed; `tell` hears of waits. Raises `UsageError` without a key."""

    def __init__(self, options: RunOptions, environ: Mapping[str, str], tell: Callable[[str], object]) -> None:
        self._options, self._environ, self._tell = options, environ, tell
        self._key = need_key(options.postman_api_key, environ)
        self._clients: dict[str, PostmanClient] = {}

    def __enter__(self) -> Connections:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.__exit__()

    def cloud(self, *regions: str) -> Cloud:
        """The cloud in the first region that is named; that of the US if none is."""
        region = next(filter(None, regions), "us")
        if region not in self._clients:
            base = base_url(region, self._environ)
            self._clients[region] = PostmanClient(base, self._key, self._options, self._environ, tell=self._tell)
        return Cloud(self._clients[region])
