"""The results that Allure makes its report of."""

import json
from dataclasses import replace

import pytest

from runner.errors import RunAborted
from runner.model.collection import Event, Script
from runner.options import RunOptions
from runner.reporters.allure.report import MOST_REQUESTS, Allure
from runner.secrets import Secrets
from runner.secrets.outgoing.masked import Masker
from tests.reporters.conftest import TOKEN, Scenario


@pytest.fixture
def results(tmp_path):
    """The results of a run in their order, and the other files."""

    def write(scenario, summary=None, **fields):
        folder = tmp_path / "results"
        options = RunOptions(reporter_options=(("allure-results-dir", str(folder)),), **fields.pop("options", {}))
        scenario.report(Allure, summary, options=options, **fields)
        files = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
        found = [json.loads(text) for name, text in files.items() if name.endswith("-result.json")]
        assert all(f"{one['uuid']}-result.json" in files for one in found)
        return sorted(found, key=lambda one: (one["start"], one["fullName"])), files

    return write


@pytest.fixture
def run():
    """A failed test, a failed script and a failed request."""
    run = Scenario().start().iteration().begin().request().check("ok").check("status", "no 200").log("hello")
    run.script(error="x is not defined", line=2).end().begin(run.deep).request("script").broken().end()
    return run.end_iteration().finish()


def test_each_request_is_a_result_with_its_tests_and_requests_as_steps(run, results):
    (first, second), _ = results(run)
    assert (first["fullName"], first["status"], first["stage"]) == ("Sample API#List users", "failed", "finished")
    assert [(step["name"], step["status"]) for step in first["steps"]] == [
        ("GET http://api.test/users → 200", "passed"),
        ("ok", "passed"),
        ("status", "failed"),
        ("test script: ReferenceError", "broken"),
    ]
    assert first["statusDetails"]["message"] == "status: no 200\ntest-script:2: x is not defined"
    assert (second["fullName"], second["status"]) == ("Sample API/Users/Admin#Add user", "broken")
    assert [step["name"].split()[0] for step in second["steps"]] == ["pm.sendRequest", "GET"]
    assert all(step["start"] <= step["stop"] for step in first["steps"])


def test_requests_and_console_are_attached_without_secrets(run, results):
    (first, _), files = results(run)
    texts = {one["name"]: files[one["source"]] for one in (*first["steps"][0]["attachments"], *first["attachments"])}
    assert texts["request and response"].startswith("> GET http://api.test/users\n")
    assert "\n< 200 OK in 79ms\n" in texts["request and response"]
    assert texts["curl"].startswith("curl -H ")
    assert texts["console"] == "hello"
    assert TOKEN not in str(files)


def test_what_becomes_a_secret_later_is_in_no_file(results):
    run = Scenario().start().iteration()
    run.secrets = Secrets([])
    run.masker = Masker(run.secrets)
    run.begin().request(url=f"http://api.test/{TOKEN}").check("a", f"no {TOKEN}").log(TOKEN).end().end_iteration().finish()

    class Late(Allure):
        def close(self, summary):
            run.secrets.add(TOKEN)
            summary.mask_again(run.masker)
            super().close(summary)

    made, told = [], run.report

    def report(reporter, *args, **fields):
        made.append(reporter)
        return told(Late, *args, **fields)

    run.report = report
    _, files = results(run)
    assert made == [Allure]
    assert TOKEN not in str(files)


def test_labels_name_suites_tags_and_what_scripts_say(results):
    run = Scenario().start()
    script = Script(id="s", exec="// @allure.label.owner=me\n  // @allure.id = 7\npm.test('a')")
    run.deep = replace(run.deep, name="Add [smoke]", events=(Event(listen="test", script=script),))
    run.iteration().begin(run.deep, ("Users", "Admin", "Deep")).request().end().end_iteration().finish()
    (one,), _ = results(run)
    found = {label["name"]: label["value"] for label in one["labels"]}
    assert found == {
        "parentSuite": "Sample API",
        "suite": "Users",
        "subSuite": "Admin > Deep",
        "package": "Sample API.Users.Admin.Deep",
        "framework": "postrunner",
        "language": "javascript",
        "tag": "smoke",
        "owner": "me",
        "ALLURE_ID": "7",
    }


