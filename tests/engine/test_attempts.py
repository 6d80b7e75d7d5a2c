"""A request that failed in a way that may pass is run again, and only its last attempt counts."""

import errno
import json
import re
from pathlib import Path

import httpx
import pytest

import runner
from runner.cancel import Cancel
from runner.cli import main
from runner.effects import Sleep
from runner.errors import Bailed, Cancelled, UsageError
from runner.options import RunOptions
from tests.engine.conftest import item

CODES = {ConnectionRefusedError: "ECONNREFUSED", ConnectionResetError: "ECONNRESET"}
OK = 'pm.test("fine", () => pm.response.to.have.status(200));'


@pytest.fixture
def retried(ran):
    """Runs items against a server whose answers are a list (a status, or an exception), the last one for ever."""

    def run_items(*items, answers=(503, 200), **options):
        left = list(answers)

        def answer(request):
            found = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(found, Exception):
                raise found
            return found if isinstance(found, httpx.Response) else httpx.Response(found)

        ran.answer = answer
        return ran(*items, **{"retries": 2, "retry_delay": 0, **options})

    return run_items


def reasons(ran):
    return [event.reason for event in ran.of("ItemRetried")]


# -- what is run again ---------------------------------------------------------------------------------------------


def test_without_retries_nothing_is_run_again(retried, ran):
    summary = retried(item("a"), retries=0)
    assert (len(ran.sent), summary.retries, summary.flaky) == (1, 0, [])


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_passes_after_a_transient_status_is_flaky_and_no_failure(retried, ran, status):
    summary = retried(item("a"), answers=(status, 200))
    assert (len(ran.sent), summary.failed, summary.failures) == (2, False, [])
    assert [(one.item.name, one.cursor.attempt, one.cursor.attempts) for one in summary.flaky] == [("a", 1, 3)]


def test_a_status_that_fails_a_test_is_run_again(retried, ran):
    assert not retried(item("a", OK)).failed
    assert len(ran.sent) == 2


def test_a_status_that_tests_expect_is_not_run_again(retried, ran):
    summary = retried(item("a", 'pm.test("busy", () => pm.response.to.have.status(503));'))
    assert (len(ran.sent), summary.flaky) == (1, [])


def test_after_the_last_attempt_its_failures_count_once(retried, ran):
    summary = retried(item("a", OK), answers=(503,))
    assert (len(ran.sent), len(summary.failures), summary.retries, summary.flaky) == (3, 1, 2, [])
    assert {name: (one.total, one.failed, one.pending) for name, one in summary.stats.items() if one.total} == {
        name: (1, int(name == "assertions"), 0)
        for name in ("iterations", "items", "scripts", "prerequests", "requests", "tests", "assertions", "testScripts")
    }


@pytest.mark.parametrize("status", [400, 404, 500, 501])
def test_other_statuses_are_not_run_again(retried, ran, status):
    retried(item("a"), answers=(status, 200))
    assert len(ran.sent) == 1


@pytest.mark.parametrize("error", [ConnectionRefusedError, ConnectionResetError, httpx.ReadTimeout])
def test_connections_and_timeouts_are_run_again(retried, ran, error):
    broken = error("slow") if error is httpx.ReadTimeout else httpx.ConnectError("no")
    if broken.__class__ is not error:
        broken.__cause__ = error(getattr(errno, CODES[error]), "no")
    summary = retried(item("a"), answers=(broken, 200))
    assert (len(ran.sent), summary.failed, summary.retries) == (2, False, 1)


def test_a_request_that_cannot_be_sent_is_not_run_again(retried, ran):
    assert retried(item("a", auth={"type": "awsv4"})).retries == 0


@pytest.mark.parametrize(
    ("causes", "test", "status", "times"),
    [
        ("5xx", "", 500, 2),
        ("404", "", 404, 2),
        ("404", "", 503, 1),
        ("assertion", OK, 500, 2),
        ("script", OK, 500, 1),
        ("script", "missing();", 200, 3),
        ("assertion", "missing();", 200, 1),
        (["429", "assertion"], OK, 500, 2),
    ],
)
def test_retry_on_says_what_is_run_again(retried, ran, causes, test, status, times):
    retried(item("a", test), answers=(status, 200), retry_on=causes)
    assert len(ran.sent) == times


def test_an_unknown_cause_is_a_mistake(retried, ran):
    with pytest.raises(UsageError, match="not a cause"):
        retried(item("a"), retry_on=("never",))
    assert ran.sent == []


