"""Bruno's assertions and variables as code of Bruno's scripts, which is then translated with them."""

from __future__ import annotations

import json
import re

from runner.foreign.bruno.model import Row

UNARY = {
    "isEmpty": "to.be.empty",
    "isNotEmpty": "to.not.be.empty",
    "isNull": "to.be.null",
    "isUndefined": "to.be.undefined",
    "isDefined": "to.not.be.undefined",
    "isTruthy": "to.be.true",
    "isFalsy": "to.be.false",
    "isJson": "to.be.an('object')",
    "isNumber": "to.be.a('number')",
    "isString": "to.be.a('string')",
    "isBoolean": "to.be.a('boolean')",
    "isArray": "to.be.an('array')",
}
BINARY = {
    "eq": "to.equal({})",
    "neq": "to.not.equal({})",
    "gt": "to.be.greaterThan({})",
    "gte": "to.be.at.least({})",
    "lt": "to.be.lessThan({})",
    "lte": "to.be.at.most({})",
    "contains": "to.include({})",
    "notContains": "to.not.include({})",
    "length": "to.have.lengthOf({})",
    "startsWith": "to.satisfy((value) => String(value).startsWith({}))",
    "endsWith": "to.satisfy((value) => String(value).endsWith({}))",
}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?\Z")

VALUE_OF = """const valueOf = (text) => {
    const filled = bru.interpolate(text);
    try { return JSON.parse(filled); } catch (error) { return filled; }
};
"""
"""Makes a value of a text with variables in it, as Bruno does with what assertions compare to."""


def assertion_code(rows: list[Row]) -> str:
    """A test for each assertion."""
    tests = [_test(row) for row in rows]
    return (VALUE_OF if any("valueOf(" in test for test in tests) else "") + "\n".join(tests)


def _test(row: Row) -> str:
    operator, _, given = row.value.strip().partition(" ")
    if (
        operator not in UNARY
        and operator not in BINARY
        and operator not in ("in", "notIn", "between", "matches", "notMatches")
    ):
        operator, given = "eq", row.value.strip()
    name = json.dumps(f"{row.name}: {row.value}", ensure_ascii=False)
    return f"test({name}, function () {{\n    expect({row.name}).{_claim(operator, given.strip())};\n}});"


def _claim(operator: str, given: str) -> str:
    if operator in UNARY:
        return UNARY[operator]
    if operator in ("in", "notIn", "between"):
        inner = given[1:-1] if operator != "between" and given[:1] == "[" and given[-1:] == "]" else given
        values = ", ".join(_value(part.strip()) for part in inner.split(","))
        if operator == "between":
            return f"to.be.within({values})"
        return f"{'to.be.oneOf' if operator == 'in' else 'to.not.be.oneOf'}([{values}])"
    if operator in ("matches", "notMatches"):
        pattern = given[1:-1] if len(given) > 1 and given[0] == given[-1] == "/" else given
        text = json.dumps(pattern, ensure_ascii=False)
        code = f"bru.interpolate({text})" if "{{" in pattern else text
        return f"{'to.match' if operator == 'matches' else 'to.not.match'}(new RegExp({code}))"
    return BINARY[operator].format(_value(given))


def _value(text: str) -> str:
    """Code for what an assertion compares to: a word of JavaScript, a number, or a text with or without quotes."""
    if text in ("true", "false", "null", "undefined") or _NUMBER.match(text):
        return text
    if "{{" in text:
        return f"valueOf({json.dumps(text, ensure_ascii=False)})"
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return json.dumps(text[1:-1], ensure_ascii=False)
    if "${" in text:
        return f"`{text.replace('`', chr(92) + '`')}`"
    return json.dumps(text, ensure_ascii=False)


def variable_code(rows: list[Row]) -> str:
    """Sets variables, whose values are texts."""
    return "\n".join(
        f"bru.setVar({json.dumps(row.name, ensure_ascii=False)}, {json.dumps(row.value, ensure_ascii=False)});"
        for row in rows
    )


def captured_code(rows: list[Row]) -> str:
    """Sets variables, whose values are expressions about the response."""
    return "\n".join(f"bru.setVar({json.dumps(row.name, ensure_ascii=False)}, {row.value});" for row in rows)


def unset_code(rows: list[Row]) -> str:
    """Takes the variables of one request away again."""
    return "\n".join(f"bru.deleteVar({json.dumps(row.name, ensure_ascii=False)});" for row in rows)
