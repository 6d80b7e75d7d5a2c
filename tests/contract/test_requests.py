"""What is found wrong with requests: parameters of every style, bodies of forms, and a request without its response."""

import json

import pytest

from runner.contract.contract import Contract, Contracts
from runner.foreign.openapi.documents import Document
from runner.formats.format import Given
from tests.contract.conftest import URL, document

INTEGER = {"type": "integer"}
LIST = {"type": "array", "items": INTEGER}
COLOR = {"type": "object", "required": ["R"], "properties": {"R": INTEGER, "G": INTEGER}, "additionalProperties": False}
FILTER = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "sizes": LIST, "at": {"properties": {"x": INTEGER}, "type": "object"}},
    "additionalProperties": False,
}


def contracts(paths, version="3.1.0", **more):
    given = Given(json.dumps(document(paths, version, **more)), "api.json")
    return Contracts([Contract(Document(given), (), old=version < "3.1", formats=False)])


def judged(paths, href, method="GET", headers=(), body=b"", **more):
    """The violations of a request, as texts."""
    checks = contracts(paths, **more).judge_request(method, URL + href, headers, body)
    return [str(one) for check in checks for one in check.violations] + [
        check.unchecked for check in checks if check.unchecked
    ]


def with_param(path, place, schema, name="c", **more):
    param = {"name": name, "in": place, "required": True, "schema": schema, **more}
    return {path: {"get": {"parameters": [param], "responses": {}}}}


@pytest.mark.parametrize(
    ("style", "explode", "schema", "good", "bad"),
    [
        ("simple", False, INTEGER, "5", "x"),
        ("simple", False, LIST, "1,2", "1,x"),
        ("simple", False, LIST, "1%2C2", "1%2Cx"),
        ("simple", False, COLOR, "R,1,G,2", "G,1"),
        ("simple", False, COLOR, "R,1", "R"),
        ("simple", True, COLOR, "R=1,G=2", "R=x"),
        ("label", False, INTEGER, ".5", "5"),
        ("label", False, LIST, ".1,2", ".1,x"),
        ("label", False, LIST, ".1.2", ".1.x"),
        ("label", True, LIST, ".1.2", "1.2"),
        ("label", False, COLOR, ".R,1,G,2", ".G,1"),
        ("label", True, COLOR, ".R=1.G=2", ".R=x"),
        ("matrix", False, INTEGER, ";c=5", ";c=x"),
        ("matrix", False, INTEGER, ";c=5", "5"),
        ("matrix", False, INTEGER, ";c=5", ";d=5"),
        ("matrix", False, LIST, ";c=1,2", ";c=1,x"),
        ("matrix", True, LIST, ";c=1;c=2", ";c=1;d=2"),
        ("matrix", False, COLOR, ";c=R,1,G,2", ";c=G,1"),
        ("matrix", True, COLOR, ";R=1;G=2", ";R=1;B=2"),
    ],
)
def test_a_path_parameter_is_read_by_its_style(style, explode, schema, good, bad):
    paths = with_param("/p/{c}", "path", schema, style=style, explode=explode)
    assert judged(paths, f"/p/{good}") == []
    (message,) = judged(paths, f"/p/{bad}")
    assert message.startswith("path.c")


