"""Sizes stay human, and the figures of the house only get better: whoever lowers one lowers its ceiling here."""

import ast
import re
from collections import Counter

from tests.house.code import MODULES, PACKAGE, functions, name_of, tree_of

ANY = 3.7
"""How often `Any` may stand in 1,000 lines."""

LONG_FUNCTIONS = 6
"""How many functions may be longer than 30 lines."""

MASKS = 72
"""How many lines outside of `runner/secrets/` may name a masking function: docs/design/008 says which and why."""

MASKING = re.compile(r"\bmask(ed|er)?(_[a-z]+)?\(|\.mask\(|shown_url\(|console_text\(")


def lines(path):
    return len(path.read_text().splitlines())


def test_files_have_at_most_400_lines():
    files = [*MODULES, *(PACKAGE / "sandbox" / "js").rglob("*.js")]
    assert [f"{name_of(path)}: {lines(path)}" for path in files if lines(path) > 400] == []


def test_functions_have_at_most_60_lines():
    assert [f"{name_of(path)}: {name}: {size}" for path in MODULES for name, size in functions(path) if size > 60] == []


def test_few_functions_have_more_than_30_lines():
    long = [f"{name_of(path)}: {name}: {size}" for path in MODULES for name, size in functions(path) if size > 30]
    assert len(long) <= LONG_FUNCTIONS, long


def test_a_room_with_more_than_15_files_has_drawers():
    files = Counter(
        path.parent.relative_to(PACKAGE).as_posix() for path in MODULES if path.stem not in ("__init__", "__main__")
    )
    assert {room: count for room, count in files.items() if count > 15} == {}


def test_any_is_rare():
    counts = {name_of(p): sum(isinstance(n, ast.Name) and n.id == "Any" for n in ast.walk(tree_of(p))) for p in MODULES}
    rate = 1000 * sum(counts.values()) / sum(map(lines, MODULES))
    assert rate <= ANY, f"{rate:.1f}; most: {Counter(counts).most_common(10)}"


def test_masking_is_left_to_one_place():
    outside = [path for path in MODULES if not path.is_relative_to(PACKAGE / "secrets")]
    found = [
        f"{name_of(path)}: {line.strip()}"
        for path in outside
        for line in path.read_text().splitlines()
        if MASKING.search(line)
    ]
    assert len(found) <= MASKS, found
