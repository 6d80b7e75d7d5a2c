"""What the references of a document may fetch: what lies beside it, what is of this machine, what was allowed by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from runner.clock import Clock
from runner.errors import LoadError, RequestError, UsageError
from runner.formats.reading import decode
from runner.options import RunOptions
from runner.rules.loopback import is_loopback

WEB = ("http://", "https://")
DEFAULT_PORTS = {"http": 80, "https": 443}

MOST_BYTES = 20_000_000
"""The size of one fetched file."""

MOST_FETCHED = 100
"""Files that one document may fetch."""

TIMEOUT = 10_000
"""Milliseconds that fetching one file may take."""


class Remote:
    """Fetches what references lead to; `allowed` are the beginnings of URLs, `own` is where the document comes from."""

    def __init__(self, own: str, allowed: Sequence[str], options: RunOptions, environ: Mapping[str, str]) -> None:
        self._loopback = not own.startswith(WEB) or is_loopback(urlsplit(own).hostname or "")
        beside = [own.rpartition("/")[0] + "/"] if own.startswith(WEB) else []
        self._allowed = list(map(_parts, [*beside, *allowed]))
        self._options, self._environ = options, environ
        self._fetched = 0

    def fetch(self, url: str) -> str:
        """The text of an address; raises `LoadError`, also for one that is not allowed. Redirects are not followed."""
        if not self._is_allowed(url):
            hint = f"allow it with --contract-allow-ref {url}" if url.startswith(WEB) else ""
            raise LoadError("it leads into the network", hint=hint)
        if self._fetched >= MOST_FETCHED:
            raise LoadError(f"{MOST_FETCHED} files have been fetched")
        self._fetched += 1
        from runner.client.apart import Apart

        client = Apart(self._options, self._environ)
        try:
            deadline = Clock().monotonic() + TIMEOUT / 1000
            response = client.send("GET", url, {}, follow_redirects=False, deadline=deadline)
        except RequestError as error:
            raise LoadError(f"it cannot be fetched: {error.message}") from None
        finally:
            client.close()
        if response.code != 200:
            raise LoadError(f"it cannot be fetched: status {response.code}")
        if len(response.body) > MOST_BYTES:
            raise LoadError(f"it has more than {MOST_BYTES:,} bytes")
        return decode(response.body)

    def _is_allowed(self, url: str) -> bool:
        if not url.startswith(WEB):
            return False
        try:
            scheme, host, port, path = _parts(url)
        except ValueError:
            return False
        if self._loopback and is_loopback(host):
            return True
        if "%2e" in path.lower() or any(segment in (".", "..") for segment in path.split("/")):
            return False
        return any(
            (scheme, host, port) == one[:3] and (path == one[3] or path.startswith(one[3].rstrip("/") + "/"))
            for one in self._allowed
        )


def _parts(url: str) -> tuple[str, str, int | None, str]:
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or DEFAULT_PORTS.get(scheme), parts.path or "/"


def check_allowed(allowed: Sequence[str]) -> None:
    """Raise `UsageError` for what is no beginning of a URL."""
    for url in allowed:
        try:
            fits = url.startswith(WEB) and bool(_parts(url)[1]) and not urlsplit(url).query
        except ValueError:
            fits = False
        if not fits:
            hint = "such as https://schemas.example/v1/"
            raise UsageError(f"{url!r} is no beginning of a URL", where="--contract-allow-ref", hint=hint)
