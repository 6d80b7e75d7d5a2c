"""The token cache: tokens of earlier runs for the next one."""

from __future__ import annotations

import os

from runner.auth import TokenStore, parse_tokens
from runner.errors import ExportError, FileUnreadable
from runner.events import Warned
from runner.files import Files
from runner.outputs import OWNER_ONLY, write_text


def load_tokens(path: str) -> tuple[TokenStore, tuple[Warned, ...]]:
    """The tokens that earlier runs left in a file; an unusable file is a warning and is replaced."""
    if not os.path.exists(path):
        return TokenStore(), ()
    try:
        return parse_tokens(Files().read(path).decode("utf-8", "replace")), ()
    except (FileUnreadable, ValueError) as error:
        reason = error.message if isinstance(error, FileUnreadable) else str(error)
        return TokenStore(), (Warned(code="token-cache", message=f"the token cache is not used: {reason}", where=path),)


def export_tokens(path: str | None, tokens: TokenStore, now: float) -> list[ExportError]:
    """Write the tokens that came since the last call, if any; the file is readable and writable by its owner only."""
    if path is None or not tokens.changed:
        return []
    try:
        write_text(path, tokens.dump(now), mode=OWNER_ONLY, keep_mode=False)
    except ExportError as error:
        return [error]
    return []
