"""The person at the terminal, who is asked only where somebody can answer."""

from __future__ import annotations

import os
import sys

from runner.effects import Prompt
from runner.errors import AuthError

HINT = "fetch the token elsewhere and pass it in, for example with --env-var, or use a grant that needs nobody"


def prompt(effect: Prompt) -> str:
    """Show a text on standard error and read a line; raises `AuthError` without a terminal and in CI."""
    if os.environ.get("CI") or sys.stdin is None or not sys.stdin.isatty():
        raise AuthError("needs a person at a terminal", hint=HINT)
    print(effect.text, end="" if effect.answer else "\n", file=sys.stderr, flush=True)
    return sys.stdin.readline() if effect.answer else ""
