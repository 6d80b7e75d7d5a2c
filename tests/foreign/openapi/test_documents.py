"""References over files, circles, and documents that are not as they should be."""

import json
import random

import pytest

from runner.errors import LoadError
from runner.foreign.importing import import_sources
from tests.foreign.openapi.conftest import leaves


def document(schema, version="3.0.3", **more):
    content = {"application/json": {"schema": schema}}
    paths = {"/a": {"post": {"requestBody": {"content": content}, "responses": {}}}}
    return {"openapi": version, "info": {"title": "Api"}, "servers": [{"url": "https://h"}], "paths": paths, **more}


@pytest.fixture
def body_of(tmp_path, monkeypatch):
    """The body of the only request of a document, whose folder lies below the current one, and the notes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()

    def make(content, files=(), **options):
        for name, text in dict(files).items():
            (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "docs" / name).write_text(text)
        (tmp_path / "docs" / "api.json").write_text(json.dumps(content, indent=1))
        made = import_sources(["docs/api.json"], options=options)
        return json.loads(leaves(made.collection)[0]["request"]["body"]["raw"]), [str(note) for note in made.notes]

    return make


STRING = {"type": "string"}


def test_references_lead_into_files_and_from_there_on(body_of):
    files = {
        "models/pet.yaml": "Pet:\n  type: object\n  properties:\n    a: {$ref: '#/Name'}\n    b: {$ref: ../b.json}\n"
        "    c: {$ref: ../api.json#/components/schemas/C}\nName: {type: integer}\n",
        "b.json": '{"type": "boolean"}',
    }
    content = document({"$ref": "./models/pet.yaml#/Pet"}, components={"schemas": {"C": STRING}})
    assert body_of(content, files) == ({"a": "<integer>", "b": "<boolean>", "c": "<string>"}, [])


@pytest.mark.parametrize(
    ("ref", "told"),
    [
        ("https://example.com/pet.json#/Pet", "is not followed: it leads into the network"),
        ("//example.com/pet.json", "is not followed: it leads into the network"),
        ("missing.json#/Pet", "is not followed"),
        ("#/components/schemas/None", "leads to nothing"),
        ("#Pet", "leads to nothing"),
        ("../../outside.json", "is not followed"),
        ("broken.json", "is not followed"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_told_with_its_line(body_of, tmp_path, ref, told):
    (tmp_path.parent / "outside.json").write_text('{"type": "integer"}')
    content = document({"type": "object", "properties": {"a": {"$ref": ref}, "b": STRING}})
    found, notes = body_of(content, {"broken.json": "{"})
    assert found["b"] == "<string>"
    assert len(notes) == 1
    assert notes[0].startswith(f"docs/api.json:{line(content, ref)}: the reference {ref} ")
    assert told in notes[0]


def line(content, text):
    return json.dumps(content, indent=1).split(json.dumps(text))[0].count("\n") + 1


def test_a_circle_ends_where_it_comes_back(body_of):
    pet = {"type": "object", "properties": {"name": STRING, "parent": {"$ref": "#/components/schemas/Pet"}}}
    found, _ = body_of(document({"$ref": "#/components/schemas/Pet"}, components={"schemas": {"Pet": pet}}))
    assert found == {"name": "<string>", "parent": {"value": "<Circular reference to #/components/schemas/Pet detected>"}}


def test_a_circle_is_the_same_from_wherever_it_is_entered(body_of):
    schemas = {
        one: {"type": "object", "properties": {other: {"$ref": f"#/components/schemas/{other}"}}}
        for one, other in ("AB", "BA")
    }
    both = {
        "type": "object",
        "properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"$ref": "#/components/schemas/B"}},
    }
    found, _ = body_of(document(both, components={"schemas": schemas}))
    assert found["a"] == {"B": {"A": {"value": "<Circular reference to #/components/schemas/A detected>"}}}
    assert found["b"] == {"A": {"B": {"value": "<Circular reference to #/components/schemas/B detected>"}}}


def test_references_that_only_lead_to_one_another_end(body_of):
    schemas = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
    found, _ = body_of(document({"$ref": "#/components/schemas/A"}, components={"schemas": schemas}))
    assert found == {"value": "<Circular reference to #/components/schemas/A detected>"}


def test_many_circles_at_once_end_soon(body_of):
    names = [f"S{number}" for number in range(30)]
    every = {name: {"$ref": f"#/components/schemas/{name}"} for name in names}
    content = document(
        {"$ref": "#/components/schemas/S0"}, components={"schemas": {key: {"properties": every} for key in names}}
    )
    found, _ = body_of(content)
    assert list(found) == names
    assert len(json.dumps(found)) < 5_000_000


def test_the_levels_of_a_body_can_be_limited(body_of):
    deep = STRING
    for _ in range(5):
        deep = {"type": "object", "properties": {"a": deep}}
    found, _ = body_of(document(deep), stackLimit="2")
    assert found == {"a": {"a": {"value": "<Error: Too many levels of nesting to fake this schema>"}}}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_what_stands_beside_a_reference_counts_since_3_1(body_of, version):
    content = document(
        {"$ref": "#/components/schemas/A", "example": 7}, version, components={"schemas": {"A": STRING | {}}}
    )
    content["components"]["schemas"]["A"] = {"type": "integer", "example": 1}
    assert body_of(content)[0] == (7 if version == "3.1.0" else 1)


JUNK = [
    None,
    True,
    0,
    -1,
    "",
    "x",
    [],
    {},
    [None],
    [[]],
    {"$ref": "#/nope"},
    {"$ref": 5},
    {"$ref": "#"},
    {"type": 5},
    10**30,
]


def places(value):
    """Every list and object with each of its keys."""
    waiting, found = [value], []
    while waiting:
        entry = waiting.pop()
        keys = list(entry) if isinstance(entry, dict) else range(len(entry))
        found += [(entry, key) for key in keys]
        waiting += [entry[key] for key in keys if isinstance(entry[key], dict | list)]
    return found


def test_a_document_with_anything_anywhere_is_imported_or_refused(tmp_path):
    dice = random.Random(5)
    file = {"type": "string", "format": "binary"}
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "array", "items": STRING}, "b": file},
              "allOf": [{"oneOf": [{"additionalProperties": STRING}]}], "example": {"a": []}}  # fmt: skip
    for _ in range(300):
        content = document(schema, "3.2.0", security=[{"k": []}], tags=[{"name": "t", "parent": "u"}])
        content["components"] = {"securitySchemes": {"k": {"type": "apiKey", "name": "k", "in": "header"}}}
        content["paths"]["/a"]["post"] |= {
            "tags": ["t"],
            "parameters": [{"name": "q", "in": "query", "schema": schema, "examples": {"x": {"value": 1}}}],
            "responses": {"200": {"description": "d", "headers": {"h": {"schema": STRING}},
                                  "content": {"application/xml": {"schema": schema}}}},
        }  # fmt: skip
        content["paths"]["/a"]["post"]["requestBody"]["content"]["multipart/form-data"] = {
            "schema": schema,
            "encoding": {"a": {}},
        }
        content = json.loads(json.dumps(content))
        for _ in range(dice.randint(1, 4)):
            holder, key = dice.choice(places(content))
            holder[key] = dice.choice(JUNK)
        (tmp_path / "api.json").write_text(json.dumps(content))
        try:
            made = import_sources([str(tmp_path / "api.json")], "openapi")
        except LoadError:
            continue
        again = import_sources([str(tmp_path / "api.json")], "openapi")
        assert json.dumps(made.collection) == json.dumps(again.collection)


def test_what_stands_in_the_place_of_an_operation_or_path_is_told(imported):
    made = imported({"/a": {"get": 5, "post": {"responses": {}}}, "/b": None, "x-own": 1}, servers=[{"url": "http://h"}])
    assert [note.message for note in made.notes] == ["GET /a is not an object", "/b in paths is not an object"]
    assert [item["request"]["method"] for item in leaves(made.collection)] == ["POST"]


def wide(operations):
    """Many operations, and one body of more than a thousand values."""
    inner = {"type": "object", "properties": {f"text{number}": {"type": "string"} for number in range(1000)}}
    schema = {"type": "object", "properties": {"id": {"type": "integer"}, "inner": inner}}
    paths = {f"/p{number}": {"get": {"responses": {}}} for number in range(operations)}
    return {**paths, "/": {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": {}}}}


def test_a_document_of_thousands_of_operations_has_smaller_bodies_and_says_so(imported):
    made = imported(wide(5000))
    assert json.loads(leaves(made.collection)[-1]["request"]["body"]["raw"]) == {"id": "<integer>"}
    assert "1 body is too large: optional objects are left out from some level on" in [note.message for note in made.notes]


def test_a_document_of_few_operations_has_whole_bodies(imported):
    made = imported(wide(5))
    assert len(json.loads(leaves(made.collection)[-1]["request"]["body"]["raw"])["inner"]) == 1000
