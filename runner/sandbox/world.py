"""The files of the world that scripts run in: those of `js/`, as the build has hardened them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

SOURCES = Path(__file__).absolute().parent / "js"
BUNDLES = SOURCES.parent / "bundles"
BUILT = BUNDLES / "world"

ALONE = {"prelude.js", "schemas.js"}
"""Files of the world that are no part: the one loaded at the start, and the one that `bundles.py` names."""

LIBRARY_PARTS = {"json": "json.js", "sugar": "sugar.js"}
"""Parts that are a bundled library, whose names are those of the language: scripts see it as it is."""


class World(NamedTuple):
    """`core` comes before `prelude`, whose files share one scope; each of `parts` waits for the first touch of a name."""

    core: tuple[Path, ...]
    prelude: tuple[Path, ...]
    parts: dict[str, list[str]]


def world() -> World:
    """The hardened world (docs/design/005); the sources themselves in a checkout where it was never built."""
    if BUILT.exists():
        parts = {name.removesuffix(".js"): [BUILT / name] for name in os.listdir(BUILT) if name not in ALONE}
        return World((), (BUILT / "prelude.js",), with_libraries(parts))
    order = json.loads((SOURCES / "order.json").read_text(encoding="utf-8"))
    parts = {name: [SOURCES / f"{file}.js" for file in files] for name, files in order["parts"].items()}
    prelude = tuple(SOURCES / f"{file}.js" for file in order["prelude"])
    return World((BUNDLES / "core.js",), prelude, with_libraries(parts))


def with_libraries(parts: dict[str, list[Path]]) -> dict[str, list[str]]:
    """The parts, with those that are libraries or stand on one."""
    parts["streams"] = [BUNDLES / "web-streams.js", *parts["streams"]]
    parts |= {name: [BUNDLES / file] for name, file in LIBRARY_PARTS.items()}
    return {name: list(map(str, files)) for name, files in parts.items()}
