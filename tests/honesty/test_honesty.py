"""Never green by mistake: each case here must fail, and must say why.

A case is a name with its siblings in one of the tables. To add one, add a line.
"""

import json

import pytest

from tests.cli.conftest import item
from tests.honesty.conftest import ANSWERS

NEVER = "new Promise(() => {})"

TEST_SCRIPTS = {
    # an error that does not come from the main line of the script
    "an error in a timer": ("setTimeout(() => { throw new Error('late') }, 1)", "late"),
    "an error in a timer after a passing test": (
        "pm.test('ok', () => {}); setTimeout(() => { throw new Error('late') }, 1)",
        "late",
    ),
    "an error in an interval": (
        "const i = setInterval(() => { clearInterval(i); throw new Error('tick') }, 1)",
        "tick",
    ),
    "an error in setImmediate": ("setImmediate(() => { throw new Error('soon') })", "soon"),
    "an error in a microtask": ("queueMicrotask(() => { throw new Error('micro') })", "micro"),
    "an error in a callback of sendRequest": (
        "pm.sendRequest(SERVER, () => { throw new Error('in callback') })",
        "in callback",
    ),
    "an error in a nested timer": ("setTimeout(() => setTimeout(() => { nope() }, 1), 1)", "nope is not defined"),
    # promises
    "a rejected promise": ("Promise.reject(new Error('rejected'))", "rejected"),
    "a rejected promise without an error": ("Promise.reject()", "undefined"),
    "an async function nobody waits for": ("(async () => { throw new Error('async') })()", "async"),
    "a rejection after a wait": (
        "(async () => { await new Promise(r => setTimeout(r, 1)); throw new Error('awaited') })()",
        "awaited",
    ),
    "a then that throws": ("Promise.resolve().then(() => { throw new Error('then') })", "then"),
    "an awaited rejection at the top level": ("await Promise.reject(new Error('top'))", "top"),
    "an await that never ends": (f"await {NEVER}", "never"),
    # tests
    "an async test that rejects": ("pm.test('t', async () => { throw new Error('in test') })", "in test"),
    "an async test that rejects later": (
        "pm.test('t', async () => { await new Promise(r => setTimeout(r, 1)); pm.expect(1).to.eql(2) })",
        "expected 1 to deeply equal 2",
    ),
    "a test that returns a rejected promise": ("pm.test('t', () => Promise.reject(new Error('returned')))", "returned"),
    "an async test that never ends": (f"pm.test('hangs', async () => {{ await {NEVER} }})", "hangs"),
    "done is never called": ("pm.test('waits', (done) => {})", "waits"),
    "done is called with an error": ("pm.test('t', (done) => done(new Error('done says')))", "done says"),
    "done is called with an error in a timer": (
        "pm.test('t', (done) => setTimeout(() => done(new Error('done later')), 1))",
        "done later",
    ),
    "a test in a timer fails": ("setTimeout(() => pm.test('t', () => { throw new Error('timed') }), 1)", "timed"),
    "a test in a callback fails": (
        "pm.sendRequest(SERVER, () => pm.test('t', () => pm.expect(1).to.eql(2)))",
        "expected 1 to deeply equal 2",
    ),
    "tests that are lost behind an error": (
        "pm.test('a', () => {}); nope(); pm.test('b', () => {})",
        "nope is not defined",
    ),
    "something thrown that is not an error": ("pm.test('t', () => { throw 'just text' })", "just text"),
    "null thrown": ("throw null", "null"),
    "an old test that is false": ("tests['old'] = false", "old"),
    "an expectation outside of a test": ("pm.expect(1).to.eql(2)", "expected 1 to deeply equal 2"),
    "a misspelt matcher": ("pm.test('t', () => pm.expect(1).to.eqal(1))", "eqal"),
    "a test with a matcher that the response does not have": (
        "pm.test('t', () => pm.response.to.have.statsCode(200))",
        "statusCode",
    ),
    "a misspelt property": ("pm.test('t', () => pm.expect([]).to.be.emty)", "emty"),
    # the sandbox
    "a syntax error": ("const a = ;", "SyntaxError"),
    "a syntax error in a string of html": ("<script>", "SyntaxError"),
    "a name that does not exist": ("nope.call()", "nope is not defined"),
    "a pm member that does not exist": ("pm.nothing()", "pm.nothing"),
    "a pm member of a scope that does not exist": ("pm.environment.put('a', 1)", "put"),
    "a package that does not exist": ("require('left-pad')", "left-pad"),
    "a package of the package library": ("pm.require('@team/nothing')", "@team/nothing"),
    "a body that is not JSON": ("pm.test('t', () => JSON.parse('{'))", "JSON"),
    "an endless recursion": ("const f = () => f(); f()", "RangeError"),
    "the process is not there to be ended": ("process.exit(0)", "process is not defined"),
    "a request of a script that fails": (
        "const r = await pm.sendRequest('http://127.0.0.1:1/'); pm.test('t', () => {})",
        "ECONNREFUSED",
    ),
    "run request of an id that does not exist": ("await pm.execution.runRequest('nowhere')", "nowhere"),
}


