"""The world of a collection's scripts ends with it: what they put into the language, the next collection does not see."""

from __future__ import annotations

import httpx

import runner
from runner.events import AssertionChecked

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
LEFT_BEHIND = """
    shared = {a: 1}; leaked = 5;
    Array.prototype.second = function () { return this[1]; };
    Object.prototype.extra = true;
    require('chai').use((chai) => chai.Assertion.addMethod('mine', () => {}));
    require('chai').Assertion.overwriteMethod('equal', () => function () {});
    require('lodash').left = true;
    Math.max = () => 7;
"""
SEEN = """
    const seen = {
        globals: [typeof shared, typeof leaked], second: typeof [].second, extra: typeof ({}).extra,
        plugin: 'mine' in pm.expect(1), lodash: typeof require('lodash').left, max: Math.max(1, 2),
    };
    let equal = 'passes';
    try { pm.expect(1).to.equal(2); } catch { equal = 'fails'; }
    pm.test(JSON.stringify({...seen, equal}), () => {});
"""
BEFORE = (
    '{"globals":["object","number"],"second":"function","extra":"boolean","plugin":true,"lodash":"boolean","max":7,'
    '"equal":"passes"}'
)
FRESH = (
    '{"globals":["undefined","undefined"],"second":"undefined","extra":"undefined","plugin":false,'
    '"lodash":"undefined","max":2,"equal":"fails"}'
)


def collection(*scripts):
    events = [{"listen": "test", "script": {"exec": script}} for script in scripts]
    items = [{"name": "a", "request": {"url": "http://h/"}, "event": [event]} for event in events]
    return {"info": {"name": "c", "schema": SCHEMA}, "item": items}


def names_of_tests(collections, **options):
    names = []
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    runner.run(
        collections,
        transport=transport,
        on_event=lambda event: names.append(event.assertion.name) if isinstance(event, AssertionChecked) else None,
        **options,
    )
    return names


def test_a_later_script_of_the_same_collection_sees_what_an_earlier_one_left():
    assert names_of_tests([collection(LEFT_BEHIND, SEEN)]) == [BEFORE]


def test_the_next_collection_of_a_run_sees_nothing_of_it():
    assert names_of_tests([collection(LEFT_BEHIND, SEEN), collection(SEEN), collection(SEEN)]) == [BEFORE, FRESH, FRESH]


def test_a_collection_that_runs_again_sees_nothing_of_its_first_run():
    again = collection(LEFT_BEHIND, SEEN)
    assert names_of_tests([collection(SEEN), again, collection(SEEN), again]) == [FRESH, BEFORE, FRESH, BEFORE]
