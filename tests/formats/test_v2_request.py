import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.formats.postman.v2 import dump_request, parse_request
from runner.model.request import Auth, Body, FormParam, Header


def without_source(request):
    return replace(request, source={})


def test_a_text_is_a_get_of_that_url():
    request = parse_request("http://h/p")
    assert (request.method, request.url.host, request.url.path) == ("GET", ("h",), ("p",))


def test_methods_are_upper_case_and_null_is_get():
    assert parse_request({"url": "h", "method": "propFind"}).method == "PROPFIND"
    assert parse_request({"url": "h", "method": None}).method == "GET"


@pytest.mark.parametrize(
    "header",
    [
        [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}],
        ["A: 1", "B:2"],
        {"A": "1", "B": "2", "C": 3, "D": None},
        "A: 1\r\nB: 2\r\n",
        "A: 1\nB: 2",
    ],
)
def test_headers_come_as_list_map_or_text(header):
    assert parse_request({"url": "h", "header": header}).headers == (Header("A", "1"), Header("B", "2"))


@pytest.mark.parametrize("more", [{}, {"type": "text", "disabled": False, "description": "d"}])
def test_one_header_is_a_list_of_one(more):
    assert parse_request({"header": {"key": "A", "value": "1", **more}}).headers == (Header("A", "1"),)


def test_a_header_called_key_is_no_entry():
    header = {"key": "s3cret", "Accept": "text/plain"}
    assert parse_request({"header": header}).headers == (Header("key", "s3cret"), Header("Accept", "text/plain"))


def test_header_values_keep_null_and_flags():
    header = [{"key": "A", "value": None, "disabled": True}, {"key": None}, {"key": "C", "value": True, "system": True}]
    expected = (Header("A", None, True), Header("", ""), Header("C", "true", False, True))
    assert parse_request({"header": header}).headers == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("text", Body(mode="raw", raw="text")),
        ({}, Body(mode=None)),
        (None, None),
        ({"mode": "odd", "raw": "x"}, Body(mode="raw", raw="x")),
        ({"mode": "raw", "raw": {"a": 1}, "disabled": True}, Body(mode="raw", raw={"a": 1}, disabled=True)),
        ({"mode": "file", "file": "p"}, Body(mode="file", file={"src": "p"})),
        ({"mode": "graphql", "graphql": {"query": "q"}}, Body(mode="graphql", graphql={"query": "q"})),
        (
            {"mode": "urlencoded", "urlencoded": "a=1&b"},
            Body(mode="urlencoded", urlencoded=(FormParam(key="a", value="1"), FormParam(key="b", value=None))),
        ),
        (
            {"mode": "formdata", "formdata": [{"key": "f", "type": "file", "src": ["x", "y"], "fileName": "n"}]},
            Body(mode="formdata", formdata=(FormParam(key="f", value="", type="file", src=("x", "y"), file_name="n"),)),
        ),
    ],
)
def test_every_form_of_body(body, expected):
    assert parse_request({"url": "h", "body": body}).body == expected


def test_auth_as_list_and_as_map_is_the_same():
    listed = {"type": "basic", "basic": [{"key": "username", "value": "u", "type": "string"}]}
    assert (
        parse_request({"auth": listed}).auth == parse_request({"auth": {"type": "basic", "basic": {"username": "u"}}}).auth
    )
    assert parse_request({"auth": listed}).auth == Auth("basic", {"username": "u"})


@pytest.mark.parametrize("auth", [None, {}, {"basic": []}])
def test_auth_without_a_type_is_inherited(auth):
    assert parse_request({"auth": auth}).auth is None


def test_noauth_stops_the_inheritance():
    assert parse_request({"auth": {"type": "noauth"}}).auth == Auth("noauth", {})


def test_typed_auth_parameters_are_cast():
    params = [{"key": "a", "value": True, "type": "boolean"}, {"key": "b", "value": "7", "type": "number"}]
    assert parse_request({"auth": {"type": "x", "x": params}}).auth == Auth("x", {"a": True, "b": 7})


def test_an_unchanged_request_keeps_all_its_json():
    source = {
        "method": "POST",
        "header": [{"key": "A", "value": "1", "description": "why"}],
        "body": {"mode": "raw", "raw": "x", "options": {"raw": {"language": "json"}}, "note": 1},
        "url": {"raw": "h/p", "host": ["h"], "path": ["p"], "note": 2},
        "description": "d",
        "proxy": {"host": "p"},
    }
    assert dump_request(parse_request(source)) == source


def test_a_changed_part_is_written_anew_and_the_rest_is_kept():
    source = {"url": "h", "header": [{"key": "A", "value": "1", "description": "why"}], "description": "d"}
    dumped = dump_request(replace(parse_request(source), method="PUT", headers=(Header("B", "2"),)))
    assert (dumped["method"], dumped["header"], dumped["description"]) == ("PUT", [{"key": "B", "value": "2"}], "d")


TEXT = st.text(max_size=5)
FLAG = st.booleans()
ENTRY = st.fixed_dictionaries({"key": TEXT, "value": TEXT | st.none()}, optional={"disabled": FLAG, "description": TEXT})
FORM = st.fixed_dictionaries(
    {"key": TEXT, "type": st.sampled_from(["text", "file"])},
    optional={"value": TEXT, "src": TEXT | st.lists(TEXT), "contentType": TEXT, "disabled": FLAG},
)
BODIES = st.one_of(
    st.fixed_dictionaries({"mode": st.just("raw"), "raw": TEXT}),
    st.fixed_dictionaries({"mode": st.just("urlencoded"), "urlencoded": st.lists(ENTRY, max_size=3)}),
    st.fixed_dictionaries({"mode": st.just("formdata"), "formdata": st.lists(FORM, max_size=3)}),
    st.fixed_dictionaries({"mode": st.just("file"), "file": TEXT | st.fixed_dictionaries({"src": TEXT})}),
)
REQUESTS = st.fixed_dictionaries(
    {"url": TEXT | st.fixed_dictionaries({"host": TEXT | st.lists(TEXT), "query": st.lists(ENTRY, max_size=2)})},
    optional={"method": TEXT, "header": st.lists(ENTRY, max_size=3) | TEXT, "body": BODIES, "x": TEXT},
)


@given(REQUESTS)
def test_any_request_round_trips_also_without_its_source(source):
    request = parse_request(source)
    dumped = json.loads(json.dumps(dump_request(request)))
    assert without_source(parse_request(dumped)) == without_source(request)
    assert without_source(parse_request(dump_request(without_source(request)))) == without_source(request)


def test_a_file_field_keeps_the_value_that_it_had():
    body = {"mode": "formdata", "formdata": [{"key": "f", "value": "v", "type": "file", "src": "x"}]}
    request = parse_request({"url": "h", "body": body})
    assert dump_request(replace(request, method="PUT"))["body"] == body
