"""Schemas of each version of OpenAPI: the same values are valid as there, and what cannot be validated is a finding."""

import json

import pytest

from tests.contract.conftest import document, responding

OLD, NEW = "3.0.3", "3.1.0"


@pytest.mark.parametrize(
    ("version", "schema", "valid", "invalid"),
    [
        (OLD, {"type": "integer", "nullable": True}, [1, None], ["x"]),
        (NEW, {"type": "integer", "nullable": True}, [1], [None]),
        (NEW, {"type": ["integer", "null"]}, [1, None], ["x"]),
        (OLD, {"type": "string", "nullable": True, "enum": ["a"]}, ["a", None], ["b"]),
        (OLD, {"nullable": True, "allOf": [{"$ref": "#/components/schemas/N"}]}, [1, None], ["x"]),
        (OLD, {"minimum": 1, "exclusiveMinimum": True}, [2], [1]),
        (OLD, {"minimum": 1, "exclusiveMinimum": False}, [1], [0]),
        (OLD, {"maximum": 1, "exclusiveMaximum": True}, [0], [1]),
        (NEW, {"exclusiveMinimum": 1}, [2], [1]),
        (OLD, {"$ref": "#/components/schemas/N", "type": "string"}, [1], ["x"]),
        (NEW, {"$ref": "#/components/schemas/N", "minimum": 5}, [5], [4, "x"]),
        (NEW, {"const": {"$ref": "#/nowhere"}}, [{"$ref": "#/nowhere"}], [1]),
        (OLD, {"enum": [{"nullable": True, "type": "x"}]}, [{"nullable": True, "type": "x"}], [None]),
        (
            OLD,
            {"type": "object", "properties": {"nullable": {"type": "integer"}}},
            [{"nullable": 1}, {}],
            [{"nullable": None}],
        ),
        (OLD, {"$ref": "#/components/schemas/Tree"}, [{"kids": [{"kids": []}]}], [{"kids": [{"kids": [1]}]}]),
        (NEW, {"$ref": "#/components/schemas/Tree"}, [{"kids": [{"kids": []}]}], [{"kids": [{"kids": [1]}]}]),
        (NEW, {"oneOf": [{"type": "integer"}, {"$ref": "#/components/schemas/Tree"}]}, [1, {"kids": []}], ["x"]),
        (NEW, {"prefixItems": [{"type": "integer"}], "items": False}, [[1], []], [[1, 2], ["x"]]),
        (NEW, {"type": "object", "unevaluatedProperties": False, "properties": {"a": {}}}, [{"a": 1}], [{"b": 1}]),
        (NEW, {"$id": "https://e.example/s", "$ref": "#/$defs/a", "$defs": {"a": {"type": "integer"}}}, [1], ["x"]),
        (NEW, False, [], [1, None]),
        (NEW, True, [1, None], []),
    ],
)
def test_values_are_valid_as_the_version_says(judged, version, schema, valid, invalid):
    tree = {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}}
    parts = {"schemas": {"N": {"type": "integer"}, "Tree": tree}}
    spec = document({"/a": responding(schema)}, version, components=parts)
    for body in valid:
        assert judged(spec, body=json.dumps(body)).messages == [], body
    for body in invalid:
        assert judged(spec, body=json.dumps(body)).names == ["response_schema_conformance"], body


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "#/components/schemas/Nope"}, "a reference to #/components/schemas/Nope that leads to nothing"),
        ({"items": {"$ref": "nope.json#/A"}}, "a reference to nope.json#/A that leads to nothing"),
        ({"items": {"$ref": "http://127.0.0.1:1/a.json"}}, "it cannot be fetched: connect ECONNREFUSED"),
        ({"items": {"$ref": "http://far.example/a.json"}}, "it leads into the network"),
        ({"items": {"pattern": "("}}, "missing ), unterminated subpattern"),
        ({"type": "nonsense"}, "'nonsense' is not valid under any of the given schemas"),
        ({"items": {"minimum": "x"}}, "'x' is not of type 'number'"),
    ],
)
@pytest.mark.parametrize("version", [OLD, NEW])
def test_what_cannot_be_validated_is_a_finding(judged, version, schema, reason):
    run = judged(document({"/a": responding(schema)}, version), body=["x"])
    assert run.names == ["response_schema_conformance"]
    assert run.messages[0].startswith("$: expected a schema that can be validated, actual ")
    assert reason in "\n".join(run.messages)


def test_references_lead_into_files_beside_the_document_and_back(judged, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "pet.json").write_text(
        json.dumps(
            {"Pet": {"properties": {"id": {"$ref": "../api.json#/components/schemas/Id"}, "tag": {"$ref": "tag.yaml"}}}}
        )
    )
    (tmp_path / "parts" / "tag.yaml").write_text("type: string\nnullable: true\n")
    parts = {"schemas": {"Id": {"type": "integer"}}}
    spec = document({"/a": responding({"$ref": "parts/pet.json#/Pet"})}, OLD, components=parts)
    assert judged(spec, body={"id": 1, "tag": None}).messages == []
    assert judged(spec, body={"id": "x", "tag": 1}).messages[0] == '$.id: expected type "integer", actual "x"'


@pytest.mark.parametrize(("formats", "found"), [(False, []), (True, ["response_schema_conformance"])])
def test_formats_are_checked_on_request(judged, formats, found):
    spec = document({"/a": responding({"format": "date"})})
    assert judged(spec, body='"no date"', contract_formats=formats).names == found


def test_a_value_that_several_alternatives_take_is_told(judged):
    run = judged(document({"/a": responding({"oneOf": [{"type": "integer"}, {"minimum": 1}]})}), body="2")
    assert run.messages == ["$: expected one alternative of oneOf, actual a value that several take"]


def test_of_alternatives_the_one_that_fits_best_is_told(judged):
    kinds = [{"properties": {"kind": {"const": "a"}, "n": {"type": "integer"}}}, {"properties": {"kind": {"const": "b"}}}]
    run = judged(document({"/a": responding({"oneOf": kinds})}), body={"kind": "a", "n": "x"})
    assert run.messages == ['$.n: expected type "integer", actual "x"']


def test_names_of_properties_are_no_keywords(judged):
    text = {"type": "string", "nullable": True}
    schema = {"type": "object", "properties": dict.fromkeys(("default", "enum", "example", "const", "pattern"), text)}
    spec = document({"/a": responding(schema)}, OLD)
    assert judged(spec, body=dict.fromkeys(schema["properties"])).messages == []
    assert len(judged(spec, body=dict.fromkeys(schema["properties"], 1)).messages) == 5


def test_a_document_may_have_schemas_of_an_older_draft(judged):
    schema = {"items": [{"type": "integer"}]}
    spec = document({"/a": responding(schema)}, jsonSchemaDialect="http://json-schema.org/draft-07/schema#")
    assert judged(spec, body=[1, "x"]).messages == []
    assert judged(spec, body=["x"]).messages == ['$[0]: expected type "integer", actual "x"']
    spec["jsonSchemaDialect"] = "https://own.example/dialect"
    assert "the dialect https://own.example/dialect is not known here" in judged(spec, body=[1]).messages[0]


def test_an_id_in_a_file_does_not_move_its_references(judged, tmp_path):
    parts = {"$defs": {"id": {"type": "integer"}}, "properties": {"id": {"$ref": "#/$defs/id"}}}
    parts["$id"] = "https://names.example/pet"
    (tmp_path / "pet.json").write_text(json.dumps(parts))
    spec = document({"/a": responding({"$ref": "pet.json"})})
    assert judged(spec, body={"id": "x"}).messages == ['$.id: expected type "integer", actual "x"']
