"""What a history says of requests and tests: flaky, failing since, slowest, slower."""

from dataclasses import replace

import pytest

from runner.history.findings import failing, flaky, slower, slowest
from runner.history.reading import Outcome, PastRun, Subject

RUN = PastRun(0, 0.0, 0.0, "C", "", "", "", False, 0, "", 1, 1, 1, 0)
TEST = Subject("C", "", ("F", "a"), "ok")


def outcomes(results, commits="", changed=""):
    """An outcome for each letter: P passed, F failed, R passed after a retry; beside it its commit, and + for changes."""
    commits, changed = commits.ljust(len(results)), changed.ljust(len(results))
    return {
        TEST: [
            Outcome(
                replace(RUN, id=at, revision=commit.strip(), changed=change == "+"),
                failed=result == "F",
                retried=result == "R",
                message=f"wrong {at}" if result == "F" else "",
            )
            for at, (result, commit, change) in enumerate(zip(results, commits, changed, strict=True))
        ]
    }


@pytest.mark.parametrize(
    ("results", "commits", "changed", "why"),
    [
        ("P", "", "", None),
        ("PPPP", "", "", None),
        ("FFFF", "", "", None),
        ("PPFF", "", "", None),
        ("FFPP", "", "", None),
        ("PFP", "", "", "changed 2 times between failed and passed"),
        ("FPFP", "", "", "changed 3 times between failed and passed"),
        ("PFP", "abc", "", None),
        ("PFP", "abb", "", "failed and passed at commit b"),
        ("PF", "aa", "", "failed and passed at commit a"),
        ("PF", "aa", " +", None),
        ("PFP", "aaa", "+++", "changed 2 times between failed and passed"),
        ("PPR", "", "", "passed only after a retry in 1 of 3 runs"),
        ("RFR", "abc", "", "passed only after a retry in 2 of 3 runs"),
    ],
)
def test_flaky_is_what_fails_and_passes_though_nothing_changed(results, commits, changed, why):
    found = flaky(outcomes(results, commits, changed))
    assert [one.why for one in found] == ([why] if why else [])


def test_a_flaky_test_tells_how_often_it_failed_and_why_last():
    (one,) = flaky(outcomes("FPFP"))
    assert (one.subject, one.runs, one.failures, one.message) == (TEST, 4, 2, "wrong 2")


def test_what_fails_most_often_comes_first():
    often, seldom = replace(TEST, test="often"), replace(TEST, test="seldom")
    found = flaky({seldom: outcomes("FPPFPPP")[TEST], often: outcomes("FFPFF")[TEST], **outcomes("PFPF")})
    assert [one.subject.test for one in found] == ["often", "ok", "seldom"]


@pytest.mark.parametrize(
    ("results", "first", "passed", "runs"),
    [("F", 0, None, 1), ("FF", 0, None, 2), ("PF", 1, 0, 1), ("PFPFF", 3, 2, 2), ("FRF", 2, 1, 1)],
)
def test_failing_is_told_since_the_first_failure_after_the_last_pass(results, first, passed, runs):
    (one,) = failing(outcomes(results))
    assert (one.first.id, one.passed and one.passed.id, one.runs) == (first, passed, runs)
    assert one.message == f"wrong {len(results) - 1}"


@pytest.mark.parametrize("results", ["P", "FP", "R"])
def test_what_passed_in_its_latest_run_does_not_fail(results):
    assert failing(outcomes(results)) == []


def timed(*times):
    return {TEST: [Outcome(replace(RUN, id=at), times=list(one)) for at, one in enumerate(times)]}


def test_the_slowest_request_is_that_with_the_highest_median():
    fast = replace(TEST, test="", path=("b",))
    of = {fast: timed([1, 1, 900])[TEST], **timed([10.0], [30.0, 20.0])}
    found = slowest(of, 5)
    assert [(one.subject, one.responses, one.median, one.p95) for one in found] == [
        (TEST, 3, 20.0, 30.0),
        (fast, 3, 1, 900),
    ]
    assert slowest(of, 1) == found[:1]
    assert slowest(timed([]), 5) == []


@pytest.mark.parametrize(("count", "p95"), [(1, 1), (19, 19), (20, 19), (21, 20), (100, 95)])
def test_the_95th_percentile_is_a_time_that_was_measured(count, p95):
    (one,) = slowest(timed(range(1, count + 1)), 1)
    assert one.p95 == p95


@pytest.mark.parametrize(
    ("times", "found"),
    [
        ([100] * 5 + [150] * 5, (100, 150, 5)),
        ([100] * 5 + [149] * 5, None),
        ([10] * 5 + [29] * 5, None),
        ([10] * 5 + [30] * 5, (10, 30, 5)),
        ([100] * 4 + [500] * 5, None),
        ([100] * 7 + [500, 500, 500, 1, 1], (100, 500, 7)),
        ([500] * 5 + [100] * 5, None),
    ],
)
def test_slower_is_half_as_much_again_and_20_ms_in_the_latest_five_runs(times, found):
    told = slower(timed(*([time] for time in times)))
    assert [(one.before, one.now, one.since.id) for one in told] == ([found] if found else [])
