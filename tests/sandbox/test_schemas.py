"""The verdicts of `jsonSchema` are those of ajv, and no script can change them."""

from __future__ import annotations

import json

import pytest

from runner.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import World

SCHEMAS = [
    {
        "type": ["object", "array", "string"],
        "properties": {
            "a": {"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^.b", "enum": ["abc", "ébd", {"y": 1}]},
            "b-c": {"type": "integer", "minimum": 1, "exclusiveMaximum": 4, "multipleOf": 0.5},
            "d": {"const": {"z": [1]}},
        },
        "patternProperties": {"^p": {"type": "null"}},
        "additionalProperties": {"type": "boolean"},
        "required": ["a", "b-c"],
        "minProperties": 1,
        "maxProperties": 4,
        "propertyNames": {"pattern": "^.{1,3}$"},
        "dependencies": {"a": ["d", "q"], "d": {"type": "object", "minProperties": 3}},
        "items": [{"type": "number"}, {"$ref": "#/definitions/x"}],
        "additionalItems": {"type": "array", "uniqueItems": True, "contains": {"type": "string"}, "minItems": 1},
        "definitions": {
            "x": {
                "anyOf": [{"type": "string"}, {"$ref": "#"}],
                "oneOf": [{"type": "string"}, {"maxItems": 1}],
                "not": {"type": "null"},
                "if": {"type": "string"},
                "then": {"minLength": 2},
                "else": {"maxItems": 2},
            }
        },
    },
    *({"format": name} for name in ("date-time", "email", "uri", "ipv4", "ipv6", "regex", "uuid", "json-pointer", "time")),
    {"items": {"type": "object"}, "uniqueItems": True},
    {"items": {"type": "string"}, "uniqueItems": True},
    {"properties": {"a": {"minLength": {"$data": "1/b-c"}}, "d": {"pattern": {"$data": "1/a"}}}},
    {"properties": {"a": {"format": {"$data": "1/q"}}}},
    {"additionalProperties": False, "properties": {"a": {}, "it's": {}}},
    {"required": ["toString", "a"]},
    {"$ref": "nowhere"},
    {"type": "nothing"},
    {"minimum": "a"},
]
VALUES = [
    *({"a": a, "b-c": n} for a, n in [("abc", 2), ("ébd", 4), ("xyz", 1.5), ("\U0001f600b", 0)]),
    *({"a": "a@b.de", "q": name} for name in ("email", "ipv4", "mine", "other", 5)),
    {"a": "abc", "b-c": 2, "d": {"z": [1]}, "q": True},
    {"pa": 1, "~/x": 5, "it's": 1, "__proto__ ": 2},
    *([], [1, "s"], [1, "long", ["t"], ["u", "u"]], [1, None, [], 3], [{}, {}], [{"a": 1}, {"a": 2}], ["a", "b", "a"]),
    *("text", "2020-01-01T00:00:00Z", "a@b.de", "http://h/p?q", "1.2.3.4", "::1", "(", "/a/~0", "12:00:00Z", 5, None, True),
    *("123e4567-e89b-12d3-a456-426614174000", 0.1, -1, {}),
]
OPTIONS = [
    {"$data": True, "unknownFormats": ["mine"]},
    {},
    {"allErrors": False},
    {"jsonPointers": True, "$data": True},
    {"ownProperties": True, "format": "full"},
]
OPTIONS += [{"verbose": True, "unknownFormats": "ignore", "strictKeywords": True}]
OF_BOTH = """
    const results = [];
    for (const schema of SCHEMAS) {
        const judges = OPTIONS.map(options => new (require('ajv'))({allErrors: true, logger: false, ...options}));
        for (const value of VALUES) {
            const number = results.length % OPTIONS.length, ajv = judges[number];
            let mine = null, theirs = null;
            try { pm.expect(value).to.have.jsonSchema(schema, OPTIONS[number]); } catch (error) { mine = error.message; }
            try {
                if (!ajv.validate(schema, value)) {
                    theirs = `expected data to satisfy schema but found following errors: \\n${ajv.errorsText()}`;
                }
            } catch (error) { theirs = error.message; }
            results.push([mine === theirs, mine, theirs]);
        }
    }
    const other = results.filter(([same]) => !same);
    console.log(results.length, results.filter(([, mine]) => mine === null).length, other.length, other[0]);
"""
JUDGED = """
    const schema = {type: 'object', required: ['a', 'b'], additionalProperties: false, minProperties: 2,
        properties: {
            a: {type: 'integer', minimum: 1},
            b: {type: 'array', items: {pattern: '^x', format: 'email'}, uniqueItems: true},
            c: {enum: [{z: 1}], maxLength: 3}, d: {not: {type: 'null'}, anyOf: [{type: 'string'}, {const: 5}]},
        }};
    for (const value of [{a: 1, b: ['x@y.de'], c: {z: 1}, d: 5}, {a: 0, b: ['y', 'y'], c: 'long', d: null, e: 1}, {}, []]) {
        try { pm.expect(value).to.have.jsonSchema(schema); console.log('right'); }
        catch (error) { console.log(error.message); }
    }
"""
NAMED = [
    "RegExp.prototype.test = RegExp.prototype.exec = () => true",
    "Object.keys = () => []; Object.prototype.hasOwnProperty = () => true",
    "Array.isArray = () => false; Array.prototype.push = Array.prototype.concat = () => []",
    "this.RegExp = this.Object = this.Array = function () { return {test: () => true} }; this.parseInt = () => 5",
    "this.Function = Function.prototype.constructor = () => () => () => true",
    "String.prototype.charCodeAt = () => 0; String.prototype.replace = String.prototype.match = () => 'x'",
    "Object.prototype.b = ['x@y.de']; Object.prototype.a = 1; Object.prototype.minimum = 7; Object.prototype.e = 5",
    "Object.defineProperty(Object.prototype, 'type', {value: 'string', configurable: true})",
    "Object.defineProperty(RegExp, Symbol.hasInstance, {value: () => false})",
    "for (const name of Object.keys(require('ajv').prototype)) require('ajv').prototype[name] = () => true",
]


