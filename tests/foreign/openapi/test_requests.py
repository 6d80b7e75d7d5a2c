"""Parameters, bodies and saved examples of operations."""

import json

import pytest

from tests.foreign.openapi.conftest import leaves, rows

COLORS, SIZE = ["a", "b"], {"w": 1, "h": 2}


@pytest.mark.parametrize(
    ("style", "explode", "value", "query"),
    [
        ("form", True, COLORS, "c=a&c=b"),
        ("form", False, COLORS, "c=a,b"),
        ("form", True, SIZE, "w=1&h=2"),
        ("form", False, SIZE, "c=w,1,h,2"),
        ("form", True, [], ""),
        ("spaceDelimited", False, COLORS, "c=a%20b"),
        ("pipeDelimited", False, COLORS, "c=a|b"),
        ("deepObject", True, {"a": 1, "b": {"c": [2, 3]}}, "c[a]=1&c[b][c][0]=2&c[b][c][1]=3"),
        ("unknown", True, 5, "c=5"),
        ("form", True, {"a": {"b": 1}}, 'a={"b":1}'),
        ("form", True, None, "c="),
    ],
)
def test_a_query_parameter_is_written_in_its_style(request_of, style, explode, value, query):
    schema = {"nullable": True} if value is None else {}
    parameter = {"name": "c", "in": "query", "style": style, "explode": explode, "schema": schema, "example": value}
    url = request_of({"parameters": [parameter]})["request"]["url"]
    assert url["raw"] == "{{baseUrl}}/pets" + (f"?{query}" if query else "")


@pytest.mark.parametrize(
    ("style", "explode", "value", "text"),
    [
        ("simple", False, COLORS, "a,b"),
        ("simple", True, SIZE, "w=1,h=2"),
        ("simple", False, SIZE, "w,1,h,2"),
        ("label", False, COLORS, ".a.b"),
        ("matrix", False, COLORS, ";c=a,b"),
        ("matrix", True, COLORS, ";c=a;c=b"),
        ("matrix", True, SIZE, ";w=1;h=2"),
    ],
)
def test_a_path_parameter_is_written_in_its_style(request_of, style, explode, value, text):
    parameter = {"name": "c", "in": "path", "style": style, "explode": explode, "schema": {}, "example": value}
    assert rows(request_of({"parameters": [parameter]}, path="/p/{c}")["request"]["url"]["variable"]) == [("c", text)]


def test_cookie_parameters_are_one_header(request_of):
    parameters = [{"name": name, "in": "cookie", "schema": {"type": "string"}} for name in ("sid", "theme")]
    assert rows(request_of({"parameters": parameters})["request"]["header"]) == [("Cookie", "sid=<string>; theme=<string>")]


def test_optional_parameters_are_not_ticked_if_asked_for(request_of):
    parameters = [
        {"name": "need", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "may", "in": "query", "schema": {"type": "string"}},
        {"name": "sid", "in": "cookie", "schema": {"type": "string"}},
    ]
    found = request_of({"parameters": parameters}, options={"enableOptionalParameters": "false"})["request"]
    assert rows(found["url"]["query"]) == [("need", "<string>"), ("(may)", "<string>")]
    assert rows(found["header"]) == [("(Cookie)", "sid=<string>")]


def test_implicit_headers_are_left_out_unless_asked_for(request_of):
    parameters = [{"name": "authorization", "in": "header", "schema": {"type": "string"}}]
    assert request_of({"parameters": parameters})["request"]["header"] == []
    found = request_of({"parameters": parameters}, options={"keepImplicitHeaders": "true"})
    assert rows(found["request"]["header"]) == [("authorization", "<string>")]


def test_a_parameter_says_that_it_is_required_and_what_it_may_be(request_of):
    schema = {"type": "string", "enum": ["a", "b"]}
    parameter = {"name": "c", "in": "query", "required": True, "description": "Kind.", "schema": schema}
    (row,) = request_of({"parameters": [parameter]})["request"]["url"]["query"]
    assert row == {"key": "c", "value": "a", "description": "(Required) Kind. (This can only be one of a,b)"}


def test_a_parameter_of_the_operation_replaces_that_of_the_path(imported):
    one = {"name": "c", "in": "query", "schema": {"default": 1}, "description": "Shared."}
    item = {
        "parameters": [one],
        "get": {"parameters": [{"name": "c", "in": "query", "schema": {"default": 2}}], "responses": {}},
    }
    (row,) = leaves(imported({"/a": item}).collection)[0]["request"]["url"]["query"]
    assert row == {"key": "c", "value": "2", "description": "Shared."}


