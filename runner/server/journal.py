"""What a stand-in was asked, in order, with credentials masked."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import field
from typing import Any
from urllib.parse import quote

from runner.model.quick_dataclass import dataclass
from runner.secrets import names_a_secret
from runner.server.messages import Call

MASK = "***"
BODY_LIMIT = 4096
ENTRY_LIMIT = 10_000


def masked_header(name: str, value: str) -> tuple[str, str]:
    """A header as the journal shows it: of a credential only the scheme is left."""
    if not names_a_secret(name):
        return name, value
    scheme, space, rest = value.partition(" ")
    return name, f"{scheme} {MASK}" if space and rest else MASK


def masked_query(call: Call) -> list[list[str]]:
    """The decoded query without secrets."""
    return [[key, MASK if names_a_secret(key) else value] for key, value in call.query]


@dataclass(slots=True)
class Journal:
    """The calls since the start or the last reset; of very many the latest."""

    entries: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=ENTRY_LIMIT))
    total: int = 0

    def add(self, call: Call, *, key: str, fault: str) -> dict[str, Any]:
        """Note a call before it is answered; its `status` is filled in afterwards (None: no answer was sent)."""
        query = masked_query(call)
        target = quote(call.path, safe="/{}:@!$&'()*+,;=~") + ("?" if query else "")
        target += "&".join(f"{name}={value}" for name, value in query)
        self.total += 1
        entry = {
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
