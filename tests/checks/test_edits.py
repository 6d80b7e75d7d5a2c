"""Changes of single values in a text: what cannot be done as it was meant is refused, whatever asked for it."""

import pytest

from runner.checks.documents.edits import changed
from runner.checks.documents.json import JsonDocument
from runner.checks.finding import Edit, Spot
from runner.errors import InternalError
from runner.formats.format import Given

TEXT = '{\n  "values": [ 1,  "ab" , {"a": 3} ],\n  "n": 1e2\n}\n'


def after(*edits):
    return changed(JsonDocument(Given(TEXT, "a.json")), edits)


def removal(*steps):
    return Edit(Spot(steps), removed=True)


def test_an_element_is_removed_with_what_parts_it_from_the_next():
    assert after(removal("values", 0)) == TEXT.replace("1,  ", "", 1)
    assert after(removal("values", 0), removal("values", 1)) == TEXT.replace('1,  "ab" , ', "", 1)


def test_a_part_of_a_text_is_replaced():
    assert after(Edit(Spot(("values", 1), 1), 'é"', 2)) == TEXT.replace("ab", 'aé\\"')


def test_the_same_change_twice_is_made_once():
    assert after(removal("values", 0), removal("values", 0)) == TEXT.replace("1,  ", "", 1)


def test_of_two_changes_that_overlap_the_outer_one_is_made():
    both = Edit(Spot(("values", 1), 0), "x", 2), Edit(Spot(("values", 1), 1), "y", 2)
    assert after(*both) == TEXT.replace('"ab"', '"x"')


def test_what_would_not_come_out_as_it_was_meant_is_refused():
    with pytest.raises(InternalError, match=r"more of a\.json than it should"):
        after(removal("values", 2))


def test_a_place_in_a_script_of_several_lines_is_in_its_line_to_the_end_of_it():
    document = JsonDocument(Given('{"exec": ["ab", "", "c"]}', "a.json"))
    places = [document.element(Spot(("exec",), at)) for at in range(6)]
    assert places == [*((("exec", 0), n) for n in range(3)), (("exec", 1), 0), (("exec", 2), 0), (("exec", 2), 1)]
    assert document.element(Spot(("exec",), 6)) == (("exec",), None)
