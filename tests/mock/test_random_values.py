"""`Prefer: dynamic=true`: random values by the schemas of an OpenAPI document."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.clock import Clock
from runner.contract.validation.schemas import Schemas
from runner.entropy import Entropy
from runner.foreign.openapi.documents import Document
from runner.formats.format import Given
from runner.mock.openapi.patterns import Pattern, UnknownPattern
from runner.mock.openapi.random_values import FORMATS, RandomValues
from runner.mock.serving import MockServer
from runner.mock.wishes import Settings
from runner.options import RunOptions
from tests.mock.conftest import ask, example

SCHEMAS = {
    "Small": {"type": "integer", "minimum": 3, "maximum": 4},
    "Between": {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
    "Below": {"type": "number", "maximum": -7.5},
    "Fine": {"type": "number", "minimum": 0.001, "maximum": 0.002},
    "Steps": {"type": "integer", "multipleOf": 7, "minimum": 50},
    "Quarters": {"type": "number", "multipleOf": 0.25, "maximum": 2},
    "Chosen": {"enum": ["a", 1, None]},
    "Constant": {"const": {"a": 1}},
    "Long": {"type": "string", "minLength": 30, "maxLength": 31},
    "Short": {"type": "string", "maxLength": 2},
    "Code": {"type": "string", "pattern": "^[A-Z]{3}-\\d{2,4}$"},
    "Maybe": {"type": ["null", "string"]},
    "Tags": {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
    "Many": {"type": "array", "items": {"type": "boolean"}, "minItems": 9},
    "Pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
    "Tree": {"properties": {"name": {"type": "string"}, "children": {"items": {"$ref": "#/components/schemas/Tree"}}}},
    "Both": {"allOf": [{"required": ["a"], "properties": {"a": {"type": "integer"}}}, {"required": ["b"]}]},
    "Either": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
    "Map": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3},
    "Two": {"type": "object", "maxProperties": 2, "properties": {name: {"type": "string"} for name in "abcdef"}},
    "Closed": {"type": "object", "additionalProperties": False, "properties": {"a": {"type": "null"}}},
    "Secret": {"required": ["a"], "properties": {"a": {"writeOnly": True}, "b": {"type": "string"}}},
    "Formats": {"properties": {name: {"type": "string", "format": name} for name in FORMATS if name != "time"}},
}
DOCUMENT = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": SCHEMAS}}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_random_value_is_valid(name):
    document = Document(Given(json.dumps(DOCUMENT), "api.json"))
    schemas = Schemas(document, "writeOnly", old=False, formats=True)
    schema = {"$ref": f"#/components/schemas/{name}"}
    values = RandomValues(document, Entropy(name), Clock())
    made = [values.of(schema) for _ in range(60)]
    assert [violation for value in made for violation in schemas.violations(schema, value)] == []
    assert len({json.dumps(value) for value in made}) > 1 or name in ("Between", "Constant", "Maybe")


def test_what_is_write_only_is_not_answered():
    document = Document(Given(json.dumps(DOCUMENT), "api.json"))
    values = RandomValues(document, Entropy(1), Clock())
    assert all("a" not in values.of({"$ref": "#/components/schemas/Secret"}) for _ in range(50))


@pytest.mark.parametrize(
    "pattern",
    [
        "^[A-Z]{3}-\\d{4}$",
        "^(a|bc)+\\.[^a-z]?$", "\\u0041\\x42*", "^(?:foo|bar){2,}$", "[\\w.-]+@[a-z]+",
        "^[a-z]{2}(-[A-Z]{2})?$",
        "a{2}b{0,3}?", "^(?<year>\\d{4})-\\d\\d$", "[]a]?x", "a|",
        "^\\S+\\s\\D\\W$", "x{", "^[^\\d]{3}$", "(((a)))", "\\/\\.\\-",
    ],
)  # fmt: skip
@given(seed=st.integers(0, 1 << 32))
def test_a_text_is_matched_by_its_pattern(pattern, seed):
    try:
        made = Pattern(pattern, Entropy(seed)).made()
    except UnknownPattern:
        assert pattern == "[]a]?x"  # an empty set in ECMA-262
        return
    assert re.search(re.sub(r"\(\?<(?=\w)", "(?P<", pattern), made)


@pytest.mark.parametrize("pattern", ["(?=a)b", "(?<!a)b", "(a)\\1", "\\p{L}", "(", "[a", "a\\", "*a", "a)", "\\u12"])
def test_a_pattern_that_no_text_is_made_for_is_told(pattern):
    with pytest.raises(UnknownPattern):
        Pattern(pattern, Entropy(1)).made()


PETS = """
openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        '200':
          description: A pet
          content:
            application/json:
              schema: {required: [id, kind], properties: {id: {type: integer, minimum: 1}, kind: {enum: [cat, dog]}}}
              example: {id: 0, kind: example}
        4XX:
          description: No pet
          content: {application/json: {schema: {required: [code], properties: {code: {type: string, pattern: '(?=E)E1'}}}}}
    delete: {responses: {'204': {description: Gone}}}
"""


@pytest.fixture
def pets(tmp_path):
    """Starts a mock server of a document: gives a function that sends, with the first words of its log as `.told`."""
    servers = []

    def start(**more):
        path = tmp_path / "pets.yaml"
        path.write_text(PETS)
        server = MockServer([str(path)], RunOptions(), **more)
        servers.append(server)

        def send(text, **headers):
            return ask(server.url, text, **headers)

        send.server = server
        send.told = lambda: server.server._backend.records()[-1].answer
        return send

    yield start
    for server in servers:
        server.close()


def test_dynamic_true_answers_with_random_values_of_the_schema(pets):
    send = pets(seed=1)
    answers = [send("GET /v1/pets/7 [Prefer: dynamic=true]").json for _ in range(8)]
    assert all(one["id"] >= 1 and one["kind"] in ("cat", "dog") for one in answers)
    assert len({one["id"] for one in answers}) > 1
    assert send.told() == "A pet (pets/{id}//pets/:id), score 80, with random values"
    assert send("GET /v1/pets/7").json == {"id": 0, "kind": "example"}


def test_a_seed_repeats_the_values_after_a_reset(pets):
    send = pets(seed=5)
    first = [send("GET /pets/7 [Prefer: dynamic=true]").text for _ in range(3)]
    send.server.server.reset()
    assert [send("GET /pets/7 [Prefer: dynamic=true]").text for _ in range(3)] == first


def test_a_setting_makes_all_answers_random_unless_a_call_refuses(pets):
    send = pets(settings=Settings(dynamic=True))
    assert send("GET /pets/7").json != {"id": 0, "kind": "example"}
    assert send("GET /pets/7 [Prefer: dynamic=false]").json == {"id": 0, "kind": "example"}


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("GET /pets/7 [Prefer: dynamic=true; code=400]", "as it is: no text can be made for a pattern"),
        ("DELETE /pets/7 [Prefer: dynamic=true]", "as it is: the document has no JSON schema for 204"),
    ],
)
def test_an_answer_that_cannot_be_random_is_the_example_and_the_log_says_why(pets, call, reason):
    send = pets()
    assert send(call).status in (204, 400)
    assert reason in send.told()


def test_a_collection_has_no_schemas_for_random_values(mocked):
    send = mocked(example("GET /u", body="as saved"))
    assert send("GET /u [Prefer: dynamic=true]").text == "as saved"
    assert "as it is: no document" in send.server.server._backend.records()[-1].answer
