import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import InvalidCollection
from runner.formats.postman.v2 import dump_collection, dump_request, parse_collection, parse_request
from runner.model.collection import Folder
from runner.model.variable import Variable


def one_item(**item):
    return parse_collection({"item": [{"name": "n", "request": "h", **item}]}).items[0]


def exec_of(script):
    return one_item(event=[{"listen": "test", "script": script}]).events[0].script.exec


def test_an_entry_with_an_item_key_is_a_folder_even_when_empty():
    folder, item = parse_collection({"item": [{"name": "f", "item": []}, {"name": "r", "request": "h"}]}).items
    assert isinstance(folder, Folder)
    assert (item.name, item.request.name) == ("r", "r")


def test_a_collection_without_info_still_loads():
    assert parse_collection({"item": []}).name == ""


def test_missing_ids_are_made_up_but_never_in_the_source():
    collection = parse_collection({"info": {"name": "c"}, "item": [{"request": "h"}, {"request": "h"}]})
    assert len({item.id for item in collection.items} | {collection.id}) == 3
    assert dump_collection(collection) == {"info": {"name": "c"}, "item": [{"request": "h"}, {"request": "h"}]}


@pytest.mark.parametrize(
    "script", ["a\r\nb", ["a", "b"], {"exec": "a\nb"}, {"exec": ["a", "b"], "type": "text/javascript"}]
)
def test_scripts_come_as_text_list_or_object(script):
    assert exec_of(script) == "a\nb"


def test_src_hides_exec():
    assert exec_of({"src": "http://h/x.js", "exec": "a"}) == ""


def test_events_that_cannot_run_are_left_out():
    assert one_item(event=[{"listen": "test"}, {"script": "a"}, None]).events == ()
    assert one_item(event=[{"listen": "test", "script": "a", "disabled": True}]).events[0].disabled


def test_variables_with_only_an_id_have_no_name():
    variables = parse_collection({"item": [], "variable": [{"id": "a", "value": 1}, {"key": "b", "value": 2}]}).variables
    assert [v.key for v in variables] == ["", "b"]


def test_both_marks_switch_a_variable_off():
    entries = [{"key": "a", "disabled": True}, {"key": "b", "enabled": False}, {"key": "c", "enabled": True}]
    variables = parse_collection({"item": [], "variable": entries}).variables
    assert [v.disabled for v in variables] == [True, True, False]


def test_changed_variables_are_updated_in_place_and_new_ones_come_last():
    document = {"item": [], "variable": [{"key": "a", "value": "1", "type": "string", "x": 0}, {"key": "b", "value": "2"}]}
    collection = parse_collection(document)
    first, second = collection.variables
    dumped = dump_collection(replace(collection, variables=(replace(first, value="9"), second, Variable("c", {"d": 1}))))
    assert dumped["variable"] == [
        {**document["variable"][0], "value": "9"},
        document["variable"][1],
        {"key": "c", "value": {"d": 1}},
    ]
    assert document["variable"][0]["value"] == "1"


def test_a_value_of_another_type_is_a_change():
    collection = parse_collection({"item": [], "variable": [{"key": "a", "value": 1}]})
    dumped = dump_collection(replace(collection, variables=(replace(collection.variables[0], value=True),)))
    assert dumped["variable"][0]["value"] is True


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "empty object"),
        ({"values": []}, "environment"),
        ({"openapi": "3.0.0", "paths": {}}, "OpenAPI"),
        ({"$kind": "collection"}, "format v3"),
        ([{"key": "a"}], "a list of variables"),
        ([], "a list is not"),
        ({"info": {"name": "x"}}, "'item' is missing"),
        ("text", "must be|is an object"),
    ],
)
def test_documents_of_another_kind_are_named(document, message):
    with pytest.raises(InvalidCollection, match=message):
        parse_collection(document, "f.json")


@pytest.mark.parametrize(
    ("item", "path"),
    [
        (5, "item[0]"),
        ({"request": {"header": 5}}, "item[0].request.header"),
        ({"request": {"url": [1]}}, "item[0].request.url"),
        ({"request": {"url": "h", "body": [1]}}, "item[0].request.body"),
        ({"request": {"url": "h", "auth": "basic"}}, "item[0].request.auth"),
        ({"request": "h", "protocolProfileBehavior": "x"}, "item[0].protocolProfileBehavior"),
        ({"request": 5}, "item[0].request"),
        ({"item": 5}, "item[0].item"),
        ({"item": [{"request": [1]}]}, "item[0].item[0].request"),
        ({"request": "h", "event": "x"}, "item[0].event"),
        ({"request": "h", "event": [{"listen": "test", "script": {"exec": 5}}]}, "item[0].event[0].script.exec"),
    ],
)
def test_a_wrong_part_is_named_by_its_json_path(item, path):
    with pytest.raises(InvalidCollection) as caught:
        parse_collection({"item": [item]}, "f.json")
    assert caught.value.where == f"f.json at {path}"


