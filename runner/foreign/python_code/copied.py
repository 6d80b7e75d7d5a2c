"""Finds the functions that written Python needs, with what they need themselves, in the modules that hold their source."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import groupby

from runner.model.quick_dataclass import dataclass

SOURCES = (
    ("runner.foreign.python_code", "checking.py"),
    ("runner.foreign.python_code", "sending.py"),
    ("runner.foreign.python_code", "values.py"),
    ("runner.rules", "text.py"),
)
"""Package and file of each module whose functions are copied, in the order in which they are written."""

THIRD_PARTY = frozenset({"httpx", "pytest"})


@dataclass(frozen=True, slots=True)
class Library:
    """The source of each name that a module defines, the file that it is from, the names that this source uses, and where
    imported names come from.
    """

    sources: Mapping[str, str]
    files: Mapping[str, str]
    uses: Mapping[str, frozenset[str]]
    imports: Mapping[str, tuple[str, str]]


@cache
def library(running: str) -> Library:
    """Everything that can be copied; `running` is the package whose `running.py` a format has for itself."""
    sources: dict[str, str] = {}
    uses: dict[str, frozenset[str]] = {}
    origins: dict[str, str] = {}
    imports = {"os": ("os", "")}
    for package, file in ((running, "running.py"), *SOURCES):
        source = (files(package) / file).read_text("utf-8")
        lines = source.splitlines()
        for node in ast.parse(source).body:
            for name in _defined(node):
                first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
                sources.setdefault(name, "\n".join(lines[first - 1 : node.end_lineno]))
                origins.setdefault(name, file)
                uses.setdefault(name, frozenset(names_in(node)))
            if isinstance(node, ast.Import):
                imports |= {alias.name.partition(".")[0]: (alias.name, "") for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(("runner.", "__future__")):
                imports |= {alias.name: (node.module or "", alias.name) for alias in node.names}
    return Library(sources, origins, uses, imports)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def names_in(tree: ast.AST) -> set[str]:
    """Every name that is used in a tree."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def unused_names(code: str) -> set[str]:
    """The names that code assigns and never reads."""
    names = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)]
    return {node.id for node in names if isinstance(node.ctx, ast.Store)} - {
        node.id for node in names if isinstance(node.ctx, ast.Load)
    }


def definitions(code: str, running: str, own: Mapping[str, str], always: Iterable[str] = ()) -> tuple[str, str, str]:
    """The lines that import what the code and its helpers need, the helpers that it runs by, and the other helpers.

    `own` is the source of names that are not among the helpers, or that are another one there.
    """
    known = library(running)
    wanted = names_in(ast.parse(code)).union(always)
    waiting = sorted(wanted)
    while waiting:
        name = waiting.pop()
        inner = names_in(ast.parse(own[name])) if name in own else known.uses.get(name, frozenset())
        waiting += inner - wanted
        wanted |= inner
    sources = {**{name: source for name, source in own.items() if name not in known.sources}, **known.sources, **own}
    run = [name for name in sources if name in wanted and known.files.get(name) in ("running.py", "checking.py")]
    others = [name for name in sources if name in wanted and name not in run]
    imports = _imports(known.imports[name] for name in wanted if name in known.imports)
    return imports, _spaced(sources[name] for name in run), _spaced(sources[name] for name in others)


def _spaced(texts: Iterable[str]) -> str:
    """Definitions with the blank lines that PEP 8 asks for."""
    parts: list[str] = []
    for text in filter(None, texts):
        block = text.startswith(("def ", "class ", "@"))
        if parts:
            parts.append("\n\n\n" if block or parts[-1].startswith(("def ", "class ", "@")) else "\n")
        parts.append(text)
    return "".join(parts)


def _imports(found: Iterable[tuple[str, str]]) -> str:
    """Import statements in the usual order."""
    pairs = sorted(set(found) | {("__future__", "annotations")})
    lines: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for module, names in groupby(pairs, lambda pair: pair[0]):
        chosen = [name for _, name in names]
        place = 0 if module == "__future__" else 2 if module in THIRD_PARTY else 1
        lines[place] += [f"import {module}"] * ("" in chosen)
        if any(chosen):
            lines[place].append(f"from {module} import {', '.join(filter(None, chosen))}")
    blocks = [sorted(block, key=lambda line: line.startswith("from ")) for block in lines.values() if block]
    return "\n\n".join("\n".join(block) for block in blocks)
