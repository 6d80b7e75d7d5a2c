"""What the fixture `postman` is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import pytest

import runner
from runner.engine.plan import Plan
from runner.engine.selection import find
from runner.errors import UsageError
from runner.loading import load_plans
from runner.model.collection import Item
from runner.options import RunOptions
from runner.pytest_plugin.settings import changed, options_of, record_mode
from runner.reporters.junit.names import Counted

if TYPE_CHECKING:
    from runner.api import AnyTransport
    from runner.python.keywords import Keywords
    from runner.results.execution import Execution
    from runner.results.result import Result

WHOLE = RunOptions()
SELECTING = ("folder", "item", "exclude", "tag", "not_tag", "grep", "only_with_tests", "start_at", "stop_after")
"""The options that choose among the requests."""


class Postman:
    """Runs collections inside a test, with the options of the configuration, of the marker and of the fixtures."""

    def __init__(
        self,
        request: pytest.FixtureRequest,
        environment: Mapping[str, object],
        transport: AnyTransport | None,
        cassette: Path | None,
    ) -> None:
        self._request = request
        self._environment = environment
        self._transport = transport
        self._cassette = cassette
        self._runs = 0

    def run(self, collection: str | Path, **options: Unpack[Keywords]) -> Result:
        """Run a collection; the path counts from the folder of the test, else from the root folder.

        Options are those of `runner.run`. They win over those of `@pytest.mark.postman(…)`, these over the hook
        `pytest_postrunner_options`, that over the command line, and that over the configuration file. The variables of all
        of these are set, and with them those of the fixture `postman_environment`.
        """
        path = self._path(collection)
        return runner.run(path, self._options(path, options), transport=self._transport)

    def request(self, collection: str | Path, request: str, **options: Unpack[Keywords]) -> Execution:
        """Send one request of a collection, with its scripts, and give what came of it, whether it failed or not.

        It is named by its path (`Orders/List`), name or id. Nothing else runs but folders of `setup` and `teardown`. Raises
        `SelectionError` if there is no such request, and what ended the run before it was executed.
        """
        path = self._path(collection)
        made = self._options(path, options)
        made = replace(made, **{name: getattr(WHOLE, name) for name in SELECTING}, iteration_count=1)
        (plan,) = load_plans([path], replace(made, setup=(), teardown=()))
        item = _item(plan, request)
        result = runner.run(plan.collection, replace(made, item=(item.id,)), transport=self._transport)
        if result.error is not None:
            raise result.error
        return [one for one in result.executions if not one.part and not one.within][-1]

    def _options(self, path: Path, options: Keywords) -> RunOptions:
        made = options_of(self._request.config, path, self._environment)
        marks = [mark.kwargs for mark in self._request.node.iter_markers("postman")]
        given = (*reversed(marks), options)
        if self._cassette is not None and not any("record" in one or "replay" in one for one in given):
            made = replace(made, record=str(self._next_cassette()), record_mode=self._mode(), replay=None)
        for one in given:
            made = changed(made, one)
        return made

    def _next_cassette(self) -> Path:
        """The cassette of a run: the second of a test has one of its own, because a recording answers once."""
        assert self._cassette is not None
        self._runs += 1
        name = self._cassette
        return name if self._runs == 1 else name.with_name(f"{name.stem}-{self._runs}{name.suffix}")

    def _mode(self) -> str:
        """The mode of the command line or configuration, else of the marker."""
        marker = self._request.node.get_closest_marker("postman_cassette")
        said = marker.kwargs.get("record_mode") if marker else None
        return record_mode(self._request.config) or said or "once"

    def _path(self, collection: str | Path) -> Path:
        config = self._request.config
        places = (self._request.path.parent, config.rootpath)
        return next((place / collection for place in places if (place / collection).exists()), Path(collection))


def names_in(plan: Plan) -> list[str]:
    """The paths of all requests, in order; of equal ones the second is `path (2)`."""
    return Counted().unique(["/".join((*planned.path, planned.item.name)) for planned in plan.items])


def _item(plan: Plan, name: str) -> Item:
    named = dict(zip(names_in(plan), plan.items, strict=True))
    found = named[name].item if name in named else find(plan.collection, name)[1]
    if not isinstance(found, Item):
        raise UsageError(f"{name!r} is a folder", where=plan.collection.name, hint="postman.run(…, folder=…) runs it")
    return found


def cassette_of(request: pytest.FixtureRequest) -> Path:
    """The cassette of a test: the one that its marker names, else one with the name of the test."""
    folder: Path = request.path.parent
    marker = request.node.get_closest_marker("postman_cassette")
    if marker is not None and marker.args:
        return folder / str(marker.args[0])
    name = re.sub(r"[^\w.,=+\[\]-]+", "-", request.node.nodeid.partition("::")[2].replace("::", "."))
    return folder / "cassettes" / request.path.stem / f"{name}.yaml"
