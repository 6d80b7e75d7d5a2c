"""With jsonschema-rs and without it values are valid or not alike: cases for each keyword, then schemas at random."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.contract.validation.schemas import Schemas
from runner.foreign.openapi.documents import Document
from runner.formats.format import Given

NODE = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}, "n": {"type": "integer"}}}
PARTS = {
    "Node": NODE,
    "Int": {"type": "integer"},
    "Self": {"anyOf": [{"type": "integer"}, {"$ref": "#/components/schemas/Self"}]},
}


def both(schema, version="3.1.0", formats=True):
    """The validation without jsonschema-rs, and with it, of one schema."""
    root = {"openapi": version, "paths": {}, "components": {"schemas": {**PARTS, "S": schema}}}
    document = Document(Given(json.dumps(root), "api.json"))
    options = {"old": version < "3.1", "formats": formats}
    node = document.root["components"]["schemas"]["S"]
    return [(Schemas(document, "writeOnly", fast=fast, **options), node) for fast in (False, True)]


def agreed(made, value):
    """Whether a value is valid, which both have to say in the same words."""
    slow, fast = ([str(one) for one in schemas.violations(node, value)] for schemas, node in made)
    assert slow == fast
    return not slow


def is_fast(schema, version="3.1.0"):
    schemas, node = both(schema, version)[1]
    return schemas._compile(node).is_valid is not None


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        ({"type": "integer"}, [1, 1.0, 10**30, -(2**63)], [1.5, "1", True, None]),
        ({"type": ["number", "null"]}, [1.5, None, 1e308], ["x", False]),
        ({"enum": [1, "a", {"b": [True]}]}, [1.0, {"b": [True]}], [True, {"b": [1]}, "1"]),
        ({"const": False}, [False], [0, None, ""]),
        ({"multipleOf": 0.01}, [4.35, 0.07, 19.99, 1e300, 2], [4.355, 0.001]),
        ({"multipleOf": 3}, [9, 9.0, 3 * 10**30], [10, 9.5, 10**30]),
        ({"multipleOf": 0.5}, [10**1_000], []),
        ({"maximum": 2**53}, [2**53, -1], [2**53 + 1, 1e16]),
        ({"exclusiveMinimum": 0.1}, [0.2], [0.1]),
        ({"minLength": 2, "maxLength": 3}, ["ab", "äöü", "\U0001f600\U0001f600", 1], ["a", "abcd"]),
        ({"pattern": "^\\d+$"}, ["12", 1], ["1\n", "\u0661", "x"]),
        ({"pattern": "^[\\w.]+\\.\\p{Lu}$"}, ["a.A"], ["ä.A", "a.a"]),
        ({"pattern": "^[^]$", "type": "string"}, ["\n"], ["", "ab"]),
        ({"patternProperties": {"^\\d$": {"type": "integer"}}, "additionalProperties": False},
         [{"1": 1}], [{"1": "x"}, {"a": 1}]),
        ({"properties": {"a": {"type": "integer"}}, "additionalProperties": {"type": "string"}},
         [{"a": 1, "b": "x"}], [{"b": 1}]),
        ({"required": ["a"], "propertyNames": {"maxLength": 1}}, [{"a": 1}], [{}, {"a": 1, "bb": 2}]),
        ({"dependentRequired": {"a": ["b"]}}, [{"a": 1, "b": 1}, {"b": 1}], [{"a": 1}]),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, [{"a": 1, "b": 1}], [{"a": 1}]),
        ({"minProperties": 1, "maxProperties": 1}, [{"a": 1}], [{}, {"a": 1, "b": 2}]),
        ({"items": {"type": "integer"}, "prefixItems": [True]}, [["x", 1]], [["x", "y"]]),
        ({"contains": {"const": 1}, "minContains": 2, "maxContains": 2}, [[1, 1]], [[1], [1, 1, 1]]),
        ({"uniqueItems": True}, [[1, True, "1"], [[1], [True]]], [[1, 1.0], [{"a": 1}, {"a": 1}]]),
        ({"if": {"type": "integer"}, "then": {"minimum": 1}, "else": {"type": "string"}}, [1, "x"], [0, None]),
        ({"not": {"type": "integer"}}, ["x"], [1]),
        ({"oneOf": [{"minimum": 1}, {"maximum": 1}]}, [0, 2], [1]),
        ({"allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False}, [{"a": 1}], [{"b": 1}]),
        ({"prefixItems": [True], "unevaluatedItems": False}, [[1]], [[1, 2]]),
        ({"$ref": "#/components/schemas/Node"}, [{"next": {"next": {"n": 1}}}], [{"next": {"next": {"n": "x"}}}]),
        ({"$ref": "#/components/schemas/Int", "minimum": 5}, [5], [4, "x"]),
        ({"properties": {"type": {"$ref": "#/components/schemas/Int"}, "$ref": {"$ref": "#/components/schemas/Int"}}},
         [{"type": 1, "$ref": 2}], [{"type": "x"}, {"$ref": "x"}]),
        ({"properties": {"default": {"$ref": "#/components/schemas/Int"}, "enum": {"type": "string"}}},
         [{"default": 1, "enum": "x"}], [{"default": "x"}, {"enum": 1}]),
        ({"format": "date-time"}, ["2024-02-29T00:00:00Z", 1], ["2023-02-29T00:00:00Z", "x"]),
        ({"type": "integer", "format": "int32"}, [2**31 - 1], [2**31]),
        ({"format": "one that nobody knows"}, ["x"], []),
        ({"type": "array", "minItems": 1.0}, [[1]], [[]]),
    ],
)  # fmt: skip
def test_every_keyword_gives_one_verdict(schema, valid, invalid):
    made = both(schema)
    assert [value for value in valid if not agreed(made, value)] == []
    assert [value for value in invalid if agreed(made, value)] == []


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/components/schemas/Self"},
        {"$ref": "#/components/schemas/Nope"},
        {"pattern": "("},
        {"pattern": "\\p{Nonsense}"},
        {"minimum": "x"},
        {"$schema": "https://own.example/dialect", "type": "integer"},
        {"$id": "https://own.example/s", "$ref": "other"},
    ],
)
def test_what_cannot_be_validated_is_told_alike(schema):
    made = both(schema)
    agreed(made, 1)
    assert not agreed(made, "x")


@pytest.mark.parametrize("value", [float("inf"), float("nan"), "\ud800", 10**400, [10**5000]])
def test_values_that_no_json_has_are_told_alike(value):
    agreed(both({"type": ["number", "array"], "maximum": 5}), value)
    agreed(both({"multipleOf": 0.5}), value)


def test_a_value_of_any_depth_is_told_alike():
    value = []
    for _ in range(5000):
        value = [value]
    assert agreed(both({"type": "array"}), value)
    agreed(both({"uniqueItems": True}), value)


def test_plain_schemas_are_the_fast_ones():
    assert is_fast({"type": "object", "properties": {"a": {"pattern": "x", "multipleOf": 2}}})
    assert is_fast({"$ref": "#/components/schemas/Node"})
    assert is_fast({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "integer"})
    assert is_fast({"type": "integer", "nullable": True, "minimum": 1, "exclusiveMinimum": True}, "3.0.3")
    assert not is_fast({"$ref": "#/components/schemas/Self"})
    assert not is_fast({"patternProperties": {"a": True}})


TEXTS = st.text(st.sampled_from("ab1 ä\n\U0001f600"), max_size=4)
NUMBERS = st.one_of(
    st.integers(-5, 5),
    st.sampled_from([0.1, 0.5, 1.0, 2.0, -1.5, 1e300, 4.35, 2**53 + 1, 10**25, -(2**70)]),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=6,
)
TYPES = st.sampled_from(["string", "number", "integer", "boolean", "null", "array", "object"])
PATTERNS = st.sampled_from(["^a", "\\d", "\\s$", "^\\w*$", "[^a]", "^.$", "(a|b)+$", "\\W", "a{2}", "^$"])


def keywords(inner):
    """Schemas of up to four keywords."""
    count = st.integers(0, 3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.one_of(TYPES, st.lists(TYPES, min_size=1, max_size=2, unique=True)),
            "enum": st.lists(VALUES, min_size=1, max_size=3),
            "const": VALUES,
            "multipleOf": st.sampled_from([1, 2, 0.5, 0.01, 1.5, 3]),
            "minimum": NUMBERS, "exclusiveMaximum": NUMBERS, "minLength": count, "maxLength": count,
            "pattern": PATTERNS, "minItems": count, "maxItems": count, "uniqueItems": st.booleans(),
            "minProperties": count, "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
            "items": inner, "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
            "additionalProperties": inner, "contains": inner, "propertyNames": inner, "not": inner,
            "allOf": st.lists(inner, min_size=1, max_size=2), "oneOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2), "if": inner, "then": inner, "else": inner,
            "unevaluatedProperties": inner, "unevaluatedItems": inner, "nullable": st.booleans(),
            "$ref": st.sampled_from(["#/components/schemas/Node", "#/components/schemas/Int"]),
            "format": st.sampled_from(["date", "ipv4", "uuid", "uri", "int32"]),
        },
    )  # fmt: skip


SCHEMAS = st.recursive(st.booleans() | keywords(st.just({})), keywords, max_leaves=4)


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(schema=SCHEMAS, values=st.lists(VALUES, min_size=1, max_size=4), version=st.sampled_from(["3.0.3", "3.1.0"]))
def test_schemas_and_values_at_random_get_one_verdict(schema, values, version):
    made = both(schema, version)
    for value in values:
        agreed(made, value)
