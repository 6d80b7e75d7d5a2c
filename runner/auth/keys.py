"""Private keys as users paste them."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from runner.auth.params import Params

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----((?:(?!-----BEGIN ).)*?)-----END \1-----", re.DOTALL)


def pem_text(params: Params, name: str) -> str:
    r"""A PEM key, even if its line breaks were lost or are written as `\n`; raises `AuthError`."""
    text = params.required(name).strip().strip('"').replace("\\n", "\n")
    found = _PEM.search(text)
    if not found:
        raise params.error(name, "is not a PEM key", hint="it begins with -----BEGIN PRIVATE KEY-----")
    if ":" in found[2]:  # an encrypted key in the traditional form has header lines
        return found[0] + "\n"
    lines = textwrap.wrap("".join(found[2].split()), 64)
    return "\n".join([f"-----BEGIN {found[1]}-----", *lines, f"-----END {found[1]}-----", ""])


def load_private_key(params: Params, name: str, passphrase: str = "") -> PrivateKeyTypes:
    """A private key; raises `AuthError`, which names the parameter and never shows the key."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    text = pem_text(params, name)
    try:
        return load_pem_private_key(text.encode(), passphrase.encode() if passphrase else None)
    except (ValueError, TypeError) as error:
        raise params.error(name, f"cannot be read: {_reason(error)}") from None
    except Exception as error:  # cryptography has its own errors for kinds of keys that it does not support
        raise params.error(name, f"cannot be used: {type(error).__name__}") from None


def _reason(error: Exception) -> str:
    return str(error).partition("\n")[0].partition("(")[0].strip() or type(error).__name__
