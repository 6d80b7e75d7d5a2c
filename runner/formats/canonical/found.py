"""The files of a folder that have a canonical text, known by their names."""

from __future__ import annotations

import os
from collections.abc import Iterator

ENDINGS = (
    *(".postman_collection.json", ".postman_environment.json", ".postman_globals.json"),
    *(f".{kind}.{yaml}" for kind in ("request", "environment", "globals") for yaml in ("yaml", "yml")),
)
INSIDE = tuple(f"{kind}.{yaml}" for kind in ("definition", ".example", ".message") for yaml in ("yaml", "yml"))
"""How further files are called that lie somewhere within `.resources`."""

RESOURCES = ".resources"
PASSED_OVER = frozenset({"node_modules", "__pycache__"})


def files_in(folder: str) -> Iterator[str]:
    """The paths of these files, by name; hidden folders but `.resources` are passed over, and links are not followed."""
    for place, inner, names in os.walk(folder):
        inner[:] = sorted(
            name for name in inner if (not name.startswith(".") or name == RESOURCES) and name not in PASSED_OVER
        )
        within = RESOURCES in os.path.relpath(place, folder).split(os.sep) or RESOURCES in os.path.abspath(place).split(
            os.sep
        )
        for name in sorted(names):
            path = os.path.join(place, name)
            if (
                name.endswith((*ENDINGS, *INSIDE) if within else ENDINGS)
                and os.path.isfile(path)
                and not os.path.islink(path)
            ):
                yield path
