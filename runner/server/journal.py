"""The journal of a server: every call in order, with credentials masked."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import field
from typing import TypedDict
from urllib.parse import quote

from runner.model.quick_dataclass import dataclass
from runner.secrets import names_a_secret
from runner.server.messages import Call

MASK = "***"
BODY_LIMIT = 4096
ENTRY_LIMIT = 10_000


def masked_header(name: str, value: str) -> tuple[str, str]:
    """A header as the journal shows it; of credentials only the scheme is kept."""
    if not names_a_secret(name):
        return name, value
    scheme, space, rest = value.partition(" ")
    return name, f"{scheme} {MASK}" if space and rest else MASK


class JournalEntry(TypedDict):
    """One call as the journal shows it; `status` is None as long as no answer has been sent."""

    number: int
    method: str
    path: str
    target: str
    query: list[list[str]]
    headers: list[list[str]]
    key: str
    api_version: str
    fault: str
    size: int
    sha256: str
    body: str
    status: int | None


@dataclass(slots=True)
class Journal:
    """The calls since the start or the last reset, at most the latest `ENTRY_LIMIT`."""

    entries: deque[JournalEntry] = field(default_factory=lambda: deque(maxlen=ENTRY_LIMIT))
    total: int = 0

    def add(self, call: Call, *, key: str, fault: str) -> JournalEntry:
        """Add a call before it is answered; the caller sets the `status` of the entry afterwards."""
        query = [[name, MASK if names_a_secret(name) else value] for name, value in call.query]
        target = quote(call.path, safe="/{}:@!$&'()*+,;=~") + ("?" if query else "")
        target += "&".join(f"{name}={value}" for name, value in query)
        self.total += 1
        entry: JournalEntry = {
            "number": self.total,
            "method": call.method,
            "path": call.path,
            "target": target,
            "query": query,
            "headers": [list(masked_header(name, value)) for name, value in call.headers],
            "key": key,
            "api_version": call.header("x-api-version"),
            "fault": fault,
            "size": len(call.body),
            "sha256": hashlib.sha256(call.body).hexdigest(),
            "body": call.body[:BODY_LIMIT].decode("utf-8", "replace"),
            "status": None,
        }
        self.entries.append(entry)
        return entry
