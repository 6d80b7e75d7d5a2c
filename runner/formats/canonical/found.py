"""The files of a folder that have a canonical text, known by their names."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runner.formats.file_names import COLLECTION, ENVIRONMENT, GLOBALS, searched
from runner.formats.v3.paths import DEFINITION, EXAMPLE, MESSAGE, REQUEST, RESOURCES

ENDINGS = (*COLLECTION, *ENVIRONMENT, *GLOBALS, *REQUEST)
INSIDE = (*DEFINITION, *EXAMPLE, *MESSAGE)
"""How further files are called that lie somewhere within `.resources`."""


def files_in(folder: str) -> Iterator[str]:
    """The paths of these files, by name; hidden folders but `.resources` are passed over, and links are not followed."""
    for place, inner, names in os.walk(folder):
        inner[:] = searched(inner, RESOURCES)
        wanted = (*ENDINGS, *INSIDE) if RESOURCES in os.path.abspath(place).split(os.sep) else ENDINGS
        for name in sorted(names):
            path = os.path.join(place, name)
            if name.endswith(wanted) and os.path.isfile(path) and not os.path.islink(path):
                yield path
