"""Texts from the web, fetched with the proxy and TLS options of the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from runner.client.proxies import environ_of
from runner.errors import LoadError, RequestError
from runner.formats.reading import decode
from runner.model.json import JsonArray
from runner.options import RunOptions
from runner.secrets import Secrets

if TYPE_CHECKING:
    from runner.model.response import Response


def fetch(url: str, api_key: str, options: RunOptions, environ: Mapping[str, str], shown: str = "") -> str:
    """The text of an address; `api_key` is sent to its host only. Raises `LoadError`, which names the address `shown`."""
    shown = Secrets().mask(shown or url)
    try:
        response = _get(url, api_key, options, environ)
    except RequestError as error:
        raise LoadError(f"cannot be fetched: {error.message}", where=shown, hint=error.hint) from None
    text = decode(response.body)
    if response.code != 200:
        status = f"{response.code} {response.status}".strip()
        raise LoadError(f"cannot be fetched: {status}{_reason(text)}", where=shown)
    return text


def _get(url: str, api_key: str, options: RunOptions, environ: Mapping[str, str]) -> Response:
    from runner.client.http import Client
    from runner.cookies.jar import CookieJar
    from runner.entropy import Entropy
    from runner.formats.postman.v2 import parse_request
    from runner.request.behavior import parse_behavior
    from runner.request.prepare import prepare
    from runner.version import __version__

    headers: JsonArray = [{"key": "User-Agent", "value": f"postrunner/{__version__}"}, {"key": "Accept", "value": "*/*"}]
    if api_key:
        headers.append({"key": "X-Api-Key", "value": api_key})
    request = parse_request({"method": "GET", "url": url, "header": headers})
    # A redirect may lead to another host, which must not get the key.
    chosen = {"followRedirects": not api_key, "disabledSystemHeaders": {"postman-token": True}}
    behavior = parse_behavior(chosen, options)
    client = Client(options, CookieJar(), environ=environ_of(options, environ))
    try:
        return client.send(prepare(request, behavior, Entropy())).response
    finally:
        client.close()


def _reason(text: str) -> str:
    """The message in an API's error response, if that is JSON; else empty."""
    from runner.deep_json import loads

    try:
        document = loads(text)
    except ValueError:
        return ""
    error = document.get("error", document) if isinstance(document, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    return f": {message}" if isinstance(message, str) else ""
