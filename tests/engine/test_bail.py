"""--bail: which failures end an iteration or the run."""

import httpx

from tests.engine.conftest import item

SEND = 'pm.sendRequest("http://gone.example/", (error) => pm.environment.set("told", String(!!error)))'


def no_gone(request):
    if request.url.host == "gone.example":
        raise httpx.ConnectError("nobody there")
    return httpx.Response(200, json={})


def test_a_sub_request_that_fails_is_the_affair_of_its_script_and_ends_no_run(ran):
    ran.answer = no_gone
    summary = ran(item("a", test=SEND), item("b"), bail="folder")
    assert summary.error is None
    assert ran.sent == ["http://h.example/", "http://gone.example/", "http://h.example/"]


def test_a_sub_request_that_fails_is_no_failure_that_bail_counts(ran):
    ran.answer = no_gone
    ran(item("a", test=SEND), item("b"), bail="failure")
    assert ran.sent[-1] == "http://h.example/"


def test_an_error_in_a_script_ends_the_run_at_once_with_bail_folder(ran):
    summary = ran(item("a", prerequest="null.x"), item("b"), bail="folder")
    assert summary.error is not None
    assert ran.sent == []


def test_a_failed_assertion_ends_the_run_after_its_item(ran):
    ran(item("a", test='pm.test("no", () => { throw 1 })'), item("b"), bail="failure", iteration_count=2)
    assert len(ran.sent) == 1


def test_bail_iteration_goes_on_with_the_next_iteration(ran):
    ran(item("a", test='pm.test("no", () => { throw 1 })'), item("b"), bail="iteration", iteration_count=2)
    assert len(ran.sent) == 2


def test_the_failures_of_one_iteration_do_not_end_the_next(ran):
    fails_first = 'pm.test("first", () => { if (pm.info.iteration === 0) throw 1 })'
    ran(item("a", test=fails_first), item("b"), bail="iteration", iteration_count=2)
    assert len(ran.sent) == 3
