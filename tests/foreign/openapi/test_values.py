"""What a schema makes: examples, stubs, and XML."""

import json
import random

import jsonschema
import pytest

from runner.foreign.openapi.documents import Document
from runner.foreign.openapi.schemas.values import Values
from runner.foreign.openapi.schemas.views import Schemas
from runner.foreign.openapi.schemas.xml import XmlTexts
from runner.formats.format import Given

EMPTY = '{"openapi": "3.1.0"}'


def value(schema, *, examples=True, left_out="readOnly", **options):
    schemas = Schemas(Document(Given(EMPTY)), 30)
    return Values(schemas, examples=examples, left_out=left_out, **options).of(schema)


def xml(schema, *, examples=False):
    schemas = Schemas(Document(Given(EMPTY)), 30)
    return XmlTexts(schemas, examples=examples, left_out="readOnly", indent="  ").of(schema)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "<string>"),
        ({"type": "string", "format": "uuid"}, "<uuid>"),
        ({"type": "string", "format": "date-time"}, "<dateTime>"),
        ({"type": "string", "format": "my-own"}, "<string>"),
        ({"type": "string", "format": "email", "pattern": "@"}, "<string>"),
        ({"type": "integer", "format": "int64"}, "<long>"),
        ({"type": "number", "format": "double"}, "<double>"),
        ({"type": ["null", "integer"]}, "<integer>"),
        ({"type": "null"}, None),
        ({}, ""),
        (True, ""),
        ({"minimum": 3}, "<integer>"),
        ({"type": "string", "default": "d", "enum": ["a"]}, "d"),
        ({"type": "string", "enum": [None, 1]}, "1"),
        ({"const": 5}, 5),
        ({"type": "array"}, "<array>"),
        ({"type": "array", "items": {"type": "integer"}}, ["<integer>"] * 2),
        ({"items": {"type": "integer"}, "minItems": 3}, ["<integer>"] * 3),
        ({"items": {"type": "integer"}, "maxItems": 1}, ["<integer>"]),
        ({"items": {"type": "integer"}, "maxItems": 0}, []),
        ({"items": {"type": "integer"}, "minItems": 10**9}, ["<integer>"] * 20),
        ({"type": "array", "prefixItems": [{"const": 1}, {"const": 2}]}, [1, 2]),
        ({"type": "object"}, {}),
        ({"additionalProperties": {"type": "integer"}}, {"key_0": "<integer>", "key_1": "<integer>"}),
        ({"properties": {"b": {"const": 1}, "a": {"const": 2}}, "required": ["a"]}, {"a": 2, "b": 1}),
        ({"properties": {"a": {"const": 1}}, "maxProperties": 1, "additionalProperties": {}}, {"a": 1}),
        ({"allOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"b": {"const": 2}}}]}, {"a": 1, "b": 2}),
        ({"oneOf": [{"type": "null"}, {"type": "boolean"}]}, "<boolean>"),
        ({"properties": {"a": {"const": 1}}, "anyOf": [{"properties": {"b": {"const": 2}}}, {}]}, {"a": 1, "b": 2}),
        ({"type": "integer", "example": 5}, 5),
        ({"type": "integer", "example": "five"}, "<integer>"),
        ({"type": "integer", "example": "{{five}}"}, "{{five}}"),
        ({"type": "string", "examples": ["x", "y"]}, "x"),
        ({"type": "string", "example": None}, "<string>"),
        ({"type": "string", "nullable": True, "example": None}, None),
    ],
)
def test_a_schema_makes_a_value(schema, expected):
    assert value(schema) == expected


def test_without_examples_there_are_only_stubs():
    assert value({"type": "integer", "example": 5}, examples=False) == "<integer>"


@pytest.mark.parametrize(("left_out", "expected"), [("readOnly", {"b": 2}), ("writeOnly", {"a": 1})])
def test_what_does_not_belong_there_is_left_out(left_out, expected):
    properties = {"a": {"const": 1, "readOnly": True}, "b": {"const": 2, "writeOnly": True}}
    assert value({"properties": properties}, left_out=left_out) == expected


def test_deprecated_properties_are_left_out_if_asked_for():
    assert value({"properties": {"a": {"deprecated": True}, "b": {"const": 2}}}, deprecated=False) == {"b": 2}


