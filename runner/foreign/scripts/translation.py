"""Translates scripts: what a table knows is rewritten in its place, everything else stays as it is.

What the other program has nothing for stays, too, under a comment that says so: it fails there, loudly, and comes back as
it was. The comment begins with `MARK`, by which it is found again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import cast

from runner.foreign.scripts import sending
from runner.foreign.scripts.facts import Chains, Source, Use
from runner.foreign.scripts.patterns import Found, Rules, filled
from runner.foreign.scripts.table import (
    BRUNO_TO_POSTMAN,
    BRUNOS_PACKAGES,
    INSOMNIA_ALONE_TO_POSTMAN,
    INSOMNIA_TO_POSTMAN,
    JETBRAINS_TO_POSTMAN,
    LIBRARIES,
    NOT_OF_POSTMAN,
    POSTMAN_TO_BRUNO,
    POSTMANS_PACKAGES,
)
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass, replace

MARK = "// postrunner: "
_MARKED = re.compile(r"// postrunner: [^\n]*\n?[ \t]*")
_EVAL = re.compile(r"\beval\s*\(")

Ask = Callable[[Sequence[str], Sequence[str], Sequence[str]], Sequence[JsonObject]]
"""What tells the chains of texts (`runner/sandbox/analysis.py`), of roots and with names that the other API uses."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be translated, or not quite, and the line of the script where it stands."""

    message: str
    line: int