@pytest.mark.parametrize(("method", "times"), [("GET", 2), ("PUT", 2), ("DELETE", 2), ("POST", 1), ("PATCH", 1)])
def test_only_what_is_safe_to_repeat_is_run_again(retried, ran, method, times):
    retried(item("a", method=method))
    assert len(ran.sent) == times
    assert [event.code for event in ran.of("Warned")] == ([] if times == 2 else ["not-retried"])


def test_retry_unsafe_runs_a_post_again(retried, ran):
    assert not retried(item("a", method="POST"), retry_unsafe=True).failed


def test_a_post_that_a_script_sends_makes_its_item_unsafe(retried, ran):
    post = 'await pm.sendRequest({url: "http://h.example/", method: "POST"});'
    retried(item("a", OK, prerequest=post), answers=(200, 503, 200))
    assert len(ran.sent) == 2


@pytest.mark.parametrize(
    ("description", "times"),
    [
        ("@retry 3", 4),
        ("Polls.\n@retry 1 and more", 2),
        ("<p>@retry 1</p>", 2),
        ({"content": "@retry 1", "type": "text/markdown"}, 2),
        ("@retry 0", 1),
        ("me@retry 1", 3),
        ("@retry often", 3),
    ],
)
def test_a_request_says_in_its_description_how_often_it_is_run_again(retried, ran, description, times):
    retried(item("a", description=description), answers=(503,))
    assert len(ran.sent) == times


# -- what an attempt starts from -----------------------------------------------------------------------------------


def test_an_attempt_starts_from_the_variables_before_the_failed_one(retried, ran):
    count = (
        "for (const scope of [pm.variables, pm.globals, pm.collectionVariables, pm.environment]) {"
        ' pm.test("clean", () => pm.expect(scope.get("n")).to.equal(undefined)); }'
        'for (const scope of [pm.variables, pm.globals, pm.collectionVariables, pm.environment]) scope.set("n", 1);'
    )
    summary = retried(item("a", OK, prerequest=count))
    assert (summary.failures, len(ran.sent)) == ([], 2)
    assert [variable.value for variable in summary.finished.environment.values] == [1]


def test_an_attempt_starts_from_the_cookies_before_the_failed_one(retried, ran):
    cookies = []
    answers = [httpx.Response(503, headers={"set-cookie": "a=1"}), httpx.Response(200, headers={"set-cookie": "b=2"}), 200]
    before = ran._answer
    ran._answer = lambda request: cookies.append(request.headers.get("cookie")) or before(request)
    retried(item("a"), item("b"), answers=answers)
    assert cookies == [None, None, "b=2"]


def test_what_a_failed_attempt_left_in_the_globals_of_javascript_stays(retried, ran):
    retried(item("a", OK, prerequest="Array.prototype.seen = ([].seen || 0) + 1; console.log([].seen);"))
    assert [event.messages[0] for event in ran.of("ConsoleLogged")] == [1, 2]


def test_a_next_request_of_a_failed_attempt_does_not_count(retried, ran):
    jump = "if (pm.response.code === 503) pm.execution.setNextRequest(null);"
    retried(item("a", jump), item("b"))
    assert [event.item.name for event in ran.of("ItemFinished")] == ["a", "b"]


def test_a_skipped_attempt_counts(retried, ran):
    summary = retried(item("a", OK, prerequest="if (!pm.environment.get('x')) pm.execution.skipRequest();"))
    assert (ran.sent, summary.skipped_items, summary.retries) == ([], 1, 0)


def test_what_scripts_send_and_run_belongs_to_the_attempt(retried, ran):
    run_other = 'await pm.sendRequest("http://h.example/sub"); await pm.execution.runRequest("b");'
    summary = retried(item("a", OK, prerequest=run_other), item("b", OK), answers=(200, 200, 503, 200), folder=("a",))
    assert (len(ran.sent), summary.failed, summary.stats["requests"].total) == (6, False, 3)
    assert [(event.item.name, event.cursor.attempt) for event in ran.of("ItemStarted")] == [
        ("a", 0),
        ("b", 0),
        ("a", 1),
        ("b", 1),
    ]


def test_a_failure_of_what_a_script_runs_is_one_of_the_attempt(retried, ran):
    summary = retried(
        item("a", prerequest='await pm.execution.runRequest("b");'),
        item("b", OK),
        answers=(500, 200),
        retry_on="assertion",
        item=("a",),
    )
    assert (summary.failed, [one.item.name for one in summary.flaky]) == (False, ["a"])


# -- delays --------------------------------------------------------------------------------------------------------


@pytest.fixture
def slept(monkeypatch):
    """The milliseconds that runs wait, which then take no time."""
    waits = []

    def step(effect):
        waits.append(effect.ms)
        yield from ()

    monkeypatch.setattr(Sleep, "__iter__", step)
    return waits