def test_the_verdicts_and_messages_are_those_of_ajv():
    lists = f"const SCHEMAS = {json.dumps(SCHEMAS)}, VALUES = {json.dumps(VALUES)}, OPTIONS = {json.dumps(OPTIONS)};"
    world = World(Sandbox(timeout_ms=100_000))
    ran = world.run(lists + OF_BOTH)
    world.sandbox.close()
    assert ran.error is None
    count, right, *others = ran.logged[0]
    assert count == len(SCHEMAS) * len(VALUES)
    assert count / 4 < right < count
    assert others[:1] == [0], others


@pytest.fixture(scope="module")
def usual():
    """What the schemas say in a world that no script has changed."""
    world = World(Sandbox(timeout_ms=5000))
    logged = world.run(JUDGED).logged
    world.sandbox.close()
    assert [text == "right" for text in logged] == [True, False, False, False]
    return logged


@pytest.mark.parametrize("attack", NAMED)
def test_a_script_that_breaks_the_language_changes_no_verdict_of_a_schema(usual, attack):
    world = World(Sandbox(timeout_ms=5000))
    world.run(f"{attack};")
    first, second = world.run(JUDGED), world.run(JUDGED)
    world.sandbox.close()
    assert (first.error, first.logged, second.logged) == (None, usual, usual)


def test_what_breaks_after_the_first_schema_changes_no_later_verdict(usual):
    for attack in NAMED[::3]:
        world = World(Sandbox(timeout_ms=5000))
        world.run(JUDGED)
        world.run(f"{attack};")
        assert world.run(JUDGED).logged == usual
        world.sandbox.close()
