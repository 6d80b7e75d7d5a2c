from __future__ import annotations

import errno

import pytest

from runner.effects import StartSend, WaitSends
from runner.errors import RequestError
from runner.rules.url import url_text
from tests.sandbox.conftest import exchange


def test_a_callback_gets_the_response(run):
    ran = run(
        "pm.sendRequest('http://a', (err, res, {cookies}) => console.log(err, res.code, res.json().id, cookies.count()))"
    )
    assert ran.logged == [[None, 201, 9, 0]]


def test_a_promise_gives_the_response(run):
    assert run("const r = await pm.sendRequest({url: 'http://a', method: 'post'}); console.log(r.code)").logged == [201]


def test_the_request_is_read_like_a_collections(run):
    ran = run(
        """await pm.sendRequest({url: 'http://a/{{x}}?q=1', method: 'PUT', header: {A: 'b'},
            body: {mode: 'raw', raw: 'hi'}})"""
    )
    (started,) = [e for e in ran.effects if isinstance(e, StartSend)]
    request = started.request
    assert (request.method, request.headers[0].key, request.body.raw) == ("PUT", "A", "hi")
    assert request.url.path == ("{{x}}",)


def test_an_error_reaches_the_callback_with_its_code(run, world):
    world.send = lambda request: RequestError("connect ECONNREFUSED 127.0.0.1:1", code="ECONNREFUSED")
    ran = run("pm.sendRequest('http://a', (err, res) => console.log(err.message, err.code, res))")
    assert ran.logged == [["connect ECONNREFUSED 127.0.0.1:1", "ECONNREFUSED", None]]
    assert ran.result.error is None


def test_an_error_that_nobody_handles_fails_the_script(run, world):
    world.send = lambda request: RequestError("getaddrinfo ENOTFOUND nope", code="ENOTFOUND")
    assert run("pm.sendRequest('http://nope')").error == "Error: getaddrinfo ENOTFOUND nope"


def test_an_error_thrown_in_the_callback_fails_the_script(run):
    ran = run("pm.sendRequest('http://a', () => {\n  throw new TypeError('mine') })")
    assert ran.error == "TypeError: mine"
    assert ran.result.error.line == 2


def test_calls_are_all_started_before_one_is_waited_for(run):
    ran = run("for (const n of [1, 2, 3]) pm.sendRequest('http://a/' + n, () => {})")
    kinds = [type(e) for e in ran.effects if isinstance(e, (StartSend, WaitSends))]
    assert kinds == [StartSend, StartSend, StartSend, WaitSends]


def test_calls_may_be_nested(run):
    ran = run(
        "const check = (e, r) => pm.test('in', () => pm.expect(r.code).to.equal(201));"
        "pm.sendRequest('http://a', () => pm.sendRequest('http://b', check))"
    )
    assert ran.tests == {"in": True}


def test_nothing_to_request_is_an_error(run):
    assert run("pm.sendRequest('', err => console.log(err.message))").logged == ["sendrequest: nothing to request"]


def test_files_are_removed_with_a_warning(run):
    ran = run("""await pm.sendRequest({url: 'http://a', method: 'POST', body: {mode: 'formdata', formdata: [
        {key: 'f', type: 'file', src: '/etc/passwd'}, {key: 'a', value: 'b', type: 'text'}]}});
        await pm.sendRequest({url: 'http://a', method: 'POST', body: {mode: 'file', file: {src: '/etc/passwd'}}})""")
    started = [e for e in ran.effects if isinstance(e, StartSend)]
    assert [p.key for p in started[0].request.body.formdata] == ["a"]
    assert started[1].request.body is None
    assert ran.logged == ["uploading files from scripts is not allowed"] * 2


def test_the_response_can_be_asserted_on(run, world):
    world.send = lambda request: exchange(code=404)
    ran = run("const r = await pm.sendRequest('http://a'); pm.test('t', () => { pm.expect(r).to.be.notFound })")
    assert ran.tests == {"t": True}


