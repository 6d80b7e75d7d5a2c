"""The journal of a server: every call in order; it shows them with credentials masked."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from dataclasses import field
from typing import TypedDict
from urllib.parse import quote

from runner.model.quick_dataclass import dataclass, replace
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
    """One call as the journal shows it; `status` is None as long as no answer has been sent, `answer` says what it was."""

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
    answer: str


@dataclass(slots=True)
class Record:
    """One call as it came, with the beginning of its body; `value` is the hash of a longer body's JSON value."""

    number: int
    call: Call
    key: str
    fault: str
    size: int
    sha256: str
    value: str = ""
    status: int | None = None
    answer: str = ""

    @property
    def query(self) -> list[list[str]]:
        """The parameters with credentials masked."""
        return [[name, MASK if names_a_secret(name) else value] for name, value in self.call.query]

    @property
    def target(self) -> str:
        """The target with credentials masked."""
        query = self.query
        path = quote(self.call.path, safe="/{}:@!$&'()*+,;=~")
        return path + ("?" if query else "") + "&".join(f"{name}={value}" for name, value in query)

    def shown(self) -> JournalEntry:
        """The call with credentials masked."""
        call = self.call
        return {
            "number": self.number,
            "method": call.method,
            "path": call.path,
            "target": self.target,
            "query": self.query,
            "headers": [list(masked_header(name, value)) for name, value in call.headers],
            "key": self.key,
            "api_version": call.header("x-api-version"),
            "fault": self.fault,
            "size": self.size,
            "sha256": self.sha256,
            "body": call.body.decode("utf-8", "replace"),
            "status": self.status,
            "answer": self.answer,
        }


_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(slots=True)
class Journal:
    """The calls since the start or the last reset, at most the latest `ENTRY_LIMIT`."""

    records: deque[Record] = field(default_factory=lambda: deque(maxlen=ENTRY_LIMIT))
    total: int = 0

    def add(self, call: Call, *, key: str, fault: str) -> Record:
        """Add a call before it is answered; the caller sets `status` and `answer` of the record afterwards."""
        self.total += 1
        body = call.body
        hashed = hashlib.sha256(body).hexdigest() if body else _EMPTY
        record = Record(self.total, call, key, fault, len(body), hashed)
        if len(body) > BODY_LIMIT:
            record.call, record.value = replace(call, body=body[:BODY_LIMIT]), value_hash(body)
        self.records.append(record)
        return record


def value_hash(body: bytes) -> str:
    """A hash that is equal for equal JSON values, "" for a body that is not JSON."""
    try:
        return hashlib.sha256(json.dumps(json.loads(body), sort_keys=True).encode()).hexdigest()
    except (ValueError, RecursionError):
        return ""