ITEM_OF_ONE = {"name": "r", "request": "http://h/"}
EVENT_OF_ONE = {"listen": "test", "script": {"exec": ["x()"]}}


def test_one_object_where_a_list_is_meant_is_a_list_of_one():
    collection = parse_collection(
        {"item": {"name": "f", "item": ITEM_OF_ONE}, "event": EVENT_OF_ONE, "variable": {"key": "v", "value": "1"}}
    )
    (folder,) = collection.items
    assert [entry.name for entry in folder.items] == ["r"]
    assert [event.listen for event in collection.events] == ["test"]
    assert [(v.key, v.value) for v in collection.variables] == [("v", "1")]
    item = parse_collection({"item": [{**ITEM_OF_ONE, "event": EVENT_OF_ONE}]}).items[0]
    assert [event.script.exec for event in item.events] == ["x()"]


@pytest.mark.parametrize("nothing", [None, [], "", {}])
def test_what_is_empty_is_empty_in_whatever_form(nothing):
    request = {"method": "POST", "url": "http://h/", "header": nothing, "body": nothing, "auth": nothing}
    items = [
        {"name": "a", "request": request, "event": nothing, "protocolProfileBehavior": nothing},
        None,
        {"item": nothing},
    ]
    collection = parse_collection({"info": nothing, "item": items, "event": nothing, "variable": nothing, "auth": nothing})
    item, folder = collection.items
    assert (item.events, item.request.headers, item.request.auth, folder.items) == ((), (), None, ())
    assert (collection.events, collection.variables, collection.auth) == ((), (), None)
    assert parse_collection({"item": nothing}).items == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4), lambda x: st.lists(x, max_size=2), max_leaves=4
)
EXTRA = st.dictionaries(st.sampled_from(["_postman_id", "x", "id", "description"]), st.text(max_size=4), max_size=2)
EVENT = st.fixed_dictionaries({"listen": st.sampled_from(["test", "prerequest"]), "script": st.text(max_size=9)})
LEAF = st.builds(
    lambda extra, event: {"name": "n", "request": "h", "event": event, **extra}, EXTRA, st.lists(EVENT, max_size=2)
)
ITEM = st.recursive(LEAF, lambda inner: st.builds(lambda items: {"item": items}, st.lists(inner, max_size=3)), max_leaves=8)
VARIABLE = st.fixed_dictionaries(
    {"key": st.text(max_size=4)}, optional={"value": JSON, "type": st.text(max_size=6), "x": JSON}
)


@given(st.lists(ITEM, max_size=4), st.lists(VARIABLE, max_size=4), EXTRA)
def test_any_collection_is_dumped_as_it_was_loaded(items, variables, extra):
    document = {"info": {"name": "c"}, "item": items, "variable": variables, **extra}
    before = json.dumps(document)
    collection = parse_collection(document)
    assert json.dumps(dump_collection(replace(collection, variables=tuple(map(replace, collection.variables))))) == before


ANY = st.sampled_from([None, 5, 1.5, True, "", "x", [], {}, [None], [5], ["x"], {"a": 1}, [[]], [{}]])
PARTS = ["url", "header", "body", "auth", "method"]
INNER = ["query", "variable", "host", "path", "formdata", "urlencoded", "basic", "raw", "mode", "type"]
ODD = st.dictionaries(st.sampled_from(PARTS), ANY | st.dictionaries(st.sampled_from(INNER), ANY))


@given(ODD)
def test_a_request_of_any_shape_is_read_and_written(source):
    dumped = dump_request(parse_request(source))
    assert dump_request(parse_request(dumped)) == dumped


@given(
    st.dictionaries(st.sampled_from(["requests", "order", "folders", "folders_order", "variables", "auth", "events"]), ANY)
)
def test_an_odd_v1_document_is_a_collection_or_a_clear_error(document):
    with suppress(InvalidCollection):
        assert parse_collection(document).source
