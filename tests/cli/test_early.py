"""The script child starts before the rest is imported, and never outlives the command."""

import gc

import pytest

from runner.cli.early import EarlyChild
from tests.cli.conftest import item


@pytest.fixture
def started(monkeypatch):
    """Every child that is started, in order."""
    children = []
    start = EarlyChild.start

    def watched(self, collection):
        found = start(self, collection)
        children.extend([self._child] if found else ())
        return found

    monkeypatch.setattr(EarlyChild, "start", watched)
    return children


def test_a_collection_with_scripts_starts_one_child_and_ends_it(postrunner, collection, server, started):
    assert postrunner("run", collection(item("a", server.url, 'pm.test("x", () => {})'))).code == 0
    assert [child.alive for child in started] == [False]


def test_a_collection_without_scripts_starts_none(postrunner, collection, server, started):
    assert postrunner("run", collection(item("a", server.url))).code == 0
    assert started == []


@pytest.mark.parametrize("mistake", [("--no-such-option",), ("-n", "0"), ("-e", "gone.json")])
def test_a_mistake_on_the_command_line_leaves_no_child_behind(postrunner, collection, server, started, mistake):
    assert postrunner("run", collection(item("a", server.url, "1")), *mistake).code == 2
    assert [child.alive for child in started] == [False]


def test_garbage_is_collected_again_once_the_run_has_begun(postrunner, collection, server):
    postrunner("run", collection(item("a", server.url)))
    assert gc.isenabled()
