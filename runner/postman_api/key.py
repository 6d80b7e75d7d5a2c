"""The key of the Postman API: from the command line, the environment or the keyring of the system, never from a file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from runner.errors import UsageError

KEY_VARIABLES = ("POSTMAN_API_KEY", "POSTRUNNER_POSTMAN_API_KEY")
"""The environment variables that may hold the key; the second is that of the option, as every option has one."""

SERVICE, USER = "postrunner", "postman-api-key"
"""Under which names the keyring has the key."""

HINT = "give --postman-api-key, set POSTMAN_API_KEY, or keep it: keyring set postrunner postman-api-key"


def find_key(given: str | None, environ: Mapping[str, str]) -> str:
    """The key; empty if nobody has one."""
    return given or next((environ[name] for name in KEY_VARIABLES if environ.get(name)), "") or _of_keyring()


def need_key(given: str | None, environ: Mapping[str, str]) -> str:
    """The key; raises `UsageError`, which says where one may come from."""
    key = find_key(given, environ).strip()
    if not key:
        raise UsageError("the Postman API needs a key", hint=HINT)
    return key


def _of_keyring() -> str:
    """The key in the keyring, if the package `keyring` is installed and has one that can be opened."""
    try:
        return str(import_module("keyring").get_password(SERVICE, USER) or "")
    except Exception:  # not installed, no keyring on this machine, or a locked one: every backend has its own errors
        return ""
