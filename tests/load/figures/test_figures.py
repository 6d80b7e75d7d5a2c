"""What workers write down adds up in the master, however it comes."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.clock import Clock
from runner.load.figures.figures import Figures
from runner.load.figures.recorder import Recorder
from runner.load.figures.tallies import FURTHER
from runner.load.figures.tallies import MOST as MOST_NAMES
from runner.load.figures.timeline import MOST as MOST_SLICES
from runner.load.figures.timeline import Timeline

START = 1_700_000_000
NAMES = st.sampled_from(["Login", "Shop / Cart", "Shop / Pay"])
MOMENTS = st.floats(START, START + 5_000)
MS = st.one_of(st.none(), st.floats(0, 1e6))
REQUESTS = st.tuples(
    *(st.just("request"), NAMES, st.sampled_from(["GET", "POST"]), MOMENTS, MS),
    *(
        st.integers(0, 10**9),
        st.integers(0, 10**9),
        st.sampled_from([0, 200, 204, 404, 500]),
        st.sampled_from(["", "broke"]),
    ),
)
CHECKS = st.tuples(st.just("check"), NAMES, st.sampled_from(["is 200", "is quick"]), st.booleans(), st.just("why"))
FAILURES = st.tuples(st.just("failure"), NAMES, st.just("script"), st.sampled_from(["x", "y"]))
ITERATIONS = st.tuples(st.just("iteration"), MOMENTS, st.floats(0, 1e6), st.booleans())
EVENTS = st.lists(st.one_of(REQUESTS, CHECKS, FAILURES, ITERATIONS), max_size=30)


@pytest.fixture
def clock():
    """A clock that stands at START."""
    return Clock(wall=lambda: START)


@pytest.fixture
def recorder(clock):
    """The recorder of a worker."""
    return Recorder(clock)


def record(recorder, events):
    for kind, *values in events:
        getattr(recorder, kind)(*values)
    return json.loads(json.dumps(recorder.take()))


def figures_of(recorder, worker="1"):
    figures = Figures(START)
    figures.add(recorder.take(), worker)
    return figures


def without_workers(figures):
    data = figures.to_json()
    del data["workers"], data["most_users"]
    for slice in data["timeline"]["slices"]:
        del slice["users"]
    return data


@given(st.lists(EVENTS, max_size=5), st.randoms())
def test_reports_of_workers_in_any_order_give_the_same_as_one_piece(parts, dice):
    clock = Clock(wall=lambda: START)
    whole, merged = Figures(START), Figures(START)
    whole.add(record(Recorder(clock), [event for part in parts for event in part]), "1")
    deltas = [record(Recorder(clock), part) for part in parts] or [Recorder(clock).take()]
    dice.shuffle(deltas)
    for delta in deltas:
        merged.add(delta, str(dice.randrange(3)))
    assert without_workers(merged) == without_workers(whole)


@given(EVENTS, EVENTS)
def test_figures_survive_json_and_can_be_added_to(events, later):
    clock = Clock(wall=lambda: START)
    figures = Figures(START)
    figures.add(record(Recorder(clock), events), "a")
    figures.worker("a").uses(91)
    figures.lose("b", START + 3, START + 1, 7)
    again = Figures.from_json(json.loads(json.dumps(figures.to_json())))
    assert again.to_json() == figures.to_json()
    for one in (figures, again):
        one.add(record(Recorder(clock), later), "a")
    assert again.to_json() == figures.to_json()


def test_a_take_has_only_what_came_since_the_last(recorder):
    recorder.request("a", "GET", START, 5, 1, 2, 200, "")
    recorder.take()
    assert figures_of(recorder).total.count == 0


def test_requests_are_told_apart_by_name_and_method_and_counted_together(recorder):
    recorder.request("a", "GET", START, 5, 1, 20, 200, "")
    recorder.request("a", "POST", START, 7, 2, 30, 200, "is red: no")
    recorder.request("b", "GET", START + 1, 9, 4, 40, 200, "")
    figures = figures_of(recorder)
    assert {key: one.count for key, one in figures.requests.items()} == {("a", "GET"): 1, ("a", "POST"): 1, ("b", "GET"): 1}
    assert (figures.total.count, figures.total.failures, figures.total.sent, figures.total.received) == (3, 1, 7, 90)


def test_each_failure_is_counted_once_with_its_kind(recorder):
    recorder.request("a", "GET", START, 5, 1, 2, 0, "connection refused")
    recorder.request("a", "GET", START, 5, 1, 2, 200, "is red: no")
    recorder.check("a", "is red", False, "no")
    recorder.check("a", "is blue", True)
    recorder.failure("a", "script", "x is not defined")
    figures = figures_of(recorder)
    assert dict(figures.failures) == {
        ("a", "request", "connection refused"): 1,
        ("a", "assertion", "is red: no"): 1,
        ("a", "script", "x is not defined"): 1,
    }
    assert figures.total.failures == 2
    assert (dict(figures.passed), dict(figures.failed)) == ({("a", "is blue"): 1}, {("a", "is red"): 1})


def test_a_request_that_was_not_sent_has_no_time_and_is_a_failure(recorder):
    recorder.request("a", "GET", START, None, 0, 0, 0, "no value for {{host}}")
    recorder.request("a", "GET", START, 5, 1, 2, 200, "")
    total = figures_of(recorder).total
    assert (total.count, total.unsent, total.failures, total.durations.count) == (1, 1, 1, 1)
    assert total.error_rate == 0.5
    assert total.statuses == {200: 1}


def test_a_status_is_no_failure_of_ours_but_one_of_k6(recorder):
    for status in (200, 302, 399, 400, 500, 0):
        recorder.request("a", "GET", START, 5, 1, 2, status, "" if status else "time-out")
    total = figures_of(recorder).total
    assert (total.failures, total.refused) == (1, 3)


def test_names_that_scripts_make_up_do_not_fill_the_memory(recorder):
    for number in range(MOST_NAMES + 5):
        recorder.check("a", f"user {number}", True)
        recorder.failure("a", "script", f"{number}" + "x" * 5_000)
    figures = figures_of(recorder)
    recorder.check("a", "one more", True)
    recorder.check("a", "user 1", True)
    figures.add(recorder.take(), "1")
    assert (len(figures.passed), figures.passed.total) == (MOST_NAMES + 1, MOST_NAMES + 7)
    assert figures.passed.counts["a", FURTHER] == 6
    assert figures.passed.counts["a", "user 1"] == 2
    assert max(len(message) for _, _, message in figures.failures.counts) == 1_000


def test_long_names_and_messages_are_cut(recorder):
    recorder.check("a", "x" * 5_000, False, "y" * 5_000)
    figures = figures_of(recorder)
    assert (
        [len(name) for _, name in figures.failed.counts] == [len(text) for *_, text in figures.failures.counts] == [1_000]
    )


def test_iterations_have_durations_and_failures(recorder):
    recorder.iteration(START, 100, False)
    recorder.iteration(START + 1, 300, True)
    recorder.dropped(4)
    figures = figures_of(recorder)
    assert (figures.iterations.count, figures.iterations.mean, figures.iterations_failed, figures.dropped) == (2, 200, 1, 4)
    assert [(one.iterations, one.dropped) for one in figures.timeline] == [(1, 4), (1, 0)]


def test_the_timeline_has_each_second_also_those_without_requests(recorder):
    recorder.request("a", "GET", START + 0.9, 5, 1, 2, 200, "")
    recorder.request("a", "GET", START + 3.1, 50, 1, 2, 200, "broke")
    slices = list(figures_of(recorder).timeline)
    assert [one.start - START for one in slices] == [0, 1, 2, 3]
    assert [one.requests.count for one in slices] == [1, 0, 0, 1]
    assert [one.requests.failures for one in slices] == [0, 0, 0, 1]
    assert slices[3].requests.durations.percentile(95) == 50


def test_the_timeline_of_a_day_stays_small_and_loses_nothing():
    figures, dice = Figures(START), random.Random(3)
    for second in range(0, 86_400, 20):
        recorder = Recorder(Clock(wall=lambda second=second: START + second))
        recorder.request("a", "GET", START + second, dice.lognormvariate(4, 1), 1, 2, 200, "")
        recorder.users(3)
        figures.add(recorder.take(), "1")
    slices = list(figures.timeline)
    assert MOST_SLICES // 2 <= len(slices) <= MOST_SLICES
    assert figures.timeline.width == 256
    assert sum(one.requests.count for one in slices) == figures.total.count == 86_400 // 20
    assert {one.users for one in slices} == {3}


def test_slices_do_not_depend_on_what_came_first():
    moments = [0, 1, 599, 600, 1_300, 9_000]
    timelines = []
    for order in (moments, moments[::-1]):
        figures = Figures(START)
        for second in order:
            recorder = Recorder(Clock(wall=lambda second=second: START + second))
            recorder.request("a", "GET", START + second, 5, 1, 2, 200, "")
            figures.add(recorder.take(), "1")
        timelines.append(figures.timeline.to_json())
    assert timelines[0] == timelines[1]


@pytest.mark.parametrize(("seconds", "width"), [(MOST_SLICES, 1), (MOST_SLICES + 1, 2)])
def test_slices_become_longer_when_there_would_be_too_many(seconds, width):
    timeline = Timeline()
    timeline.requests(START)
    timeline.requests(START + seconds - 1)
    assert timeline.width == width


def test_a_longer_slice_has_the_users_of_its_last_second():
    timeline = Timeline()
    timeline.users(START + 1, "1", 9)
    timeline.users(START, "1", 4)
    timeline.requests(START + MOST_SLICES)
    assert next(slice.users for slice in timeline) == 9


class Moving:
    """A clock that a test moves."""

    def __init__(self):
        self.at = START

    def __call__(self):
        return self.at


def test_users_of_all_workers_are_added_and_last_until_something_else_is_said():
    figures, moving = Figures(START), Moving()
    one, other = Recorder(Clock(wall=moving)), Recorder(Clock(wall=moving))
    one.users(10)
    other.users(5)
    figures.add(one.take(), "1")
    figures.add(other.take(), "2")
    moving.at += 2
    one.users(2)
    figures.add(one.take(), "1")
    assert [slice.users for slice in figures.timeline] == [15, 15, 7]
    assert (figures.users, figures.most_users) == (7, 15)


def test_a_report_that_comes_late_does_not_turn_back_the_users():
    figures, moving = Figures(START), Moving()
    recorder = Recorder(Clock(wall=moving))
    recorder.users(4)
    early = recorder.take()
    moving.at += 1
    recorder.users(9)
    figures.add(recorder.take(), "1")
    figures.add(early, "1")
    assert figures.users == 9
    assert [slice.users for slice in figures.timeline] == [4, 9]


def test_the_users_of_a_lost_worker_are_gone_and_its_requests_stay(recorder):
    recorder.users(10)
    recorder.request("a", "GET", START, 5, 1, 2, 200, "")
    figures = figures_of(recorder, "lost one")
    figures.lose("lost one", START + 1)
    assert (figures.users, figures.most_users, figures.total.count) == (0, 10, 1)
    assert [slice.users for slice in figures.timeline] == [10, 0]
    assert [worker.name for worker in figures.lost] == ["lost one"]
    figures.lose("lost one", START + 9, START + 4, 120)
    assert (figures.lost[0].unreported, figures.lost[0].unreported_seconds) == (120, 5)
    figures.lose("lost one", START + 9, START + 10, 120)
    assert figures.lost[0].unreported_seconds == 0


def test_a_worker_that_is_found_again_has_lost_nothing(recorder):
    figures = figures_of(recorder, "slow one")
    figures.lose("slow one", START + 9, START + 4, 120)
    figures.find("slow one")
    assert (figures.lost, figures.worker("slow one").unreported) == ([], None)


def test_each_report_repeats_the_users_so_that_those_of_a_worker_come_back():
    figures, moving = Figures(START), Moving()
    recorder = Recorder(Clock(wall=moving))
    recorder.users(5)
    figures.add(recorder.take(), "1")
    figures.lose("1", START + 1)
    moving.at += 2
    figures.add(recorder.take(), "1")
    assert figures.users == 5


def test_the_clock_of_another_machine_is_set_right(recorder):
    recorder.request("a", "GET", START, 5, 1, 2, 200, "")
    recorder.iteration(START + 1, 5, False)
    figures = Figures(START)
    figures.add(recorder.take(), "1", offset=59.7)
    assert [(one.start, one.requests.count, one.iterations) for one in figures.timeline] == [
        (START + 60, 1, 0),
        (START + 61, 0, 1),
    ]


@pytest.mark.parametrize(("cpu", "limited"), [(90, False), (90.1, True)])
def test_a_worker_above_90_percent_limits_the_figures_also_later(cpu, limited):
    figures = Figures(START)
    figures.worker("1").uses(cpu)
    figures.worker("1").uses(5)
    assert (figures.limited_by_generator, figures.worker("1").cpu) == (limited, 5)


def test_the_rate_counts_from_start_to_end(recorder):
    for _ in range(30):
        recorder.request("a", "GET", START, 5, 1, 2, 200, "")
    figures = figures_of(recorder)
    assert figures.rate is None
    figures.ended = START + 12
    assert figures.rate == 2.5
