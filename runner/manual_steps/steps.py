"""The document: preparations, then a step for each request: what to enter, send, copy and check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from runner.engine.plan import PlannedItem
from runner.engine.ports import Inputs
from runner.engine.selection import Trail, leaves
from runner.flow.flow import flow_of
from runner.manual_steps.chain import BEFORE, Chain
from runner.manual_steps.descriptions import blocks_of
from runner.manual_steps.document import (
    Block,
    Code,
    Control,
    Document,
    Entry,
    Heading,
    Line,
    Listing,
    Paragraph,
    Quote,
    StepLink,
)
from runner.manual_steps.examples import examples
from runner.manual_steps.request import request_entries
from runner.manual_steps.scripts import Told
from runner.manual_steps.setup import setup
from runner.manual_steps.values import Values
from runner.manual_steps.words import Words
from runner.model.collection import Collection, Folder, Item, description_of
from runner.model.json import Json, JsonObject
from runner.options import RunOptions
from runner.protocols.table import is_sent
from runner.sandbox.analysis import Analysis
from runner.secrets import Secrets


def document_of(inputs: Inputs, options: RunOptions, secrets: Secrets, *, resolve: bool, with_examples: bool) -> Document:
    """The steps for the selected part of a collection; with `resolve` variables are shown as their values.

    Raises `SandboxError`.
    """
    items = [planned for part in inputs.plan.parts for planned in part.items]
    told: dict[str, JsonObject] = {}

    with Analysis() as analysis:

        def analyse(texts: Sequence[str]) -> Sequence[JsonObject]:
            found = analysis.analyse(texts, also="actions")
            told.update(zip(texts, found, strict=True))
            return found

        given = _given(inputs, items)
        chain = Chain(items, flow_of(items, given, analyse), told, given)
    values = Values(inputs, options, secrets, chain.set_by_scripts, resolve=resolve)
    writer = _Writer(inputs.plan.collection, items, chain, values, with_examples)
    name = values.name(inputs.plan.collection.name)
    return Document(f"{name}: steps in the Postman app", (*writer.blocks(inputs.rows),))


def _given(inputs: Inputs, items: Sequence[PlannedItem]) -> Mapping[str, Sequence[Json]]:
    """The values that files give to names."""
    found: dict[str, list[Json]] = {}
    collection = inputs.plan.collection
    folders = [variable for planned in items for variable in planned.variables]
    for variable in (*inputs.environment.values, *inputs.globals.values, *collection.variables, *folders):
        if not variable.disabled:
            found.setdefault(variable.key, []).append(variable.value)
    for row in inputs.rows:
        for name, value in row.items():
            found.setdefault(name, []).append(value)
    return found


class _Writer:
    """Makes the blocks of a document, in order."""

    def __init__(
        self, collection: Collection, items: Sequence[PlannedItem], chain: Chain, values: Values, with_examples: bool
    ) -> None:
        self._collection = collection
        self._items = items
        self._chain = chain
        self._values = values
        self._with_examples = with_examples
        self._trails: dict[int, Trail] = {id(item): trail for trail, item in leaves((), collection.items)}
        by_name = {one.item.name: at for at, one in enumerate(items, 1)}
        by_id = {one.item.id: at for at, one in reversed(list(enumerate(items, 1))) if one.item.id}
        self._words = Words(values.text)
        self._told = Told(self._words, chain, values, by_name | by_id)

    def blocks(self, rows: Sequence[JsonObject]) -> Iterator[Block]:
        """All blocks of the document."""
        yield from self._described(self._collection)
        yield from setup(self._chain, self._values, rows)
        yield from self._inherited(self._collection, "For every step")
        if not self._items:
            yield Paragraph(("There is no request, so there is nothing to do.",))
        before: tuple[str, ...] | None = None
        told: set[int] = set()
        for at, planned in enumerate(self._items):
            if planned.path != before:
                before = planned.path
                shown = [self._values.name(name) for name in planned.path]
                yield Heading(2, " › ".join(shown) or "Steps")
                for folder in self._trails[id(planned.item)]:
                    if id(folder) not in told:
                        told.add(id(folder))
                        yield from self._described(folder)
                        yield from self._inherited(folder, "For every step of this folder")
            with self._values.within(planned.variables):
                yield from self._step(at, planned)

    def _described(self, node: Collection | Folder | Item) -> Iterator[Block]:
        if text := description_of(node):
            yield Quote(blocks_of(self._values.text(text)))

    def _inherited(self, node: Collection | Folder, heading: str) -> Iterator[Block]:
        """What the scripts of the collection or a folder do for each request in it."""
        before, after = _scripts(node)
        entries = [*self._told.entries(before, None, before=True), *self._told.entries(after, None, before=False)]
        if checks := self._told.checks([*before, *after]):
            entries.append(_checks(checks))
        if entries:
            yield Paragraph((f"{heading}:",))
            yield Listing(tuple(entries))

    def _step(self, at: int, planned: PlannedItem) -> Iterator[Block]:
        name = self._values.name(planned.item.name)
        yield Heading(3, f"Step {at + 1}: {name}", number=at + 1)
        yield from self._described(planned.item)
        if not is_sent(planned.item.kind):
            kind = planned.item.kind.removesuffix("-request")
            yield Paragraph(
                (
                    "This is a request of the kind ",
                    Code(kind),
                    ": open it in the app and send it there.",
                )
            )
            return
        if at in self._chain.left_out:
            yield Paragraph(("Leave this step out: a script of the request keeps it from being sent.",))
            return
        before, after = _scripts(planned.item)
        entries = [
            *self._needs(at),
            *self._told.entries(before, at, before=True),
            *request_entries(planned, self._owner_of_auth(planned.item), self._values),
            Entry(("Click ", Control("Send"), ".")),
        ]
        checks = self._told.checks([*before, *after])
        if checks:
            entries.append(_checks(checks))
        entries += self._told.entries(after, at, before=False)
        yield Listing(tuple(entries), ordered=True)
        if self._with_examples:
            yield from examples(planned.item, self._values)

    def _needs(self, at: int) -> Iterator[Entry]:
        """The line about the values from earlier steps that this one needs."""
        found: dict[int, list[Line]] = {}
        for name in self._chain.needs[at]:
            source = self._chain.source(name, at)
            if source is not None and source.at < at:
                found.setdefault(source.at, []).append((self._words.code(f"{{{{{name}}}}}"),))
        if found:
            parts: list[Line] = []
            for place, names in sorted(found.items()):
                parts += [(*name, " from ", StepLink(place + 1)) for name in names]
            line: list[str | Code | Control | StepLink] = ["This step needs "]
            for number, part in enumerate(parts):
                line += [", " if 0 < number < len(parts) - 1 else " and " if number else "", *part]
            yield Entry((*(piece for piece in line if piece != ""), "."))

    def _owner_of_auth(self, item: Item) -> str:
        """The name of the folder or collection whose auth a request inherits; empty if it inherits none."""
        if item.request.auth is not None:
            return ""
        owners: tuple[Folder | Collection, ...] = (*reversed(self._trails[id(item)]), self._collection)
        return next((owner.name for owner in owners if owner.auth is not None), "")


def _scripts(node: Collection | Folder | Item) -> tuple[list[str], list[str]]:
    """The scripts of a node: those that run before a request, and those after it."""
    events = [event for event in node.events if not event.disabled and event.script.exec.strip()]
    before = [event.script.exec for event in events if event.listen in BEFORE]
    return before, [event.script.exec for event in events if event.listen not in BEFORE]


def _checks(names: Sequence[Line]) -> Entry:
    if len(names) == 1:
        return Entry(("Check: ", *names[0], "."))
    return Entry(("Check:",), (Listing(tuple(Entry(name) for name in names)),))