@pytest.mark.parametrize(
    ("style", "explode", "schema", "good", "bad"),
    [
        (None, None, INTEGER, "c=5", "c=x"),
        (None, None, LIST, "c=1&c=2", "c=1&c=x"),
        (None, None, LIST, "c=1", "c=1,2"),
        (None, None, LIST, "c=", "c=x"),
        ("form", False, LIST, "c=1,2", "c=1,x"),
        ("form", False, LIST, "c=1%2C2", "c=1&c=x"),
        ("form", False, COLOR, "c=R,1,G,2", "c=G,1"),
        ("form", True, COLOR, "R=1&G=2", "R=x"),
        ("form", True, COLOR, "R=1&other=x", "G=1"),
        ("spaceDelimited", False, LIST, "c=1%202+3", "c=1%20x"),
        ("spaceDelimited", False, COLOR, "c=R%201", "c=G%201"),
        ("pipeDelimited", False, LIST, "c=1|2%7C3", "c=1|x"),
        ("tabDelimited", False, LIST, "c=1%092", "c=1%09x"),
        ("deepObject", True, COLOR, "c[R]=1&c[G]=2", "c[R]=1&c[B]=2"),
        ("deepObject", True, COLOR, "c%5BR%5D=1", "c[G]=1"),
        ("deepObject", True, FILTER, "c[name]=7&c[sizes][]=1&c[sizes][]=2&c[at][x]=3", "c[sizes][]=x"),
        ("deepObject", True, FILTER, "c[sizes][0]=1&c[sizes][1]=2", "c[at][x]=y"),
        ("deepObject", True, FILTER, "c[sizes]=1&c[sizes]=2", "c[sizes]=1&c[sizes]=x"),
    ],
)
def test_a_query_parameter_is_read_by_its_style(style, explode, schema, good, bad):
    more = ({"style": style} if style else {}) | ({"explode": explode} if explode is not None else {})
    paths = with_param("/p", "query", schema, **more)
    assert judged(paths, f"/p?{good}") == []
    (message,) = judged(paths, f"/p?{bad}")
    assert message.startswith("query.c")


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": ["integer", "string"], "pattern": "^12?$"}, ["12", "1", "99"], ["x", "1x"]),
        ({"enum": [1, True, None, "x"]}, ["1", "true", "null", "x"], ["2", "y"]),
        ({"enum": ["1"]}, ["1"], ["2"]),
        ({"type": "string", "maxLength": 3}, ["123", "", "yes"], ["1234"]),
        ({"oneOf": [{"type": "integer"}, LIST]}, ["1"], ["x"]),
        ({"type": "integer", "nullable": True}, ["", "null", "1"], ["x"]),
        ({"type": "integer"}, ["1"], ["9" * 5000, "1.0", "1e2", "１"]),
        ({"type": "number", "maximum": 5}, ["1", "1.5", "-2e-3"], ["6", "1e999", "nan", "Infinity", "0x1"]),
        ({"type": "boolean"}, ["true", "false"], ["True", "1", ""]),
    ],
)
def test_texts_that_may_be_read_in_two_ways_are_blamed_only_if_neither_fits(schema, good, bad):
    paths = with_param("/p", "query", schema)
    for text in good:
        assert judged(paths, f"/p?c={text}", version="3.0.3") == [], text
    for text in bad:
        assert judged(paths, f"/p?c={text}", version="3.0.3"), text


def test_a_parameter_with_a_media_type_is_read_by_it():
    content = {"application/json": {"schema": COLOR}}
    paths = {"/p": {"get": {"parameters": [{"name": "c", "in": "query", "content": content}], "responses": {}}}}
    assert judged(paths, '/p?c={"R":1}') == []
    assert judged(paths, "/p?c=%7B%22R%22:%22x%22%7D") == ['query.c.R: expected type "integer", actual "x"']
    assert judged(paths, "/p?c={") == [
        "query.c: expected JSON, actual Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
    ]
    content["application/xml"] = content.pop("application/json")
    assert judged(paths, "/p?c=<a/>") == ["query.c: expected a media type that can be validated, actual application/xml"]


def test_the_whole_query_may_be_one_parameter():
    content = {"application/x-www-form-urlencoded": {"schema": COLOR}}
    paths = {"/p": {"get": {"parameters": [{"name": "q", "in": "querystring", "content": content}], "responses": {}}}}
    assert judged(paths, "/p?R=1&G=2", version="3.2.0") == []
    assert judged(paths, "/p?R=x", version="3.2.0") == ['querystring.R: expected type "integer", actual "x"']


