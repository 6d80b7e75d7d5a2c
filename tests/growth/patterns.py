"""Every regular expression of the runner, and whether the steps it takes grow with the text and not with its square."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import runner
from runner.secrets.lazy import Lazy
from tests.growth.steps import Machine, TooMany, pumps

LENGTH = 30
"""Characters of the shortest text that a pattern is tried on; the others are twice and four times as long."""
FLAGS = ("IGNORECASE", "MULTILINE", "DOTALL", "VERBOSE", "ASCII", "S", "I", "M")
HOW = {"match": "match", "fullmatch": "fullmatch", "search": "search"}

Found = tuple[str, object, int, str]
"""Place, pattern, flags, and how it is used: `match`, `fullmatch`, `search`, else every match is looked for."""


def every_pattern() -> list[Found]:
    """The patterns that the modules hold, and those that are written into a call."""
    found: dict[tuple, Found] = {}
    for module in pkgutil.walk_packages(runner.__path__, "runner."):
        # a worker is a program of its own: it reads its arguments when it is imported
        if module.name.endswith(("__main__", "worker")) or ".standins" in module.name:
            continue
        tree = ast.parse(Path(find_spec(module.name).origin).read_text(encoding="utf-8"))
        # Locust changes the whole process when it is imported: these patterns are told from the text alone
        in_load = module.name.startswith("runner.load.")
        loaded = _assigned(tree) if in_load else vars(importlib.import_module(module.name))
        for name, value in loaded.items():
            for number, (pattern, flags) in enumerate(_patterns_in(value)):
                place = f"{module.name}:{name}" + (f"[{number}]" if number else "")
                found.setdefault((pattern, flags), (place, pattern, flags, _use_of(name, tree)))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_of_re(node.func) and isinstance(node.args[0], ast.Constant):
                pattern, flags = node.args[0].value, _flags_of(node)
                place = f"{module.name}:{node.lineno}"
                found.setdefault((pattern, flags), (place, pattern, flags, HOW.get(node.func.attr, "finditer")))
    return list(found.values())


def _assigned(tree: ast.Module) -> dict[str, object]:
    """The patterns of constant texts that a module gives names to."""
    return {
        node.targets[0].id: re.compile(node.value.args[0].value, _flags_of(node.value))
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _is_of_re(node.value.func)
        if isinstance(node.targets[0], ast.Name) and isinstance(node.value.args[0], ast.Constant)
    }


def _patterns_in(value: object) -> Iterator[tuple]:
    if isinstance(value, re.Pattern):
        yield value.pattern, value.flags & ~re.UNICODE
    elif isinstance(value, Lazy):
        yield value.pattern, int(value._flags)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _patterns_in(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _patterns_in(one)


def _use_of(name: str, tree: ast.AST) -> str:
    """How a module uses a pattern; every match is looked for where it uses it in more than one way."""
    uses = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and name in {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
    } & {"match", "fullmatch", "search", "finditer", "findall", "sub", "split"}
    return HOW.get(uses.pop(), "finditer") if len(uses) == 1 else "finditer"


def _is_of_re(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re"


def _flags_of(call: ast.Call) -> int:
    names = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)}
    return sum(getattr(re, name) for name in FLAGS if name in names)


def superlinear(found: Found, most_texts: int | None = None) -> list[str]:
    """The texts on which a pattern takes more than linear time, each with its steps at three sizes.

    A text too short to match takes other ways than a longer one: what is slow is so at the next three sizes, too.
    """
    _, pattern, flags, how = found
    machine = Machine(pattern, flags)
    run = getattr(machine, how)
    texts = pumps(machine.tree)
    step = max(1, len(texts) // most_texts) if most_texts else 1
    slow = []
    for begin, pump, end in texts[::step]:
        shortest = max(3, LENGTH // len(pump))
        for times in (shortest, 4 * shortest):
            counts = _steps(run, begin, pump, end, times)
            if counts[2] - counts[1] <= 2.7 * max(counts[1] - counts[0], 60) + 60:
                break
        else:
            slow.append(f"{begin!r} + {pump!r} * n + {end!r}: {counts}")
    return slow


def _steps(run: Callable[[str], int], begin: str, pump: str, end: str, times: int) -> list[int]:
    try:
        return [run(begin + pump * (times * factor) + end) for factor in (1, 2, 4)]
    except TooMany:
        return [0, 0, 10**9]
