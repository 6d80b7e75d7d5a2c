"""Values that requests of Insomnia take from the responses of others."""

import base64
import json

import pytest

from tests.foreign.insomnia.exports import export, get, post

RESPONSES = [
    ("body", "$.body", "5"),
    ("body", "$['body']", "5"),
    ("body", "$.headers.X-Given", "given"),
    ("body", "$..X-Given", "given"),
    ("body", "$.headers[?(@ === 'given')]", "given"),
    ("body", "$.*", None),
    ("header", "Content-Type", "application/json"),
]


@pytest.mark.parametrize(("field", "path", "value"), RESPONSES)
def test_a_value_of_a_response_is_set_by_the_tests_of_its_request(sent, field, path, value):
    encoded = base64.b64encode(path.encode()).decode()
    tag = f"{{% response '{field}', 'req_1', 'b64::{encoded}::46b', 'always', 60 %}}"
    first = get(name="Log in", method="POST", meta={"id": "req_1"}, body={"mimeType": "text/plain", "text": "5"},
                headers=[{"name": "X-Given", "value": "given"}])  # fmt: skip
    body = sent(export([first, post(tag)]))[1][3]
    assert body == value if value else json.loads(body)


def test_a_request_that_gives_a_value_too_late_is_told(imported):
    tag = "{% response 'body', 'req_1', 'b64::JC5h::46b', 'always', 60 %}"
    _, told = imported(export([post(tag), get(name="Log in", meta={"id": "req_1"})]))
    assert "Log in has to run before Post, for values of its response; Insomnia sends it by itself" in told


def test_a_value_may_be_needed_by_way_of_variables_and_folders(imported):
    tag = "{% response 'body', 'req_1', 'b64::JC5h::46b', 'never', 60 %}"
    data = {"token": tag, "header": "{% base64 'encode', 'normal', _.token %}"}
    folder = {"name": "f", "authentication": {"type": "bearer", "token": "{{ _.header }}"}, "children": [get(name="a")]}
    items = [
        folder,
        post("{{ _.token }}"),
        get(name="none"),
        get(name="Log in", meta={"id": "req_1"}),
        post("{{ _.token }}"),
    ]
    _, told = imported(export(items, environments={"data": data}))
    assert "Log in has to run before f/a and 1 other request, for values of its response\n" in told


def test_a_response_that_has_no_value_fails(imported, postrunner):
    tag = "{% response 'body', 'req_1', 'b64::JC5ub25l::46b', 'never', 60 %}"
    imported(export([get(name="Log in", meta={"id": "req_1"}), post(tag)]))
    done = postrunner("run", "c.json")
    assert done.code == 1
    assert "The response sets log_in_none" in done.out


JSON_PATHS = [
    ("$.items[0].id", "1"),
    ("$.items[-1:].id", "3"),
    ("$.items[(@.length-1)].name", "c"),
    ("$.items[*].id", "[1,2,3]"),
    ("$.items[0:2].name", '["a","b"]'),
    ("$.items[?(@.id == 2)].name", "b"),
    ("$.items[?(@.name === 'c' && @.id > 2)].id", "3"),
    ("$.items[0,2].id", "[1,3]"),
    ("$..deep", "here"),
    ("$['a b']['c.d']", "quoted"),
    ('$["a b"]', '{"c.d":"quoted"}'),
    ("$.*[1].name", "b"),
    ("$.items.0.id", "1"),
    ("$.flag", "false"),
]
XML_PATHS = [
    ("/note/to/text()", "Ann"),
    ("//to", "Ann"),
    ("/note/b[2]/@id", "y"),
    ("//b[@id='x']", "<i>1</i>"),
    ("/note/ns:c", "2"),
]


@pytest.mark.parametrize(
    ("answer", "paths"),
    [
        (
            '{"items": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}, {"id": 3, "name": "c"}],'
            ' "x": {"deep": "here"}, "a b": {"c.d": "quoted"}, "flag": false}',
            JSON_PATHS,
        ),
        ("<note><to> Ann</to><b id='x'><i>1</i></b><b id='y'/><ns:c>2</ns:c></note>", XML_PATHS),
    ],
)
def test_paths_take_from_a_response_what_insomnia_takes(sent, server, answer, paths):
    server.texts["/get"] = answer.encode()
    tags = [base64.b64encode(path.encode()).decode() for path, _ in paths]
    uses = [post(f"{{% response 'body', 'req_1', 'b64::{tag}::46b' %}}", url="URL/use") for tag in tags]
    seen = sent(export([get(meta={"id": "req_1"}), *uses]))
    assert [body.strip() for *_, body in seen[1:]] == [value for _, value in paths]


def test_a_response_may_be_taken_as_a_whole_or_its_address(sent, server):
    server.texts["/get"] = b"all of it"
    tags = [f"{{% response '{field}', 'req_1' %}}" for field in ("raw", "url")]
    seen = sent(export([get(meta={"id": "req_1"}), post(" ".join(tags))]))
    assert seen[1][3] == f"all of it {server.url}/get"


@pytest.mark.parametrize(
    "path", ["$.a[?(@.b =~ /x/)]", "$.a[?($.b == 1)]", "$.a.b(", "$a", "//a/b[last()]", "count(//a)", "//a[b]", "@a"]
)
def test_paths_that_have_no_counterpart_are_told(imported, path):
    tag = f"{{% response 'body', 'req_1', 'b64::{base64.b64encode(path.encode()).decode()}::46b' %}}"
    _, told = imported(export([get(meta={"id": "req_1"}), post(tag)]))
    assert f"the path {path} has no counterpart in Postman" in told
