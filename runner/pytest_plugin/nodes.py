"""The nodes that pytest collects: a collection, its folders, and its requests, one for each iteration."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from runner.engine.plan import PlannedItem
from runner.engine.selection import leaves
from runner.errors import PostrunnerError
from runner.loading import load_inputs, load_plans
from runner.model.collection import Collection
from runner.model.json import JsonObject
from runner.model.quick_dataclass import dataclass
from runner.pytest_plugin.chain import Chain, Ran, Spot
from runner.pytest_plugin.settings import options_of
from runner.pytest_plugin.shown import before_text, failures_of, properties_of, sections_of
from runner.reporters.text import error_text, one_line
from runner.rules.tags import tags_in

if TYPE_CHECKING:
    from runner.api import AnyTransport


Nodes = Iterator[pytest.Item | pytest.Collector]


@dataclass(frozen=True, slots=True)
class Place:
    """A request of the collection: its position in the run, and the tags of all that is around it."""

    position: int
    planned: PlannedItem
    tags: tuple[str, ...]


class CollectionFile(pytest.Module):
    """A collection. It is a module for pytest, so that fixtures of that scope and shuffling by module work."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.obj = ModuleType(self.path.name)
        self._chain: Chain | None = None
        self._chain_of: tuple[Mapping[str, object], AnyTransport | None] = ({}, None)
        self._selected: frozenset[Spot] = frozenset()

    def collect(self) -> Nodes:
        """Make the nodes of everything that the options select; raises `CollectError`."""
        try:
            options = options_of(self.config, self.path, {})
            (plan,) = load_plans([self.path], options)
            inputs = load_inputs(plan, options)
        except PostrunnerError as error:
            raise self.CollectError(said(error)) from None
        self.collection = plan.collection
        tags = tags_by_item(plan.collection)
        places = [Place(n, planned, tags[id(planned.item)]) for n, planned in enumerate(plan.items)]
        register_marks(self.config, {tag for place in places for tag in place.tags})
        return nodes_in(self, places, 0, ids_of(inputs.rows, inputs.cycles(options.iteration_count)))

    def chain_for(self, spot: Spot, environment: Mapping[str, object], transport: AnyTransport | None) -> Chain:
        """The run that this spot belongs to: the one that goes on, or a new one if that cannot give it any more.

        A new one begins when an item runs again, or when a fixture gives another environment or transport.
        """
        of = (dict(environment), transport)
        if self._chain is not None and (self._chain_of != of or self._chain.has_shown(spot)):
            self._close()
        if self._chain is None:
            self._chain_of = of
            self._chain = Chain(self.collection, options_of(self.config, self.path, environment), transport)
        return self._chain

    def is_selected(self, spot: Spot) -> bool:
        """Whether the request at a spot is an item of its own in this session, which tells its failures itself."""
        if not self._selected:
            items = (item for item in self.session.items if isinstance(item, RequestItem))
            self._selected = frozenset(item.spot for item in items if item.file is self)
        return spot in self._selected

    def teardown(self) -> None:
        """End the run when pytest leaves the collection; what failed in its teardown is an error."""
        chain = self._chain
        if chain is not None:
            self._close()
            if lines := list(failures_of(chain.teardown)):
                pytest.fail("\n".join(["the teardown of the collection failed:", *lines]), pytrace=False)

    def _close(self) -> None:
        chain, self._chain = self._chain, None
        if chain is not None:
            chain.close()


class FolderNode(pytest.Collector):
    """A folder of a collection."""

    def __init__(self, places: Sequence[Place], depth: int, ids: Sequence[str], **given: Any) -> None:
        super().__init__(**given)
        self._places, self._depth, self._ids = places, depth, ids

    def collect(self) -> Nodes:
        """Make the nodes of what is inside."""
        return nodes_in(self, self._places, self._depth, self._ids)


def request_of_a_collection(postman_environment: object, postman_transport: object) -> None:
    """A request of a Postman collection, with its scripts and tests."""  # what it asks for are the fixtures of its item


