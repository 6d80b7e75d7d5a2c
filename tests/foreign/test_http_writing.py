"""`postrunner export --to http` and `--to har`: what is written sends what a run sends when it is read again."""

import json

import pytest

from runner.foreign.http_file.handlers import translate_handler
from runner.foreign.http_file.handlers_out import translate_back
from runner.sandbox.analysis import Analysis

POSTMANS = {
    "user-agent",
    "accept",
    "postman-token",
    "accept-encoding",
    "connection",
    "host",
    "content-length",
    "cache-control",
}
"""Headers that a run adds to each request."""


def form(mode, *rows):
    return {"mode": mode, mode: list(rows)}


def raw(text, language="json"):
    return {"mode": "raw", "raw": text, "options": {"raw": {"language": language}}}


def auth(type, **params):
    return {"type": type, type: [{"key": key, "value": value, "type": "string"} for key, value in params.items()]}


REQUESTS = {
    "query": {"url": "{{base}}/a/{{id}}?x={{plain}}&y=1%202&z"},
    "path variable": {"url": {"raw": "{{base}}/:one/b", "host": ["{{base}}"], "path": [":one", "b"],
                              "variable": [{"key": "one", "value": "two"}]}},
    "header": {"url": "{{base}}/a", "header": [{"key": "X-A", "value": "{{plain}} e"},
                                           {"key": "X-B", "value": "1", "disabled": True}]},
    "json": {"method": "POST", "url": "{{base}}/a", "body": raw('{\n  "a": "{{plain}}",\n\n  "b": [1]\n}')},
    "text": {"method": "PUT", "url": "{{base}}/a", "body": raw("one\n\n two {{plain}}", "text")},
    "form": {"method": "POST", "url": "{{base}}/a",
             "body": form("urlencoded", {"key": "a b", "value": "{{plain}}&é"}, {"key": "c", "value": ""})},
    "multipart": {"method": "POST", "url": "{{base}}/a", "body": form(
        "formdata", {"key": "a", "value": "one\ntwo", "type": "text"}, {"key": "f", "type": "file", "src": "f.txt"})},
    "file": {"method": "POST", "url": "{{base}}/a", "body": {"mode": "file", "file": {"src": "f.txt"}}},
    "graphql": {"method": "POST", "url": "{{base}}/a",
                "body": {"mode": "graphql", "graphql": {"query": "{ a }", "variables": '{"b": 1}'}}},
    "bearer": {"url": "{{base}}/a", "auth": auth("bearer", token="{{token}}")},
    "basic": {"url": "{{base}}/a", "auth": auth("basic", username="ann", password="{{password}}")},
    "api key": {"url": "{{base}}/a", "auth": auth("apikey", key="X-Key", value="{{token}}", **{"in": "header"})},
    "delete": {"method": "DELETE", "url": "{{base}}/a", "body": raw("{}")},
}  # fmt: skip


def document(*items, url):
    variables = {"base": url, "id": "57", "plain": "x-1", "token": "", "password": ""}
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    rows = [{"key": key, "value": value} for key, value in variables.items()]
    return {"info": {"name": "c", "schema": schema}, "item": list(items), "variable": rows}


@pytest.fixture
def sent(postrunner, server, tmp_path):
    """What a run of a request sends, and what it sends after it was written in a format and read again."""
    (tmp_path / "f.txt").write_text("content")

    def send(request, to, **more):
        item = {"name": "one", "request": {"method": "GET", **request}, **more}
        (tmp_path / "c.json").write_text(json.dumps(document(item, url=server.url)))
        secrets = ("--env-var", "token=tok-0123456789", "--env-var", "password=pass-word1")
        assert postrunner("run", "c.json", *secrets).code == 0
        exported = postrunner("export", "c.json", "--to", to, "-o", f"c.{to}", "--force", *secrets)
        assert exported.code == 0, exported.err
        text = (tmp_path / f"c.{to}").read_text()
        assert not [one for one in ("tok-0123456789", "pass-word1") if one in text]
        assert postrunner("import", f"c.{to}", "-o", "d.json", "--force").code == 0
        names = ("--env-var", "TOKEN=tok-0123456789", "--env-var", "PASSWORD=pass-word1", *secrets)
        done = postrunner("run", "d.json", *names)
        assert len(server.seen) == 2, (done.out, done.err, text)
        return [seen(one) for one in server.seen]

    return send


