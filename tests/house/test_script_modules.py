"""The modules of the world that scripts run in (`runner/sandbox/js/`): rows of drawers, and no circles."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SANDBOX = Path(__file__).parents[2] / "runner" / "sandbox"
FOLDER = SANDBOX / "js"
ORDER = re.search(r"DRAWERS = \[(.+)\]", (SANDBOX / "libraries" / "modules.mjs").read_text("utf-8"))
DRAWERS = [*re.findall(r"\w+", ORDER[1] if ORDER else ""), "."]
"""From the bottom to the top; what stands beside the drawers is above all of them."""

MODULES = {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in sorted(FOLDER.rglob("*.js"))}
IMPORT = re.compile(r"^(?:import|\}) .*?from '(\.[^']+)';", re.MULTILINE)


def imports(module: str) -> list[str]:
    """The modules that this one takes from, as paths from the folder."""
    base = FOLDER / Path(module).parent
    return [(base / other).resolve().relative_to(FOLDER).as_posix() for other in IMPORT.findall(MODULES[module])]


def row(module: str) -> int:
    """The place of a module's drawer."""
    return DRAWERS.index(Path(module).parts[0] if "/" in module else ".")


@pytest.mark.parametrize("drawer", DRAWERS)
def test_a_drawer_takes_only_from_itself_and_from_those_below(drawer):
    modules = [module for module in MODULES if row(module) == DRAWERS.index(drawer)]
    assert modules
    pairs = [(module, other) for module in modules for other in imports(module)]
    upwards = [f"{module} takes from {other}" for module, other in pairs if row(other) > row(module)]
    assert upwards == []


def test_no_two_modules_need_each_other():
    graph = {module: imports(module) for module in MODULES}
    assert sum(map(len, graph.values())) > 150
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)


def test_drawers_hold_at_most_15_modules():
    folders = [path for path in FOLDER.rglob("*") if path.is_dir()]
    assert [path.name for path in folders if len(list(path.glob("*.js"))) > 15] == []
