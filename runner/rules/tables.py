"""Tables that Python and scripts share: JSON files in `tables/`, read here and bundled into the sandbox."""

from __future__ import annotations

import json
from pathlib import Path

from runner.model.json import JsonObject

FOLDER = Path(__file__).parent / "tables"


def read_table(name: str) -> JsonObject:
    """The table of this name."""
    table: JsonObject = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return table
