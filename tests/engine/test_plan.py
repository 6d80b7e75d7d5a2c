"""Which items run, in which order, and what they inherit (postman-runtime's extractRunnableItems)."""

import pytest

from runner.engine.place import Place
from runner.engine.plan import find_item, make_plan
from runner.entropy import Entropy
from runner.errors import SelectionError
from runner.formats.postman.v2 import parse_collection
from runner.options import RunOptions


def leaf(name, **more):
    return {"name": name, "request": {"method": "GET", "url": "http://h/"}, **more}


def folder(name, *items, **more):
    return {"name": name, "item": list(items), **more}


def script(listen, text, **more):
    return {"listen": listen, "script": {"exec": [text]}, **more}


def plan(items, *selection, **more):
    return make_plan(parse_collection({"info": {"name": "C"}, "item": items, **more}), RunOptions(folder=selection))


def names(planned):
    return [p.item.name for p in planned.items]


TREE = [leaf("a"), folder("F", leaf("b"), folder("G", leaf("c"))), leaf("d"), folder("G", leaf("e"))]


def test_without_a_selection_everything_runs_depth_first():
    assert names(plan(TREE)) == ["a", "b", "c", "d", "e"]


def test_one_name_is_looked_up_breadth_first():
    assert names(plan(TREE, "G")) == ["e"]


def test_a_selection_may_name_a_request():
    assert names(plan(TREE, "c")) == ["c"]


def test_a_selection_may_be_an_id():
    assert names(plan([leaf("a", id="1"), leaf("b", id="2")], "2")) == ["b"]


def test_several_names_run_in_the_order_of_the_collection_each_once():
    assert names(plan(TREE, "d", "c", "F", "d")) == ["b", "c", "d"]


def test_an_unknown_name_is_an_error_that_names_what_there_is():
    with pytest.raises(SelectionError) as caught:
        plan(TREE, "a", "nope")
    assert '"nope"' in caught.value.message
    assert "'F'" in caught.value.hint


def test_an_empty_folder_may_be_selected():
    assert names(plan([folder("E"), leaf("a")], "E")) == []


def test_scripts_run_from_the_collection_inwards_and_disabled_ones_do_not():
    events = [script("test", "outer"), script("test", "off", disabled=True)]
    inner = folder("F", leaf("a", event=[script("test", "own")]), event=[script("test", "folder")])
    scripts = plan([inner], event=events).items[0].scripts["test"]
    assert [(p.owner, p.script.exec) for p in scripts] == [
        ("C", "outer"),
        ("F", "folder"),
        ("a", "own"),
    ]


def test_the_nearest_auth_counts_and_null_inherits():
    basic, noauth = {"type": "basic", "basic": []}, {"type": "noauth"}
    planned = plan([folder("F", leaf("a"), auth=noauth), leaf("b")], auth=basic)
    assert [p.auth.type for p in planned.items] == ["noauth", "basic"]


def test_ancestors_outside_of_the_selection_still_count():
    planned = plan([folder("F", leaf("a"), event=[script("prerequest", "x")])], "a", auth={"type": "basic", "basic": []})
    assert planned.items[0].auth.type == "basic"
    assert [p.script.exec for p in planned.items[0].scripts["prerequest"]] == ["x"]


def test_protocol_profile_behavior_merges_key_by_key():
    inner = folder("F", leaf("a", protocolProfileBehavior={"strictSSL": True}), protocolProfileBehavior={"maxRedirects": 2})
    planned = plan([inner], protocolProfileBehavior={"strictSSL": False, "disableCookies": True})
    assert planned.items[0].behavior == {"strictSSL": True, "maxRedirects": 2, "disableCookies": True}


def test_blank_scripts_count_as_none():
    assert not plan([leaf("a", event=[script("test", "  \n")])]).has_scripts
    assert plan([leaf("a", event=[script("test", "1")])]).has_scripts


def test_next_request_is_found_by_id_before_name_and_the_last_of_a_name_wins():
    planned = plan([leaf("x", id="1"), leaf("1", id="2"), leaf("x", id="3")])
    assert planned.position_of("1") == 0
    assert planned.position_of("x") == 2
    assert planned.position_of("folder?") is None


def test_any_request_of_the_collection_can_be_found_with_what_it_inherits():
    collection = parse_collection({"info": {"name": "C"}, "item": TREE, "auth": {"type": "noauth"}})
    assert find_item(collection, "c").location == ("C", "F", "G", "c")
    assert find_item(collection, "F") is None


def test_the_cursor_jumps_forwards_backwards_and_out():
    place = Place(plan(TREE), 2, Entropy())
    place.begin(1)
    place.step()
    assert (place.cursor().iteration, place.cursor().position) == (1, 1)
    assert place.jump("d")
    assert place.cursor().position == 3
    assert place.jump("a")
    assert place.cursor().position == 0
    assert not place.jump("F")
    assert not place.in_iteration


def test_null_as_next_request_ends_the_iteration():
    place = Place(plan(TREE), 1, Entropy())
    place.jump(None)
    assert not place.in_iteration


def test_a_selection_may_be_a_path():
    assert names(plan(TREE, "F/G")) == ["c"]
    assert names(plan(TREE, "F/G/c", "G/e")) == ["c", "e"]


def test_an_excluded_name_leaves_out_every_entry_it_fits_and_a_path_only_one():
    collection = parse_collection({"info": {"name": "C"}, "item": TREE})
    assert names(make_plan(collection, RunOptions(exclude=("G",)))) == ["a", "b", "d"]
    assert names(make_plan(collection, RunOptions(exclude=("F/G",)))) == ["a", "b", "d", "e"]
    assert names(make_plan(collection, RunOptions(folder=("F",), exclude=("b",)))) == ["c"]


def test_excluding_what_is_not_there_is_an_error():
    with pytest.raises(SelectionError):
        make_plan(parse_collection({"info": {"name": "C"}, "item": TREE}), RunOptions(exclude=("nope",)))
