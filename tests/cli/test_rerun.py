"""What failed is run again: --last-failed, --failed-first, --rerun, and what a run keeps for them."""

import json

import pytest

import runner
from runner.errors import LoadError
from tests.cli.conftest import item

STATE = ".postrunner/last-failed.json"
FAILS = "pm.test('no', () => { if (pm.response.code !== 200) throw new Error('x') })"


def paths(server):
    return [path for _, path, _, _ in server.seen]


def sets(name):
    return f"pm.environment.set('{name}', 'v')"


@pytest.fixture
def again(postrunner, server):
    """Run the command line once more and give the paths that were asked for this time."""

    def call(*args, code=None):
        server.seen.clear()
        done = postrunner("run", *args)
        assert code is None or done.code == code, done.out + done.err
        return paths(server), done

    return call


@pytest.fixture
def request_that(server):
    """An item with a test that fails unless the server answers with 200; it answers as the test of the day says."""

    def make(name, *, fails=False, path="", test="", **more):
        return item(name, f"{server.url}{'/status/500' if fails else ''}/{path or name}", FAILS + "\n" + test, **more)

    return make


def test_only_what_failed_is_run(again, collection, request_that):
    file = collection(request_that("a"), request_that("b", fails=True), request_that("c"))
    again(file, code=1)
    seen, done = again(file, "--last-failed", code=1)
    assert seen == ["/status/500/b"]
    assert "note: 1 of 3 requests are run, which failed last time" in done.out


def test_it_is_run_with_what_sets_its_variables(again, collection, request_that):
    chain = [
        request_that("token", test=sets("token")),
        request_that("other"),
        request_that("id", path="{{token}}", test=sets("id")),
        request_that("last", fails=True, path="{{id}}"),
    ]
    file = collection(*chain)
    again(file, code=1)
    seen, done = again(file, "--last-failed", code=1)
    assert seen == ["/token", "/v", "/status/500/v"]
    assert "1 of 4 requests are run, which failed last time, and 2 that they may depend on" in " ".join(done.out.split())


def test_with_computed_names_its_whole_folder_is_run(again, collection, request_that):
    computed = request_that("b", fails=True, test="pm.variables.get('x' + 'abc'.slice(pm.info.iteration))")
    file = collection(request_that("top"), {"name": "F", "item": [request_that("a"), computed, request_that("c")]})
    again(file, code=1)
    assert again(file, "--last-failed")[0] == ["/a", "/status/500/b", "/c"]


def test_it_is_run_with_what_it_jumps_to(again, collection, request_that):
    jumps = request_that("b", fails=True, test="pm.execution.setNextRequest('d')")
    file = collection(request_that("a"), jumps, request_that("c"), request_that("d"))
    again(file, code=1)
    assert again(file, "--last-failed")[0] == ["/status/500/b", "/d"]
    jumps["event"][0]["script"]["exec"] = FAILS + "\npm.execution.setNextRequest(['d'].join())"
    file = collection(request_that("a"), jumps, request_that("c"), request_that("d"))
    assert again(file, "--last-failed")[0] == ["/a", "/status/500/b", "/d"]


def test_what_passes_is_forgotten_and_then_everything_is_run(again, collection, request_that, tmp_path):
    broken = collection(request_that("a"), request_that("b", fails=True))
    again(broken, code=1)
    mended = collection(request_that("a"), request_that("b"))
    assert again(mended, "--last-failed", code=0)[0] == ["/b"]
    seen, done = again(mended, "--last-failed", code=0)
    assert seen == ["/a", "/b"]
    assert "note: nothing failed last time: everything is run" in done.out


def test_what_was_not_run_stays_failed(again, collection, request_that):
    one = collection(request_that("a", fails=True), request_that("b", fails=True), name="one")
    two = collection(request_that("x", fails=True), name="two")
    again(one, two, code=1)
    collection(request_that("a"), request_that("b", fails=True), name="one")
    again(one, "-i", "a", code=0)
    assert again(one, two, "--last-failed")[0] == ["/status/500/b", "/status/500/x"]


def test_all_iterations_are_run_again(again, collection, request_that):
    file = collection(request_that("a"), request_that("b", fails=True))
    again(file, "-n", "2", code=1)
    assert again(file, "-n", "2", "--last-failed")[0] == ["/status/500/b"] * 2


def test_setup_and_teardown_are_run_around_it(again, collection, request_that):
    items = [request_that("in"), request_that("a"), request_that("b", fails=True), request_that("out")]
    file = collection(*items)
    parts = ("--setup", "in", "--teardown", "out")
    again(file, *parts, code=1)
    assert again(file, *parts, "--last-failed")[0] == ["/in", "/status/500/b", "/out"]


def test_after_a_failed_setup_or_teardown_everything_is_run(again, collection, request_that):
    file = collection(request_that("a"), request_that("b"), request_that("out", fails=True))
    again(file, "--teardown", "out", code=1)
    assert again(file, "--teardown", "out", "--last-failed")[0] == ["/a", "/b", "/status/500/out"]