def test_an_object_of_any_members_takes_those_that_are_no_other_parameters():
    schema = {"type": "object", "additionalProperties": {"type": "integer"}}
    paths = with_param("/p", "query", schema)
    paths["/p"]["get"]["parameters"].append({"name": "sort", "in": "query", "schema": {"type": "string"}})
    assert judged(paths, "/p?a=1&sort=x") == []
    assert judged(paths, "/p?a=x&sort=x") == ['query.c.a: expected type "integer", actual "x"']


def test_an_empty_value_is_taken_where_it_is_allowed():
    assert judged(with_param("/p", "query", INTEGER, allowEmptyValue=True), "/p?c=") == []
    assert judged(with_param("/p", "query", INTEGER), "/p?c=") == ['query.c: expected type "integer", actual ""']


@pytest.mark.parametrize(
    ("schema", "cookie", "messages"),
    [
        (INTEGER, "a=b; c=5", []),
        (INTEGER, "c=x", ['cookie.c: expected type "integer", actual "x"']),
        (INTEGER, "a=b", ["cookie.c: expected a value, since it is required, actual none"]),
        (LIST, "c=1; c=2", []),
        (LIST, "c=1; c=x", ['cookie.c[1]: expected type "integer", actual "x"']),
    ],
)
def test_a_cookie_is_a_parameter(schema, cookie, messages):
    assert judged(with_param("/p", "cookie", schema), "/p", headers=[("Cookie", cookie)]) == messages


def test_a_header_is_read_by_its_style():
    paths = with_param("/p", "header", COLOR, name="X-C", explode=True)
    assert judged(paths, "/p", headers=[("x-c", "R=1, G=2")]) == []
    assert judged(paths, "/p", headers=[("X-C", "R=1,B=2")])[0].startswith("header.X-C: expected no other property")


# -- bodies -------------------------------------------------------------------------------------------------------------


def posting(media_type, schema, **more):
    content = {media_type: {"schema": schema, **more}}
    return {"/p": {"post": {"requestBody": {"required": True, "content": content}, "responses": {}}}}


FORM = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": INTEGER, "tags": LIST, "color": COLOR, "note": {"type": "string"}},
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("id=1&note=2", []),
        ("id=1&tags=1&tags=2", []),
        ("id=1&tags=1&tags=x", ['$.tags[1]: expected type "integer", actual "x"']),
        ("id=1&color[R]=1", []),
        ("id=1&color[R]=x", ['$.color.R: expected type "integer", actual "x"']),
        ("id=1&color=%7B%22R%22%3A1%7D", []),
        ("id=1&color=R,1", ['$.color: expected type "object", actual "R,1"']),
        ("note=x", ["$: expected the property 'id', actual no such property"]),
        (
            "id=1&more=x",
            ["$: expected no other property, actual Additional properties are not allowed ('more' was unexpected)"],
        ),
    ],
)
def test_a_form_is_read_by_the_schemas_of_its_fields(text, messages):
    headers = [("Content-Type", "application/x-www-form-urlencoded")]
    paths = posting("application/x-www-form-urlencoded", FORM)
    assert judged(paths, "/p", "POST", headers, text.encode()) == messages


def test_an_encoding_says_how_a_field_of_a_form_is_written():
    headers = [("Content-Type", "application/x-www-form-urlencoded")]
    encoding = {"tags": {"style": "pipeDelimited", "explode": False}, "color": {"style": "form", "explode": False}}
    paths = posting("application/x-www-form-urlencoded", FORM, encoding=encoding)
    assert judged(paths, "/p", "POST", headers, b"id=1&tags=1|2&color=R,1") == []
    assert judged(paths, "/p", "POST", headers, b"id=1&tags=1|x&color=G,1") == [
        '$.tags[1]: expected type "integer", actual "x"',
        "$.color: expected the property 'R', actual no such property",
    ]


