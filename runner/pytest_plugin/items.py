"""The items of pytest: one request in one iteration, or a whole collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from runner.errors import PostrunnerError
from runner.pytest_plugin.chain import Chain, Ran, Spot
from runner.pytest_plugin.chains import Chains, Place
from runner.pytest_plugin.shown import (
    before_text,
    failure_line,
    failures_of,
    name_of,
    properties_of,
    said,
    sections_of,
    shown_path,
)
from runner.reporters.text import one_line
from runner.results.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


def request_of_a_collection(postman_environment: object, postman_transport: object) -> None:
    """A request of a Postman collection, with its scripts and tests."""  # what it asks for are the fixtures of its item


def request_with_subtests(postman_environment: object, postman_transport: object, subtests: object) -> None:
    """A request of a Postman collection, each test of which is a subtest."""


class CollectionItem(pytest.Function):
    """What the items of collections have in common: the fixtures, the run, and the place in the file."""

    def __init__(self, chains: Chains, spot: Spot, place_of: Callable[[], Place], *, subtests: bool, **given: Any) -> None:
        super().__init__(callobj=request_with_subtests if subtests else request_of_a_collection, **given)
        self.chains = chains
        self.spot = spot
        self.place_of = place_of
        self._subtests = subtests

    def setup(self) -> None:
        """Make the fixtures and bring the run to this item; what failed before is an error if no other item tells it."""
        super().setup()
        given: dict[str, Any] = self.funcargs
        try:
            chain = self.chain = self.chains.chain_for(self.spot, given["postman_environment"], given["postman_transport"])
            ran = chain.reach(self.spot)
        except PostrunnerError as error:
            pytest.fail(said(error), pytrace=False)
        if ran:
            self.add_report_section("setup", "ran before", before_text(ran))
        others = (other for at, other in chain.failed_before(self.spot) if not self._is_selected(at))
        failed = [line for one in (chain.setup, *others) for line in failures_of(one)]
        if chain.error is not None and not chain.has_run(self.spot):
            failed.append(said(chain.error))
        if failed:
            pytest.fail("\n".join(["what runs before this request failed:", *failed]), pytrace=False)

    def teardown(self) -> None:
        """End the run if it is the run of this item alone; what failed in its teardown is an error."""
        super().teardown()
        if self.chains.alone:
            check_teardown(self.chains.close())

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, the line (from 0) and the path of the request."""
        path, line = self.place_of()
        return path, line - 1, self.nodeid.partition("::")[2].replace("::", "/")

    def _is_selected(self, spot: Spot) -> bool:
        """Whether the request at a spot is an item of its own in this session, which tells its failures itself."""
        if not self.chains.selected:
            items = (item for item in self.session.items if isinstance(item, CollectionItem))
            self.chains.selected = frozenset(item.spot for item in items if item.chains is self.chains)
        return spot in self.chains.selected

    def _subtest(self, name: str) -> AbstractContextManager[None]:
        """A part of this item that fails, or is skipped, by itself."""
        subtests: Any = self.funcargs["subtests"]
        return cast("AbstractContextManager[None]", subtests.test(name))

    def _fail(self, lines: Sequence[str]) -> None:
        """Fail with these lines."""
        pytest.fail(lines[0] if len(lines) == 1 else "\n".join([f"{len(lines)} failures:", *lines]), pytrace=False)


