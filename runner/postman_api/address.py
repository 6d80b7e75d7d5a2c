"""Where the Postman API is, how it names things, and its key."""

from __future__ import annotations

import re

POSTMAN_API = "https://api.postman.com"
API_URL_VARIABLE = "POSTRUNNER_POSTMAN_API_URL"
"""The environment variable that replaces `POSTMAN_API`, for tests and for gateways in front of the Postman API."""

# Texts, not patterns: most runs need none of them, and compiling them takes longer than reading a small file.
API_HOSTS = r"(?i)https?://api\.(?:get)?postman\.com(?::\d+)?(?=[/?#]|\Z)"
_UID = r"(?i)[0-9a-z]+-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
_API_KEY = r"(?i)(?<=[?&])apikey=([^&#]*)&?"


def is_uid(name: str) -> bool:
    """Whether a name has the form of a UID."""
    return re.match(_UID, name) is not None


class PostmanApi:
    """The address of the Postman API, and the key that only it may get."""

    def __init__(self, url: str | None, key: str | None) -> None:
        self._url = (url or POSTMAN_API).rstrip("/")
        self.key = key

    def address(self, kind: str, uid: str) -> str:
        """The address of a collection or an environment; `kind` is the plural."""
        return f"{self._url}/{kind}/{uid}"

    def take_key(self, url: str) -> tuple[str, str]:
        """A URL without its `apikey` parameter, and the key to send in a header; empty for other URLs than this API's."""
        own = self._url != POSTMAN_API and url.startswith(f"{self._url}/")
        if not re.match(API_HOSTS, url) and not own:
            return url, ""
        found = re.search(_API_KEY, url)
        if found is None:
            return url, self.key or ""
        from urllib.parse import unquote

        return re.sub(_API_KEY, "", url, count=1).rstrip("?&"), unquote(found[1])
