"""Units that depend on one another are tied, and no others."""

import random

import pytest

from runner.flow.access import ANY, Access, Place
from runner.flow.flow import Flow, ItemFlow
from runner.flow.ties import tied

PLACE = Place("path", "URL")
SCRIPT = "test script"


def read(name, scope=ANY):
    return Access(scope, name, PLACE)


def write(name, scope="environment"):
    return Access(scope, name, Place("path", SCRIPT, "owner", 1))


def request(name, reads=(), writes=(), **more):
    return ItemFlow(name, f"id of {name}", name, tuple(map(read, reads)), tuple(map(write, writes)), **more)


def groups(*items, repeats=False, units=None):
    return tied(Flow(items, {}), units or [(at,) for at in range(len(items))], repeats=repeats)


def test_units_that_share_nothing_are_alone():
    assert groups(request("a", writes=["x"]), request("b", reads=["y"])) == [[0], [1]]


def test_a_unit_is_tied_to_the_one_that_set_what_it_reads():
    assert groups(request("a", writes=["x"]), request("b"), request("c", reads=["x"])) == [[0, 2], [1]]


def test_several_that_read_the_same_are_tied_through_who_set_it():
    assert groups(request("a", writes=["x"]), request("b", reads=["x"]), request("c", reads=["x"])) == [[0, 1, 2]]


def test_who_only_sets_the_same_is_not_tied():
    assert groups(request("a", writes=["x"]), request("b", writes=["x"])) == [[0], [1]]


def test_what_is_set_later_does_not_tie():
    assert groups(request("a", reads=["x"]), request("b", writes=["x"])) == [[0], [1]]


def test_what_is_set_later_ties_in_several_iterations():
    assert groups(request("a", reads=["x"]), request("b", writes=["x"]), repeats=True) == [[0, 1]]


def test_a_unit_that_reads_any_name_is_tied_to_all_that_set_one():
    assert groups(request("a", writes=["x"]), request("b"), request("c", reads=[None])) == [[0, 2], [1]]


def test_a_unit_that_sets_any_name_is_tied_to_all_that_read_one():
    assert groups(request("a", writes=[None]), request("b", reads=["x"]), request("c")) == [[0, 1], [2]]


def test_what_a_unit_sets_itself_before_it_reads_it_is_its_own():
    items = request("a", writes=["x"]), request("login", writes=["x"]), request("b", reads=["x"])
    assert groups(*items, units=[(0,), (1, 2)]) == [[0], [1]]


@pytest.mark.parametrize(
    ("jump", "expected"), [("c", [[0, 1, 2], [3]]), ("id of c", [[0, 1, 2], [3]]), (None, [[0, 1, 2, 3]])]
)
def test_a_jump_ties_all_that_it_may_pass(jump, expected):
    assert groups(request("a", jumps=(jump,)), request("b"), request("c"), request("d")) == expected


def test_a_jump_back_ties_all_that_it_repeats():
    assert groups(request("a"), request("b"), request("c"), request("d", jumps=("b",))) == [[0], [1, 2, 3]]


def test_a_jump_inside_of_a_unit_ties_nothing():
    items = request("a", jumps=("b",)), request("b"), request("c")
    assert groups(*items, units=[(0, 1), (2,)]) == [[0], [1]]


def test_a_jump_to_a_name_of_several_ties_them_all():
    assert groups(request("a", jumps=("b",)), request("b"), request("c"), request("b"), request("d")) == [[0, 1, 2, 3], [4]]


@pytest.mark.parametrize("more", [{"ends": True}, {"jumps": ("gone",)}])
def test_who_may_end_the_iteration_is_tied_to_all_that_follow(more):
    assert groups(request("a"), request("b", **more), request("c"), request("d")) == [[0], [1, 2, 3]]


def test_no_units_make_no_groups():
    assert groups() == []


@pytest.mark.parametrize("seed", range(40))
def test_two_units_that_conflict_are_in_one_group(seed):
    """Compared with `Flow.conflicts`, which asks for each pair."""
    chance = random.Random(seed)
    names = ["x", "y", "z", "t", "u", "v", None]
    some = [*names[:-1]] * 4 + [None] if seed % 3 == 0 else names[:-1]
    items = [
        request(f"r{at}", chance.sample(some, chance.randint(0, 1)), chance.sample(some, chance.randint(0, 1)))
        for at in range(24)
    ]
    units = [(at, at + 1) for at in range(0, 24, 2)]
    flow = Flow(items, {})
    pairs = [(found.writer, found.reader) for found in flow.conflicts(units)]
    assert tied(flow, units, repeats=False) == united(len(units), pairs)


def united(count, pairs):
    """The groups of so many numbers that pairs make: the slow way."""
    group = [{at} for at in range(count)]
    for one, other in pairs:
        both = group[one] | group[other]
        for member in both:
            group[member] = both
    return [sorted(members) for at, members in enumerate(group) if min(members) == at]


def test_many_units_take_linear_time():
    """Ten times as many calls would be a hundred times as many if each pair were looked at."""
    calls = []

    class Counting(tuple):
        __slots__ = ()

        def __iter__(self):
            calls.append(1)
            return super().__iter__()

    def asked(count):
        calls.clear()
        shared = [request(f"r{at}", ["x"], ["x"]) for at in range(count)]
        groups(*shared, units=[Counting((at,)) for at in range(count)])
        return len(calls)

    assert asked(1000) == 10 * asked(100)
