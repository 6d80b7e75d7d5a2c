"""What curl computes from values that are not known yet: a script before the request does it."""

from __future__ import annotations

import json
from urllib.parse import quote_from_bytes

from runner.foreign.curl.shells.variables import ShellVariables, first_name, has_reference
from runner.foreign.names import unused

_ENCODE = (
    "encodeURIComponent({text})"
    ".replace(/[!'()*]/g, (char) => `%${{char.charCodeAt(0).toString(16).toUpperCase()}}`)"
    '.replace(/%20/g, "+")'
)


class Computed:
    """Texts that depend on variables: each is a variable of the request, which `script` sets."""

    def __init__(self, variables: ShellVariables) -> None:
        self._variables = variables
        self._names: set[str] = set()
        self.script: list[str] = []

    def encoded(self, text: str) -> str:
        """A text percent-encoded as `--data-urlencode` does it: all but letters, digits and `-._~`, a blank as `+`."""
        known = self._variables.known(text) if has_reference(text) else text
        if known is not None:
            return quote_from_bytes(known.encode("utf-8", "surrogateescape"), safe=" ").replace(" ", "+")
        name = self._unused(f"{first_name(text)}_encoded")
        self.script.append(f'pm.variables.set("{name}", {_ENCODE.format(text=self._replaced(text))});')
        return self._variables.reference(name)

    def credentials(self, text: str) -> tuple[str, str]:
        """User name and password out of a text whose colon is somewhere in the value of a variable."""
        user, password = self._unused(f"{first_name(text)}_user"), self._unused(f"{first_name(text)}_password")
        self.script += [
            f"const credentials = {self._replaced(text)};",
            f'pm.variables.set("{user}", credentials.split(":")[0]);',
            f'pm.variables.set("{password}", credentials.split(":").slice(1).join(":"));',
        ]
        return self._variables.reference(user), self._variables.reference(password)

    def _replaced(self, text: str) -> str:
        return f"pm.variables.replaceIn({json.dumps(self._variables.finished(text), ensure_ascii=False)})"

    def _unused(self, name: str) -> str:
        return unused(name, self._names, "{}_{}")