def test_the_delay_comes_before_each_further_attempt(retried, slept):
    retried(item("a"), answers=(503,), retry_delay=70)
    assert slept == [70, 70]


def test_a_server_may_ask_for_more_delay(retried, slept):
    retried(item("a"), answers=(httpx.Response(503, headers={"retry-after": "7"}), 200), retry_delay=70)
    assert slept == [7000]


def test_a_server_may_ask_for_a_minute_at_most(retried, slept):
    retried(item("a"), answers=(httpx.Response(503, headers={"retry-after": "86400"}), 200), retry_delay=70)
    assert slept == [60_000]


@pytest.mark.parametrize(("code", "delay"), [(200, 70), (302, 70), (399, 70), (400, 7000), (503, 7000)])
def test_only_a_server_that_refuses_may_ask_for_more_delay(retried, slept, code, delay):
    asks = httpx.Response(code, headers={"retry-after": "7"})
    retried(item("a"), answers=(asks, 200), retry_delay=70, retry_on=str(code))
    assert slept[0] == delay


def test_a_retry_after_that_says_nothing_changes_nothing(retried, slept):
    retried(item("a"), answers=(httpx.Response(503, headers={"retry-after": "soon"}), 200), retry_delay=70)
    assert slept == [70]


def test_a_server_may_not_shorten_the_delay(retried, slept):
    retried(item("a"), answers=(httpx.Response(429, headers={"retry-after": "0"}), 200), retry_delay=70)
    assert slept == [70]


def test_delay_request_comes_before_every_attempt(retried, slept):
    retried(item("a"), answers=(503, 200), retry_delay=70, delay_request=5)
    assert slept == [5, 70, 5]


# -- with other options ---------------------------------------------------------------------------------------------


def test_a_recording_has_every_attempt_and_plays_them_in_their_order_without_a_wait(retried, ran, slept, tmp_path):
    tape = str(tmp_path / "tape.yaml")
    assert len(retried(item("a"), record=tape, retry_delay=50).flaky) == 1
    sent = len(ran.sent)
    summary = retried(item("a"), replay=tape, retry_delay=50)
    assert (len(ran.sent), len(summary.flaky), slept) == (sent, 1, [50])


def test_a_seed_goes_on_with_other_values_in_the_next_attempt(retried, ran):
    retried(item("a", url="http://h.example/{{$guid}}"), seed="s")
    first, second = ran.sent
    assert first != second
    before = list(ran.sent)
    retried(item("a", url="http://h.example/{{$guid}}"), seed="s")
    assert ran.sent[2:] == before


# -- how runs end --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bail", ["failure", "iteration", "folder"])
def test_bail_does_not_see_a_failed_attempt(retried, ran, bail):
    summary = retried(item("a", OK + "if (pm.response.code !== 200) missing();"), item("b"), bail=bail)
    assert (len(ran.sent), summary.error) == (3, None)


@pytest.mark.parametrize("bail", ["failure", "folder"])
def test_bail_sees_the_last_attempt(retried, ran, bail):
    summary = retried(item("a", "missing();"), item("b"), answers=(503,), bail=bail)
    assert (len(ran.sent), len(summary.failures)) == (3, 1)
    assert isinstance(summary.error, Bailed) == (bail == "folder")


def test_bail_sees_an_attempt_that_could_have_been_followed_by_another(retried, ran):
    summary = retried(item("a", "missing();"), item("b"), answers=(200,), bail="folder")
    assert (len(ran.sent), type(summary.error)) == (1, Bailed)


def test_fail_on_flaky_makes_a_failure_of_what_passed_at_last(retried):
    summary = retried(item("a"), fail_on_flaky=True)
    assert (summary.failed, summary.exit_code(RunOptions())) == (True, 1)
    assert [(one.kind, one.message) for one in summary.failures] == [
        ("flaky", "passed at attempt 2 of 3 (before: 503 Service Unavailable)")
    ]


def test_fail_on_flaky_is_no_reason_to_bail(retried, ran):
    summary = retried(item("a"), item("b"), fail_on_flaky=True, bail="failure")
    assert (len(ran.sent), summary.error) == (3, None)


def test_attempts_are_no_requests_for_max_requests(retried, ran):
    summary = retried(item("a"), answers=(503, 503, 200), max_requests=1)
    assert (len(ran.sent), summary.error) == (3, None)


