"""Scripts in exported Python: what is translated does what it does in Postman, everything else is told."""

import json
import os
import re
import subprocess
import sys
from itertools import product

import pytest

from runner import run
from runner.events import AssertionChecked

BODY = """{"n": 5, "zero": 0, "one": 1, "yes": true, "no": false, "text": "text 5", "blank": "", "null": null, "whole": 5.0,
"half": 1.5, "big": 12345678901234567890, "small": 1e-7, "list": [1, "a", true, null, {"x": 1}], "none": [],
"object": {"a": 1, "b": [1, 2]}, "nothing": {}, "unicode": "é😀", "long": {"length": 3}, "number": "5", "2": "two"}"""

SUBJECTS = [
    *(f"json.{name}" for name in json.loads(BODY) if name.isidentifier()),
    "json.list[1]", "json.list[9]", "json.object.b", "json['2']", "json[2]", "json.missing", "json.text.length",
    "json.list.length", "json.null.x", "json.missing.x", "pm.response.code", "pm.response.text()",
    "json.text + json.n", "`${json.n} ${json.list}`", "json.n + 1", "json.yes && json.n", "json.blank || 'else'",
    "json.null ?? 'else'", "typeof json.list", "JSON.stringify(json.object)", "json.list.includes('a')",
    "json.text.includes('ex')", "json.text.toUpperCase()", "json.list.filter(one => one === 1)",
    "json.list.map(one => typeof one)", "json.list.some(one => one === true)", "json.n > 3 ? 'more' : 'less'",
    "json.n < json.half", "json.big + ''", "json.small + ''", "json.half + ''", "json.object + ''", "[json.n, 'a']",
    "Array.isArray(json.list)", "pm.environment.get('base')", "pm.environment.get('unknown')",
    "pm.environment.has('base')",
]  # fmt: skip

ASSERTIONS = [
    "equal(5)", "equal(1)", "equal('text 5')", "equal(true)", "equal(null)", "equal(undefined)", "eql([1, 2])",
    "eql({a: 1, b: [1, 2]})", "eql(5)", "eql('a')", "equal(json.object)", "deep.equal({})", "not.equal(5)",
    "not.eql([])", "be.true", "be.false", "be.null", "be.undefined", "exist", "not.exist", "be.ok", "not.be.ok",
    "be.empty", "not.be.empty", "be.a('string')", "be.an('array')", "be.an('object')", "be.a('number')",
    "be.a('boolean')", "be.above(3)", "be.below(3)", "be.at.least(5)", "be.at.most(5)", "not.be.above(3)",
    "be.within(1, 5)", "be.closeTo(5, 1)", "have.lengthOf(2)", "have.length(5)", "have.lengthOf.above(2)",
    "include('x')", "include(1)", "include({a: 1})", "not.include('z')", "have.property('a')",
    "have.property('a', 1)", "have.property('b').that.eql([1, 2])", "not.have.property('x')",
    "have.property('length')", "have.keys('a', 'b')", "have.all.keys(['a', 'b'])", "have.any.keys('a', 'z')",
    "include.keys('a')", "be.oneOf([1, 5, 'a'])", "be.oneOf(['text 5', null])", "be.oneOf([200, 201])",
    "match(/^te.t\\s\\d$/)", "match(/TEXT/i)", "not.match(/z|[a-c]+/)", "be.a('string').and.include('x')",
    "be.an('array').that.is.not.empty", "equal(json.n)", "equal('1.5')",
]  # fmt: skip


def collection(*items, **more):
    variables = [{"key": "base", "value": "x"}]
    return {"info": {"name": "Own"}, "item": list(items), "variable": variables, **more}


def item(name, test=(), before=(), url="{{url}}/body", **request):
    events = [
        {"listen": listen, "script": {"exec": list(lines)}}
        for listen, lines in (("prerequest", before), ("test", test))
        if lines
    ]
    return {"name": name, "event": events, "request": {"method": "GET", "url": url, **request}}