def test_after_a_run_that_ended_early_everything_is_run(again, collection, request_that):
    loop = request_that("b", test="pm.execution.setNextRequest('b')")
    file = collection(request_that("a"), loop, request_that("c"))
    again(file, "--max-requests", "3", code=1)
    collection(request_that("a"), request_that("b"), request_that("c"))
    assert again(file, "--last-failed", code=0)[0] == ["/a", "/b", "/c"]


def test_after_bail_only_the_failure_is_run(again, collection, request_that):
    file = collection(request_that("a"), request_that("b", fails=True), request_that("c"))
    again(file, "--bail", code=1)
    assert again(file, "--last-failed", code=1)[0] == ["/status/500/b"]


def test_what_is_no_longer_there_is_named(again, collection, request_that, tmp_path):
    file = collection(request_that("a", fails=True), request_that("gone", fails=True))
    again(file, code=1)
    collection(request_that("a", fails=True), request_that("new"))
    seen, done = again(file, "--last-failed", code=1)
    assert seen == ["/status/500/a"]
    assert "warning: what failed last time is no longer there: 'gone'" in done.out
    assert "gone" not in (tmp_path / STATE).read_text()


def test_what_failed_outside_of_the_selection_runs_nothing_less(again, collection, request_that):
    file = collection(request_that("a", fails=True), request_that("b"), request_that("c"))
    again(file, code=1)
    seen, done = again(file, "--last-failed", "--exclude", "a", code=0)
    assert seen == ["/b", "/c"]
    assert "nothing that is selected failed last time: everything is run" in done.out


NO_STATES = ["", "{", "[]", '{"schema": 2, "failed": []}', '{"schema": 1, "failed": [{"path": []}]}']


@pytest.mark.parametrize("text", [*NO_STATES, '{"schema": 1, "failed": ["a"]}'])
def test_a_state_that_cannot_be_read_is_a_mistake_and_stays(again, collection, request_that, tmp_path, text):
    file = collection(request_that("a", fails=True))
    again(file, code=1)
    (tmp_path / STATE).write_text(text)
    seen, done = again(file, "--last-failed", code=2)
    assert seen == []
    assert f"error: {STATE}" in done.err
    assert f"remove {STATE} to forget what failed" in done.err
    assert f"warning: {STATE}" in again(file, code=1)[1].err
    assert (tmp_path / STATE).read_text() == text


def test_the_state_has_names_only_and_is_nothing_for_git(again, collection, request_that, tmp_path):
    secret = request_that("a", fails=True, path="s3cr3t-value")
    again(collection({"name": "F", "item": [secret]}), "--env-var", "token=s3cr3t-value", code=1)
    assert json.loads((tmp_path / STATE).read_text()) == {
        "schema": 1,
        "failed": [{"collection": "c.json", "path": ["F", "a"]}],
    }
    assert (tmp_path / ".postrunner/.gitignore").read_text() == "*\n"


def test_a_run_without_failures_leaves_nothing(again, collection, request_that, tmp_path):
    again(collection(request_that("a")), code=0)
    assert not (tmp_path / ".postrunner").exists()


def test_a_folder_that_takes_no_state_is_only_told_to_who_asks(again, collection, request_that, tmp_path):
    (tmp_path / ".postrunner").write_text("a file")
    file = collection(request_that("a", fails=True))
    assert again(file, code=1)[1].err == ""
    assert "warning: .postrunner/" in again(file, "--last-failed", code=1)[1].err


# -- the failed ones first --------------------------------------------------------------------------------------------


def test_failed_first_runs_everything_in_another_order(again, collection, request_that):
    file = collection(request_that("a"), {"name": "F", "item": [request_that("b"), request_that("c", fails=True)]})
    again(file, code=1)
    assert again(file, "--failed-first", code=1)[0] == ["/b", "/status/500/c", "/a"]


def test_failed_first_keeps_an_order_that_matters(again, collection, request_that):
    file = collection(request_that("a", path="{{x}}"), request_that("b", fails=True, test=sets("x")))
    again(file, "--env-var", "x=1", code=1)
    seen, done = again(file, "--failed-first", "--env-var", "x=1", code=1)
    assert seen == ["/1", "/status/500/b"]
    assert "note: c keeps its order: its requests may depend on one another" in done.out


def test_failed_first_keeps_the_order_where_an_iteration_may_end_early(again, collection, request_that):
    ends = request_that("a", test="if (pm.response.code === 500) pm.execution.setNextRequest(null)")
    file = collection(ends, request_that("b", fails=True))
    again(file, code=1)
    assert again(file, "--failed-first", code=1)[0] == ["/a", "/status/500/b"]


def test_several_jobs_run_again_what_failed(again, collection, request_that):
    files = [collection(request_that("a"), request_that(name, fails=True), name=name) for name in ("x", "y")]
    again(*files, "--jobs", "2", code=1)
    assert sorted(again(*files, "--jobs", "2", "--last-failed", code=1)[0]) == ["/status/500/x", "/status/500/y"]


def test_failed_first_begins_with_the_collections_that_failed(again, collection, request_that):
    files = [collection(request_that(name, fails=name == "b"), name=name) for name in ("a", "b")]
    again(*files, code=1)
    assert again(*files, "--failed-first")[0] == ["/status/500/b", "/a"]


