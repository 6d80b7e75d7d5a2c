"""The order of requests: unknown and ambiguous names in `setNextRequest`, and requests that never run."""

from __future__ import annotations

from collections.abc import Iterator

from runner.checks.subject import CollectionSubject
from runner.checks.tree import Node, Problem
from runner.rules.substitute import names_in


def unknown_next(subject: CollectionSubject) -> Iterator[Problem]:
    """`setNextRequest` names a request that does not exist: the run would end."""
    for script in subject.scripts:
        for fact in script.lint("jump"):
            name = fact["name"]
            if name is not None and name not in subject.by_name:
                hint = "null ends the run: without quotation marks" if name == "null" else _near(subject, name)
                hint = "variables are not replaced in it" if names_in(name) else hint
                yield script.problem(f"no request is called {name!r}: the run would end here", fact["start"], hint=hint)


def ambiguous_next(subject: CollectionSubject) -> Iterator[Problem]:
    """`setNextRequest` uses a name that several requests have: the last one runs."""
    for script in subject.scripts:
        for fact in script.lint("jump"):
            found = subject.by_name.get(fact["name"], ()) if fact["name"] is not None else ()
            if len(found) > 1:
                message = f"{len(found)} requests are called {fact['name']!r}: the run goes on with the last one"
                yield script.problem(message, fact["start"], hint="an id names one of them")


def unreachable(subject: CollectionSubject) -> Iterator[Problem]:
    """A request never runs because an earlier one always jumps past it: one finding for each group of neighbours."""
    reached = _reached(subject)
    before: Node | None = None
    for node in subject.items:
        if node.first not in reached and (before is None or before.first in reached):
            last = len(subject.items)
            count = next((at for at in range(node.first, last) if at in reached), last) - node.first
            others = f", like {count - 1} after it" if count > 1 else ""
            reason = f": {before.path!r} always goes on elsewhere" if before is not None else ""
            yield node.problem(f"a run never comes here{others}{reason}", "name")
        before = node


def _reached(subject: CollectionSubject) -> set[int]:
    """The positions of the requests that a run may reach."""
    everything = set(range(len(subject.items)))
    jumps: dict[int, list[str]] = {}
    always: set[int] = set()
    for script, flow in subject.uses.flows.items():
        if None in flow.jumps or flow.runs:
            return everything
        jumps[id(script.node)] = [*jumps.get(id(script.node), ()), *(name for name in flow.jumps if name is not None)]
        if any(fact["always"] for fact in script.lint("jump") if fact["name"] is not None or fact["ends"]):
            always.add(id(script.node))
    if not always:
        return everything
    reached: set[int] = set()
    waiting = [0]
    while waiting:
        at = waiting.pop()
        if at in reached or at >= len(subject.items):
            continue
        reached.add(at)
        line = subject.items[at].line
        names = [name for one in line for name in jumps.get(id(one), ()) if name in subject.by_name]
        waiting += [subject.by_name[name][-1].first for name in names]
        if not any(id(one) in always for one in line):
            waiting.append(at + 1)
    return reached


def duplicate_names(subject: CollectionSubject) -> Iterator[Problem]:
    """Two entries of a folder have the same name: options and reports cannot tell them apart."""
    seen: set[tuple[int, str]] = set()
    for node in subject.nodes[1:]:
        place = id(node.trail[-1]), node.entry.name
        if place in seen and node.entry.name:
            kind = "request" if node.is_item else "folder"
            message = f"this {kind} is called {node.entry.name!r} like another entry beside it"
            yield node.problem(message, "name", hint="only an id selects it")
        seen.add(place)


def _near(subject: CollectionSubject, name: str) -> str:
    from difflib import get_close_matches

    names = [node.entry.name for node in subject.items][:500]
    same = next((one for one in names if one.strip().lower() == name.strip().lower()), None)
    found = [same] if same else get_close_matches(name, names, 1, 0.75)
    if found:
        return f"did you mean {found[0]!r}?"
    return "it names a folder: only requests can be named" if any(n.entry.name == name for n in subject.nodes) else ""