@dataclass(frozen=True, slots=True)
class Translated:
    """The script in the other API, what is missing, and the names that it declares outside of functions."""

    text: str
    gaps: tuple[Gap, ...] = ()
    top: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A direction: its rules, the names that the target uses, and what it has nothing for.

    `libraries` are globals that must be required there, `packages` what can be required.
    """

    target: str
    rules: Rules
    watched: frozenset[str]
    reserved: tuple[str, ...]
    libraries: dict[str, str]
    packages: frozenset[str]
    missing: frozenset[str] = frozenset()


TO_BRUNO = Dialect(
    target="Bruno",
    rules=Rules(POSTMAN_TO_BRUNO),
    watched=frozenset({"pm", "postman", "xml2Json", "responseHeaders", "responseCookies", "request", "tests", "data"}),
    reserved=("bru", "req", "res", "test", "expect"),
    libraries=LIBRARIES,
    packages=BRUNOS_PACKAGES,
)
TO_POSTMAN = Dialect(
    target="Postman",
    rules=Rules(BRUNO_TO_POSTMAN),
    watched=frozenset({"bru", "req", "res"}),
    reserved=("pm",),
    libraries={},
    packages=POSTMANS_PACKAGES,
)
FROM_INSOMNIA = Dialect(
    target="Postman",
    rules=Rules(INSOMNIA_TO_POSTMAN),
    watched=frozenset({"insomnia"}),
    reserved=("pm",),
    libraries={},
    packages=POSTMANS_PACKAGES,
    missing=frozenset(NOT_OF_POSTMAN),
)

FROM_INSOMNIA_ALONE = replace(FROM_INSOMNIA, rules=Rules(INSOMNIA_ALONE_TO_POSTMAN))
"""For a collection whose base environment has none below it."""

FROM_JETBRAINS = Dialect(
    target="Postman",
    rules=Rules(JETBRAINS_TO_POSTMAN),
    watched=frozenset({"client", "response", "request"}),
    reserved=("pm",),
    libraries={},
    packages=POSTMANS_PACKAGES,
)


def translate(texts: Sequence[str], dialect: Dialect, ask: Ask) -> list[Translated]:
    """The scripts of one collection, in their order."""
    plain = [_MARKED.sub("", text) for text in texts]
    roots = sorted({*dialect.rules.roots, *dialect.watched, *dialect.libraries, "require"})
    found = ask(plain, roots, dialect.reserved)
    return [_Script(text, facts, dialect).translated() for text, facts in zip(plain, found, strict=True)]


class _Script:
    def __init__(self, text: str, facts: JsonObject, dialect: Dialect) -> None:
        self._dialect = dialect
        self._error = facts.get("error")
        self._facts = cast("Chains", {"uses": [], "aliases": [], "renamed": [], "top": [], **facts})
        self._source = Source(text, frozenset([use["start"] for use in self._facts["uses"]]))
        self._edits: list[tuple[int, int, Callable[[], str]]] = []
        self._gaps: dict[tuple[int, str], Gap] = {}
        self._required: set[str] = set()

    def translated(self) -> Translated:
        text = self._source.text
        if self._error is not None:
            gap = Gap(f"the script is not JavaScript that can be read: {self._error}", 1)
            return Translated(f"{MARK}{gap.message}\n{text}", (gap,))
        plans = [(use, self._plan(use)) for use in self._facts["uses"] if not self._is_plain(use)]
        values = self._values(plans)
        plans = [(use, plan) for use, plan in plans if use["given"] == 0 or use["name"] not in values]
        gone = self._drop_aliases(plans, values)
        gone += [place for _, plan in plans if isinstance(plan, Found) for place in plan.known]
        for use, plan in plans:
            if not any(start <= use["start"] < end for start, end in gone):
                self._edit(use, plan)
        self._rename()
        self._edits.sort(key=lambda edit: edit[:2])
        made = self._render(0, self._source.length)
        head = "".join(f'const {name} = require("{self._dialect.libraries[name]}");\n' for name in sorted(self._required))
        return Translated(head + made, tuple(self._gaps.values()), frozenset({*self._facts["top"], *self._required}))

    def _is_plain(self, use: Use) -> bool:
        """Whether nothing is to be done about a use."""
        if use["root"] == "require":
            call = use["elements"][0].get("a") if use["elements"] else None
            package = call[0].get("v") if call else None
            return package is None or package in self._dialect.packages or package.startswith((".", "npm:", "node:"))
        if use["root"] in self._dialect.libraries:
            self._required.add(use["root"])
            return True
        return use["asked"] and not use["elements"]

    def _plan(self, use: Use) -> Found | sending.Sent | None:
        sent = sending.find(use, self._dialect.target)
        if sent is not None:
            return sent
        names = [element.get("n") or "" for element in use["elements"][:2]]
        if names and {names[0], ".".join(names)} & self._dialect.missing:
            return None
        return self._dialect.rules.find(use, self._source)

    def _values(self, plans: Sequence[tuple[Use, Found | sending.Sent | None]]) -> set[str]:
        """The script's names for plain values (`const body = res.body`): they stay, and so does what is done with them."""
        others = {use["name"]: use["given"] for use, _ in plans if use["given"]}
        for use, plan in plans:
            elements, given = use["elements"], use["given"]
            is_called = len(elements) > given and "a" in elements[given]
            is_value = isinstance(plan, Found) and plan.taken == given and not is_called
            if given and not is_value and not self._is_part_of_value(use):
                others.pop(use["name"], None)
        uses = sorted(self._facts["uses"], key=lambda use: use["start"])
        starts = [use["start"] for use in uses]
        values = set()
        for alias in self._facts["aliases"]:
            at = bisect_left(starts, alias["start"])
            first = uses[at] if at < len(uses) else None
            if first and first["end"] <= alias["end"] and len(first["elements"]) == others.get(alias["name"], -1):
                values.add(alias["name"])
        return values

    def _is_part_of_value(self, use: Use) -> bool:
        """Whether a name stands for what lies inside of a value (`const id = res.body.user.id`)."""
        found = self._dialect.rules.longest(use, self._source)
        return found is not None and found.taken < use["given"]

    def _drop_aliases(
        self, plans: Sequence[tuple[Use, Found | sending.Sent | None]], values: set[str]
    ) -> list[tuple[int, int]]:
        """Take away the declarations of names that nothing needs any more; returns where they stood.

        Code that is made at run time (`eval`) may need any of them.
        """
        if _EVAL.search(self._source.text):
            return []
        needed = {use["name"] for use, plan in plans if plan is None and use["given"]} | values
        dropped: set[tuple[int, int]] = set()
        for alias in self._facts["aliases"]:
            if alias["whole"] is not None and not needed & set(alias["names"]):
                dropped.add((alias["whole"][0], alias["whole"][1]))
        for start, end in dropped:
            self._edits.append((start, end, str))
        return sorted(dropped)

    def _edit(self, use: Use, plan: Found | sending.Sent | None) -> None:
        if plan is None:
            if self._matters(use):
                self._gap(use, f"{_shown(use)} has no counterpart in {self._dialect.target}")
            return
        if isinstance(plan, sending.Sent):
            end = plan.end
            if plan.remark:
                self._gap(use, plan.remark)
        else:
            end = use["end"] if plan.taken <= use["given"] else use["elements"][plan.taken - 1]["e"]
            if plan.rule.remark:
                self._gap(use, plan.rule.remark)
        self._edits.append((use["start"], end, lambda: self._filled(use, plan)))

    def _filled(self, use: Use, plan: Found | sending.Sent) -> str:
        if isinstance(plan, sending.Sent):
            return plan.text(self._source, self._render)
        made = filled(plan, use, self._source, self._render)
        return f"{use['name']}: {made}" if use["role"] == "shorthand" else made

    def _matters(self, use: Use) -> bool:
        if use["root"] == "$sent":
            return False
        return use["root"] in self._dialect.watched or use["root"] == "require"

    def _gap(self, use: Use, message: str) -> None:
        at = use["statement"]
        if (at, message) not in self._gaps:
            self._gaps[at, message] = Gap(message, use["line"])
            line = self._source.cut(0, at).rpartition("\n")[2]
            indent = line if not line.strip() else ""
            self._edits.append((at, at, lambda: f"{MARK}{message}\n{indent}"))

    def _rename(self) -> None:
        """Give the script's own names that the target needs another one."""
        for renamed in self._facts["renamed"]:
            for start, end, shorthand in renamed["spots"]:
                name = renamed["name"]
                new = f"{name}: {name}_" if shorthand else f"{name}_"
                self._edits.append((start, end, lambda new=new: new))  # type: ignore[misc]

    def _render(self, start: int, end: int) -> str:
        """The text between two places with everything in it translated."""
        made, at = [], start
        for begin, stop, text in self._edits:
            if begin < at or stop > end or (begin == end and stop == end and start != end):
                continue
            made += [self._source.cut(at, begin), text()]
            at = stop
        return "".join(made) + self._source.cut(at, end)


def _shown(use: Use) -> str:
    """A chain as it may be named in a message, without what its calls are given."""
    names = [use["root"]]
    for element in use["elements"]:
        name = element.get("n")
        if name is None:
            break
        names.append(name if name.isidentifier() else "[…]")
    if use["root"] == "require":
        given = use["elements"][0].get("a", [])
        return f"require({given[0].get('v', '') if given else ''!r})"
    return ".".join(names)
