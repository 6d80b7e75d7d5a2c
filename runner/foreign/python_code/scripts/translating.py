"""The scripts of one collection as Python."""

from __future__ import annotations

from collections.abc import Iterable

from runner.foreign.python_code.literals import quoted
from runner.foreign.python_code.scripts.statements import Statements, Translated
from runner.foreign.python_code.scripts.tree import Node
from runner.foreign.scripts.writes import facts_of
from runner.foreign.written import in_one_line
from runner.model.json import JsonObject
from runner.sandbox.analysis import Analysis


class Scripts:
    """The trees of these texts, which are asked for once; no script is run."""

    def __init__(self, texts: Iterable[str]) -> None:
        wanted = list(dict.fromkeys(texts))
        self._found: dict[str, JsonObject] = {}
        if wanted:
            with Analysis() as analysis:
                self._found = dict(zip(wanted, analysis.analyse(wanted, also="tree"), strict=True))

    def translated(self, text: str, what: str, taken: set[str]) -> Translated:
        """A script, called `what` in messages; its own names are none of those that are taken."""
        found = self._found[text]
        if "tree" in found:
            return Statements(text, what, taken, list(facts_of(found))).translated(Node(found["tree"]))
        message = f"{what} is left out: it is not JavaScript that can be read"
        comment = [f"#   {in_one_line(line)}".rstrip() for line in text.splitlines()]
        lines = (f"# GAP: {in_one_line(message)}", *comment, f"gap({quoted(in_one_line(message))})")
        none = frozenset[str]()
        return Translated(lines=lines, gaps=(message,), names=none, sets=none, left=none)
