"""No script can change what judges it: neither in itself nor in the scripts after it."""

from __future__ import annotations

import pytest

from runner.sandbox.sandbox import Sandbox
from tests.sandbox.attacks import Attacker, changes, pollutions
from tests.sandbox.conftest import World

NAMED = [
    "this.eval = () => () => async () => {}",
    "Array.prototype.push = () => 0",
    "Array.prototype.shift = () => () => {}",
    "Array.prototype[Symbol.iterator] = function* () {}",
    "Array.prototype.toJSON = () => 'evil'",
    "Object.prototype.toJSON = () => 5",
    "Promise.prototype.then = function () { return this }",
    "Object.defineProperty(Array, Symbol.species, {get() { return function () { throw 1 } }})",
    "JSON.stringify = () => '{}'; JSON.parse = () => ({})",
    "Object.keys = () => []; Object.entries = () => []; Object.hasOwn = () => false",
    "Reflect.apply = Reflect.ownKeys = () => []",
    "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => undefined",
    "String.prototype.replace = String.prototype.split = () => 'evil'",
    "Object.defineProperty = () => { throw new Error('broken') }",
    "RegExp.prototype.exec = () => null; RegExp.prototype[Symbol.replace] = () => 'evil'",
    "Map.prototype.get = Map.prototype.set = Set.prototype.has = () => undefined",
    "Date.now = () => NaN; Math.max = Math.min = () => NaN",
    "Error.prepareStackTrace = () => ({})",
    "Object.defineProperty(Object.prototype, 'get', {value: () => 1, configurable: true})",
    "Object.defineProperty(Array.prototype, '0', {set() {}, configurable: true})",
    "Object.prototype.disabled = Object.prototype.error = true",
    "Object.defineProperty(Object.prototype, 'data', {get() { throw 1 }, configurable: true})",
]
READ_BY_THE_ENGINE = {
    "Promise.prototype.constructor is a getter that throws",
    "Error.prototype.message is a getter that throws",
    "Ag 0",
    "Og 0",
    "Og 3",
}
"""Attacks on what `then`, errors without a message, and places behind the end of a list inherit."""

JUDGED = """
    pm.test('right', () => pm.expect({a: [1]}).to.eql({a: [1]}));
    pm.test('wrong', () => pm.expect({a: [1]}).to.eql({a: [2]}));
    pm.environment.set('a', {b: [1, 'c']});
"""


@pytest.mark.parametrize("attack", NAMED)
def test_a_script_that_breaks_the_language_changes_no_verdict_of_the_next(attack):
    world = World(Sandbox(timeout_ms=5000))
    world.run(f"{attack};")
    ran = world.run(JUDGED)
    world.sandbox.close()
    assert ran.tests == {"right": True, "wrong": False}
    assert ran.values("environment") == {"a": {"b": [1, "c"]}}
    assert ran.error is None


def test_members_of_the_language_that_are_changed_change_nothing_that_leaves_a_script():
    """A sample; `scripts/attack-scripts` tries all."""
    attacker = Attacker()
    usual = attacker.battery()
    cells = [*changes(attacker.names)[::149], *pollutions()[::89]]
    found = {name: attacker.differences(usual, change, before=False) for name, change in cells}
    stolen = attacker.stolen()
    attacker.close()
    assert {name: texts for name, texts in found.items() if texts} == {}
    assert stolen == 0


def test_a_getter_that_throws_where_the_engine_looks_changes_nothing_that_leaves_a_script():
    attacker = Attacker()
    usual = attacker.battery()
    cells = [cell for cell in changes(attacker.names) + pollutions() if cell[0] in READ_BY_THE_ENGINE]
    found = {
        (name, before): attacker.differences(usual, change, before=before) for name, change in cells for before in (0, 1)
    }
    attacker.close()
    assert len(cells) == len(READ_BY_THE_ENGINE)
    assert {cell: texts for cell, texts in found.items() if texts} == {}


def test_the_battery_leaves_the_same_each_time():
    attacker = Attacker()
    usual = attacker.battery()
    again = attacker.differences(usual, "0", before=True)
    attacker.close()
    assert again == []
    assert len(usual[0].tests) > 50


def test_additions_to_prototypes_and_globals_are_seen_by_later_scripts(run):
    run("Array.prototype.second = function () { return this[1] }; shared = {a: 1}; Object.prototype.extra = 5;")
    ran = run("pm.test('seen', () => pm.expect([[1, 2].second(), shared.a, ({}).extra]).to.eql([2, 1, 5]));")
    run(
        "delete Array.prototype.second; delete Object.prototype.extra; delete globalThis.shared;".replace(
            "globalThis", "this"
        )
    )
    assert ran.tests == {"seen": True}


def test_chai_takes_additions_but_keeps_what_decides(run):
    ran = run("""
        const {Assertion, util} = require('chai');
        Assertion.addProperty('seven', function () { this.assert(this._obj === 7, 'expected #{this} to be seven') });
        Assertion.prototype.assert = () => {};
        try { util.test = () => true } catch {}
        pm.test('added', () => pm.expect(7).to.be.seven);
        pm.test('added and wrong', () => pm.expect(8).to.be.seven);
        pm.test('wrong', () => pm.expect(1).to.equal(2));
    """)
    assert ran.tests == {"added": True, "added and wrong": False, "wrong": False}


def test_what_a_script_puts_on_the_console_or_pm_is_gone_for_the_next(run):
    run("console.log = () => {}; setTimeout = () => {}; pm.visualizer.set = () => {}; pm.expect = () => {};")
    ran = run("console.log('seen'); pm.test('wrong', () => pm.expect(1).to.equal(2)); pm.visualizer.set('<p>');")
    assert ran.logged == ["seen"]
    assert ran.tests == {"wrong": False}
    assert ran.result.visualizer == {"template": "<p>"}


def test_no_script_reaches_the_inside_of_the_sandbox(run):
    ran = run("""
        let caller = 'none';
        pm.test('strict', () => { try { caller = (function f() { return f.caller })() } catch {} });
        const sites = [];
        Error.prepareStackTrace = (error, found) => { sites.push(...found); return '' };
        pm.test('sites', () => { new Error('x').stack });
        delete Error.prepareStackTrace;
        const found = sites.flatMap((site) => [site.getThis(), site.getFunction()]);
        const inside = found.filter((one) => one && one.openTests);
        console.log(typeof __libraries, typeof __host, inside.length, Reflect.ownKeys(pm.constructor.prototype).join());
    """)
    assert ran.logged == [["undefined", "undefined", 0, "constructor"]]
    assert ran.error is None