def failed(done, *texts):
    assert done.code == 1, done.out + done.err
    assert "Traceback" not in done.out + done.err
    for text in texts:
        assert text in done.out + done.err


@pytest.mark.parametrize("case", TEST_SCRIPTS)
def test_a_test_script_that_goes_wrong_fails_the_run(postrunner, collection, server, case):
    script, text = TEST_SCRIPTS[case]
    one = item("the item", server.url + "/main", script.replace("SERVER", json.dumps(server.url)))
    failed(postrunner("run", collection(one)), text, "the item")


@pytest.mark.parametrize("case", [c for c in TEST_SCRIPTS if "test" not in c and "expectation" not in c])
def test_a_pre_request_script_that_goes_wrong_fails_the_run(postrunner, collection, server, case):
    script, text = TEST_SCRIPTS[case]
    one = item("the item", server.url + "/main", prerequest=script.replace("SERVER", json.dumps(server.url)))
    failed(postrunner("run", collection(one)), text, "the item")


@pytest.mark.parametrize("path", ANSWERS)
def test_an_answer_that_is_broken_fails_the_run(postrunner, collection, misbehaving, path):
    failed(postrunner("run", collection(item("the item", misbehaving + path))), "[errored]")


REQUESTS = {
    "an empty url": ({"url": ""}, "url is empty"),
    "an unknown protocol": ({"url": "ftp://127.0.0.1/x"}, "ftp"),
    "a port that is none": ({"url": "http://127.0.0.1:99999/"}, "99999"),
    "a host that does not exist": ({"url": "http://no-such-host.invalid/"}, "getaddrinfo"),
    "a connection that is refused": ({"url": "http://127.0.0.1:1/"}, "ECONNREFUSED"),
    "a variable as the host": ({"url": "http://{{nowhere}}/"}, "nowhere"),
    "an unknown auth type": ({"auth": {"type": "magic", "magic": []}}, "magic"),
    "an AWS signature without keys": ({"auth": {"type": "awsv4", "awsv4": []}}, "accessKey"),
    "a JWT with an unknown algorithm": (
        {"auth": {"type": "jwt", "jwt": [{"key": "algorithm", "value": "XX1"}, {"key": "secret", "value": "s"}]}},
        "XX1",
    ),
    "an RSA signature without its key": (
        {"auth": {"type": "jwt", "jwt": [{"key": "algorithm", "value": "RS256"}, {"key": "privateKey", "value": "no"}]}},
        "key",
    ),
    "an ASAP token without its key": ({"auth": {"type": "asap", "asap": [{"key": "kid", "value": "k"}]}}, "asap"),
    "a header that HTTP does not allow": ({"header": [{"key": "X Bad", "value": "1"}]}, "X Bad"),
    "a header value with a line end": ({"header": [{"key": "X", "value": "a\r\nb"}]}, "Invalid character"),
}


@pytest.mark.parametrize("case", REQUESTS)
def test_a_request_that_cannot_be_sent_fails_the_run(postrunner, collection, server, case):
    request, text = REQUESTS[case]
    done = postrunner("run", collection(item("the item", **{"url": server.url, "method": "POST", **request})))
    assert done.code in (1, 2)  # 2 where the file itself is wrong
    assert text.lower() in (done.out + done.err).lower()
    assert server.seen == []


COMMAND_LINES = {
    "an unknown option": (("--iteration-cuont", "2"), "--iteration-cuont"),
    "an option of the wrong kind": (("-n", "many"), "many"),
    "no iterations": (("-n", "0"), "'0' is not a whole number from 1"),
    "a value that is none of the choices": (("--color", "pink"), "pink"),
    "a bail that does not exist": (("--bail", "never"), "never"),
    "a missing reporter": (("-r", "cli,htmlextras"), "htmlextras"),
    "an option that the reporter does not have": (("-r", "junit", "--reporter-junit-exprot", "r.xml"), "exprot"),
    "an unknown folder": (("--folder", "Nope"), "Nope"),
    "one unknown folder of two": (("--folder", "the item", "--folder", "Nope"), "Nope"),
    "an unknown item": (("-i", "the item/below"), "below"),
    "a missing environment": (("-e", "gone.json"), "gone.json"),
    "an environment that is a plain map": (("-e", "map.json"), "values"),
    "globals that are a plain map": (("-g", "map.json"), "values"),
    "an environment that is a collection": (("-e", "c.json"), "collection"),
    "data that is missing": (("-d", "gone.csv"), "gone.csv"),
    "data that is broken JSON": (("-d", "broken.json"), "broken.json:1:"),
    "broken JSON in a file without a name for it": (("-d", "broken.txt"), "broken.txt:1:"),
    "data that is one object": (("-d", "map.json"), "list of objects"),
    "data that is a list of numbers": (("-d", "numbers.json"), "row"),
    "a cookie jar that is missing": (("--cookie-jar", "gone.json"), "gone.json"),
    "a certificate that is missing": (("--ssl-client-cert", "gone.pem", "--ssl-client-key", "gone.key"), "gone"),
    "an authority that is missing": (("--ssl-extra-ca-certs", "gone.pem"), "gone.pem"),
    "a list of certificates that is missing": (("--ssl-client-cert-list", "gone.json"), "gone.json"),
    "a variable without a value": (("--env-var", "novalue"), "--env-var: is not KEY=VALUE"),
    "an environment that a variable should have named": (("-e", ""), "--environment: is empty"),
    "a collection that a variable should have named": (("",), "is empty"),
    "a folder that a variable should have named": (("--folder", " "), "--folder: is empty"),
    "an option with a typographic dash": (("–n", "2"), "typographic dash"),
    "a second collection that is not there": (("gone.json",), "gone.json"),
}

