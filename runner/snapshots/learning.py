"""What differs between two runs of the same collections, as rules: shown, and written if that is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from runner.comparison import Difference
from runner.comparison.difference import Place
from runner.errors import ExportError, LoadError, PostrunnerError
from runner.options import RunOptions
from runner.reporters.text import plural
from runner.snapshots.comparing import compare, told
from runner.snapshots.documents import document_of
from runner.snapshots.keys import RULES, Key
from runner.snapshots.rules import KINDS, Texts
from runner.snapshots.shelf import Shelf
from runner.snapshots.snapshots import Snapshots
from runner.snapshots.terminal import Terminal


def learn(first: Snapshots, second: Snapshots, options: RunOptions) -> list[PostrunnerError]:
    """Show the rules that two runs call for and write them, with `update` without asking, and the snapshots then.

    Gives what went wrong.
    """
    terminal = Terminal(options)
    problems: list[PostrunnerError] = []
    for one, other in zip(first.shelves, second.shelves, strict=True):
        rules = _proposed(one, other, terminal)
        place = other.folder.place(RULES)
        if rules and not (options.snapshot == "update" or _confirmed(terminal, rules, place)):
            continue
        merged = Texts(*([*dict.fromkeys([*other.folder.rules.of(kind), *rules.of(kind)])] for kind in KINDS))
        try:
            _write(other, merged if rules else None, snapshots=options.snapshot == "update")
        except (ExportError, LoadError) as error:
            problems.append(ExportError(f"rules were not written: {error.message}", where=error.where))
            continue
        if rules:
            terminal.tell(f"{place}: {plural(_count(rules), 'rule')} more")
    return problems


def _write(shelf: Shelf, rules: Texts | None, *, snapshots: bool) -> None:
    if rules is not None:
        shelf.folder.rules = rules
        shelf.forget_rules()
    documents = {}
    for key, kept in shelf.kept.items() if snapshots else ():
        document, here = document_of(shelf.answer(kept), shelf.rules(kept.item)), shelf.folder.document(key)
        if shelf.rules(kept.item).whole or (here and not compare(here, document, shelf.rules(kept.item))):
            continue
        documents[key] = document
    if documents or rules is not None:
        shelf.folder.write(documents, rules=rules)


def _proposed(one: Shelf, other: Shelf, terminal: Terminal) -> Texts:
    rules = Texts()
    for key, kept in one.kept.items():
        name = "/".join(key.path)
        if key not in other.kept:
            terminal.tell(f"{_label(key)}: only the first run got a response that counts")
            continue
        own = one.rules(kept.item)
        before, after = document_of(one.answer(kept), own), document_of(other.answer(other.kept[key]), own)
        found = [] if own.whole else compare(before, after, own)
        new = _rules(found, name, rules)
        if found:
            _show(terminal, _label(key), found, new)
    for key in other.kept.keys() - one.kept.keys():
        terminal.tell(f"{_label(key)}: only the second run got a response that counts")
    if not rules:
        terminal.tell("two runs had the same responses: there are no rules to propose")
    return rules


def _rules(found: list[Difference], name: str, rules: Texts) -> list[str]:
    """The rules that these differences call for, added to those there are; gives the new ones as they are shown."""
    shown = []
    for kind, path in dict.fromkeys(rule for one in found for rule in _rule(one)):
        text = f"{name}:{path}"
        if text not in rules.of(kind):
            rules.of(kind).append(text)
            shown.append(f"{kind} {text}")
    return shown


def _rule(one: Difference) -> Iterator[tuple[str, str]]:
    """The rule for a difference: none for another status, or for another kind of body."""
    place, path = one.place, str(one.place.path)
    if one.kind == "moved" and place.above is not None:
        yield "unordered", _general(place.above)
    elif path.startswith("$"):
        whole_array = one.kind in ("new", "missing") and isinstance(place.key, int) and place.above is not None
        general = _general(place.above if whole_array and place.above is not None else place)
        yield "ignore", "body" if general == "$" else general
    elif path.startswith(("line ", "body.")):
        yield "ignore", "body"
    elif path.startswith("header."):
        yield "ignore", path


def _general(place: Place) -> str:
    """The path of a place, with every entry of the arrays on the way."""
    steps = []
    at: Place | None = place
    while at is not None and at.above is not None:
        steps.append("[*]" if isinstance(at.key, int) else at.path[len(at.above.path) :])
        at = at.above
    return "".join(["$", *reversed(steps)])


def _show(terminal: Terminal, label: str, found: list[Difference], rules: list[str]) -> None:
    terminal.tell("")
    terminal.tell(label, "bold")
    terminal.tell_difference(told(found))
    for rule in rules:
        terminal.tell(f"  rule: {rule}", "yellow")


def _label(key: Key) -> str:
    return "/".join([*key.path[:-1], key.stem])


def _confirmed(terminal: Terminal, rules: Texts, place: str) -> bool:
    if not terminal.answers:
        terminal.tell("nothing was written: --snapshot update writes the rules and the snapshots")
        return False
    question = f"\nWrite {plural(_count(rules), 'rule')} into {place} (y/N)? "
    return terminal.ask(question).strip().lower() in ("y", "yes")


def _count(rules: Texts) -> int:
    return sum(len(rules.of(kind)) for kind in KINDS)
