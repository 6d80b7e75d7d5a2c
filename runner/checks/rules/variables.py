"""Variables of a collection that are never set, set too late, or never read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from runner.checks.finding import Severity
from runner.checks.subject import CollectionSubject
from runner.checks.tree import Node, Problem
from runner.checks.uses import Use
from runner.formats.places import Steps
from runner.model.json import Json
from runner.variables.dynamic import DYNAMIC, GENERATED

PARTS = {"URL": "url", "body": "body", "auth": "auth", "method": "method"}
"""The parts of a request, by the names that the flow gives them."""

COMPARED = 500
"""How many known names are compared with an unknown one."""

DYNAMIC_NAMES = frozenset({*DYNAMIC, *GENERATED})


def unresolved(subject: CollectionSubject) -> Iterator[Problem]:
    """A request uses `{{name}}`, but neither a file nor a script gives the variable a value."""
    known = {*subject.known.names, *subject.own}
    for name, uses in subject.uses.wanted.items():
        if name in known or name.startswith("$") or subject.uses.is_set(name):
            continue
        more = "" if len(uses) == 1 else f" (in {len(uses)} places)"
        message = f"nothing sets {{{{{name}}}}}{more}"
        yield _at_use(uses[0], name, message, _hint(subject, name), None if _is_certain(subject, name) else Severity.INFO)


def unknown_dynamic(subject: CollectionSubject) -> Iterator[Problem]:
    """A request uses `{{$name}}`, which is neither a dynamic variable nor set by a file or script."""
    known = {*subject.known.names, *subject.own, *DYNAMIC_NAMES}
    for name, uses in subject.uses.wanted.items():
        if name.startswith("$") and name not in known and not subject.uses.is_set(name):
            near = _nearest(name, DYNAMIC_NAMES)
            hint = f"did you mean {{{{{near}}}}}?" if near else ""
            yield _at_use(uses[0], name, f"there is no dynamic variable {{{{{name}}}}}", hint)


def too_late(subject: CollectionSubject) -> Iterator[Problem]:
    """A request uses `{{name}}`, which only later requests set."""
    known = {*subject.known.names, *subject.own}
    loops = list(_loops(subject))
    for name, uses in subject.uses.wanted.items():
        if name in known or subject.uses.may_set_any or not subject.uses.is_set(name) or _may_be_global(subject, name):
            continue
        late = ((use, write) for use in uses if (write := subject.uses.set_too_late(use, loops)))
        use, write = next(late, (None, None))
        if use is not None and write is not None:
            later = "the tests of this request" if write.node is use.node else f"{write.node.path!r}, which runs later"
            message = f"{{{{{name}}}}} is first set by {later}"
            yield _at_use(use, name, message, "", None if _is_certain(subject, name) else Severity.INFO)


def empty(subject: CollectionSubject) -> Iterator[Problem]:
    """A variable that requests use is empty in its file, and no script sets it."""
    wanted, known = subject.uses.wanted, subject.known.names
    for steps, row in subject.top.rows("variable"):
        name = row.get("key")
        if not isinstance(name, str) or name not in wanted or row.get("value") not in (None, "") or row.get("disabled"):
            continue
        if name not in known and not subject.uses.is_set(name):
            hint = "a run can give it: --env-var"
            yield subject.top.problem(f"the variable {name!r} is empty, and nothing sets it", *steps, hint=hint)
    for name in wanted.keys() & subject.known.empty:
        if name not in subject.own and not subject.uses.is_set(name):
            message = f"{{{{{name}}}}} is empty in the environment, and nothing sets it"
            yield _at_use(wanted[name][0], name, message, "a run can give it: --env-var")


def never_set_in_scope(subject: CollectionSubject) -> Iterator[Problem]:
    """A script reads a collection variable that neither the collection nor a script sets."""
    told = set()
    for use in subject.uses.reads:
        name = use.name
        if use.access.scope != "collection" or not name or use.script is None or name in told or name in subject.own:
            continue
        if not subject.uses.writes_for(use.access):
            told.add(name)
            line = use.access.place.line or 1
            start = sum(len(one) + 1 for one in use.script.text.split("\n")[: line - 1])
            others = {write.access.scope for write in subject.uses.named_writes(name)}
            hint = f"scripts set it in another scope: {', '.join(sorted(others))}" if others else ""
            message = f"nothing sets the collection variable {name!r} that is read here"
            yield use.script.problem_at(message, start, hint=hint)


def unused(subject: CollectionSubject) -> Iterator[Problem]:
    """A variable of the collection is never read."""
    for steps, row in subject.top.rows("variable"):
        name = row.get("key")
        if (
            isinstance(name, str)
            and name
            and name not in subject.mentioned
            and not subject.uses.is_read("collection", name)
        ):
            yield subject.top.problem(f"nothing reads the variable {name!r}", *steps)


def duplicate(subject: CollectionSubject) -> Iterator[Problem]:
    """Two variables of a collection have the same name: the last one wins."""
    seen: set[str] = set()
    for steps, row in subject.top.rows("variable"):
        name = row.get("key")
        if isinstance(name, str) and name and not row.get("disabled"):
            if name in seen:
                yield subject.top.problem(f"the variable {name!r} is there twice: this one counts", *steps)
            seen.add(name)


# -- what they share ---------------------------------------------------------------------------------------------------


def _is_certain(subject: CollectionSubject, name: str) -> bool:
    """Whether no file that was not named may give a variable: an environment, data, or globals where a script reads it."""
    known = subject.known
    rows_may = known.rows is None and subject.uses.reads_data
    return known.environment is not None and not rows_may and not _may_be_global(subject, name)


def _may_be_global(subject: CollectionSubject, name: str) -> bool:
    """Whether a script reads the name in globals, and no globals file was given."""
    return subject.known.globals is None and subject.uses.is_read_in("globals", name)


def _loops(subject: CollectionSubject) -> Iterator[tuple[int, int]]:
    """The stretches that jumps back run again."""
    for script, flow in subject.uses.flows.items():
        for name in flow.jumps:
            targets = [node.first for node in subject.by_name.get(name, ())] if name is not None else [0]
            if targets and min(targets) < script.node.last:
                yield min(targets), script.node.last


def _at_use(use: Use, name: str, message: str, hint: str, severity: Severity | None = None) -> Problem:
    part = use.access.place.part
    inside = PARTS.get(part, "header" if part.startswith("header") else "url")
    root: Steps = ("request", inside) if use.node.is_item else ("auth",)
    steps = _text_with(use.node, root, f"{{{{{name}}}}}")
    return use.node.problem(message, *steps, hint=hint, severity=severity)


def _text_with(node: Node, root: Steps, wanted: str) -> Steps:
    """The steps to the first text below `root` that contains something; the whole text of a URL is tried last."""
    waiting: list[tuple[Steps, Json]] = [(root, node.get(*root))]
    raw: Steps | None = None
    while waiting:
        steps, value = waiting.pop()
        if isinstance(value, str) and wanted in value:
            if steps[-1] != "raw" or root[-1] != "url":
                return steps
            raw = steps
        elif isinstance(value, dict):
            waiting += [((*steps, key), one) for key, one in reversed(value.items()) if key != "description"]
        elif isinstance(value, list):
            waiting += [((*steps, number), one) for number, one in enumerate(value)][::-1]
    return raw or root


def _hint(subject: CollectionSubject, name: str) -> str:
    known = {*subject.known.names, *subject.own}
    if name.strip() != name and (name.strip() in known or subject.uses.is_set(name.strip())):
        return f"names are taken literally: write {{{{{name.strip()}}}}}"
    if any(variable.key == name for variable in subject.collection.variables):
        return "the collection has it switched off"
    environment = subject.known.environment
    if environment is not None and any(variable.key == name for variable in environment.values):
        return "the environment has it switched off"
    near = _nearest(name, known)
    if near:
        return f"did you mean {{{{{near}}}}}?"
    return "" if subject.known.environment is not None else "an environment may: name it with -e"


def _nearest(name: str, known: Iterable[str]) -> str:
    known = sorted(known)
    same = next((one for one in known if one.lower() == name.lower()), "")
    near = get_close_matches(name, known[:COMPARED], 1, 0.85)
    return same or (near[0] if near else "")