def test_the_history_is_that_of_the_request_and_its_iteration(results):
    def ids(cycles):
        run = Scenario(cycles).start()
        for number in range(cycles):
            run.iteration(number).begin().request().end().end_iteration()
        found, _ = results(run.finish())
        return {(one["historyId"], one["testCaseId"]) for one in found}

    once = ids(1)
    assert ids(1) == once
    assert len({case for _, case in once | ids(2)}) == 1
    assert len({history for history, _ in ids(2)}) == 2


def test_attempts_are_retries_of_the_same_history_and_what_passed_is_flaky(results):
    run = Scenario().start().iteration().begin().attempts(2).request(code=503).again()
    run.now += 1
    run.request().check("a").end().end_iteration().finish()
    found, _ = results(run)
    states = [(one["status"], one["statusDetails"].get("flaky")) for one in found]
    assert sorted(states, key=str) == [("failed", None), ("passed", True)]
    assert len({one["historyId"] for one in found}) == 1
    assert len({one["uuid"] for one in found}) == 2
    assert results(run, options={"fail_on_flaky": True})[0][-1]["statusDetails"]["message"]


def test_what_is_about_no_request_is_a_result_too(results):
    run = Scenario().start().iteration().begin().request().end().warn("odd").finish(RunAborted("too long"))
    found, _ = results(run, {"fail_on_warning": True})
    told = {one["name"]: (one["status"], one["statusDetails"].get("message")) for one in found}
    assert told["the run ended early"] == ("broken", "too long")
    assert told["warning 1"] == ("failed", "odd")


def test_skipped_and_broken_off_requests_have_not_passed(results):
    run = Scenario().start().iteration().begin().end(skipped=True).begin(Scenario().deep, ()).interrupted()
    found, _ = results(run)
    assert sorted(one["status"] for one in found) == ["broken", "broken", "skipped"]


def test_categories_environment_and_executor_stand_beside(run, results):
    job = {"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/b"}
    _, files = results(run, environ={**job, "GITHUB_RUN_ID": "5", "GITHUB_RUN_NUMBER": "3", "GITHUB_WORKFLOW": "api"})
    assert {category["name"] for category in json.loads(files["categories.json"])} >= {
        "Tests that failed",
        "Flaky requests",
    }
    assert "environment = dev\n" in files["environment.properties"]
    assert json.loads(files["executor.json"]) == {
        "name": "GitHub Actions",
        "type": "github",
        "buildName": "api #3",
        "buildOrder": 3,
        "buildUrl": "https://github.com/a/b/actions/runs/5",
    }


def executors(environ, run, results):
    return json.loads(results(run, environ=environ)[1].get("executor.json", "null"))


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({}, None),
        (
            {"GITLAB_CI": "true", "CI_JOB_NAME": "api", "CI_PIPELINE_IID": "7", "CI_JOB_URL": "https://gitlab.test/1"},
            {"name": "GitLab CI", "type": "gitlab", "buildName": "api #7", "buildOrder": 7},
        ),
        (
            {"TEAMCITY_VERSION": "1", "TEAMCITY_BUILDCONF_NAME": "api", "BUILD_NUMBER": "1.0-b"},
            {"name": "TeamCity", "type": "teamcity", "buildName": "api #1.0-b"},
        ),
        (
            {"JENKINS_URL": "http://j", "JOB_NAME": "api", "BUILD_NUMBER": "12", "BUILD_URL": "http://j/12"},
            {"name": "Jenkins", "type": "jenkins", "buildName": "api #12", "buildOrder": 12, "buildUrl": "http://j/12"},
        ),
        ({"JENKINS_URL": "http://j"}, {"name": "Jenkins", "type": "jenkins", "buildName": ""}),
        (
            {"JENKINS_URL": "http://j", "BUILD_NUMBER": "²", "BUILD_URL": "javascript:1"},
            {"name": "Jenkins", "type": "jenkins", "buildName": "²"},
        ),
        (
            {"JENKINS_URL": "http://j", "BUILD_NUMBER": "9" * 5000},
            {"name": "Jenkins", "type": "jenkins", "buildName": "9" * 5000},
        ),
    ],
    ids=["nowhere", "gitlab", "teamcity", "jenkins", "nothing is set", "odd values", "a long number"],
)
def test_the_executor_is_the_job_of_a_known_server(run, results, environ, found):
    if environ.get("CI_JOB_URL"):
        found["buildUrl"] = environ["CI_JOB_URL"]
    assert executors(environ, run, results) == found