def seen(one):
    method, path, headers, body = one
    kept = {name.lower(): value for name, value in headers.items() if name.lower() not in POSTMANS}
    boundary = kept.get("content-type", "").partition("boundary=")[2]
    if boundary:
        kept["content-type"], body = "multipart", body.replace(boundary.encode(), b"B")
    return method, path, kept, body


@pytest.mark.parametrize("name", REQUESTS)
def test_an_http_file_sends_the_same(sent, name):
    first, second = sent(REQUESTS[name], "http")
    assert first == second


@pytest.mark.parametrize("name", sorted({*REQUESTS} - {"multipart", "basic"}))
def test_a_har_file_says_the_same(sent, name):
    first, second = sent(REQUESTS[name], "har")
    assert first == second


def exported(postrunner, tmp_path, *items, to="http", words=()):
    (tmp_path / "c.json").write_text(json.dumps(document(*items, url="http://h")))
    done = postrunner("export", "c.json", "--to", to, "-o", f"out.{to}", *words)
    return done, (tmp_path / f"out.{to}").read_text()


def scripted(*lines, listen="test", **request):
    script = {"listen": listen, "script": {"exec": list(lines), "type": "text/javascript"}}
    return {"name": "one", "event": [script], "request": {"method": "GET", "url": "http://h/", **request}}


def test_scripts_are_translated_or_marked(postrunner, tmp_path):
    one = scripted('pm.test("a", () => {', "    pm.response.to.have.status(200);", "});")
    two = scripted("pm.sendRequest('http://h');", "x();")
    done, text = exported(postrunner, tmp_path, one, two)
    assert (
        '> {%\nclient.test("a", () => {\n    client.assert(response.status === 200, "Status is not 200");\n});\n%}' in text
    )
    assert "# GAP: the test script of 'one' is not translated\n#   pm.sendRequest('http://h');\n#   x();\n" in text
    assert done.err.splitlines()[1:] == ["one: the test script of 'one' is not translated"]
    assert exported(postrunner, tmp_path, two, words=("--strict", "--force"))[0].code == 1


def test_settings_variables_and_secrets(postrunner, tmp_path):
    item = {"name": "a", "protocolProfileBehavior": {"followRedirects": False}, "request": {
        "method": "GET", "url": "{{base}}/{{$guid}}/{{$isoTimestamp}}/{{unknown}}?k={{token}}"}}  # fmt: skip
    _, text = exported(postrunner, tmp_path, item, words=("--env-var", "token=tok-0123456789"))
    assert text.splitlines() == [
        "# c",
        "@base = http://h",
        "@token = {{$processEnv TOKEN}}",
        "",
        "### a",
        "# @no-redirect",
        "GET {{base}}/{{$guid}}/{{$datetime iso8601}}/{{unknown}}?k={{token}}",
        "",
    ]


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "OWN", "url": "http://h/"},
        {"url": "http://h/", "auth": auth("hawk", authId="a", authKey="b")},
        {"method": "POST", "url": "http://h/", "body": raw("a\n### b", "text")},
        {"method": "POST", "url": "http://h/", "body": raw("< a", "text")},
        {"method": "POST", "url": "http://h/", "body": {"mode": "file", "file": {"content": "/wD+"}}},
    ],
    ids=["method", "auth", "separator", "file", "bytes"],
)
def test_what_an_http_file_cannot_hold_is_a_gap(postrunner, tmp_path, request_):
    done, text = exported(postrunner, tmp_path, {"name": "a", "request": {"method": "GET", **request_}})
    assert "### a\n# GAP: is not written: " in text
    assert done.err.splitlines()[1].startswith("a: is not written: ")