class RequestItem(CollectionItem):
    """One request in one iteration. Its setup runs what comes before it in the collection, as far as it has not run yet."""

    def runtest(self) -> None:
        """Run the request, unless it ran already before one that was asked for earlier; then tell what came of it."""
        chain = self.chain
        ran = chain.run(self.spot)
        if ran is None:
            pytest.skip(chain.why_missed(self.spot))
        told = list(self._tell_tests(ran)) if self._subtests else []
        self._show(ran)
        lines = list(failures_of(ran, ran.own, options=chain.options, without=told))
        if chain.error is not None and not all(execution.finished for execution in ran.executions):
            lines.append(said(chain.error))
        skipped = why_skipped(ran)
        ran.forget()
        if lines:
            path, line = self.place_of()
            self.add_report_section("call", "place", f"{shown_path(path, self.config.rootpath)}:{line}")
            self._fail(lines)
        if skipped:
            pytest.skip(skipped)

    def _tell_tests(self, ran: Ran) -> Iterator[Failure]:
        """Make a subtest of each test; gives the failures that are told by this."""
        for execution in ran.executions:
            failures = {id(fact): failure for fact, failure in execution.failed_facts()}
            for test in execution.assertions:
                name = test.name if execution is ran.own else f"{name_of(execution)}: {test.name}"
                failure = failures.get(id(test))
                with self._subtest(one_line(name)):
                    if failure is not None:
                        self._fail([failure_line(failure)])
                    if test.assertion.skipped:
                        pytest.skip("pm.test.skip")
                if failure is not None:
                    yield failure

    def _show(self, ran: Ran) -> None:
        """Give request, response and command to the reports of pytest and its plugins."""
        attach = import_module("allure").attach if self.config.pluginmanager.hasplugin("allure_pytest") else None
        for name, text in sections_of(ran, self.chain.options, self.chain.secrets):
            self.add_report_section("call", name, text)
            self.user_properties.append((name, text))
            if attach is not None:
                attach(text, name=name)
        self.user_properties[:0] = properties_of(ran)


class WholeItem(CollectionItem):
    """A whole collection, from its first request to the last one of its last iteration; with pytest 9 each is a subtest."""

    def __init__(self, spots: Sequence[tuple[Spot, str]], **given: Any) -> None:
        super().__init__(spot=(0, 0), **given)
        self._spots = spots

    def runtest(self) -> None:
        """Run all requests, and tell what failed of each; only those that failed are shown."""
        chain, failed, shown = self.chain, list[str](), list[tuple[str, str]]()
        try:
            for spot, name in self._spots:
                ran = chain.run(spot)
                lines = list(failures_of(ran, ran.own, options=chain.options)) if ran else []
                if ran and lines:
                    shown += [(f"{title} ({name})", text) for title, text in sections_of(ran, chain.options, chain.secrets)]
                failed += self._tell(name, lines, why_skipped(ran) if ran else chain.why_missed(spot))
                if ran:
                    ran.forget()
        finally:
            for title, text in shown:
                self.add_report_section("call", title, text)
        if chain.error is not None:
            failed.append(said(chain.error))
        if failed:
            self._fail(failed)

    def _tell(self, name: str, lines: Sequence[str], skipped: str) -> Sequence[str]:
        """Make a subtest of a request; gives the lines that are still to be told."""
        if not self._subtests:
            return [f"{name}: {line}" for line in lines]
        with self._subtest(name):
            if lines:
                self._fail(lines)
            if skipped:
                pytest.skip(skipped)
        return ()


def check_teardown(chain: Chain | None) -> None:
    """Fail if something failed in the teardown of a run that has ended."""
    if chain is not None and (lines := list(failures_of(chain.teardown))):
        pytest.fail("\n".join(["the teardown of the collection failed:", *lines]), pytrace=False)


def put_in_order(items: list[pytest.Item]) -> None:
    """Put the requests of each collection into the order of the run, on the places that they have."""
    by_file: dict[int, list[tuple[int, CollectionItem]]] = {}
    for at, item in enumerate(items):
        if isinstance(item, CollectionItem):
            by_file.setdefault(id(item.chains), []).append((at, item))
    for found in by_file.values():
        ordered = sorted((item for _, item in found), key=lambda item: item.spot)
        for (at, _), item in zip(found, ordered, strict=True):
            items[at] = item


def why_skipped(ran: Ran) -> str:
    """Why nothing of a request was run; empty if something was."""
    skipped = all(execution.skipped for execution in ran.executions)
    return f"skipped {ran.executions[0].skip_reason}" if skipped and ran.executions else ""