def test_a_parameter_with_content_is_json(request_of):
    content = {"application/json": {"schema": {"type": "object", "properties": {"a": {"type": "integer"}}}}}
    found = request_of({"parameters": [{"name": "f", "in": "query", "content": content}]})["request"]["url"]
    assert rows(found["query"]) == [("f", '{"a":"<integer>"}')]


def test_a_whole_query_string_is_one_parameter_for_each_field(request_of):
    content = {"application/x-www-form-urlencoded": {"schema": {"example": {"a": 1, "b": ["x", "y"]}}}}
    parameter = {"name": "q", "in": "querystring", "content": content}
    found = request_of({"parameters": [parameter]}, version="3.2.0")["request"]["url"]
    assert rows(found["query"]) == [("a", "1"), ("b", "x"), ("b", "y")]


def body(request_of, content, **more):
    return request_of({"requestBody": {"content": content}}, method="post", **more)["request"]


FIELDS = {"type": "object", "required": ["b"], "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}


def test_json_is_made_of_the_schema_with_what_is_required_first(request_of):
    found = body(request_of, {"application/json": {"schema": FIELDS}})
    assert found["body"] == {
        "mode": "raw",
        "raw": '{\n  "b": "<string>",\n  "a": "<integer>"\n}',
        "options": {"raw": {"headerFamily": "json", "language": "json"}},
    }
    assert rows(found["header"]) == [("Content-Type", "application/json")]


def test_bodies_are_indented_with_tabs_if_asked_for(request_of):
    found = body(request_of, {"application/json": {"schema": FIELDS}}, options={"indentCharacter": "Tab"})
    assert found["body"]["raw"] == '{\n\t"b": "<string>",\n\t"a": "<integer>"\n}'


def test_a_form_has_a_row_for_each_field(request_of):
    found = body(request_of, {"application/x-www-form-urlencoded": {"schema": FIELDS}})
    assert found["body"]["mode"] == "urlencoded"
    assert rows(found["body"]["urlencoded"]) == [("b", "<string>"), ("a", "<integer>")]


def test_files_of_a_multipart_form_are_file_rows(request_of):
    file = {"type": "string", "format": "binary"}
    properties = {"one": file, "many": {"type": "array", "items": file}, "about": {"type": "object", "properties": {}}}
    content = {
        "schema": {"type": "object", "properties": properties},
        "encoding": {"about": {"contentType": "application/json"}},
    }
    found = body(request_of, {"multipart/form-data": content})["body"]
    assert found["formdata"] == [
        {"key": "one", "type": "file", "src": []},
        {"key": "many", "type": "file", "src": []},
        {"key": "about", "value": "{}", "type": "text", "contentType": "application/json"},
    ]


@pytest.mark.parametrize("content", [{"schema": {"type": "string", "format": "binary"}}, {}])
def test_bytes_are_a_file(request_of, content):
    assert body(request_of, {"application/octet-stream": content}, version="3.1.0")["body"] == {"mode": "file", "file": {}}


@pytest.mark.parametrize(
    ("choice", "mode"),
    [("first-listed", "formdata"), ("form-data", "formdata"), ("x-www-form-urlencoded", "urlencoded"), ("raw", "raw")],
)
def test_the_kind_of_body_can_be_chosen(request_of, choice, mode):
    types = ("multipart/form-data", "application/json", "application/x-www-form-urlencoded")
    options = {"preferredRequestBodyType": choice}
    assert body(request_of, {type: {"schema": FIELDS} for type in types}, options=options)["body"]["mode"] == mode


def test_a_request_sends_a_body_that_its_method_does_not_have_only_where_there_is_one(request_of):
    content = {"requestBody": {"content": {"application/json": {"schema": FIELDS}}}}
    assert request_of(content)["protocolProfileBehavior"] == {"disableBodyPruning": True}
    assert "protocolProfileBehavior" not in request_of({})
    assert "protocolProfileBehavior" not in request_of(content, method="post")


def examples_of(request_of, responses, **operation):
    found = request_of({"responses": responses, **operation}, method="post")
    return found["response"]


def test_each_response_is_an_example(request_of):
    responses = {
        "200": {
            "description": "Good",
            "headers": {"X-Rate": {"schema": {"type": "integer"}}},
            "content": {"application/json": {"schema": {"type": "boolean"}}},
        },
        "4XX": {"description": ""},
        "default": {"description": "Other"},
    }
    good, bad, other = examples_of(request_of, responses)
    assert (good["name"], good["status"], good["code"], good["body"]) == ("Good", "OK", 200, "<boolean>")
    assert rows(good["header"]) == [("Content-Type", "application/json"), ("X-Rate", "<integer>")]
    assert rows(good["originalRequest"]["header"]) == [("Accept", "application/json")]
    assert (bad["name"], bad["code"]) == ("4XX", 400)
    assert (other["name"], other["code"]) == ("Other", 500)


def test_the_default_response_is_told_with_its_place(imported):
    paths = {"/a": {"get": {"responses": {"default": {"description": "x"}}}}}
    (note,) = imported(paths, servers=[{"url": "https://h"}]).notes
    assert note.message == "1 response is `default`, which has no status: the example has 500"
    assert note.line == 1


def named(**values):
    return {"application/json": {"schema": {}, "examples": {key: {"value": value} for key, value in values.items()}}}


def test_each_named_example_of_a_response_is_one_with_the_request_of_its_name(request_of):
    responses = {"200": {"description": "Good", "content": named(cat=1, dog=2)}}
    found = examples_of(request_of, responses, requestBody={"content": named(Dog="d", CAT="c")})
    assert [(one["name"], one["body"], one["originalRequest"]["body"]["raw"]) for one in found] == [
        ("cat", "1", "c"),
        ("dog", "2", "d"),
    ]


def test_named_examples_of_only_the_request_are_examples_of_the_first_success(request_of):
    responses = {"400": {"description": "Bad"}, "201": {"description": "Made"}, "204": {"description": "Gone"}}
    found = examples_of(request_of, responses, requestBody={"content": named(a="x", b="y")})
    assert [(one["name"], one["originalRequest"]["body"]["raw"]) for one in found] == [
        ("Bad", "x"), ("a", "x"), ("b", "y"), ("Gone", "x"),
    ]  # fmt: skip


def test_with_schemas_only_there_is_one_example_without_the_values_of_examples(request_of):
    options = {"exampleParametersResolution": "Schema"}
    responses = {"200": {"description": "Good", "content": named(cat=1, dog=2)}}
    assert len(request_of({"responses": responses}, options=options)["response"]) == 1


@pytest.mark.parametrize(("choice", "shown"), [("true", [("X-Key", "<API Key>")]), ("false", [])])
def test_the_request_of_an_example_shows_its_auth(request_of, choice, shown):
    schemes = {"key": {"type": "apiKey", "name": "X-Key", "in": "header"}}
    found = request_of(
        {"responses": {"200": {"description": ""}}},
        security=[{"key": []}],
        components={"securitySchemes": schemes},
        options={"includeAuthInfoInExample": choice},
    )
    assert rows(found["response"][0]["originalRequest"]["header"]) == shown


def test_streams_have_two_items(request_of):
    item = {"type": "object", "properties": {"event": {"const": "add"}, "data": {"example": "x\ny"}}}
    types = {
        "text/event-stream": "event: add\ndata: x\ndata: y\n\n" * 2,
        "application/jsonl": '{"event": "add", "data": "x\\ny"}\n' * 2,
        "application/json-seq": '\x1e{"event": "add", "data": "x\\ny"}\n' * 2,
    }
    for type, text in types.items():
        responses = {"200": {"description": "", "content": {type: {"itemSchema": item}}}}
        assert request_of({"responses": responses}, version="3.2.0")["response"][0]["body"] == text


@pytest.mark.parametrize(
    ("optional", "shown"),
    [("true", [("b", "<string>"), ("a", "<integer>")]), ("false", [("b", "<string>"), ("(a)", "<integer>")])],
)
def test_a_field_of_a_form_that_is_not_required_is_ticked_if_asked_for(request_of, optional, shown):
    content = {"application/x-www-form-urlencoded": {"schema": FIELDS}}
    found = body(request_of, content, options={"enableOptionalParameters": optional})
    assert rows(found["body"]["urlencoded"]) == shown


def test_the_data_of_an_example_is_taken_before_its_text(request_of):
    examples = {"a": {"dataValue": {"x": 1}, "serializedValue": "{...}"}}
    content = {"application/json": {"schema": {}, "examples": examples}}
    assert json.loads(body(request_of, content, version="3.2.0")["body"]["raw"]) == {"x": 1}
