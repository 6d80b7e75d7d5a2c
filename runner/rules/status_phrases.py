"""Reason phrases for responses without one, from the IANA registry of HTTP status codes.

The table also has the phrases that scripts see (`postman`), which are those of the library that Postman uses.
"""

from __future__ import annotations

from functools import cache

from runner.rules.tables import read_table


@cache
def _phrases() -> dict[str, str]:
    return {code: phrases["http"] or "" for code, phrases in read_table("status_phrases").items()}


def status_phrase(code: int) -> str:
    """The phrase of a status code; empty if the code is not registered."""
    return _phrases().get(str(code), "")
