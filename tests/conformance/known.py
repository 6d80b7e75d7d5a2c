"""Where ours differs from Postman's sandbox on purpose."""

from __future__ import annotations

KNOWN: dict[str, str] = {}
"""Topic and name of the case → why ours is different."""


def known_difference(topic: str, name: str) -> str | None:
    """The reason, None when the two must be the same."""
    return KNOWN.get(f"{topic}: {name}")
