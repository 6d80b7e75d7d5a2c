"""Talks to the Postman API: its key, its limits, its errors."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from runner.client.apart import Apart
from runner.deep_json import dumps
from runner.errors import InvalidDocument, RemoteError, RequestError
from runner.formats.json_text import JsonStyle, dump_json, parse_json
from runner.formats.reading import decode
from runner.interruption import waiting
from runner.model.json import JsonObject
from runner.model.response import Response
from runner.options import RunOptions
from runner.postman_api.answers import reason
from runner.rules.retry_after import retry_after
from runner.secrets import Secrets

MOST_ASKED = 300.0
"""Seconds that the API may ask to be left alone for; a longer time is told, not waited for."""

MOST_WAITS = 10
"""So many times in a row a call waits for its turn."""

COMPACT = JsonStyle(indent=None, separators=(",", ":"))

HINTS = {
    401: "is the key right? keys are made at https://go.postman.co/settings/me/api-keys",
    403: "the owner of the key may not do this: ask for the role of an editor",
    404: "does it exist, and may the owner of the key see it? a team in the EU needs POSTRUNNER_POSTMAN_API_URL=https://api.eu.postman.com",
}


def _wait(seconds: float) -> None:
    with waiting():
        threading.Event().wait(seconds)


class PostmanClient:
    """Sends requests to the Postman API, each as soon as the API takes it.

    `tell` hears of waits; `wait` is how they pass.
    """

    def __init__(
        self,
        base: str,
        key: str,
        options: RunOptions,
        environ: Mapping[str, str],
        *,
        tell: Callable[[str], object] = lambda text: None,
        wait: Callable[[float], object] = _wait,
    ) -> None:
        self._base = base
        self._key = key
        self._apart = Apart(options, environ)
        self._tell, self.wait = tell, wait
        self._secrets = Secrets([key])

    def __enter__(self) -> PostmanClient:
        return self

    def __exit__(self, *_: object) -> None:
        self._apart.close()

    def text(self, path: str) -> str:
        """The text at a path; raises `RemoteError`."""
        return decode(self._call("GET", path).body)

    def get(self, path: str, **query: str) -> JsonObject:
        """The document at a path; parameters without a value are left out. Raises `RemoteError`."""
        return _document(self._call("GET", with_query(path, query)))

    def send(self, method: str, path: str, document: JsonObject, prefer: str = "", **query: str) -> tuple[int, JsonObject]:
        """The status and the document of the answer to one that is sent; raises `RemoteError`."""
        headers = {"Content-Type": "application/json", **({"Prefer": prefer} if prefer else {})}
        response = self._call(method, with_query(path, query), dump_json(document, COMPACT), headers)
        return response.code, _document(response)

    def _call(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> Response:
        all_headers = {"X-Api-Key": self._key, **(headers or {})}
        for _ in range(MOST_WAITS):
            try:  # a redirect may lead to another host, which must not get the key
                with waiting():
                    response = self._apart.send(method, self._base + path, all_headers, body, follow_redirects=False)
            except RequestError as error:
                raise RemoteError(error.message, where=self._shown(path), hint=error.hint) from None
            seconds = _asked(response)
            if seconds is None:
                break
            if seconds > MOST_ASKED:
                raise self._refused(response, path, f"it wants to be asked again in {seconds / 60:.0f} minutes")
            self._tell(f"the Postman API asks to wait for {seconds:g} s")
            self.wait(seconds)
        if not 200 <= response.code < 300:
            raise self._refused(response, path, HINTS.get(response.code, ""))
        return response

    def _refused(self, response: Response, path: str, hint: str) -> RemoteError:
        message = self._secrets.mask(reason(response, decode(response.body)))
        return RemoteError(message, status=response.code, where=self._shown(path), hint=hint)

    def _shown(self, path: str) -> str:
        return self._base + path.partition("?")[0]


def with_query(path: str, query: Mapping[str, str]) -> str:
    """A path with the parameters that have a value."""
    given = {key: value for key, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def _asked(response: Response) -> float | None:
    """The seconds after which the API wants to be asked again; None for a real answer."""
    if response.code != 429:
        return None
    for name in ("Retry-After", "X-RateLimit-RetryAfter"):
        seconds = retry_after(response.header(name) or "", time.time())
        if seconds is not None:
            return seconds
    return 1.0


def _document(response: Response) -> JsonObject:
    text = decode(response.body)
    try:
        found = parse_json(text) if text.strip() else {}
    except InvalidDocument as error:
        raise RemoteError(f"the answer is {error.message}", status=response.code) from None
    if not isinstance(found, dict):
        raise RemoteError(f"the answer is not an object of JSON: {dumps(found)[:80]}", status=response.code)
    return found
