"""What the house-rule tests know of the code: its files, its rows, its imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "runner"
ROWS = (
    "errors version descriptors deep_json logs",
    "options option_values events effects interruption chance secrets model",
    "formats variables",
    "request auth",
    "files outputs transport sandbox",
    "engine",
    "reporters export standins",
    "api session sources output_options cli __main__ pytest_plugin",
)
RANK = {name: rank for rank, row in enumerate(ROWS) for name in row.split()}
STRANGERS = {"auth", "files", "transport", "sandbox", "reporters"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The path of a module below the package, for test ids."""
    return str(path.relative_to(PACKAGE))


def room_of(path: Path) -> str:
    """The drawer or top-level module that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_rooms(path: Path) -> Iterator[str]:
    """Every drawer a file imports, also inside functions and under TYPE_CHECKING."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "runner":
            names = [f"runner.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("runner."))
