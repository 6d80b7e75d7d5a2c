"""Groups are given to shards the same way by everybody, and stay where they are."""

import pytest

from runner.shards.division import Unit, divided


def unit(name, time=None, **more):
    return Unit(identity=name, collection=0, time=time, **more)


def alone(*names):
    return [[unit(name)] for name in names]


NAMES = [f"folder {number}" for number in range(200)]


def homes(names, count=5):
    return dict(zip(names, divided(alone(*names), count, timed=False), strict=True))


def test_every_group_has_a_shard_and_every_shard_has_some():
    assert set(homes(NAMES).values()) == {1, 2, 3, 4, 5}


def test_the_shares_are_about_the_same():
    counts = [list(homes(NAMES).values()).count(shard) for shard in range(1, 6)]
    assert min(counts) > 25
    assert max(counts) < 55


def test_a_unit_that_is_added_moves_no_other():
    assert homes([*NAMES, "new"]) | homes(NAMES) == homes([*NAMES, "new"])


def test_the_order_makes_no_difference():
    assert homes(NAMES[::-1]) == homes(NAMES)


def test_with_one_more_shard_units_only_move_to_the_new_one():
    before, after = homes(NAMES, 5), homes(NAMES, 6)
    assert {after[name] for name in NAMES if after[name] != before[name]} == {6}


def test_the_division_is_the_same_in_every_version():
    """Jobs of one run may have other Pythons, and a state of an earlier run must still fit."""
    assert [*homes(["a", "b", "c", "d", "e", "f"], 3).values()] == [3, 2, 2, 1, 2, 1]


def test_a_group_is_where_its_first_name_in_the_alphabet_is():
    both = [[unit("b"), unit("a")]]
    assert divided(both, 7, timed=False) == divided(alone("a"), 7, timed=False)


def test_names_of_any_characters_have_a_home():
    assert divided(alone("\ud800", "", "é\0"), 1, timed=False) == [1, 1, 1]


def test_iterations_take_turns():
    rows = [[unit(str(row), iteration=row)] for row in range(5)]
    assert divided(rows, 2, timed=False) == [1, 2, 1, 2, 1]


def test_the_longest_goes_first_to_the_shard_with_least_to_do():
    groups = [[unit("a", 10)], [unit("b", 50)], [unit("c", 30)], [unit("d", 30)]]
    assert divided(groups, 2, timed=True) == [1, 1, 2, 2]


def test_a_group_takes_the_time_of_all_its_units():
    groups = [[unit("a", 10), unit("b", 10)], [unit("c", 15)], [unit("d", 4)]]
    assert divided(groups, 2, timed=True) == [1, 2, 2]


def test_what_is_not_known_takes_the_median():
    groups = [[unit("a", 100)], [unit("b", 20)], [unit("c", 10)], [unit("new")]]
    assert divided(groups, 2, timed=True) == [1, 2, 2, 2]


@pytest.mark.parametrize("time", [None, 0.0])
def test_what_takes_no_known_time_is_shared_out(time):
    assert sorted(divided([[unit(name, time)] for name in "abcdef"], 3, timed=True)) == [1, 1, 2, 2, 3, 3]


def test_nothing_is_given_to_nobody():
    assert divided([], 3, timed=True) == divided([], 3, timed=False) == []
