"""Documents of Swagger 2.0."""

import pytest

from tests.foreign.openapi.conftest import leaves, rows


def request(imported, operation, *, method="post", **document):
    """The item of the only operation of a document."""
    return leaves(imported({"/a": {method: {"responses": {}, **operation}}}, version="2.0", **document).collection)[0]


@pytest.mark.parametrize(
    ("document", "address"),
    [
        ({"host": "h", "basePath": "/v1", "schemes": ["http", "https"]}, "http://h/v1"),
        ({"host": "h:8080"}, "https://h:8080"),
        ({"basePath": "/v1/"}, "/v1"),
        ({}, "/"),
    ],
)
def test_host_base_path_and_the_first_scheme_are_the_address(imported, document, address):
    assert rows(imported({}, version="2.0", **document).collection["variable"]) == [("baseUrl", address)]


@pytest.mark.parametrize(
    ("format", "query"),
    [("csv", "c=a,b"), (None, "c=a,b"), ("ssv", "c=a%20b"), ("tsv", "c=a%09b"), ("pipes", "c=a|b"), ("multi", "c=a&c=b")],
)
def test_the_collection_format_joins_the_values_of_an_array(imported, format, query):
    items = {"type": "string"}
    parameter = {"name": "c", "in": "query", "type": "array", "items": items, "x-example": ["a", "b"]}
    parameter |= {"collectionFormat": format} if format else {}
    found = request(imported, {"parameters": [parameter]}, method="get")["request"]["url"]["raw"]
    assert found == "{{baseUrl}}/a?" + query


def test_a_body_has_each_type_that_is_consumed(imported):
    parameters = [{"$ref": "#/parameters/Pet"}]
    shared = {"Pet": {"name": "pet", "in": "body", "schema": {"$ref": "#/definitions/Pet"}}}
    definitions = {"Pet": {"type": "object", "properties": {"name": {"type": "string"}}}}
    for consumes, type, text in (
        (None, "application/json", '{\n  "name": "<string>"\n}'),
        (
            ["application/xml"],
            "application/xml",
            '<?xml version="1.0" encoding="UTF-8"?>\n<element>\n  <name>(string)</name>\n</element>',
        ),
    ):
        operation = {"parameters": parameters, **({"consumes": consumes} if consumes else {})}
        found = request(imported, operation, parameters=shared, definitions=definitions)["request"]
        assert (rows(found["header"]), found["body"]["raw"]) == ([("Content-Type", type)], text)


def test_form_fields_are_one_body(imported):
    fields = [
        {"name": "a", "in": "formData", "type": "string", "required": True, "description": "A."},
        {"name": "b", "in": "formData", "type": "array", "items": {"type": "integer"}},
    ]
    found = request(imported, {"parameters": fields})["request"]["body"]
    assert found["urlencoded"] == [
        {"key": "a", "value": "<string>", "description": "(Required) A."},
        {"key": "b", "value": "<integer>,<integer>"},
    ]


def test_a_file_makes_a_multipart_form(imported):
    fields = [{"name": "f", "in": "formData", "type": "file"}, {"name": "a", "in": "formData", "type": "string"}]
    found = request(imported, {"parameters": fields})["request"]["body"]
    assert [(row["key"], row["type"]) for row in found["formdata"]] == [("f", "file"), ("a", "text")]


def test_responses_have_what_is_produced_and_their_examples(imported):
    responses = {
        "200": {"$ref": "#/responses/Good"},
        "404": {"description": "Gone", "schema": {"type": "string"}},
    }
    shared = {"Good": {"description": "Good", "schema": {}, "examples": {"application/json": {"a": 1}}}}
    item = request(imported, {"responses": responses, "produces": ["application/json"]}, responses=shared)
    good, gone = item["response"]
    assert (good["body"], good["code"]) == ('{\n  "a": 1\n}', 200)
    assert (gone["body"], rows(gone["header"])) == ('"<string>"', [("Content-Type", "application/json")])
    assert rows(item["request"]["header"]) == [("Accept", "application/json")]


@pytest.mark.parametrize(
    ("scheme", "type", "some"),
    [
        ({"type": "basic"}, "basic", ("username", "{{basicAuthUsername}}")),
        ({"type": "apiKey", "name": "k", "in": "query"}, "apikey", ("in", "query")),
        (
            {
                "type": "oauth2",
                "flow": "accessCode",
                "authorizationUrl": "https://a",
                "tokenUrl": "https://t",
                "scopes": {},
            },
            "oauth2",
            ("grant_type", "authorization_code"),
        ),
    ],
)
def test_security_definitions_are_auth(imported, scheme, type, some):
    found = imported({}, version="2.0", securityDefinitions={"s": scheme}, security=[{"s": []}]).collection["auth"]
    assert found["type"] == type
    assert some in rows(found[type])
