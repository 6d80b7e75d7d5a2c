"""What ends a whole run is a failure in every report, in the summary and for Python callers."""

import json
from xml.etree import ElementTree

import pytest

from runner import run
from runner.cancel import Cancel
from runner.errors import Cancelled
from runner.events import ItemStarted
from tests.cli.conftest import item

KINDS = ("json", "junit", "html", "ndjson", "progress", "cli")


def reported(postrunner, tmp_path, *args):
    """Run with every report; gives exit code, standard output and the texts of the report files."""
    files = [word for kind in KINDS[:4] for word in (f"--reporter-{kind}-export", f"r.{kind}")]
    done = postrunner("run", *args, "-r", ",".join(KINDS), *files)
    return done, {kind: (tmp_path / f"r.{kind}").read_text("utf-8") for kind in KINDS[:4]}


def check(done, texts, message):
    """Every report shows this error as a failure."""
    assert done.code == 1
    assert done.out.count("error: ") == 2  # cli and progress
    assert message in done.out.replace("\n", " ")
    found = json.loads(texts["json"])["run"]
    assert message in found["error"]["message"]
    assert [message in failure["error"]["message"] for failure in found["failures"]][-1]
    assert found["failures"][-1]["source"]["name"]
    cases = [case for case in ElementTree.fromstring(texts["junit"]).iter("testcase") if case.find("error") is not None]
    assert any(message in case.find("error").get("message") for case in cases)
    assert message in texts["html"]
    assert "Failures <span" in texts["html"]
    lines = [json.loads(line) for line in texts["ndjson"].splitlines()]
    assert lines[-1]["failed"] is True
    assert lines[-1]["failures"] >= 1
    assert any(message in json.dumps(line) for line in lines if line["event"] == "runFinished")


def test_the_time_limit_of_the_run(postrunner, collection, slow_server, tmp_path):
    done, texts = reported(postrunner, tmp_path, collection(item("slow", slow_server)), "--timeout", "300")
    assert json.loads(texts["json"])["run"]["failures"]
    assert done.code == 1


def test_the_time_limit_between_requests(postrunner, collection, server, tmp_path):
    path = collection(item("one", server.url))
    done, texts = reported(postrunner, tmp_path, path, "-n", "100000", "--timeout", "300")
    check(done, texts, "callback timed out")


def test_a_loop_without_end(postrunner, collection, server, tmp_path):
    path = collection(item("round", server.url, 'pm.execution.setNextRequest("round")'))
    done, texts = reported(postrunner, tmp_path, path, "--max-requests", "3")
    check(done, texts, "the iteration ran 3 requests")


def test_a_selection_without_any_request(postrunner, collection, server, tmp_path):
    path = collection({"name": "empty", "item": []}, item("one", server.url))
    done, texts = reported(postrunner, tmp_path, path, "--folder", "empty")
    check(done, texts, "nothing was run")


def test_each_of_several_collections_tells_its_own(postrunner, collection, server, tmp_path):
    first = collection({"name": "empty", "item": []}, name="a")
    second = collection({"name": "empty", "item": []}, name="b")
    done, texts = reported(postrunner, tmp_path, first, second, "--folder", "empty")
    assert done.code == 1
    assert len(json.loads(texts["json"])["run"]["failures"]) == 2
    assert done.out.count("error: ") == 4


@pytest.mark.parametrize("bail", ["failure", "folder"])
def test_a_failure_that_ends_the_run_by_bail_is_counted_once(postrunner, collection, server, tmp_path, bail):
    path = collection(item("bad", server.url, "throw new Error('broken')"), item("two", server.url))
    _, texts = reported(postrunner, tmp_path, path, "--bail", bail)
    assert len(json.loads(texts["json"])["run"]["failures"]) == 1


@pytest.mark.parametrize("kind", ["RunStarted", "ItemStarted", "RequestFinished", "IterationFinished", "RunFinished"])
def test_a_listener_that_raises(collection, server, tmp_path, kind):
    def listen(event):
        if type(event).__name__ == kind:
            raise ValueError("my own mistake")

    options = {"reporters": ("json",), "reporter_options": (("json-export", str(tmp_path / "r.json")),)}
    summary = run(collection(item("one", server.url)), on_event=listen, **options)
    assert summary.failed
    assert summary.exit_code() == 1
    assert summary.failures[-1].message == "on_event raised ValueError: my own mistake"
    assert isinstance(summary.error.__cause__, ValueError)
    found = json.loads((tmp_path / "r.json").read_text("utf-8"))["run"]
    assert found["failures"][-1]["error"]["message"] == "on_event raised ValueError: my own mistake"


@pytest.mark.parametrize("real", [False, True])
def test_a_listener_of_executions_that_raises(collection, server, real):
    def listen(execution):
        heard.append(execution)
        raise ValueError("my own mistake")

    heard = []
    path = collection(item("one", server.url), item("two", server.url))
    summary = run(path, on_execution=listen, real_values=real)
    assert summary.failures[-1].message == "on_execution raised ValueError: my own mistake"
    assert isinstance(summary.error.__cause__, ValueError)
    assert len(heard) == 1


def test_a_listener_that_raises_for_what_the_end_of_the_run_broke_off(collection, server):
    def listen(execution):
        raise ValueError("my own mistake")

    cancel = Cancel()
    watch = {"on_execution": listen, "on_event": lambda event: cancel.set() if type(event) is ItemStarted else None}
    summary = run(collection(item("one", server.url)), cancel=cancel, **watch)
    assert isinstance(summary.error, Cancelled)  # what ended the run first counts
    assert summary.exit_code() != 0


def test_the_item_that_was_under_way_is_named(collection, server):
    def listen(event):
        if type(event).__name__ == "RequestFinished":
            raise ValueError("here")

    folder = {"name": "folder", "item": [item("inside", server.url)]}
    failure = run(collection(folder), on_event=listen).failures[-1]
    assert (failure.kind, failure.item.name, failure.path) == ("run", "inside", ("folder",))
