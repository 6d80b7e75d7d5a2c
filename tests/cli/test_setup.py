"""Folders that run once: a setup before everything, a teardown after everything whatever happened."""

import json
import signal
from xml.etree import ElementTree

import pytest

import runner
from runner.cancel import Cancel
from runner.events import IterationStarted
from tests.cli.conftest import item, report
from tests.cli.test_interrupt import begin, hanging  # noqa: F401
from tests.cli.test_interrupt import pytestmark as not_on_windows

ARGS = ("--setup", "Begin", "--teardown", "End")
FAILS = "pm.test('no', () => { throw new Error('x') })"


def paths(server):
    return [path for _, path, _, _ in server.seen]


def sets(scope, name):
    return f"pm.{scope}.set('{name}', '{name}-' + pm.info.iteration)"


@pytest.fixture
def parts(collection, server):
    """A collection with a setup, some requests and a teardown."""

    def make(*items, setup="", setup_path="/begin", end_path="/end", name="c", **more):
        begin = {"name": "Begin", "item": [item("log in", server.url + setup_path, setup)]}
        end = {"name": "End", "item": [item("clean", server.url + end_path), item("clean more", server.url + "/end2")]}
        return collection(end, *items, begin, name=name, **more)

    return make


def test_they_run_once_around_all_iterations(postrunner, parts, server):
    one = item("a", server.url + "/a?i={{i}}&token={{token}}")
    path = parts(one, setup="pm.environment.set('token', [pm.iterationData.get('i'), pm.info.iteration])")
    (path.parent / "rows.json").write_text('[{"i": 1}, {"i": 2}]')
    assert postrunner("run", path, "-d", "rows.json", *ARGS).code == 0
    assert paths(server) == ["/begin", "/a?i=1&token=,0", "/a?i=2&token=,0", "/end", "/end2"]


@pytest.mark.parametrize("scope", ["environment", "globals", "collectionVariables", "variables"])
def test_what_a_setup_sets_reaches_every_collection(postrunner, parts, collection, server, scope):
    first = collection(item("first", server.url + "/first/{{id}}"), name="first")
    second = parts(
        item("second", server.url + "/second/{{id}}"), setup=sets(scope, "id"), end_path="/end/{{id}}", name="second"
    )
    assert postrunner("run", first, second, *ARGS).code == 0
    assert paths(server) == ["/begin", "/first/id-0", "/second/id-0", "/end/id-0", "/end2"]


def test_a_setup_leaves_its_cookies(postrunner, parts, collection, server):
    jar = "pm.cookies.jar().set('http://127.0.0.1', 'session', 'abc')"
    first = collection(item("first", server.url + "/first"), name="first")
    assert postrunner("run", first, parts(setup=jar, name="second"), *ARGS, "--start-at", "first").code == 2
    assert postrunner("run", first, parts(item("a", server.url + "/a"), setup=jar, name="second"), *ARGS).code == 0
    cookies = {path: headers.get("Cookie") for _, path, headers, _ in server.seen}
    assert cookies == {
        "/begin": None,
        "/first": "session=abc",
        "/a": "session=abc",
        "/end": "session=abc",
        "/end2": "session=abc",
    }


def test_a_variable_of_its_own_collection_is_not_changed_by_anothers_setup(postrunner, parts, collection, server):
    own = [{"key": "id", "value": "own"}]
    first = collection(item("first", server.url + "/first/{{id}}"), name="first", variable=own)
    second = parts(item("a", server.url + "/a"), setup=sets("collectionVariables", "id"), name="second")
    assert postrunner("run", first, second, *ARGS).code == 0
    assert "/first/own" in paths(server)


def test_two_collections_with_a_setup_of_that_name_run_both_first(postrunner, parts, server):
    one = parts(item("a", server.url + "/a/{{x}}{{y}}"), setup=sets("environment", "x"), name="one")
    two = parts(item("b", server.url + "/b/{{x}}{{y}}"), setup=sets("environment", "y"), name="two")
    assert postrunner("run", one, two, *ARGS).code == 0
    around = ["/begin", "/begin", "/a/x-0y-0", "/b/x-0y-0", "/end", "/end2", "/end", "/end2"]
    assert paths(server) == around


def test_a_setup_that_fails_ends_the_run_but_for_the_teardown(postrunner, parts, server):
    done = postrunner("run", parts(item("a", server.url + "/a"), setup=FAILS), *ARGS)
    assert done.code == 1
    assert "the setup failed: nothing else was run" in done.out
    assert paths(server) == ["/begin", "/end", "/end2"]


ENDED = {
    "a failed test": ((), FAILS, ["/a", "/b"], 1),
    "bail": (("--bail",), FAILS, ["/a"], 1),
    "bail at once": (("--bail", "folder"), "x.y", ["/a"], 1),
    "the time limit": (("--timeout", "2000"), "setTimeout(() => {}, 60000)", ["/a"], 1),
}


