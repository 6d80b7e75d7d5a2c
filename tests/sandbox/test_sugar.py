"""The methods of sugar.js on the native prototypes: each is there, and all are loaded when the first one is touched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import runner.sandbox
from runner.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import World

BUNDLES = Path(runner.sandbox.__file__).parent / "bundles"
OWNERS = [
    f"{name}{end}"
    for name in ("Object", "Array", "Number", "String", "Date", "RegExp", "Function", "Boolean")
    for end in ("", ".prototype")
]
NAMES = f"{{{', '.join(f'{owner!r}: Object.getOwnPropertyNames({owner})' for owner in OWNERS)}}}"
NOT_LOADED = "!!Object.getOwnPropertyDescriptor(Array.prototype, 'first').get"


@pytest.fixture
def fresh():
    sandbox = Sandbox()
    yield World(sandbox)
    sandbox.close()


def names_in_bare_v8(*files: Path) -> dict[str, set[str]]:
    jobs = [{"files": [str(file) for file in files], "source": f"JSON.stringify({NAMES})"}]
    bare = Path(__file__).parents[1] / "bare_v8.py"
    done = subprocess.run([sys.executable, bare], input=json.dumps(jobs), capture_output=True, text=True, check=True)
    return {owner: set(names) for owner, names in json.loads(json.loads(done.stdout)[0]["value"]).items()}


def test_every_name_that_sugar_adds_is_there_before_it_is_loaded(fresh):
    without = names_in_bare_v8(BUNDLES / "core.js")
    added = {
        owner: names - without[owner]
        for owner, names in names_in_bare_v8(BUNDLES / "core.js", BUNDLES / "sugar.js").items()
    }
    assert sum(map(len, added.values())) > 400
    found, unloaded = fresh.run(f"console.log({NAMES}); console.log({NOT_LOADED})").logged
    assert {owner: names - set(found[owner]) for owner, names in added.items() if names - set(found[owner])} == {}
    assert unloaded


USES = {
    "a list": ("const v = pm.response.json().list; console.log(v.first(), v.last(), v.sum())", [1, 2, 3]),
    "a text": (
        "const t = 'ab'; console.log(t.lines().length, t.first(), t.capitalize(), t.pad(1, '1'))",
        [1, "a", "Ab", "1ab1"],
    ),
    "a number": ("const n = 5; console.log(n.hex(), n.isOdd(), n.pad(3), (2).days())", ["5", True, "005", 172_800_000]),
    "a date": ("const d = new Date(0); console.log(d.isValid(), d.clone().addDays(1).getTime())", [True, 86_400_000]),
    "a pattern": ("const r = /a/g; console.log(r.getFlags(), RegExp.escape('a.b'))", ["g", "a\\.b"]),
    "a function": ("const f = (() => 1).once(); console.log(f(), f())", [1, 1]),
    "a class": ("const o = Object; console.log(o.isObject({}), o.size({a: 1}), Array.create(1, 2))", [True, 1, [1, 2]]),
    "a name that is made": ("const k = 'fir' + 'st'; console.log([7, 8][k](), [7, 8]['la' + 'st']())", [7, 8]),
    "map with a name": ("const a = [{n: 'x'}], by = 'n'; console.log(a.map(by), a.some({n: 'x'}))", [["x"], True]),
    "endsWith with a pattern": ("const t = 'abc'; console.log(t.endsWith(/c/), t.startsWith('A', 0, false))", [True, True]),
    "keys with a function": (
        "let all = ''; Object.keys({a: 1}, (...both) => { all += both }); console.log(all, 1)",
        ["a,1", 1],
    ),
    "eval": ("console.log(eval('[3, 4].last()'), new Function('return [5].first()')())", [4, 5]),
}


@pytest.mark.parametrize("name", USES)
def test_its_methods_are_found_on_whatever_holds_the_value(run, name):
    source, expected = USES[name]
    assert run(source).logged == [expected]


def test_native_methods_stay_what_they_are(fresh):
    ran = fresh.run(f"""console.log([1, 2].map(n => n * 2), [1, 2].filter(n => n > 1), [1].every(n => n), [0].some(n => n),
        'abc'.endsWith('b', 2), 'abc'.startsWith('b', 1), Object.keys({{a: 1}}), [3].map.name, [3].map.length >= 0,
        String([].map).includes('[native code]')); console.log({NOT_LOADED})""")
    assert ran.logged == [[[2, 4], [2], True, False, True, True, ["a"], "map", True, True], True]


ORDINARY = {
    "assertions": """pm.test('t', () => { pm.expect([1, {a: 2}]).to.eql([1, {a: 2}]); pm.expect('ab').to.include('b');
        pm.expect([1]).to.be.an('array').that.is.not.empty; pm.expect(() => { throw 1 }).to.throw })""",
    "the console": "console.log([1], 'x', new Date(), /a/, f => f, new Error('x'), 5n, new Map([[1, 2]]))",
    "variables": "pm.environment.set('a', [new Date()]); pm.environment.get('a'); pm.variables.replaceIn('{{$guid}}')",
    "request and response": """pm.request.headers.add({key: 'a', value: 'b'}); pm.response.json(); pm.cookies.get('a');
        pm.request.toJSON()""",
    "the old API": """responseBody.has('x'); tests['a'] = responseCode.code === 200;
        postman.setEnvironmentVariable('a', 'b')""",
    "lodash": """const l = require('lodash'); l.cloneDeep([new Date(), /a/, () => 1]); l.sortBy([{a: 1}], 'a');
        l([1]).map(x => x).first()""",
    "lodash 3": "_.first([1]); _([1, 2]).each(x => x); _.groupBy([{a: 1}], 'a')",
    "moment": "require('moment')().add(1, 'day').format('YYYY')",
    "schemas": """new (require('ajv'))().compile({items: {format: 'date'}})([1]);
        tv4.validate([1], {type: 'array'})""",
    "documents": """cheerio.load('<p>a</p>')('p').first().text(); xml2Json('<a><b/></a>');
        require('csv-parse/lib/sync')('a\\n1')""",
    "the rest": """['assert', 'backbone', 'buffer', 'crypto-js', 'events', 'path', 'postman-collection', 'querystring',
        'stream', 'url', 'util', 'uuid'].forEach(name => require(name)); CryptoJS.MD5('a').toString()""",
    "the web": """new URL('http://a?b').searchParams.get('b'); structuredClone([new Date()]); new Blob(['a']);
        new TextDecoder()""",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_scripts_and_libraries_that_do_not_use_it_do_not_load_it(fresh, name):
    ran = fresh.run(f"{ORDINARY[name]}; console.log({NOT_LOADED})")
    assert (ran.error, ran.logged[-1]) == (None, True)


def test_what_a_script_gives_one_of_its_names_is_its_own(fresh):
    ran = fresh.run("""Array.prototype.first = function () { return 'mine' }; delete Array.prototype.sum;
        const list = [1], f = () => 1; list.count = 5; f.once = 'x'; class D extends Date { format() { return 'd' } }
        const map = Array.prototype.map; Array.prototype.map = function (...all) { return map.apply(this, all) };
        console.log(list.first(), list.count, Object.keys(list), f.once, new D().format(), [1].map(n => n + 1));
        console.log(list.last(), list.first(), typeof list.sum, [{a: 4}].map('a'));
        Array.prototype.map = map""")
    assert ran.logged == [["mine", 5, ["0", "count"], "x", "d", [2]], [1, "mine", "undefined", [4]]]
