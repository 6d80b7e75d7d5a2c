"""Breaks that a test noticed, kept in a file: a call that was interrupted, or is made again, need not try them anew."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path

from mutating.covering import STORE
from mutating.mutants import Mutant

ROOT = Path(__file__).resolve().parents[2]
FILE = STORE / "noticed.json"


class Tried:
    """What earlier calls noticed. A break is the same one as long as no character of its file has changed."""

    def __init__(self, resume: bool) -> None:
        self._known: dict[str, str] = json.loads(FILE.read_text()) if resume and FILE.exists() else {}
        self._lock = threading.Lock()

    def noticed(self, mutant: Mutant) -> str | None:
        """What noticed this break; None if it has to be tried."""
        return self._known.get(_key(mutant))

    def add(self, mutant: Mutant, outcome: str) -> None:
        """Keep what noticed a break."""
        with self._lock:
            self._known[_key(mutant)] = outcome
            STORE.mkdir(exist_ok=True)
            FILE.write_text(json.dumps(self._known, indent=1))


def _key(mutant: Mutant) -> str:
    digest = hashlib.sha256((ROOT / mutant.path).read_bytes()).hexdigest()[:16]
    return f"{mutant.path} {digest} {mutant.start}-{mutant.end} {mutant.new}"
