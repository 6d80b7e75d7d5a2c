"""Exit codes, counts and reports of runs that were Newman's."""

import json
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import item, report

FAIL = "pm.test('no', () => pm.expect(1).to.equal(2))"
ROWS = [{"who": "Ada"}, {"who": "Bob"}]


@pytest.fixture
def rows(tmp_path):
    (tmp_path / "rows.json").write_text(json.dumps(ROWS))
    return ("-d", "rows.json")


@pytest.mark.parametrize(
    ("args", "count"), [((), 1), (("-n", "3"), 3), (("-d", "rows.json"), 2), (("-d", "rows.json", "-n", "3"), 3)]
)
def test_iterations_are_counted_by_the_option_then_by_the_rows(postrunner, collection, server, rows, tmp_path, args, count):
    postrunner("run", collection(item("a", server.url)), *args, "-r", "json", "--reporter-json-export", "r.json")
    assert report(tmp_path / "r.json")["stats"]["iterations"]["total"] == count


def test_the_run_of_a_json_report_has_newmans_keys(postrunner, collection, server, tmp_path):
    postrunner("run", collection(item("a", server.url)), "-r", "json", "--reporter-json-export", "r.json")
    assert set(report(tmp_path / "r.json")) == {"stats", "timings", "executions", "transfers", "failures", "error"}


@pytest.mark.parametrize("flags", [(), ("-x",), ("--suppress-exit-code",)])
def test_the_exit_code_of_a_failed_run_can_be_suppressed(postrunner, collection, server, flags):
    assert postrunner("run", collection(item("a", server.url, FAIL)), *flags).code == (0 if flags else 1)


def test_a_value_of_tests_that_is_undefined_is_a_failed_test(postrunner, collection, server, tmp_path):
    one = item("a", server.url, "tests['there'] = pm.response.json().path; tests['not there'] = pm.response.json().nothing")
    done = postrunner("run", collection(one), "-r", "json", "--reporter-json-export", "r.json")
    [failure] = report(tmp_path / "r.json")["failures"]
    assert (done.code, failure["error"]["name"], failure["error"]["test"]) == (1, "AssertionError", "not there")


@pytest.mark.parametrize("flag", ["--env-var", "--global-var"])
def test_a_variable_of_the_command_line_is_in_the_request(postrunner, collection, server, flag):
    postrunner("run", collection(item("a", server.url + "/{{who}}")), flag, "who=Ada", flag, "other==x=")
    assert [path for _, path, _, _ in server.seen] == ["/Ada"]


@pytest.mark.parametrize("args", [("--env-var",), ("--global-var",), ("-n", "-3.14"), ("--color", "pink"), ("--nope",)])
def test_mistakes_on_the_command_line_end_with_2_before_anything_is_sent(postrunner, collection, server, args):
    assert postrunner("run", collection(item("a", server.url)), *args).code == 2
    assert server.seen == []


@pytest.mark.parametrize(("folders", "names"), [(["b"], ["b"]), (["a", "c"], ["a", "c"])])
def test_chosen_requests_run_and_no_others(postrunner, collection, server, tmp_path, folders, names):
    path = collection(*(item(name, server.url) for name in "abc"))
    args = [word for name in folders for word in ("--folder", name)]
    postrunner("run", path, *args, "-r", "json", "--reporter-json-export", "r.json")
    assert [execution["item"]["name"] for execution in report(tmp_path / "r.json")["executions"]] == names


@pytest.mark.parametrize("folders", [["z"], ["a", "z"]])
def test_one_unknown_name_is_enough_to_run_nothing(postrunner, collection, server, folders):
    args = [word for name in folders for word in ("--folder", name)]
    done = postrunner("run", collection(item("a", server.url)), *args)
    assert (done.code, server.seen) == (2, [])
    assert 'unable to find a folder or request named "z"' in done.err


def test_the_first_version_of_the_format_runs_without_a_word(postrunner, server, tmp_path):
    request = {"id": "r", "name": "a", "method": "GET", "url": server.url + "/v1", "collectionId": "c"}
    (tmp_path / "v1.json").write_text(json.dumps({"id": "c", "name": "old", "order": ["r"], "requests": [request]}))
    done = postrunner("run", "v1.json")
    assert (done.code, done.err, server.seen[0][1]) == (0, "", "/v1")


def test_a_script_that_takes_too_long_fails_the_run(postrunner, collection, server):
    slow = "const until = Date.now() + 60000; while (Date.now() < until) {}"
    done = postrunner("run", collection(item("a", server.url, slow)), "--timeout-script", "5")
    assert done.code == 1
    assert "sandbox: synchronous script execution timeout" in done.out


@pytest.mark.parametrize("flags", [(), ("--no-insecure-file-read",)])
def test_files_outside_of_the_working_folder_can_be_forbidden(postrunner, collection, server, tmp_path, flags):
    (tmp_path / "outside.txt").write_text("tea")
    (tmp_path / "work").mkdir()
    body = {"mode": "file", "file": {"src": "../outside.txt"}}
    postrunner("run", collection(item("a", server.url, method="POST", body=body)), "--working-dir", "work", *flags)
    assert server.seen[0][3] == (b"" if flags else b"tea")


def junit(path):
    root = ElementTree.parse(path).getroot()
    return root, root.find("testsuite")


def test_a_junit_report_tells_times_and_counts_as_newman_does(postrunner, collection, server, tmp_path):
    one = item("Make the tea", server.url, FAIL + "; pm.test('yes', () => {})")
    postrunner("run", collection(one), "-r", "junit", "--reporter-junit-export=r.xml")
    root, suite = junit(tmp_path / "r.xml")
    assert [suite.get(name) for name in ("tests", "failures", "errors")] == ["2", "1", "0"]
    times = [element.get("time") for element in (root, suite, *suite.iter("testcase"))]
    assert all(len(time.split(".")[1]) == 3 for time in times)


def test_a_failed_test_in_junit_has_newmans_type_and_its_message(postrunner, collection, server, tmp_path):
    postrunner("run", collection(item("a", server.url, FAIL)), "-r", "junit", "--reporter-junit-export", "r.xml")
    failure = junit(tmp_path / "r.xml")[1].find("testcase/failure")
    assert (failure.get("type"), failure.get("message")) == ("AssertionFailure", "expected 1 to equal 2")


def test_tests_in_callbacks_of_sent_requests_are_cases_of_their_item(postrunner, collection, server, tmp_path):
    script = f"pm.test('own', () => {{}}); pm.sendRequest({server.url!r}, () => pm.test('nested', () => {{}}))"
    postrunner("run", collection(item("a", server.url, script)), "-r", "junit", "--reporter-junit-export", "r.xml")
    suite = junit(tmp_path / "r.xml")[1]
    assert [case.get("name") for case in suite.iter("testcase")] == ["own", "nested"]


def test_a_script_error_in_junit_is_an_error_beside_the_tests(postrunner, collection, server, tmp_path):
    script = "pm.test('yes', () => {}); undefined.nothing"
    done = postrunner("run", collection(item("a", server.url, script)), "-r", "junit", "--reporter-junit-export", "r.xml")
    suite = junit(tmp_path / "r.xml")[1]
    assert (done.code, suite.get("errors"), suite.find("testcase/error").get("type")) == (1, "1", "TypeError")


def test_an_object_that_is_not_the_body_fails_the_test(postrunner, collection, server):
    one = item("a", server.url, "pm.test('body', () => pm.response.to.have.jsonBody({ nothing: 'like this' }))")
    assert postrunner("run", collection(one)).code == 1
