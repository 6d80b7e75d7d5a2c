"""Where the Postman API is, and how it names what it keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping

REGIONS = {"us": "https://api.postman.com", "eu": "https://api.eu.postman.com"}
"""Where the data of a team is kept decides which address has it."""

API_URL_VARIABLE = "POSTRUNNER_POSTMAN_API_URL"
"""The environment variable that replaces the address, for tests and for gateways in front of the Postman API."""

# Texts, not patterns: most runs need none of them, and compiling them takes longer than reading a small file.
API_HOSTS = r"(?i)https?://api\.(?:(?:eu\.)?postman|getpostman)\.com(?::\d+)?(?=[/?#]|\Z)"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
_API_KEY = r"(?i)(?<=[?&])apikey=([^&#]*)&?"


def is_uid(name: str) -> bool:
    """Whether a name has the form of a UID: `12345-` and a UUID."""
    return re.match(rf"(?i)[0-9a-z]+-{_UUID}", name) is not None


def is_id(name: str) -> bool:
    """Whether a name has the form of a UID, or of one without its owner."""
    return is_uid(name) or re.match(rf"(?i){_UUID}", name) is not None


def own_id(name: str) -> str:
    """A UID without its owner: what it has in common with the id."""
    return name[-36:].lower()


def base_url(region: str, environ: Mapping[str, str]) -> str:
    """The address of the API in a region, or the one that the environment variable says."""
    return (environ.get(API_URL_VARIABLE) or REGIONS[region]).rstrip("/")


def own_path(url: str, base: str) -> tuple[str, str] | None:
    """The base of a URL and the rest of it; None unless that is the Postman API, at `base` or one of its hosts."""
    if url.startswith(f"{base}/"):
        return base, url[len(base) :]
    found = re.match(API_HOSTS, url)
    return (url[: found.end()], url[found.end() :]) if found else None


def take_key(path: str) -> tuple[str, str]:
    """A path and query without its `apikey` parameter, and what that said."""
    found = re.search(_API_KEY, path)
    if found is None:
        return path, ""
    from urllib.parse import unquote

    return re.sub(_API_KEY, "", path, count=1).rstrip("?&"), unquote(found[1])
