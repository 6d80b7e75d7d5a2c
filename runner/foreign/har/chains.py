"""Redirects: a client follows them by itself, so what a browser recorded as several entries is one request."""

from __future__ import annotations

from collections.abc import Sequence, Set
from urllib.parse import urldefrag, urljoin

from runner.foreign.har.document import Entry

REDIRECTS = frozenset({301, 302, 303, 307, 308})
NEAR = 12
"""So many entries behind a redirect the one that it leads to is looked for."""


def followed(entries: Sequence[Entry], kept: Set[int], opened: Set[int]) -> dict[int, int]:
    """The places of entries that only follow a redirect, each with that of the redirect, but for those in `opened`."""
    found: dict[int, int] = {}
    for at, entry in enumerate(entries):
        if at not in kept or at in opened or entry.status not in REDIRECTS or not entry.to:
            continue
        target = _address(urljoin(entry.url, entry.to))
        for later in range(at + 1, min(at + 1 + NEAR, len(entries))):
            other = entries[later]
            same_way = other.method in ("GET", "HEAD") or other.method == entry.method
            if later in kept and later not in found and same_way and _address(other.url) == target:
                found[later] = at
                break
    return found


def _address(url: str) -> str:
    return urldefrag(url)[0]


def head_of(at: int, followed: dict[int, int]) -> int:
    """The first request of the redirects that led to an entry; itself if none did."""
    while at in followed:
        at = followed[at]
    return at
