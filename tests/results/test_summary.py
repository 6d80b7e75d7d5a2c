import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import Interrupted, RunAborted, SelectionError
from runner.model.quick_dataclass import replace
from runner.options import RunOptions
from runner.results.failure import LONGEST
from runner.results.figures import Spread
from runner.results.summary import Summary
from tests.reporters.conftest import Scenario


@pytest.fixture
def scenario():
    return Scenario().start()


def test_a_run_in_which_everything_happens_is_counted_as_newman_counts(scenario):
    stats = scenario.whole().finish().summary().stats
    assert {name: (tracker.total, tracker.pending, tracker.failed) for name, tracker in stats.items()} == {
        "iterations": (1, 0, 0),
        "items": (2, 0, 0),
        "scripts": (3, 0, 1),
        "prerequests": (2, 0, 0),
        "requests": (3, 0, 0),
        "tests": (2, 0, 0),
        "assertions": (3, 0, 1),
        "testScripts": (2, 0, 1),
        "prerequestScripts": (1, 0, 0),
    }


def test_a_skipped_item_has_no_test_phase(scenario):
    summary = scenario.begin().end(skipped=True).finish().summary()
    assert (summary.stats["prerequests"].total, summary.stats["tests"].total, summary.skipped_items) == (1, 0, 1)


def test_what_did_not_end_is_pending(scenario):
    stats = scenario.iteration().begin().finish().summary().stats
    assert (stats["iterations"].pending, stats["items"].pending) == (1, 1)


def test_every_kind_of_failure_is_kept_in_order(scenario):
    scenario.begin().check("a", "no").script("prerequest", "boom").broken().unsigned().broken("script").broken("auth").end()
    failures = scenario.finish().summary().failures
    assert [(f.number, f.kind, f.name, f.at, f.sent_by) for f in failures] == [
        (1, "assertion", "AssertionError", "assertion:0 in test-script", "item"),
        (2, "script", "ReferenceError", "prerequest-script", "item"),
        (3, "request", "Error", "request", "item"),
        (4, "preparation", "AuthError", "request", "item"),
        (5, "request", "Error", "request", "script"),
        (6, "request", "Error", "request", "auth"),
    ]


def test_the_same_test_failing_in_two_iterations_is_two_failures_with_one_checksum():
    scenario = Scenario(cycles=2).start()
    scenario.iteration(0).begin().check("a", "no").end().iteration(1).begin().check("a", "no").end()
    first, second = scenario.finish().summary().failures
    assert (first.checksum, first.cursor.iteration) == (second.checksum, 0)
    assert second.cursor.iteration == 1


def test_a_failed_assertion_without_an_error_is_still_a_failure(scenario):
    scenario.begin().check("a", "")
    assert [failure.test for failure in scenario.finish().summary().failures] == ["a"]


def test_a_skipped_assertion_is_counted_but_is_no_failure(scenario):
    summary = scenario.begin().check("later", skipped=True).end().finish().summary()
    assert (summary.stats["assertions"].total, summary.skipped_assertions, summary.failed) == (1, 1, False)


def test_a_script_error_tells_line_and_column(scenario):
    (failure,) = scenario.begin().script(error="boom", line=3, column=7).finish().summary().failures
    assert failure.at == "test-script:3:7"


def test_a_failure_knows_its_folder(scenario):
    (failure,) = scenario.begin(scenario.deep).broken().finish().summary().failures
    assert (failure.parent.name, failure.path) == ("Admin", ("Users", "Admin"))


def test_received_bytes_and_response_times_add_up(scenario):
    scenario.begin().request(body=b"12345", time=10).request("script", body=b"123", time=20).end()
    summary = scenario.finish(milliseconds=500).summary()
    timings = summary.timings
    assert summary.response_total == 8
    assert [timings[f"response{name}"] for name in ("Average", "Min", "Max", "Sd")] == [15, 10, 20, 5]
    assert timings["completed"] - timings["started"] == summary.duration == 500


@pytest.mark.parametrize(
    ("error", "code", "suppressed"),
    [
        (None, 0, 0),
        (RunAborted("late"), 1, 0),
        (Interrupted(), 130, 130),
        (Interrupted(exit_code=143), 143, 143),
        (SelectionError("x"), 2, 2),
    ],
)
def test_the_exit_code_is_that_of_the_error_that_ended_the_run(scenario, error, code, suppressed):
    summary = scenario.begin().end().finish(error).summary()
    assert summary.exit_code() == code
    assert summary.exit_code(RunOptions(suppress_exit_code=True)) == suppressed


def test_any_failure_makes_the_exit_code_one_unless_suppressed(scenario):
    summary = scenario.begin().check("a", "no").end().finish().summary()
    assert (summary.failed, summary.exit_code(), summary.exit_code(RunOptions(suppress_exit_code=True))) == (True, 1, 0)


def test_a_run_that_never_ended_is_not_green():
    assert Summary().exit_code() == 1


def test_a_failure_is_printed_with_its_place_its_test_or_its_kind_and_the_beginning_of_its_message():
    scenario = Scenario().start().iteration()
    scenario.begin(scenario.deep).check("status", "no 200").script(error="boom").check("long", "x" * 5000).end()
    first, second, third = map(str, scenario.finish().summary().failures)
    assert first == "Users / Admin / Add user: status: no 200"
    assert second == "Users / Admin / Add user: ReferenceError: boom"
    assert third == f"Users / Admin / Add user: long: {'x' * LONGEST}"[:LONGEST] + "…"


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_a_spread_agrees_with_the_textbook(values):
    import statistics

    spread = Spread()
    for value in values:
        spread.add(value)
    assert (spread.min, spread.max) == (min(values), max(values))
    assert spread.average == pytest.approx(statistics.fmean(values), abs=1e-6)
    assert spread.deviation == pytest.approx(statistics.pstdev(values), rel=1e-6, abs=1e-3)


def test_the_error_that_ended_one_part_of_a_run_outlives_the_parts_after_it():
    scenario, error = Scenario(), RunAborted("too many requests")
    for ending in (error, None, None):
        scenario.start().finish(ending)
    scenario.events = [replace(event, unit="7") for event in scenario.events]
    summary = scenario.summary()
    assert [str(run.finished.error) for run in summary.runs] == [str(error)]
    assert summary.exit_code() == 1
