"""The vault of a run: secret values for `pm.vault`, from environment variables; what scripts set lasts one run."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

from runner.effects import UseVault
from runner.errors import PostrunnerError
from runner.rules.text import text_of

PREFIX = "POSTRUNNER_VAULT_"


def variable_of(key: str) -> str:
    """The environment variable that holds a key: `api-key` is in `POSTRUNNER_VAULT_API_KEY`."""
    return PREFIX + re.sub(r"\W", "_", key).upper()


class Vault:
    """Gets, sets and unsets values; `learn` is called with each, so that it can be masked."""

    def __init__(self, learn: Callable[[str], None], environ: Mapping[str, str] | None = None) -> None:
        self._learn = learn
        self._environ = os.environ if environ is None else environ
        self._own: dict[str, object] = {}

    def use(self, effect: UseVault) -> object:
        """Perform one operation by its name in `pm.vault`; a key without a value gives None.

        Raises PostrunnerError where a value is asked for and no vault was given.
        """
        key = effect.key
        if effect.operation != "get":
            self._own[key] = effect.value if effect.operation == "set" else None
            if effect.value is not None:
                self._learn(text_of(effect.value))
            return None
        if key in self._own:
            return self._own[key]
        found = self._environ.get(variable_of(key))
        if found is None and not any(name.startswith(PREFIX) for name in self._environ):
            raise PostrunnerError(f'pm.vault has no value for "{key}": set the environment variable {variable_of(key)}')
        if found is not None:
            self._learn(found)
        return found