def test_iterations_are_parameters_where_there_are_several(results):
    run = Scenario(2).start()
    for number in range(2):
        run.iteration(number).begin().request().end().end_iteration()
    found, _ = results(run.finish())
    assert [one["parameters"] for one in found] == [[{"name": "iteration", "value": str(number)}] for number in (1, 2)]


def test_a_request_may_be_shown_with_so_many_requests_of_its_scripts_and_no_more(results):
    run = Scenario().start().iteration().begin().request()
    for _ in range(MOST_REQUESTS + 1):
        run.request("script")
    (one,), _ = results(run.end().end_iteration().finish())
    assert sum(bool(step.get("attachments")) for step in one["steps"]) == MOST_REQUESTS


def test_of_requests_that_passed_only_the_first_are_attached_and_of_those_that_failed_all(results, monkeypatch):
    monkeypatch.setattr("runner.reporters.allure.report.MOST_ATTACHED", 2)
    run = Scenario().start().iteration()
    for number in range(4):
        run.begin().request().check("a").end().begin(run.deep).request().check("b", f"no {number}").end()
    found, _ = results(run.end_iteration().finish())
    attached = [one["name"] for one in found if one["steps"][0].get("attachments")]
    assert (attached.count("List users"), attached.count("Add user")) == (2, 4)


def test_a_hint_stands_with_what_ended_the_run(results):
    run = Scenario().start().iteration().begin().finish(RunAborted("too long", hint="raise --timeout"))
    found, _ = results(run)
    (ended,) = (one for one in found if one["name"] == "the run ended early")
    assert "raise --timeout" in str(ended["statusDetails"])
    assert ended["labels"] == [{"name": "parentSuite", "value": "Sample API"}]


def test_a_step_and_a_result_that_failed_say_why(results):
    run = Scenario().start().iteration().begin().check("status", "no 200").end().begin(Scenario().deep, ()).unsigned()
    found, _ = results(run.end().end_iteration().finish())
    told = {one["name"]: one for one in found}
    step = told["List users"]["steps"][0]
    assert step["statusDetails"] == {"message": "no 200", "trace": "AssertionError: no 200"}
    assert "hint: set it in the auth tab" in told["Add user"]["statusDetails"]["trace"]


def test_a_request_that_the_end_of_the_run_broke_off_says_so(results):
    run = Scenario().start().iteration().begin().request().finish(RunAborted("too long"))
    found, _ = results(run)
    told = {one["name"]: one["statusDetails"] for one in found}
    assert told["List users"]["message"] == "the run ended before it did"


def test_tags_of_folders_and_of_the_collection_count_for_their_requests(results):
    run = Scenario()
    admin = replace(run.collection.items[1].items[0], name="Admin [slow]")
    users = replace(run.collection.items[1], items=(admin,))
    run.collection = replace(run.collection, name="API [nightly]", items=(run.root, users))
    run.start().iteration().begin(run.deep).request().end().begin().request().end().end_iteration().finish()
    found, _ = results(run)
    tags = {one["name"]: {label["value"] for label in one["labels"] if label["name"] == "tag"} for one in found}
    assert tags == {"Add user": {"slow", "nightly"}, "List users": {"nightly"}}
