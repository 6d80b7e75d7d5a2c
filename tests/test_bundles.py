"""The bundled JavaScript libraries: what the build wrote, and that each works in V8 with nothing around it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIBRARIES = ROOT / "runner" / "sandbox" / "libraries"
BUNDLES = ROOT / "runner" / "sandbox" / "bundles"
INDEX = json.loads((BUNDLES / "index.json").read_text("utf-8"))
LOCK = json.loads((LIBRARIES / "package-lock.json").read_text("utf-8"))
PINNED = json.loads((LIBRARIES / "package.json").read_text("utf-8"))["dependencies"]
LICENCES = (BUNDLES / "LICENSES.txt").read_text("utf-8")
# What require() gives in Postman: its type and its members, as Object.getOwnPropertyNames tells them there.
POSTMAN = json.loads(Path(__file__).with_name("postman_libraries.json").read_text("utf-8"))

# The library, an expression over it (called `it`), and the text of its value.
WORKS = [
    ("ajv", "new it().validate({type: 'integer'}, 3)", "true"),
    ("ajv", "new it().validate({format: 'date-time'}, 'yesterday')", "false"),
    ("assert", "it.deepEqual({a: [1]}, {a: [1]})", "undefined"),
    ("atob", "it('aGk_'.replace('_', '='))", "hi"),
    ("atob", "it(' a Gk ')", "hi"),
    ("backbone", "new it.Model({a: 1}).get('a')", "1"),
    ("btoa", "it('\\xff')", "/w=="),
    ("buffer", "it.Buffer.from('hé').toString('base64')", "aMOp"),
    ("buffer", "it.btoa(it.atob('aGk='))", "aGk="),
    ("chai", "it.expect({a: 1}).to.eql({a: 1}) && it.version", "4.3.8"),
    ("cheerio", "it.load('<p>a<b>c</b></p>')('b').text()", "c"),
    ("crypto-js", "it.SHA256('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("crypto-js", "it.enc.Base64.stringify(it.HmacSHA1('a', 'k'))", "QOfUQcrbF7B/BQNBqiOmgg7YHIs="),
    ("csv-parse/lib/sync", "JSON.stringify(it('a,b\\n1,\"2,3\"', {columns: true}))", '[{"a":"1","b":"2,3"}]'),
    ("dynamic-variables", "it.names.length", "118"),
    ("dynamic-variables", "(it.seed([1]), it.generate('$randomIP')) === (it.seed([1]), it.generate('$randomIP'))", "true"),
    ("events", "new it().on('x', () => {}).listeners('x').length", "1"),
    ("fs", "Object.keys(it).length", "0"),
    ("json", "it.parse('\\ufeff{\"a\": 1}').a", "1"),
    ("lodash", "it.chunk([1, 2, 3], 2)[1]", "3"),
    ("lodash3", "it.pluck([{a: 1}], 'a')", "1"),
    ("moment", "it.utc(0).format('YYYY-MM-DD')", "1970-01-01"),
    ("os", "JSON.stringify(it.EOL)", '"\\n"'),
    ("path", "it.join('a', '..', 'b')", "b"),
    ("postman-collection", "new it.Url('http://h/:a?b=c').query.get('b')", "c"),
    ("postman-collection", "new it.Item().id.length", "36"),
    ("postman-collection", "it.Property.replaceSubstitutions('{{$randomInt}}', {}).length < 5", "true"),
    ("punycode", "it.toASCII('mañana.com')", "xn--maana-pta.com"),
    ("querystring", "it.stringify({a: [1, 2]})", "a=1&a=2"),
    ("stream", "new it.PassThrough() instanceof __libraries.events", "true"),
    ("string_decoder", "new it.StringDecoder('utf8').write(__libraries.buffer.Buffer.from([0xe2, 0x82]))", ""),
    ("timers", "typeof it.setImmediate", "function"),
    ("tv4", "it.validate(1, {type: 'string'})", "false"),
    ("url", "it.parse('http://h:1/p?q#f').port", "1"),
    ("util", "it.inspect({a: [1]})", "{ a: [ 1 ] }"),
    ("uuid", "/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(it() && it.v4())", "true"),
    ("xml2js", "(found => { it.parseString('<a b=\"1\"/>', (e, r) => { found = r.a.$.b }); return found })()", "1"),
]
FAILS = [
    ("assert", "it.equal(1, 2)", "AssertionError"),
    ("atob", "it('a')", "InvalidCharacterError"),
    ("btoa", "it('€')", "InvalidCharacterError"),
    ("buffer", "it.transcode()", 'The "source" argument must be an instance of Buffer'),
    ("json", "it.parse('{a: 1}')", "Unexpected"),
]

TYPE = "typeof it"
MEMBERS = "JSON.stringify(Object.getOwnPropertyNames(it))"
GLOBALS = "JSON.stringify(Object.getOwnPropertyNames(globalThis))"
BARE = ("", GLOBALS)
MIXED_IN = ("postman-collection", "JSON.stringify(Object.getOwnPropertyNames(__libraries.lodash))")


def job(name, source):
    names = [*INDEX[name]["needs"], name] if name else []
    library = f"globalThis.__libraries?.[{json.dumps(name)}]"
    return {"files": [str(BUNDLES / INDEX[one]["file"]) for one in names], "source": f"(it => {source})({library})"}


def bare_v8(cases):
    program = [sys.executable, str(Path(__file__).with_name("bare_v8.py"))]
    done = subprocess.run(program, input=json.dumps([job(*case) for case in cases]), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(zip(cases, json.loads(done.stdout), strict=True))


@pytest.fixture(scope="module")
def answers():
    looks = [(name, source) for name in INDEX for source in (TYPE, MEMBERS, GLOBALS)]
    return bare_v8([BARE, MIXED_IN, *looks, *(case[:2] for case in WORKS + FAILS)])


def test_every_library_has_its_bundle():
    assert set(INDEX) == set(json.loads((LIBRARIES / "libraries.json").read_text("utf-8")))
    assert {entry["file"] for entry in INDEX.values()} | {"flow.js"} == {path.name for path in BUNDLES.glob("*.js")}


def test_the_core_needs_nothing_else():
    assert INDEX["chai"] == {"file": "core.js", "needs": [], "version": "4.4.1"}


def test_what_a_bundle_needs_is_listed_in_the_order_to_load_it():
    for entry in INDEX.values():
        loaded = set()
        for name in entry["needs"]:
            assert set(INDEX[name]["needs"]) <= loaded
            loaded.add(name)


@pytest.mark.parametrize("name", INDEX)
def test_a_bundle_sets_only_its_library(answers, name):
    before, after = (json.loads(answers[case]["value"]) for case in (BARE, (name, GLOBALS)))
    assert set(after) - set(before) == {"__libraries"}


@pytest.mark.parametrize("name", sorted(set(POSTMAN) & set(INDEX)))
def test_a_library_has_the_members_that_it_has_in_postman(answers, name):
    assert answers[name, TYPE] == {"value": POSTMAN[name]["type"]}
    missing = set(POSTMAN[name]["members"]) - set(json.loads(answers[name, MEMBERS]["value"]))
    assert missing == set()


def test_the_collection_library_adds_its_members_to_lodash_as_in_postman(answers):
    assert set(POSTMAN["lodash with postman-collection"]["members"]) <= set(json.loads(answers[MIXED_IN]["value"]))


def test_scripts_can_require_what_postman_lets_them():
    assert set(POSTMAN) - {"lodash with postman-collection"} == set(INDEX) - {
        "lodash3",
        "dynamic-variables",
        "http-reasons",
        "sugar",
        "web-streams",
    }


@pytest.mark.parametrize(("name", "source", "value"), WORKS)
def test_a_library_works_in_bare_v8(answers, name, source, value):
    assert answers[name, source] == {"value": value}


@pytest.mark.parametrize(("name", "source", "message"), FAILS)
def test_a_library_fails_as_it_should(answers, name, source, message):
    assert message in answers[name, source]["error"]


def test_versions_are_pinned_exactly():
    assert all(version[0].isdigit() for version in PINNED.values())
    assert {INDEX[name]["version"] for name in ("lodash", "moment")} == {PINNED["lodash"], PINNED["moment"]}


def test_the_lock_file_names_no_address():
    text = json.dumps(LOCK)
    assert "resolved" not in text
    assert "://" not in text


def test_the_lock_file_knows_the_content_of_every_package():
    assert all("integrity" in package for path, package in LOCK["packages"].items() if path)


@pytest.mark.parametrize("name", PINNED)
def test_the_licence_of_every_library_is_there(name):
    assert f"{name} {PINNED[name]}\nLicence: " in LICENCES


def test_every_licence_has_its_text():
    for part in LICENCES.split("\n" + "-" * 80 + "\n"):
        assert len(part) > 400, part


def test_the_world_of_scripts_is_built_of_its_sources():
    parts = json.loads((ROOT / "runner" / "sandbox" / "js" / "parts.json").read_text("utf-8"))
    assert {path.stem for path in (BUNDLES / "world").iterdir()} == {"prelude", "schemas", *parts}


def test_the_built_world_looks_up_nothing_that_scripts_can_replace():
    built = "".join(path.read_text("utf-8") for path in (BUNDLES / "world").iterdir() if path.stem != "prelude")
    assert not re.search(r"\.(push|map|slice|replace|indexOf|join|test|exec)\(", built)


def test_no_bundle_is_committed():
    tracked = subprocess.run(["git", "ls-files", str(BUNDLES)], cwd=ROOT, capture_output=True, text=True)
    assert tracked.stdout == ""
