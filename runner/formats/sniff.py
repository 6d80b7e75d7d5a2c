"""A quick look into a collection file, before anything is parsed."""

from __future__ import annotations

import os
import re

from runner.descriptors import once_only

_SCRIPT = re.compile(rb'"(?:exec|script|tests|preRequestScript)"\s*:\s*(?:\[\s*(?:""\s*,\s*)*)?"[^"]')
_GENERATED = re.compile(rb"\{\{\$random(?!(?:UUID|Int|Boolean|AlphaNumeric)\}\})[A-Z]")


def holds_scripts(path: str) -> bool:
    """Whether a file seems to hold a script that is not empty, or a dynamic variable that the script child makes.

    A guess, made to start the script child while everything else is still being imported. False if the file cannot be
    read, or can be read only once.
    """
    try:
        if not os.path.isfile(path) or once_only(path):
            return False
        with open(path, "rb") as file:
            content = file.read()
            return (_SCRIPT.search(content) or _GENERATED.search(content)) is not None
    except OSError:
        return False
