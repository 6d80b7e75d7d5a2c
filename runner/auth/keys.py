"""Private keys as users paste them."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from runner.auth.params import Params

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----((?:(?!-----BEGIN ).)*?)-----END \1-----", re.DOTALL)


def pem_text(params: Params, name: str) -> str:
    """A PEM key, also one whose line breaks were lost or written as backslash and n; raises `AuthError`."""
    text = params.required(name).strip().strip('"').replace("\\n", "\n")
    found = _PEM.search(text)
    if not found:
        raise params.error(name, "is no PEM key", hint="it begins with -----BEGIN PRIVATE KEY-----")
    if ":" in found[2]:  # an encrypted key of the old form has header lines
        return found[0] + "\n"
    lines = textwrap.wrap("".join(found[2].split()), 64)
    return "\n".join([f"-----BEGIN {found[1]}-----", *lines, f"-----END {found[1]}-----", ""])


def load_private_key(params: Params, name: str, passphrase: str = "") -> Any:
    """A private key object; raises `AuthError` naming the parameter, never showing the key."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    text = pem_text(params, name)
    try:
        return load_pem_private_key(text.encode(), passphrase.encode() if passphrase else None)
    except (ValueError, TypeError) as error:
        raise params.error(name, f"cannot be read: {_reason(error)}") from None
    except Exception as error:  # cryptography has errors of its own for keys it does not support
        raise params.error(name, f"cannot be used: {type(error).__name__}") from None


def _reason(error: Exception) -> str:
    return str(error).partition("\n")[0].partition("(")[0].strip() or type(error).__name__