def test_a_run_that_ends_while_it_waits_keeps_the_failed_attempt():
    cancel = Cancel()

    def on_event(event):
        if type(event).__name__ == "ItemRetried":
            cancel.set()

    summary = runner.run(
        {"info": {"name": "C"}, "item": [item("a", OK)]},
        transport=httpx.MockTransport(lambda request: httpx.Response(503)),
        on_event=on_event,
        cancel=cancel,
        retries=2,
        retry_delay=60_000,
    )
    assert isinstance(summary.error, Cancelled)
    assert [one.test or one.kind for one in summary.failures] == ["fine", "run"]
    assert summary.stats["requests"].total == 1


def test_timeout_limits_all_attempts_and_waits_together(retried, ran):
    summary = retried(item("a"), answers=(503,), retries=9999, timeout=100, retry_delay=10)
    assert "callback timed out" in summary.error.message


def test_each_iteration_has_attempts_of_its_own(retried, ran):
    summary = retried(item("a"), answers=(503, 200, 503, 200), iteration_count=2)
    assert [(one.cursor.iteration, one.cursor.attempt) for one in summary.flaky] == [(0, 1), (1, 1)]
    assert len(ran.sent) == 4


def test_a_run_without_retries_keeps_no_copy_of_anything(ran, monkeypatch):
    monkeypatch.setattr("runner.engine.run.Run._remember", None)
    assert not ran(item("a")).failed


def test_the_polling_of_the_docs_asks_until_the_job_is_done(retried, ran):
    page = (Path(__file__).parents[2] / "docs" / "retries.md").read_text("utf-8")
    script = re.search(r"```js\n(.*?)```", page, re.DOTALL)[1].replace("2000", "1")
    answers = [httpx.Response(200, json={"state": state}) for state in ("running", "running", "done")]
    summary = retried(item("Job", script), answers=answers)
    assert (len(ran.sent), summary.failed, summary.retries, summary.stats["assertions"].total) == (3, False, 0, 1)


def test_suppress_exit_code_hides_what_is_flaky(retried):
    summary = retried(item("a"), fail_on_flaky=True)
    assert summary.exit_code(RunOptions(suppress_exit_code=True)) == 0


def test_timeout_request_limits_each_attempt(retried, ran):
    summary = retried(item("a"), answers=(httpx.ReadTimeout("slow"), 200), timeout_request=1000)
    assert [one.cursor.attempt for one in summary.flaky] == [1]


def test_on_execution_gets_the_attempt_that_counts_with_those_before_it(ran):
    answers, got = [503, 200], []
    runner.run(
        {"info": {"name": "C"}, "item": [item("a", OK)]},
        transport=httpx.MockTransport(lambda request: httpx.Response(answers.pop(0), text="real-token")),
        on_execution=got.append,
        real_values=True,
        secret=("real-token",),
        retries=1,
        retry_delay=0,
    )
    (execution,) = got
    assert (execution.own.exchange.response.code, execution.flaky) == (200, True)
    assert [attempt.execution.own.exchange.response.code for attempt in execution.attempts] == [503]
    assert [failure.test for failure in execution.attempts[0].execution.failures] == ["fine"]


def test_a_dry_run_runs_nothing_again(tmp_path, capsys):
    (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "C"}, "item": [item("a", description="@retry 2")]}))
    assert main(["run", str(tmp_path / "c.json"), "--dry-run", "--retries", "2"]) == 0
    assert capsys.readouterr().out.count("GET http://h.example/") == 1


def test_retries_0_on_the_command_line_and_an_unknown_cause(tmp_path, capsys):
    (tmp_path / "c.json").write_text(json.dumps({"info": {"name": "C"}, "item": [item("a")]}))
    assert main(["run", str(tmp_path / "c.json"), "--dry-run", "--retries", "0", "--retry-on", "5xx,script"]) == 0
    assert main(["run", str(tmp_path / "c.json"), "--retry-on", "6xx"]) == 2
    assert "'6xx' is not a cause to run a request again" in capsys.readouterr().err


def test_a_request_for_a_token_does_not_make_an_attempt_unsafe_to_repeat(ran):
    answers = [503, 200]

    def answer(request):
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "t-1", "token_type": "Bearer"})
        return httpx.Response(answers.pop(0))

    ran.answer = answer
    params = {"grant_type": "client_credentials", "accessTokenUrl": "http://h.example/token", "clientId": "me"}
    oauth2 = [{"key": key, "value": value} for key, value in params.items()]
    summary = ran(item("a", auth={"type": "oauth2", "oauth2": oauth2}), retries=1, retry_delay=0)
    assert (summary.failed, summary.retries, answers) == (False, 1, [])
    assert ran.sent[0] == "http://h.example/token"
