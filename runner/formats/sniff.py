"""A quick look into a collection file, before anything is parsed."""

from __future__ import annotations

import os
import re

from runner.descriptors import once_only

_SCRIPT = re.compile(rb'"(?:exec|script|tests|preRequestScript)"\s*:\s*(?:\[\s*(?:""\s*,\s*)*)?"[^"]')
_IN_YAML = re.compile(rb"(?m)^scripts:[ \t]*$")
MOST_FILES = 200
"""Files of a folder that are looked into."""
_GENERATED = re.compile(rb"\{\{\$random(?!(?:UUID|Int|Boolean|AlphaNumeric)\}\})[A-Z]")


def holds_scripts(path: str) -> bool:
    """Whether a file seems to hold a script that is not empty, or a dynamic variable that the script child makes.

    A guess, made to start the script child while everything else is still being imported; of a folder only the first files
    are looked into. False if the file cannot be read, or can be read only once.
    """
    try:
        if os.path.isdir(path):
            return _folder_holds_scripts(path)
        if not os.path.isfile(path) or once_only(path):
            return False
        return _file_holds_scripts(path)
    except OSError:
        return False


def _file_holds_scripts(path: str) -> bool:
    with open(path, "rb") as file:
        content = file.read()
    return (_SCRIPT.search(content) or _IN_YAML.search(content) or _GENERATED.search(content)) is not None


def _folder_holds_scripts(path: str) -> bool:
    from runner.formats.v3.paths import DEFINITION, REQUEST

    looked = 0
    for place, folders, names in os.walk(path):
        folders[:] = [name for name in folders if name != ".git"]
        for name in names:
            whole = os.path.join(place, name)
            if name.endswith((*REQUEST, *DEFINITION)) and looked < MOST_FILES and os.path.isfile(whole):
                looked += 1
                if _file_holds_scripts(whole):
                    return True
        if looked >= MOST_FILES:
            break
    return False