# -- from a report ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reporter", "file"), [("json", "r.json"), ("junit", "r.xml")])
def test_a_report_tells_what_failed(again, collection, request_that, reporter, file):
    one = collection(request_that("same"), {"name": "F.G", "item": [request_that("same", fails=True)]}, name="one")
    two = collection(request_that("same"), name="two")
    again(one, two, "-r", reporter, f"--reporter-{reporter}-export", file, code=1)
    seen, done = again(one, two, "--rerun", file, code=1)
    assert seen == ["/status/500/same"]
    assert f"1 of 3 requests are run, which failed in {file}" in done.out


@pytest.mark.parametrize(("reporter", "file"), [("json", "r.json"), ("junit", "r.xml")])
def test_after_a_report_without_failures_everything_is_run_and_a_note_says_so(
    again, collection, request_that, reporter, file
):
    path = collection(request_that("a"), request_that("b"))
    again(path, "-r", reporter, f"--reporter-{reporter}-export", file, code=0)
    seen, done = again(path, "--rerun", file, code=0)
    assert seen == ["/a", "/b"]
    assert f"note: nothing failed in {file}: everything is run" in done.out


@pytest.mark.parametrize(("reporter", "file"), [("json", "r.json"), ("junit", "r.xml")])
def test_a_report_of_a_run_that_ended_early_runs_everything(again, collection, request_that, reporter, file):
    loop = request_that("b", test="pm.execution.setNextRequest('b')")
    path = collection(request_that("a"), loop)
    again(path, "--max-requests", "3", "-r", reporter, f"--reporter-{reporter}-export", file, code=1)
    collection(request_that("a"), request_that("b"))
    assert again(path, "--rerun", file, code=0)[0] == ["/a", "/b"]


def test_newmans_report_tells_what_failed(again, collection, request_that, tmp_path):
    file = collection({"id": "1", **request_that("a")}, {"id": "2", **request_that("b")}, {"id": "3", **request_that("a")})
    tree = {"info": {"name": "c"}, "item": [{"id": str(at), "name": name} for at, name in ((1, "a"), (2, "b"), (3, "a"))]}
    failures = [
        {"error": {"name": "AssertionError"}, "at": "assertion:0 in test-script", "source": {"id": "2", "name": "b"}}
    ]
    (tmp_path / "newman.json").write_text(json.dumps({"collection": tree, "run": {"failures": failures, "error": None}}))
    assert again(file, "--rerun", "newman.json", code=0)[0] == ["/b"]


@pytest.mark.parametrize(
    "text", ["", "{}", '{"run": {}}', "<a/>", "<testsuites><testsuite/></testsuites>", "<!DOCTYPE a><testsuites/>", "<a"]
)
def test_what_is_no_report_is_a_mistake(again, collection, request_that, tmp_path, text):
    (tmp_path / "r").write_text(text)
    seen, done = again(collection(request_that("a")), "--rerun", "r", code=2)
    assert seen == []
    assert done.err.startswith("error: r")


def test_a_report_and_the_last_time_are_not_both_given(again, collection, request_that):
    done = again(collection(request_that("a")), "--rerun", "r.json", "--last-failed", code=2)[1]
    assert "--rerun: says what failed, as --last-failed and --failed-first do" in done.err


# -- elsewhere --------------------------------------------------------------------------------------------------------


def test_the_list_and_the_dry_run_show_what_is_run_again(again, collection, request_that):
    file = collection(request_that("a"), request_that("b", fails=True))
    again(file, code=1)
    listed = again(file, "--last-failed", "--list", code=0)[1]
    assert listed.out.split() == ["c", "b", "1", "request"]
    assert "note: 1 of 2 requests are run" in listed.err
    shown = again(file, "--last-failed", "--dry-run", code=0)[1]
    assert "note: 1 of 2 requests are run" in shown.out
    assert "/status/500/b" in shown.out


def test_a_note_is_no_warning_for_fail_on_warning(again, collection, request_that):
    assert again(collection(request_that("a")), "--last-failed", "--fail-on-warning", code=0)[0] == ["/a"]


def test_python_keeps_nothing_unless_it_asks(server, collection, request_that, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = collection(request_that("a"), request_that("b", fails=True))
    assert runner.run(file).failed
    assert not (tmp_path / STATE).exists()
    assert runner.run(file, last_failed=True).failed
    server.seen.clear()
    assert runner.run(file, last_failed=True).failed
    assert paths(server) == ["/status/500/b"]
    (tmp_path / STATE).write_text("?")
    with pytest.raises(LoadError):
        runner.run(file, last_failed=True)


def test_scripts_of_a_later_collection_find_their_own_folder(again, collection, request_that, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/lib.js").write_text("module.exports = 'own'")
    first = collection(request_that("a"), name="first")
    needs = request_that("b", fails=True, test="pm.test(pm.require('./lib.js'), () => {})")
    second = collection(needs, name="sub/second")
    again(first, second, code=1)
    done = again(first, second, "--last-failed", code=1)[1]
    assert "own" in done.out
