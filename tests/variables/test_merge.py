"""What parts of a run, which began with the same variables, leave together."""

from runner.model.variable import Variable
from runner.variables.merge import Merge, Overwritten
from runner.variables.scopes import Scopes


def scopes(*names, **more):
    return Scopes(environment=[Variable(name, name) for name in names], **more)


def left(base, **values):
    """What a part leaves that sets these environment variables; None unsets one."""
    copy = base.copy()
    for name, value in values.items():
        if value is None:
            copy.environment.unset(name)
        else:
            copy.environment.set(name, value)
    return copy


def values(found):
    return [(variable.key, variable.value) for variable in found.environment.variables]


def test_each_part_adds_what_it_changed():
    base = scopes("a", "b")
    merge, first, second = Merge(base), left(base, a=1), left(base, c=2)
    assert merge.take("1", first) + merge.take("2", second) == []
    assert values(base) == [("a", 1), ("b", "b"), ("c", 2)]


def test_of_different_values_the_later_one_counts_and_both_parts_are_named_once():
    base = scopes("a")
    merge, parts = Merge(base), [left(base, a=number) for number in range(3)]
    told = [one for number, part in enumerate(parts) for one in merge.take(str(number), part)]
    assert told == [Overwritten("environment", "a", "0", "1")]
    assert values(base) == [("a", 2)]


def test_the_same_value_twice_is_no_conflict():
    base = scopes()
    merge = Merge(base)
    assert merge.take("1", left(base, a=1)) + merge.take("2", left(scopes(), a=1)) == []


def test_what_a_part_removed_is_gone():
    base = scopes("a", "b")
    merge, part = Merge(base), left(base, a=None)
    merge.take("1", part)
    assert values(base) == [("b", "b")]


def test_removed_here_and_set_there_is_a_conflict():
    base = scopes("a")
    merge, first, second = Merge(base), left(base, a=None), left(base, a=1)
    assert merge.take("1", first) == []
    assert merge.take("2", second) == [Overwritten("environment", "a", "1", "2")]
    assert values(base) == [("a", 1)]


def test_set_here_and_removed_there_is_a_conflict():
    base = scopes("a")
    merge, first, second = Merge(base), left(base, a=1), left(base, a=None)
    assert merge.take("1", first) == []
    assert merge.take("2", second) == [Overwritten("environment", "a", "1", "2")]
    assert values(base) == []


def test_disabled_variables_stay_where_they_are():
    base = Scopes(environment=[Variable("a", 1, disabled=True), Variable("a", 2), Variable("b", 3)])
    merge, part = Merge(base), left(base, a=9)
    merge.take("1", part)
    assert [(v.key, v.value, v.disabled) for v in base.environment.variables] == [
        ("a", 1, True),
        ("a", 9, False),
        ("b", 3, False),
    ]


def test_all_scopes_but_the_data_are_merged():
    base = Scopes()
    part = base.copy()
    for scope in part.ordered:
        scope.set("x", scope.name)
    Merge(base).take("1", part)
    assert [scope.get("x") or "" for scope in base.ordered] == ["local", "", "environment", "collection", "globals"]
