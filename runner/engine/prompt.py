"""The prompt at the terminal, for somebody who is there to answer."""

from __future__ import annotations

import os
import select
import sys

from runner.cancel import Cancel
from runner.effects import Prompt
from runner.errors import AuthError

HINT = "fetch the token elsewhere and pass it in, for example with --env-var, or use a grant that needs nobody"
LOOK = 0.05
"""Seconds after which a prompt looks whether the run was cancelled: reading itself cannot be broken off."""


def prompt(effect: Prompt, cancel: Cancel) -> str:
    """Show a text on standard error and read a line, "" if the run is cancelled meanwhile.

    Raises `AuthError` without a terminal and in CI.
    """
    if os.environ.get("CI") or sys.stdin is None or not sys.stdin.isatty():
        raise AuthError("needs a person at a terminal", hint=HINT)
    print(effect.text, end="" if effect.answer else "\n", file=sys.stderr, flush=True)
    if not effect.answer or not _ready(cancel):
        return ""
    return sys.stdin.readline()


def _ready(cancel: Cancel) -> bool:
    """Whether there is a line to read (a terminal gives whole lines); False if the run is cancelled before."""
    while not cancel.is_set:
        try:
            if select.select([sys.stdin], [], [], LOOK)[0]:
                return True
        except (OSError, ValueError, TypeError):  # Windows waits for sockets only
            return True
    return False
