"""`runner.run` for Python callers: several collections, sources, and what the summary says of them."""

import pytest

import runner
from runner.errors import LoadError, NothingRun, UsageError
from runner.events import RunFinished, RunStarted
from tests.cli.conftest import item


def document(name, *items):
    return {"info": {"name": name}, "item": list(items)}


def test_several_collections_are_one_summary(server):
    events = []
    both = [document("one", item("a", server.url)), document("two", item("b", server.url), item("c", server.url))]
    summary = runner.run(both, on_event=events.append)
    assert [run.started.collection.name for run in summary.runs] == ["one", "two"]
    assert summary.stats["items"].total == 3
    kinds = [type(event) for event in events if isinstance(event, RunStarted | RunFinished)]
    assert kinds == [RunStarted, RunFinished] * 2
    assert not summary.failed


@pytest.mark.parametrize(
    ("bail", "runs"), [(None, 2), ("iteration", 2), ("failure", 1), ("folder,failure", 1), ("folder", 1)]
)
def test_a_failure_keeps_the_next_collection_from_running_if_bail_says_so(server, bail, runs):
    bad = document("bad", item("a", server.url, "throw new Error('x')"))
    assert len(runner.run([bad, document("next", item("b", server.url))], bail=bail).runs) == runs


def test_a_failure_names_its_collection(server):
    bad = document("bad", item("a", server.url, "throw new Error('x')"))
    summary = runner.run([document("good", item("a", server.url)), bad])
    assert [failure.collection.name for failure in summary.failures] == ["bad"]
    assert summary.exit_code() == 1


def test_a_selection_that_is_empty_in_one_of_several_fails_and_the_others_run(server):
    empty = document("empty", {"name": "F", "item": []})
    full = document("full", {"name": "F", "item": [item("a", server.url)]})
    summary = runner.run([empty, full], folder=("F",))
    assert isinstance(summary.error, NothingRun)
    assert summary.stats["requests"].total == 1
    assert summary.exit_code() == 1


def test_no_collection_at_all_is_a_usage_error():
    with pytest.raises(UsageError):
        runner.run([])


def test_a_path_an_address_and_a_document_are_all_collections(collection, server):
    with pytest.raises(LoadError, match="'item' is missing"):
        runner.run(server.url + "/c.json")  # the server answers with JSON that is not a collection
    assert not runner.run(collection(item("a", server.url))).failed


def test_environments_are_one_name_or_several(collection, server, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.json").write_text('{"values": [{"key": "x", "value": "%s"}]}' % name)  # noqa: UP031
    path = collection(item("a", server.url + "/{{x}}"))
    runner.run(path, environment=str(tmp_path / "a.json"))
    runner.run(path, environment=(str(tmp_path / "a.json"), str(tmp_path / "b.json")))
    assert [path for _, path, _, _ in server.seen] == ["/a", "/b"]


def test_a_caller_reads_the_real_value_of_a_variable_by_its_name(server):
    script = "pm.environment.set('session_token', 'real-value-' + pm.response.code)"
    summary = runner.run(document("c", item("one", server.url, script)))
    assert summary.finished.environment["session_token"] == "real-value-200"
    assert "real-value" not in repr(summary)