def parts(*given):
    made = "".join(f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n" for head, content in given)
    return f"{made}--b--\r\n".encode()


PHOTO = {**FORM, "properties": {**FORM["properties"], "photo": {"type": "string", "format": "binary", "maxLength": 9}}}


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ([('name="id"', "1"), ('name="note"', "7")], []),
        ([('name="id"', "x")], ['$.id: expected type "integer", actual "x"']),
        ([('name="note"', "7")], ["$: expected the property 'id', actual no such property"]),
        (
            [("name=id", "1"), ('name="tags"', "1"), ('name="tags"', "x")],
            ['$.tags[1]: expected type "integer", actual "x"'],
        ),
        ([('name="id"', "1"), ('name="tags"\r\nContent-Type: application/json', "[1, 2]")], []),
        ([('name="id"', "1"), ('name="note"; filename="n"\r\nContent-Type: application/json', '{"R": 1}')], []),
        ([('name="id"', "1"), ('name="color"\r\nContent-Type: application/json', '{"R": 1}')], []),
        (
            [('name="id"', "1"), ('name="color"', '{"R": "x"}')],
            ['$.color.R: expected type "integer", actual "x"'],
        ),
        ([('name="id"', "1"), ('name="photo"; filename="a.png"\r\nContent-Type: image/png', "x\r\n--c")], []),
        (
            [('name="id"', "1"), ('name="photo"; filename="a"\r\nContent-Type: text/plain', "x")],
            ["$.photo: expected the media type image/png, image/*, actual text/plain"],
        ),
    ],
)
def test_the_parts_of_a_multipart_body_are_read_by_the_schemas_of_its_fields(given, messages):
    paths = posting("multipart/form-data", PHOTO, encoding={"photo": {"contentType": "image/png, image/*"}})
    headers = [("Content-Type", 'multipart/form-data; boundary="b"')]
    assert judged(paths, "/p", "POST", headers, parts(*given)) == messages


@pytest.mark.parametrize(
    ("media_type", "body", "reason"),
    [
        ("multipart/form-data", parts(), "Content-Type names no boundary"),
        ("multipart/form-data; boundary=c", parts(), "its boundary does not end it"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nx", "its boundary does not end it"),
    ],
)
def test_a_broken_multipart_body_is_a_finding(media_type, body, reason):
    paths = posting("multipart/form-data", PHOTO)
    found = judged(paths, "/p", "POST", [("Content-Type", media_type)], body)
    assert found == [f"$: expected a multipart body, actual {reason}"]


def test_lines_of_json_are_validated_one_by_one():
    paths = {"/p": {"post": {"requestBody": {"content": {"application/jsonl": {"itemSchema": COLOR}}}, "responses": {}}}}
    headers = [("Content-Type", "application/jsonl")]
    assert judged(paths, "/p", "POST", headers, b'{"R": 1}\n{"R": 2}\n', version="3.2.0") == []
    assert judged(paths, "/p", "POST", headers, b'{"R": 1}\n{"R": "x"}\n', version="3.2.0") == [
        '$[1].R: expected type "integer", actual "x"'
    ]


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"R": -Infinity}', "\xff"])
def test_what_only_python_takes_for_json_is_none(text):
    paths = posting("application/json", {"type": ["number", "array", "object"]})
    (message,) = judged(paths, "/p", "POST", [("Content-Type", "application/json")], text.encode("latin-1"))
    assert message.startswith("$: expected JSON, actual")


# -- alone --------------------------------------------------------------------------------------------------------------


def test_a_request_is_judged_without_its_response():
    table = contracts({"/a": {"get": {"responses": {}}}})
    assert table.judge_request("GET", f"{URL}/a") == []
    (check,) = table.judge_request("GET", f"{URL}/b")
    assert (check.name, str(check.violations[0])) == (
        "undeclared_operation",
        "/b: expected a path of api.json, actual GET /b",
    )
    assert table.judge_request("GET", "http://other.example/a") is None
    assert table.coverage.judged == 0
