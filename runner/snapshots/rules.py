"""What does not count in which responses: paths that vary, arrays without an order; and values to keep exactly."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import field

from runner.comparison import Rules
from runner.engine.selection import all_located, leaves, path_of
from runner.errors import UsageError
from runner.model.collection import Collection, Item
from runner.model.quick_dataclass import dataclass
from runner.snapshots.scrubbing import Spot

EVERY = "*"
"""In the place of a name: all requests."""

KINDS = ("ignore", "unordered", "exact")
"""What rules say, as a file of rules has it."""

FORM = "write NAME, NAME:$.path, NAME:header.name, NAME:status or NAME:body; the name * means all requests"

_RULE = re.compile(r"(?P<name>.*?):(?P<path>\$.*|header\.[^:]+|status|body)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RequestRules:
    """What the rules say of the responses to one request: `whole` if nothing of them counts."""

    whole: bool = False
    status: bool = False
    body: bool = False
    headers: frozenset[str] = frozenset()
    tree: Rules = Rules()
    exact: Rules = Rules()

    def spot(self) -> Spot:
        """The outermost value of a body."""
        return Spot(self.tree.root(), self.exact.root(), "")


@dataclass(slots=True)
class Texts:
    """Rules as they are written, by their kind."""

    ignore: list[str] = field(default_factory=list)
    unordered: list[str] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[str]:
        """The rules of one of `KINDS`."""
        found: list[str] = getattr(self, kind)
        return found

    def __bool__(self) -> bool:
        return any(map(self.of, KINDS))


def split(text: str) -> tuple[str, str]:
    """The name and the path of a rule; the path is empty if the rule is about whole responses."""
    found = _RULE.fullmatch(text)
    return (found["name"], found["path"]) if found else (text, "")


def requests_named(collection: Collection, name: str) -> set[int]:
    """The requests that an id, a name or a path means, or those in a folder, by the identity of their `source`."""
    if name == EVERY:
        return {id(item.source) for _, item in leaves((), collection.items)}
    entries = list(all_located(collection))
    found = [(trail, entry) for trail, entry in entries if name in (entry.id, entry.name)]
    found = found or [(trail, entry) for trail, entry in entries if path_of(trail, entry) == name.strip("/")]
    inside = [leaf for trail, entry in found for leaf in leaves(trail, (entry,))]
    return {id(item.source) for _, item in inside}


def rules_for(item: Item, named: Callable[[str], Container[int]], texts: Sequence[Texts]) -> RequestRules:
    """What the rules say of a request; their forms were checked before. `named` gives what `requests_named` does."""
    chosen: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for given in texts:
        for kind in KINDS:
            for text in given.of(kind):
                name, path = split(text)
                if id(item.source) in named(name):
                    chosen[kind].append(path)
    ignored = chosen["ignore"]
    return RequestRules(
        whole=any(path in ("", "$") for path in ignored),
        status="status" in ignored,
        body="body" in ignored,
        headers=frozenset(path.removeprefix("header.").lower() for path in ignored if path.startswith("header.")),
        tree=Rules.of(_trees(ignored), _trees(chosen["unordered"])),
        exact=Rules.of(_trees(chosen["exact"])),
    )


def _trees(paths: Iterable[str]) -> list[str]:
    return [path for path in paths if path.startswith("$")]


def check_rules(texts: Texts, where: Mapping[str, str]) -> None:
    """Raise `UsageError` for a rule that says nothing that can be followed; `where` has the place of each kind."""
    for kind in KINDS:
        for text in texts.of(kind):
            name, path = split(text)
            if not name or (kind != "ignore" and not path.startswith("$")):
                form = FORM if kind == "ignore" else "write NAME:$.path; the name * means all requests"
                raise UsageError(f"{text!r} is no rule", where=where[kind], hint=form)
            if path.startswith("$") and path != "$":
                try:
                    Rules.of(unordered=[path]) if kind == "unordered" else Rules.of([path])
                except ValueError as error:
                    raise UsageError(f"{text!r}: {error}", where=where[kind]) from None


def without_requests(texts: Texts, collections: Sequence[Collection]) -> list[tuple[str, str]]:
    """Kind and text of each rule whose name none of the collections has."""
    return [
        (kind, text)
        for kind in KINDS
        for text in texts.of(kind)
        if not any(requests_named(collection, split(text)[0]) for collection in collections)
    ]