@pytest.fixture
def exported(postrunner, server, tmp_path):
    """Exports a collection and runs the result; gives what it tells, and the text of the file."""
    server.texts["/body"] = BODY.encode()
    environment = {"name": "E", "values": [{"key": "url", "value": server.url}, {"key": "base", "value": "own"}]}
    (tmp_path / "e.json").write_text(json.dumps(environment))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")  # or the settings of a folder around it hold

    def export(document, to="httpx", env=None):
        (tmp_path / "c.json").write_text(json.dumps(document))
        made = postrunner("export", "c.json", "-e", "e.json", "--to", to, "-o", "test_own.py", "--force")
        command = (
            [sys.executable, "test_own.py"] if to == "httpx" else [sys.executable, "-m", "pytest", "-q", "test_own.py"]
        )
        server.seen.clear()
        assert made.code == 0, made.err
        done = subprocess.run(
            command, env={**os.environ, **(env or {})}, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done, (tmp_path / "test_own.py").read_text(), made.err.splitlines()[1:]

    return export


def results(tmp_path):
    """The checks of a run, and those that failed."""
    events = []
    run(str(tmp_path / "c.json"), environment=str(tmp_path / "e.json"), on_event=events.append)
    checks = [event for event in events if isinstance(event, AssertionChecked)]
    return {one.name for one in checks}, {one.name for one in checks if one.failed}


def test_a_translated_assertion_holds_where_it_holds_in_postman(exported, tmp_path):
    checks = {str(n): f"pm.expect({one}).to.{so}" for n, (one, so) in enumerate(product(SUBJECTS, ASSERTIONS))}
    lines = [
        "const json = pm.response.json();",
        *(f"pm.test('{name}', () => {{ {code}; }});" for name, code in checks.items()),
    ]
    done, _, notes = exported(collection(item("one", lines)))
    everything, failed = results(tmp_path)
    assert everything == checks.keys()
    left_out = {found[1] for note in notes if (found := re.search(r"the check '(\d+)'", note))}
    assert {checks[name] for name in left_out} == set()
    ours = {found[1] for line in done.stderr.splitlines() if (found := re.match(r"one  FAILED  (\d+): ", line))}
    assert {checks[name] for name in ours ^ failed} == set()


def test_values_go_from_one_script_to_the_next_request(exported, server):
    first = ["pm.environment.set('token', pm.response.json().text);", "pm.globals.set('base', 'global');"]
    second = ["pm.variables.set('who', `${pm.environment.get('base')}-1`);"]
    third = ["const { n, object } = pm.response.json();", "pm.collectionVariables.set('n', n);"]
    third += ["pm.environment.unset('base'); pm.variables.set('object', object);"]
    body = {"mode": "raw", "raw": "{{object}} {{gone}}"}
    items = [
        item("log in", first),
        item("next", before=second, url="{{url}}/{{token}}/{{base}}/{{who}}"),
        item("third", third),
        item("last", method="POST", url="{{url}}/{{n}}/{{base}}/{{who}}", body=body),
    ]
    for to in ("httpx", "pytest"):
        done, _, notes = exported(collection(*items), to)
        assert (done.returncode, notes) == (0, []), done.stdout + done.stderr
        assert [path for _, path, *_ in server.seen] == ["/body", "/text%205/own/own-1", "/body", "/5/x/own-1"]
        assert server.seen[-1][3] == b'{"a":1,"b":[1,2]} {{gone}}'


def test_a_check_that_fails_is_told_and_the_rest_goes_on(exported):
    lines = ["pm.test('wrong', () => pm.response.to.have.status(404));", "pm.test('right', () => pm.response.to.be.ok);"]
    lines += [
        "tests['old'] = responseCode.code === 500;",
        "pm.expect(1).to.equal(2, 'outside');",
        "pm.test('not reached', () => {});",
    ]
    document = collection(item("one", lines), item("two"))
    done, _, _ = exported(document)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["two  200 OK"]
    assert done.stderr.splitlines() == [
        "one  FAILED  wrong: AssertionError: assert response.status_code == 404",
        "one  FAILED  old: AssertionError: assert response.status_code == 500",
        "one  FAILED  error: AssertionError: outside",
    ]
    done, _, _ = exported(document, "pytest")
    assert (done.returncode, done.stdout.splitlines()[-1][:18]) == (1, "1 failed, 1 passed")
    assert "wrong: AssertionError: assert 200 == 404" in done.stdout


def test_what_is_not_translated_is_a_comment_a_note_and_a_warning(exported):
    lines = [
        "let all = pm.response.json();",
        "pm.test('schema', () => {",
        "  check(all);",
        "});",
        "pm.expect(all.n).to.equal(5);",
    ]
    lines += ["pm.test('right', () => pm.response.to.be.ok);", "console.log(moment());"]
    done, text, notes = exported(collection(item("one", lines)))
    schema = "the check 'schema' of the test script of 'one' is left out: check() is not translated"
    spoiled = "line 5 of the test script of 'one' is left out: all comes from what is not translated"
    assert notes == [f"one: {schema}", f"one: {spoiled}"]
    assert (done.returncode, done.stderr.splitlines()) == (0, [f"GAP: {schema}", f"GAP: {spoiled}"])
    assert f"    # GAP: {schema}\n    #   pm.test('schema', () => {{\n    #     check(all);\n    #   }});\n" in text
    assert "    # console.log(moment());\n" in text
    done, _, _ = exported(collection(item("one", lines)), "pytest")
    assert done.returncode == 0
    assert f"UserWarning: {schema}" in done.stdout.replace("Gap: ", "UserWarning: ")


@pytest.mark.parametrize(
    "lines",
    [
        ["let a = 1;", "function f() { a = 2; }", "f();", "pm.expect(a).to.equal(1);"],
        ["const a = {n: 1};", "change(a);", "pm.expect(a.n).to.equal(1);"],
        ["const a = {n: 1};", "a.n += 1;", "pm.expect(a.n).to.equal(1);"],
        ["const a = [1];", "a.push(2);", "pm.expect(a).to.have.length(1);"],
        ["pm.test('x', (done) => { pm.expect(1).to.equal(2); done(); });"],
        ["pm.test('x', async () => { pm.expect(1).to.equal(2); });"],
        ["setTimeout(() => { pm.expect(1).to.equal(2); }, 1);"],
        ["try { pm.expect(1).to.equal(2); } finally {}"],
        ["pm.expect(1).to.be.a.prime;"],
        ["pm.expect(1);"],
        ["pm.expect('1' == 1).to.be.false;"],
        ["const pm = other(); pm.expect(1).to.equal(2);"],
        ["pm.expect(pm.response.json().constructor).to.equal(2);"],
        ["postman.setNextRequest('one');"],
        ["pm.sendRequest('http://h', () => {});"],
        ["pm.environment.set(name(), 1);"],
        ["this is not a script"],
    ],
)
def test_a_script_that_is_not_translated_wholly_is_never_green_in_silence(exported, lines):
    done, _, notes = exported(collection(item("one", lines)))
    assert done.returncode == 1 or notes, done.stdout
    assert len(notes) == done.stderr.count("GAP: ") or done.returncode == 1


def test_a_variable_that_only_a_script_sets_which_is_left_out_is_asked_for(exported, server):
    document = collection(item("one", before=["pm.environment.set('signature', sign());"], url="{{url}}/{{signature}}"))
    done, text, notes = exported(document, env={"SIGNATURE": "by hand"})
    assert notes == [
        "one: line 1 of the pre-request script of 'one' is left out: sign() is not translated; it sets signature"
    ]
    assert '"signature": os.environ["SIGNATURE"]' in text
    assert (done.returncode, server.seen[0][1]) == (0, "/by%20hand")


def test_a_script_of_the_collection_is_one_function_that_every_request_calls(exported):
    event = {
        "listen": "test",
        "script": {"exec": ["pm.test('quick', () => pm.expect(pm.response.responseTime).to.be.below(9e9));"]},
    }
    _, text, _ = exported(collection(item("one"), item("two"), event=[event]))
    assert (text.count("    own_tests(response)\n"), text.count("def own_tests(response):")) == (2, 1)


def test_a_secret_in_a_script_stays_out_of_the_file(exported, server):
    lines = ["pm.environment.set('copy', 'abcdef0123456789');"]
    document = collection(item("one", before=lines, url="{{url}}/{{copy}}"))
    document["variable"].append({"key": "token", "value": "abcdef0123456789"})
    done, text, _ = exported(document, env={"TOKEN": "abcdef0123456789"})
    assert "abcdef0123456789" not in text
    assert (done.returncode, server.seen[0][1]) == (0, "/abcdef0123456789"), done.stderr
