from __future__ import annotations

import pytest

from runner.events import ConsoleLogged

SHOWN = [
    ("'text'", "'text'"),
    ('"it\'s"', '"it\'s"'),
    ("'a\\nb'", "'a\\nb'"),
    ("-0", "-0"),
    ("5n", "5n"),
    ("undefined", "undefined"),
    ("Symbol('x')", "Symbol(x)"),
    ("() => 1", "[Function (anonymous)]"),
    ("function named() {}", "[Function: named]"),
    ("async function named() {}", "[AsyncFunction: named]"),
    ("class Foo {}", "[class Foo]"),
    ("new (class Foo { a = 1 })()", "Foo { a: 1 }"),
    ("{a: 1, 'b-c': [1, 2], d: {e: {f: {g: 1}}}}", "{ a: 1, 'b-c': [ 1, 2 ], d: { e: { f: [Object] } } }"),
    ("[1, , 3]", "[ 1, <1 empty item>, 3 ]"),
    ("[]", "[]"),
    ("{}", "{}"),
    ("Object.create(null)", "[Object: null prototype] {}"),
    ("new Date(0)", "1970-01-01T00:00:00.000Z"),
    ("new Date(NaN)", "Invalid Date"),
    ("/a+/gi", "/a+/gi"),
    ("new Map([['a', {b: 1}]])", "Map(1) { 'a' => { b: 1 } }"),
    ("new Set([1, 'a'])", "Set(2) { 1, 'a' }"),
    ("new Uint8Array([1, 2])", "Uint8Array(2) [ 1, 2 ]"),
    ("Buffer.from('hi')", "<Buffer 68 69>"),
    ("new ArrayBuffer(2)", "ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }"),
    ("Object(5)", "[Number: 5]"),
    ("Promise.resolve(1)", "Promise { <pending> }"),
    ("{get a() { throw new Error() }, set b(v) {}}", "{ a: [Getter], b: [Setter] }"),
    ("(() => { const o = {n: 1}; o.o = o; return o })()", "<ref *1> { n: 1, o: [Circular *1] }"),
    ("pm.environment.values", "[]"),
    ("pm.response.headers.one('content-type')", "{ key: 'Content-Type', value: 'application/json' }"),
    ("new Proxy({}, {ownKeys() { throw new Error('no') }})", "[object Object]"),
]


@pytest.mark.parametrize(("expression", "text"), SHOWN)
def test_a_value_is_shown_as_node_shows_it(run, expression, text):
    assert run(f"console.log({expression})").shown == [text]


def test_long_values_are_broken_into_lines(run):
    assert run("console.log({a: 'x'.repeat(70), b: [1, 2]})").shown == ["{\n  a: '" + "x" * 70 + "',\n  b: [ 1, 2 ]\n}"]


def test_long_lists_stand_in_columns(run):
    (text,) = run("console.log(Array.from({length: 120}, (v, i) => i % 10))").shown
    lines = text.splitlines()
    assert lines[1] == "  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1,"
    assert lines[-2] == "  ... 20 more items"


def test_an_error_is_shown_with_its_own_lines_only(run):
    assert run("console.log(new TypeError('x'))").shown == ["TypeError: x\n    at eval (Get%20user/test.js:1:13)"]


def test_levels_and_plain_values(run):
    ran = run(
        "console.info(1, {a: undefined}); console.warn(NaN); console.error([() => 1]); console.debug(null); console.clear()"
    )
    events = [(e.level, e.messages) for e in ran.events if isinstance(e, ConsoleLogged)]
    assert events == [
        ("info", (1, {"a": None})),
        ("warn", ("NaN",)),
        ("error", (["[Function (anonymous)]"],)),
        ("debug", (None,)),
    ]


def test_cycles_become_plain_too(run):
    assert run("const o = {a: [1]}; o.o = o; console.log(o)").logged == [{"a": [1], "o": "[Circular]"}]


def test_console_and_tests_come_in_the_order_they_happened(run):
    ran = run("console.log(1); pm.test('a'); console.log(2)")
    assert [type(e).__name__ for e in ran.events] == ["ConsoleLogged", "AssertionChecked", "ConsoleLogged"]


def test_half_a_character_is_replaced(run):
    ran = run(r"console.log('a\ud800b', '\\ud800', '\ud83d\ude00', '\\\ud800'); pm.test('\udfff')")
    assert ran.logged == [["a\ufffdb", r"\ud800", "😀", "\\\ufffd"]]
    assert ran.tests == {"\ufffd": True}
