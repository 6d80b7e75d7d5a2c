"""The JavaScript files that every script runs on: built from `js/` and hardened by the build."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from runner.errors import SandboxError

BUNDLES = Path(__file__).absolute().parent / "bundles"
BUILT = BUNDLES / "world"

ALONE = {"prelude.js", "schemas.js"}
"""Files that are not parts: the prelude itself, and the library that `bundles.py` loads."""

LIBRARY_PARTS = {"json": "json.js", "sugar": "sugar.js"}
"""Parts that are bundled libraries. They extend the language's own objects, so they are not hardened."""


class PreludeFiles(NamedTuple):
    """`prelude` is evaluated at the start, each of `parts` when one of its names is first used."""

    prelude: Path
    parts: dict[str, list[str]]


def prelude_files() -> PreludeFiles:
    """The files of the hardened prelude (docs/design/005); raises SandboxError if it was never built."""
    try:
        names = set(os.listdir(BUILT)) - ALONE
    except FileNotFoundError:
        raise SandboxError(f"the world of the scripts was never built: no {BUILT}", hint="run scripts/install") from None
    parts = {name.removesuffix(".js"): [BUILT / name] for name in names}
    parts["streams"] = [BUNDLES / "web-streams.js", *parts["streams"]]
    parts |= {name: [BUNDLES / file] for name, file in LIBRARY_PARTS.items()}
    return PreludeFiles(BUILT / "prelude.js", {name: list(map(str, files)) for name, files in parts.items()})
