"""The place in a run moves from item to item and from iteration to iteration."""

from runner.engine.place import Place
from runner.engine.plan import make_plan
from runner.entropy import Entropy
from runner.model.collection import Collection, Item
from runner.model.request import Request


def place(*names, cycles=1):
    items = tuple(Item(id=name, name=name, request=Request()) for name in names)
    return Place(make_plan(Collection(id="1", name="c", items=items)), cycles, Entropy(seed=1))


def test_it_steps_through_the_items_and_then_leaves_the_iteration():
    here = place("a", "b")
    here.begin(0)
    here.step()
    assert here.in_iteration
    assert here.position == 1
    here.step()
    assert not here.in_iteration


def test_the_next_iteration_begins_with_the_first_item():
    here = place("a", "b", cycles=2)
    here.begin(0)
    here.step()
    here.begin(1)
    assert (here.iteration, here.position) == (1, 0)


def test_a_jump_to_an_unknown_name_ends_the_iteration_and_says_that_it_was_not_found():
    here = place("a", "b")
    here.begin(0)
    assert not here.jump("gone")
    assert not here.in_iteration


def test_a_jump_to_nothing_ends_the_iteration():
    here = place("a", "b")
    here.begin(0)
    assert not here.jump(None)
    assert not here.in_iteration


def test_a_cursor_tells_where_it_is_and_has_a_name_of_its_own():
    here = place("a", "b", cycles=3)
    here.begin(2)
    here.step()
    one, other = here.cursor(), here.cursor()
    assert (one.position, one.iteration, one.length, one.cycles) == (1, 2, 2, 3)
    assert one.ref != other.ref