@pytest.mark.parametrize(
    ("script", "made"),
    [
        ("pm.environment.set('a', pm.response.json().b)", "client.global.set('a', response.body.b)"),
        ("pm.expect(pm.response.code).to.equal(200);", "client.assert(response.status === 200);"),
        ("pm.expect(a.b).to.not.eql('x')", "client.assert(!(a.b === 'x'))"),
        ("pm.expect(pm.response.json().c, 'msg').to.be.true", None),
        ("pm.expect(a + 1).to.be.above(2)", "client.assert((a + 1) > 2)"),
        ("pm.expect(a).to.have.property('b')", "client.assert('b' in a)"),
        ("pm.expect(a).to.eql({b: 1})", None),
        ("pm.expect(a).to.be.an('array')", None),
        ("pm.expect(a).to.be.a('string')", "client.assert(typeof a === 'string')"),
        ("pm.expect(200).to.be.oneOf([200, 201])", "client.assert([200, 201].includes(200))"),
        ("const response = pm.response.json();", None),
        ("pm.environment.get('a')", None),
        ("_.map(a)", None),
        ("// pm.environment.get\nconsole.log(1)", "// pm.environment.get\nclient.log(1)"),
        ("tests['a'] = true", None),
    ],
)
def test_scripts_go_back(script, made):
    assert translate_back(script, before=False) == made


def test_a_script_that_went_back_and_forth_says_the_same():
    script = 'pm.test("a", () => {\n  pm.collectionVariables.set("b", pm.response.json().c);\n});'
    with Analysis() as analysis:
        assert translate_handler(translate_back(script, before=False), analysis.chains).text == script


# -- HAR ----------------------------------------------------------------------------------------------------------------

STRINGS = {"method", "url", "httpVersion"}
LISTS = {"cookies", "headers", "queryString"}


def test_a_har_file_has_what_the_format_asks_for(postrunner, tmp_path):
    inner = {"name": "a", "request": {"method": "POST", "url": "{{base}}/a?b=c%20d", "body": REQUESTS["multipart"]["body"],
             "header": [{"key": "Cookie", "value": "x=1; y=2"}]}}  # fmt: skip
    (tmp_path / "f.txt").write_text("content")
    _, text = exported(postrunner, tmp_path, {"name": "F", "item": [inner]}, to="har")
    log = json.loads(text)["log"]
    assert (log["version"], log["creator"]["name"], log["pages"][0]["title"]) == ("1.2", "postrunner", "F")
    (entry,) = log["entries"]
    assert entry.keys() >= {"startedDateTime", "time", "request", "response", "cache", "timings"}
    assert entry["pageref"] == log["pages"][0]["id"]
    assert entry["timings"] == {"send": 0, "wait": 0, "receive": 0}
    request = entry["request"]
    assert request["queryString"] == [{"name": "b", "value": "c d"}]
    assert request["cookies"] == [{"name": "x", "value": "{{COOKIE}}"}, {"name": "y", "value": "{{COOKIE_2}}"}]
    assert [one["name"] for one in request["headers"]][:1] == ["Host"]
    assert request["postData"]["params"] == [
        {"name": "a", "value": "one\ntwo"},
        {"name": "f", "fileName": "f.txt", "contentType": "text/plain"},
    ]
    assert request["headersSize"] == -1
    assert request["bodySize"] > 0
    assert entry["response"]["status"] == 0


def test_gaps_of_a_har_file_are_told_and_kept(postrunner, tmp_path):
    hawk = {"name": "h", "request": {"method": "GET", "url": "http://h/", "auth": auth("hawk", authId="a", authKey="b")}}
    nowhere = {"name": "n", "request": {"method": "GET", "url": ""}}
    done, text = exported(postrunner, tmp_path, scripted("x();"), hawk, nowhere, to="har")
    log = json.loads(text)["log"]
    assert [one["comment"] for one in log["entries"]] == [
        "one\nloses its scripts: a HAR file holds none",
        "h\nlacks the auth hawk, which is computed when it is sent",
    ]
    assert "n: is left out: runtime: request url is empty" in log["comment"]
    assert len(done.err.splitlines()) == 1 + 3
