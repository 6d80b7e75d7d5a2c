"""What the house-rule tests know of the code: its files, its rows, its imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "runner"
ROWS = (
    "errors version descriptors deep_json logs",
    "options events effects interruption cancel clock entropy secrets model",
    "rules formats variables comparison",
    "request auth flow",
    "files outputs transport cookies cassettes client sandbox server",
    "protocols",
    "engine",
    "results",
    "reporters export history telemetry standins postman_api",
    "diff api session units loading reruns shards sources checks foreign manual_steps mock contract snapshots load"
    " python cli __main__ pytest_plugin",
)
RANK = {name: rank for rank, row in enumerate(ROWS) for name in row.split()}
STRANGERS = {"auth", "files", "transport", "sandbox", "reporters"}
MODULES = sorted(PACKAGE.rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text())


def name_of(path: Path) -> str:
    """The path of a module below the package, for messages."""
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    """The room or top-level module that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_rooms(path: Path) -> Iterator[str]:
    """Every room a file imports, also inside functions and under TYPE_CHECKING."""
    yield from (name.split(".")[1] for name in imported_names(path) if name.startswith("runner."))


def imported_names(path: Path) -> Iterator[str]:
    """Every module a file imports, and every name it takes from one, with dots; also inside functions and for types."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def import_graph() -> dict[str, set[str]]:
    """Module → the modules of the package that it imports."""
    names = {path: ".".join(("runner", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in MODULES}
    names = {path: name.removesuffix(".__init__") for path, name in names.items()}
    known = set(names.values())
    return {name: {_module(one, known) for one in imported_names(path)} & known - {name} for path, name in names.items()}


def _module(name: str, known: set[str]) -> str:
    return name if name in known else name.rpartition(".")[0]


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import one another: those that reach themselves, put together by what they reach."""
    reached = {node: _reachable(node, graph) for node in graph}
    groups = {tuple(sorted(other for other in reached[node] if node in reached[other])) for node in graph}
    return [list(group) for group in sorted(groups) if group]


def _reachable(start: str, graph: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file with the lines of its body, its docstring left out."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            first = body[0].lineno if body else node.lineno
            yield node.name, (node.end_lineno or first) - first + 1


def names_in(path: Path) -> set[str]:
    """The classes and functions of a module, and the methods of its classes as `Class.method`."""
    kinds = ast.ClassDef | ast.FunctionDef
    top = [node for node in tree_of(path).body if isinstance(node, kinds)]
    methods = [(cls, node) for cls in top if isinstance(cls, ast.ClassDef) for node in cls.body if isinstance(node, kinds)]
    return {node.name for node in top} | {f"{cls.name}.{node.name}" for cls, node in methods}