def test_a_body_that_would_be_very_large_has_one_item_for_each_array():
    schema = {"type": "integer"}
    for _ in range(12):
        schema = {"type": "array", "items": schema}
    assert json.dumps(value(schema)) == "[" * 12 + '"<integer>"' + "]" * 12


def test_members_of_allof_are_no_levels():
    schema = {"const": 1}
    for _ in range(20):
        schema = {"allOf": [{"allOf": [{"type": "object", "properties": {"in": {"allOf": [schema]}}}]}]}
    made = value(schema)
    for _ in range(20):
        made = made["in"]
    assert made == 1


def test_a_long_way_to_a_schema_ends():
    schema = {"const": 1}
    for _ in range(5000):
        schema = {"allOf": [schema]}
    assert value(schema) == ""


def nested(levels, width):
    """Objects in objects: each has as many of them as is wide, and one text."""
    schema = {"type": "object", "properties": {"text": {"type": "string"}}}
    for _ in range(levels):
        inner = {f"in{number}": schema for number in range(width)}
        schema = {"type": "object", "properties": {"text": {"type": "string"}, **inner}}
    return schema


def test_a_body_that_would_be_too_large_has_only_outer_objects_and_every_text_in_them():
    assert value(nested(3, 5), most=50) == {
        "text": "<string>",
        **{f"in{number}": {"text": "<string>"} for number in range(5)},
    }


def test_a_required_object_of_a_body_that_would_be_too_large_is_there_and_empty():
    schema = nested(3, 5)
    schema["properties"]["in0"] = {**schema["properties"]["in0"], "required": ["in1"]}
    assert value(schema, most=50)["in0"] == {"text": "<string>", "in1": {}}


def test_no_text_of_the_outermost_object_is_ever_left_out():
    properties = {f"text{number}": {"type": "string"} for number in range(100)}
    assert value({"type": "object", "properties": properties}, most=50).keys() == properties.keys()


def schema_of(dice, depth=0):
    """A schema whose every value has an example or is enumerated."""
    kind = dice.choice(["enum", "example", "const"] + ["object", "array", "allOf", "oneOf"] * (depth < 3))
    if kind == "object":
        names = [name for name in "abcd" if dice.random() < 0.6]
        properties = {name: schema_of(dice, depth + 1) for name in names}
        return {"type": "object", "properties": properties, "required": [name for name in names if dice.random() < 0.5]}
    if kind == "array":
        return {"type": "array", "items": schema_of(dice, depth + 1), "minItems": dice.randint(0, 3)}
    if kind == "allOf":
        parts = [{"type": "object", "properties": {name: schema_of(dice, depth + 1)}} for name in "xy"]
        return {"allOf": parts}
    if kind == "oneOf":
        return {"anyOf": [schema_of(dice, depth + 1), schema_of(dice, depth + 1)]}
    return {"enum": {"enum": ["p", "q"]}, "example": {"type": "integer", "example": 4}, "const": {"const": True}}[kind]


def test_a_value_is_valid_where_the_schema_says_what_is():
    dice = random.Random(3)
    for _ in range(300):
        schema = schema_of(dice)
        made = value(schema)
        jsonschema.Draft202012Validator(schema).validate(made)


def test_xml_has_elements_attributes_and_namespaces():
    schema = {
        "type": "object",
        "xml": {"name": "Pet", "prefix": "p", "namespace": "urn:pets"},
        "properties": {
            "id": {"type": "integer", "xml": {"attribute": True}},
            "name": {"type": "string"},
            "tags": {"type": "array", "xml": {"wrapped": True}, "items": {"type": "string", "xml": {"name": "tag"}}},
        },
    }
    assert xml(schema) == (
        '<p:Pet xmlns:p="urn:pets" id="(integer)">\n  <name>(string)</name>\n  <tags>\n    <tag>(string)</tag>\n'
        "    <tag>(string)</tag>\n  </tags>\n</p:Pet>"
    )


def test_xml_shows_examples_with_its_marks_escaped():
    schema = {"properties": {"a": {"type": "string", "example": "<&>"}, "b": {"type": "object", "example": {"c": [1, 2]}}}}
    assert xml(schema, examples=True) == (
        "<element>\n  <a>&lt;&amp;&gt;</a>\n  <b>\n    <c>1</c>\n    <c>2</c>\n  </b>\n</element>"
    )
