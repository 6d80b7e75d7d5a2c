"""The results that Allure makes its report of."""

import json
from dataclasses import replace

import pytest

from runner.errors import RunAborted
from runner.model.collection import Event, Script
from runner.options import RunOptions
from runner.reporters.allure.report import Allure
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
