"""Calls that an OpenAPI document does not allow."""

import pytest

from runner.mock.serving import MockServer
from runner.mock.wishes import Settings
from runner.options import RunOptions
from tests.mock.conftest import ask

PETS = """
openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'https://{tenant}.example.com/v1'}]
paths:
  /pets:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
        - {name: X-Tenant, in: header, required: true, schema: {type: string}}
      responses: {'200': {description: Some, content: {application/json: {example: [1]}}}}
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string}, age: {type: integer}}}
      responses: {'201': {description: Made, content: {application/json: {example: {id: 1}}}}}
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: One, content: {application/json: {example: {id: 1}}}}}
"""


@pytest.fixture
def pets(tmp_path):
    """Starts a mock server of the document: gives a function that sends."""
    servers = []

    def start(settings=None, **more):
        path = tmp_path / "pets.yaml"
        path.write_text(PETS)
        server = MockServer([str(path)], RunOptions(), settings, **more)
        servers.append(server)

        def send(text, **headers):
            return ask(server.url, text, **headers)

        send.server = server
        return send

    yield start
    for server in servers:
        server.close()


JSON = "[content-type: application/json]"


@pytest.mark.parametrize(
    ("call", "status"),
    [
        ("GET /pets?limit=7 [X-Tenant: a]", 200),
        ("GET /v1/pets [X-Tenant: a]", 200),
        ("GET /v1/pets", 422),
        ("GET /pets?limit=101 [X-Tenant: a]", 422),
        ("GET /pets?limit=many [X-Tenant: a]", 422),
        ("GET /pets/7", 200),
        ("GET /pets/seven", 422),
        (f'POST /pets {JSON} <{{"name": "Tom"}}>', 201),
        (f'POST /pets {JSON} <{{"name": "Tom", "age": "two"}}>', 422),
        (f"POST /pets {JSON} <{{}}>", 422),
        (f"POST /pets {JSON} <{{>", 422),
        ("POST /pets [content-type: text/csv] <name>", 422),
        ("POST /pets", 422),
        ("GET /dogs", 404),
        ("PUT /pets", 404),
    ],
)
def test_a_call_that_the_document_does_not_allow_is_a_422(pets, call, status):
    assert pets()(call).status == status


def test_all_that_is_wrong_is_told(pets):
    send = pets()
    reply = send(f'POST /pets {JSON} <{{"age": "two"}}>')
    error = reply.json["error"]
    assert (error["name"], error["header"]) == ("mockRequestInvalidError", "Invalid request")
    assert sorted((one["path"], one["expected"], one["actual"]) for one in error["violations"]) == [
        ("$", "the property 'name'", "no such property"),
        ("$.age", 'type "integer"', '"two"'),
    ]
    assert reply.headers["access-control-allow-origin"] == "*"
    assert send.server.server._backend.records()[-1].answer == "invalid"


def test_a_call_that_names_its_answer_gets_it(pets):
    assert pets()("GET /pets [Prefer: code=200]").status == 200


def test_validation_can_be_left_out(pets):
    assert pets(Settings(validate=False))("GET /pets?limit=many").status == 200


def test_a_call_that_is_not_valid_changes_nothing(pets):
    send = pets(stateful=True)
    assert send(f"POST /pets {JSON} <{{}}>").status == 422
    assert send("GET /pets [X-Tenant: a]").json == [1]


def test_a_browser_may_ask_before_it_calls(pets):
    assert pets()("OPTIONS /pets", Origin="http://a", **{"Access-Control-Request-Method": "GET"}).status == 204


def test_of_two_documents_the_first_that_describes_a_call_decides(tmp_path):
    (tmp_path / "a.yaml").write_text(PETS.replace("/pets/{id}", "/cats/{id}"))
    (tmp_path / "b.yaml").write_text(PETS)
    with MockServer([str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")], RunOptions()) as server:
        assert [ask(server.url, f"GET /{name}").status for name in ("cats/x", "pets/x", "cats/1", "pets/1")] == [
            422,
            422,
            200,
            200,
        ]