class RequestItem(pytest.Function):
    """One request in one iteration. Its setup runs what comes before it in the collection, as far as it has not run yet."""

    def __init__(self, spot: Spot, **given: Any) -> None:
        super().__init__(callobj=request_of_a_collection, **given)
        self.spot = spot
        file = self.getparent(CollectionFile)
        assert file is not None
        self.file = file

    def setup(self) -> None:
        """Make the fixtures and bring the run to this request; what failed before is an error if no other item tells it."""
        super().setup()
        try:
            chain = self._chain = self.file.chain_for(self.spot, **self._fixtures())
            ran = chain.reach(self.spot)
        except PostrunnerError as error:
            pytest.fail(said(error), pytrace=False)
        if ran:
            self.add_report_section("setup", "ran before", before_text(ran))
        others = (other for at, other in chain.failed_before(self.spot) if not self.file.is_selected(at))
        failed = [line for one in (chain.setup, *others) for line in failures_of(one)]
        if chain.error is not None and not chain.has_run(self.spot):
            failed.append(said(chain.error))
        if failed:
            pytest.fail("\n".join(["what runs before this request failed:", *failed]), pytrace=False)

    def runtest(self) -> None:
        """Run the request, unless it ran already before one that was asked for earlier; then tell what came of it."""
        chain = self._chain
        ran = chain.run(self.spot)
        if ran is None:
            pytest.skip(chain.why_missed(self.spot))
        ran.taken = True
        self._show(ran)
        lines = list(failures_of(ran, ran.own, flaky_fails=chain.options.fail_on_flaky))
        if chain.error is not None and not all(execution.finished for execution in ran.executions):
            lines.append(said(chain.error))
        if lines:
            pytest.fail(lines[0] if len(lines) == 1 else "\n".join([f"{len(lines)} failures:", *lines]), pytrace=False)
        if all(execution.skipped for execution in ran.executions):
            pytest.skip("a script skipped it")

    def _fixtures(self) -> dict[str, Any]:
        return {name.removeprefix("postman_"): self.funcargs[name] for name in ("postman_environment", "postman_transport")}

    def reportinfo(self) -> tuple[Path, None, str]:
        """The file and the path of the request."""
        return self.path, None, self.nodeid.partition("::")[2].replace("::", "/")

    def _show(self, ran: Ran) -> None:
        """Give request, response and command to the reports of pytest and its plugins."""
        attach = import_module("allure").attach if self.config.pluginmanager.hasplugin("allure_pytest") else None
        for name, text in sections_of(ran, self._chain.options, self._chain.secrets):
            self.add_report_section("call", name, text)
            self.user_properties.append((name, text))
            if attach is not None:
                attach(text, name=name)
        self.user_properties[:0] = properties_of(ran)


def nodes_in(parent: pytest.Collector, places: Sequence[Place], depth: int, ids: Sequence[str]) -> Nodes:
    """The folders and requests directly below a node, in the order of the collection; each name is there once."""
    folders: dict[str, list[Place]] = {}
    for place in places:
        if len(place.planned.path) > depth:
            folders.setdefault(node_name(place.planned.path[depth]), []).append(place)
    used: Counter[str] = Counter(folders)
    made: set[str] = set()
    for place in places:
        if len(place.planned.path) > depth:
            name = node_name(place.planned.path[depth])
            if name not in made:
                made.add(name)
                yield FolderNode.from_parent(parent, name=name, places=folders[name], depth=depth + 1, ids=ids)
            continue
        name = node_name(place.planned.item.name)
        used[name] += 1
        name = f"{name} ({used[name]})" if used[name] > 1 else name
        for iteration, id in enumerate(ids):
            item = RequestItem.from_parent(parent, name=name + id, spot=(iteration, place.position))
            for tag in place.tags:
                if is_mark(parent.config, tag):
                    item.add_marker(tag)
            yield item


def node_name(name: str) -> str:
    """A name without what has a meaning in the ids of pytest."""
    plain = re.sub(":{2,}", ":", one_line(name)).translate({ord("["): "(", ord("]"): ")"})
    return " ".join(plain.split()) or "(no name)"


def ids_of(rows: Sequence[JsonObject], cycles: int) -> list[str]:
    """What stands behind the name of a request for each iteration: the column `id` of its row, else its number."""
    if cycles == 1:
        return [""]
    found = [node_name(str(row["id"])) for row in rows if isinstance(row.get("id"), str | int)]
    numbers = list(map(str, range(cycles)))
    return [f"[{id}]" for id in (found if len(set(found)) == cycles else numbers)]


def tags_by_item(collection: Collection) -> dict[int, tuple[str, ...]]:
    """The tags of each item, by its identity."""
    return {id(item): tags_in((collection, *trail, item)) for trail, item in leaves((), collection.items)}


def register_marks(config: pytest.Config, tags: set[str]) -> None:
    """Make marks of tags; one of the same name stays as it is."""
    known = marks_of(config)
    for tag in sorted(tags):
        if tag not in known and not tag.startswith("_"):
            config.addinivalue_line("markers", f"{tag}: a tag of Postman collections")


def is_mark(config: pytest.Config, tag: str) -> bool:
    """Whether a tag marks its requests: a mark that takes arguments (`skipif`, `timeout`) has a meaning of its own."""
    return "(" not in marks_of(config).get(tag, "(")


def marks_of(config: pytest.Config) -> dict[str, str]:
    """The registered marks, each with its form."""
    forms = (line.partition(":")[0].strip() for line in config.getini("markers"))
    return {form.partition("(")[0]: form for form in forms}


def put_in_order(items: list[pytest.Item]) -> None:
    """Put the requests of each collection into the order of the run, on the places that they have."""
    by_file: dict[CollectionFile, list[tuple[int, RequestItem]]] = {}
    for at, item in enumerate(items):
        if isinstance(item, RequestItem):
            by_file.setdefault(item.file, []).append((at, item))
    for found in by_file.values():
        ordered = sorted((item for _, item in found), key=lambda item: item.spot)
        for (at, _), item in zip(found, ordered, strict=True):
            items[at] = item


def said(error: PostrunnerError) -> str:
    """An error with its place and hint."""
    return error_text(error) + (f"\nhint: {error.hint}" if error.hint else "")
