"""Tables that Python and scripts share: JSON files in `tables/`, read here and built into the bundles of the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "tables"


def read_table(name: str) -> dict[str, Any]:
    """The table of this name."""
    table: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return table