def test_a_request_of_the_collection_runs(run, world):
    asked = []
    world.items = lambda id, variables: asked.append((id, variables)) or (exchange() if id == "r1" else None)
    ran = run("""const r = await pm.execution.runRequest('r1', {variables: {a: 1}}); console.log(r.code);
        console.log(await pm.execution.runRequest('skipped'))""")
    assert ran.logged == [201, None]
    assert asked == [("r1", {"a": 1}), ("skipped", {})]


def test_any_shape_of_request_is_at_most_an_error(run):
    shapes = [
        "5",
        "true",
        "[1]",
        "{url: 5}",
        "{url: {host: 5, path: 7}}",
        "{url: 'http://a', header: 5}",
        "{url: 'x', body: 7, auth: 3}",
    ]
    for shape in shapes:
        assert run(f"try {{ await pm.sendRequest({shape}) }} catch (e) {{ }} pm.test('lives')").tests == {"lives": True}


def test_a_get_keeps_its_body(run):
    ran = run("await pm.sendRequest({url: 'http://a', method: 'GET', body: {mode: 'raw', raw: 'x'}})")
    (started,) = [e for e in ran.effects if isinstance(e, StartSend)]
    assert started.behavior.disable_body_pruning
    assert started.request.body.raw == "x"


def test_headers_under_another_name_are_left_out_with_a_warning(run):
    ran = run("await pm.sendRequest({url: 'http://x/', headers: {A: '1'}, header: {B: '2'}})")
    (send,) = [effect for effect in ran.effects if isinstance(effect, StartSend)]
    assert [header.key for header in send.request.headers] == ["B"]
    assert ran.shown == ['pm.sendRequest knows no "headers": they are sent under the name "header"']


@pytest.mark.parametrize("request_of", ["pm.request.url", "String(pm.request.url)", "{url: pm.request.url}", "pm.request"])
def test_a_request_may_be_given_as_parts_of_this_one(run, request_of):
    ran = run(f"await pm.sendRequest({request_of})")
    (send,) = [effect for effect in ran.effects if isinstance(effect, StartSend)]
    assert url_text(send.request.url) == "http://example.com/users/7?full=1"


FIELDS = {
    ("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1"): {
        "errno": -errno.ECONNREFUSED, "code": "ECONNREFUSED", "syscall": "connect", "address": "127.0.0.1", "port": 1,
        "name": "Error", "message": "connect ECONNREFUSED 127.0.0.1:1",
    },
    ("ENOTFOUND", "getaddrinfo ENOTFOUND no.such"): {
        "errno": -3008, "code": "ENOTFOUND", "syscall": "getaddrinfo", "hostname": "no.such",
        "name": "Error", "message": "getaddrinfo ENOTFOUND no.such",
    },
    ("ESOCKETTIMEDOUT", "ESOCKETTIMEDOUT"): {"code": "ESOCKETTIMEDOUT", "name": "Error", "message": "ESOCKETTIMEDOUT"},
    ("ERR_INVALID_CHAR", "Invalid character"): {
        "code": "ERR_INVALID_CHAR", "name": "TypeError", "message": "Invalid character"
    },
    ("", "Invalid protocol: foo:"): {"name": "Error", "message": "Invalid protocol: foo:"},
}  # fmt: skip


@pytest.mark.parametrize("failure", FIELDS)
def test_an_error_has_the_fields_that_node_gives_it(run, world, failure):
    code, message = failure
    world.send = lambda request: RequestError(message, code=code)
    ran = run("""const json = e => JSON.parse(JSON.stringify(e));
        pm.sendRequest('http://a', e => console.log(Object.keys(e), json(e), typeof e.stack));
        try { await pm.sendRequest('http://a') } catch (e) { console.log({...e}, e.code) }""")
    expected = FIELDS[failure]
    assert sorted(ran.logged, key=len) == [[expected, code or None], [list(expected), expected, "undefined"]]