@pytest.mark.parametrize("case", ENDED)
def test_a_teardown_runs_whatever_ended_the_rest(postrunner, parts, server, case):
    args, script, run, code = ENDED[case]
    path = parts(item("a", server.url + "/a", script), item("b", server.url + "/b"))
    done = postrunner("run", path, "--teardown", "End", "--exclude", "Begin", *args)
    assert done.code == code
    assert paths(server) == [*run, "/end", "/end2"]


def test_a_teardown_that_fails_goes_on_and_fails_the_run(postrunner, parts, server):
    path = parts(item("a", server.url + "/a"))
    text = json.loads(path.read_text())
    text["item"][0]["item"][0]["event"] = [{"listen": "test", "script": {"exec": FAILS}}]
    path.write_text(json.dumps(text))
    done = postrunner("run", path, *ARGS, "--bail")
    assert done.code == 1
    assert paths(server)[-2:] == ["/end", "/end2"]
    assert "the setup failed" not in done.out + done.err


@not_on_windows
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_teardown_runs_after_a_signal(collection, hanging, tmp_path, number, code):  # noqa: F811
    end = {"name": "End", "item": [item("clean", hanging.url + "/mark")]}
    path = collection(item("hangs", hanging.url + "/hang"), item("never", hanging.url + "/"), end)
    with begin(tmp_path, path, "--teardown", "End") as process:
        assert hanging.asked.wait(60)
        hanging.asked.clear()
        process.send_signal(number)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == code
    assert "teardown / End" in out
    assert hanging.asked.is_set()
    names = [one["item"]["name"] for one in report(tmp_path / "r.json")["executions"]]
    assert names == ["hangs", "clean"]


def test_a_teardown_runs_after_a_cancel(parts, server):
    cancel = Cancel()

    def listen(event):
        if isinstance(event, IterationStarted):
            cancel.set()

    path = parts(item("a", server.url + "/a"))
    assert runner.run(path, teardown=("End",), exclude=("Begin",), cancel=cancel, on_event=listen).failed
    assert paths(server) == ["/end", "/end2"]


def test_every_report_tells_setup_and_teardown_apart(postrunner, parts, server, tmp_path):
    path = parts(
        item("a", server.url + "/a", "pm.test('t', () => {})"), setup="pm.environment.set('x', 1); pm.test('s', () => {})"
    )
    kinds = ("json", "junit", "html", "ndjson")
    exports = [word for kind in kinds for word in (f"--reporter-{kind}-export", f"r.{kind}")]
    done = postrunner("run", path, *ARGS, "-r", "cli,json,junit,html,ndjson", *exports, "--export-environment", "e.json")
    assert done.code == 0
    for heading in ("setup / Begin", "teardown / End"):
        assert heading in done.out
    document = json.loads((tmp_path / "r.json").read_text())
    parts_of = [(one["item"]["name"], one.get("part")) for one in document["run"]["executions"]]
    assert parts_of == [("log in", "setup"), ("a", None), ("clean", "teardown"), ("clean more", "teardown")]
    assert "collections" not in document
    assert document["run"]["stats"]["iterations"]["total"] == 1
    assert [value["key"] for value in document["environment"]["values"]] == ["x"]
    assert [value["key"] for value in json.loads((tmp_path / "e.json").read_text())["values"]] == ["x"]
    suites = [suite.get("name") for suite in ElementTree.fromstring((tmp_path / "r.junit").read_text())]
    assert suites == ["setup / Begin / log in", "a", "teardown / End / clean", "teardown / End / clean more"]
    page = (tmp_path / "r.html").read_text()
    assert '"setup"' in page
    assert '"teardown"' in page
    lines = [json.loads(line) for line in (tmp_path / "r.ndjson").read_text().splitlines()]
    assert [line.get("part") for line in lines if "items" in line] == ["setup", None, "teardown"]


def test_without_anything_between_them_neither_runs(postrunner, parts, server):
    assert postrunner("run", parts(item("a", server.url + "/a")), *ARGS, "--tag", "x").code == 1
    assert not server.seen


def test_the_teardown_is_exported_too(postrunner, parts, server, tmp_path):
    path = parts(item("a", server.url + "/a"))
    text = json.loads(path.read_text())
    text["item"][0]["event"] = [{"listen": "test", "script": {"exec": "pm.environment.set('cleaned', 'yes')"}}]
    path.write_text(json.dumps(text))
    assert postrunner("run", path, *ARGS, "--export-environment", "e.json").code == 0
    assert [value["key"] for value in json.loads((tmp_path / "e.json").read_text())["values"]] == ["cleaned"]


@pytest.mark.parametrize("args", [ARGS, ARGS[2:], ()], ids=["setup and teardown", "teardown", "neither"])
def test_a_warning_of_a_collection_is_told_once(postrunner, parts, server, args):
    path = parts(item("a", server.url + "/a"))
    (path.parent / "rows.json").write_text("[]")
    done = postrunner("run", path, "-d", "rows.json", *args)
    assert (done.out + done.err).count("rows.json") == 1


def test_a_folder_that_no_collection_has_is_a_mistake(postrunner, parts, server):
    done = postrunner("run", parts(), "--setup", "Begn")
    assert done.code == 2
    assert "did you mean 'Begin'?" in done.err