FILES = {
    "map.json": '{"a": 1}',
    "broken.json": '[{"a": 1},',
    "broken.txt": '[{"a": 1},',
    "numbers.json": "[1, 2]",
}


@pytest.mark.parametrize("case", COMMAND_LINES)
def test_a_command_line_that_is_wrong_runs_nothing(postrunner, collection, server, tmp_path, case):
    args, text = COMMAND_LINES[case]
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    done = postrunner("run", collection(item("the item", server.url)), *args)
    assert done.code == 2
    assert text in done.err
    assert "Traceback" not in done.err
    assert server.seen == []


EXPORTS = (
    "--export-environment",
    "--export-globals",
    "--export-collection",
    "--export-cookie-jar",
    "--reporter-json-export",
    "--reporter-junit-export",
    "--reporter-ndjson-export",
    "--reporter-html-export",
)


@pytest.mark.parametrize("option", EXPORTS)
def test_a_file_that_cannot_be_written_fails_the_run(postrunner, collection, server, tmp_path, option):
    (tmp_path / "file").write_text("in the way")
    done = postrunner("run", collection(item("a", server.url)), "-r", "cli,json,junit,ndjson,html", option, "file/x.json")
    failed(done, "file")


def test_a_passing_run_that_is_told_to_ignore_failures_still_tells_them(postrunner, collection, server):
    done = postrunner("run", collection(item("a", server.url, "throw new Error('told')")), "-x")
    assert done.code == 0
    assert "told" in done.out


EMPTY = {
    "an empty folder": (({"name": "F", "item": []},), ("--folder", "F")),
    "an empty folder in a folder": (({"name": "F", "item": [{"name": "G", "item": []}]},), ("-i", "F/G")),
    "everything excluded": (({"name": "F", "item": [item("a", "http://127.0.0.1:1/")]},), ("--exclude", "F")),
}


@pytest.mark.parametrize("case", EMPTY)
def test_a_run_of_nothing_fails(postrunner, collection, case):
    items, args = EMPTY[case]
    failed(postrunner("run", collection(*items), *args), "nothing was run", "--allow-empty")


def test_an_unknown_command_is_a_mistake(postrunner):
    assert postrunner("rnu", "c.json").code == 2


def test_suppressing_the_exit_code_hides_no_mistake(postrunner, collection):
    assert postrunner("run", collection(), "-x", "-e", "gone.json").code == 2


def test_a_failure_in_the_first_iteration_is_not_erased_by_the_second(postrunner, collection, server, tmp_path):
    flaky = item("a", server.url, 'pm.test("t", () => pm.expect(pm.info.iteration).to.eql(1))')
    done = postrunner("run", collection(flaky), "-n", "2", "-r", "cli,junit", "--reporter-junit-export", "r.xml")
    failed(done, "to deeply equal 1")
    assert "<failure" in (tmp_path / "r.xml").read_text()


def test_a_script_that_hangs_fails_at_its_limit(postrunner, collection, server):
    failed(postrunner("run", collection(item("a", server.url, "while (true) {}")), "--timeout-script", "300"), "a")


@pytest.mark.parametrize("script", ["while (true) {}", "setInterval(() => {}, 1)", "setInterval(() => { throw 1 }, 1)"])
def test_a_script_that_hangs_ends_with_the_run_at_its_limit(postrunner, collection, server, script):
    failed(postrunner("run", collection(item("a", server.url, script)), "--timeout", "400"), "callback timed out")


def test_a_server_that_never_ends_its_answer_fails_at_the_limit(postrunner, collection, slow_server):
    failed(postrunner("run", collection(item("a", slow_server)), "--timeout-total", "200"), "[errored]")


def test_a_server_that_says_nothing_fails_at_the_limit(postrunner, collection, silent_server):
    failed(postrunner("run", collection(item("a", silent_server)), "--timeout-request", "200"), "ESOCKETTIMEDOUT")
