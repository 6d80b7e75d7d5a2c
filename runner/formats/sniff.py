"""A quick look into a collection file, before anything is parsed."""

from __future__ import annotations

import re

_SCRIPT = re.compile(rb'"(?:exec|script|tests|preRequestScript)"\s*:\s*(?:\[\s*(?:""\s*,\s*)*)?"[^"]')


def holds_scripts(path: str) -> bool:
    """Whether a file seems to hold a script that is not empty; False when it cannot be read.

    Only a guess, made to start the script child while everything else is still being imported.
    """
    try:
        with open(path, "rb") as file:
            return _SCRIPT.search(file.read()) is not None
    except OSError:
        return False
