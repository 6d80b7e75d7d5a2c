"""Requests, responses and their parts in scripts are those of Postman's collection SDK: member by member, answer by answer.

The SDK itself is there in `require('postman-collection')`, so each expression is asked of its objects and of those that
`pm` hands out, within one script.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.model.response import Cookie

POSTMAN = json.loads(Path(__file__).with_name("postman_sdk.json").read_text("utf-8"))
REQUEST = {
    "method": "POST",
    "url": {
        "protocol": "http",
        "host": ["a"],
        "path": [":v"],
        "query": [{"key": "a", "value": "b"}],
        "variable": [{"key": "v", "value": "1"}],
    },
    "header": [{"key": "A", "value": "b"}],
    "description": "d",
    "body": {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "b"}]},
    "auth": {"type": "basic", "basic": [{"key": "username", "value": "u"}]},
}
COOKIES = (Cookie(name="a", value="b"),)

NAMES = """
const names = (object) => {
  const found = new Set();
  for (let at = object; ![Object.prototype, Function.prototype, Array.prototype, null].includes(at); at = Object.getPrototypeOf(at)) {
    Reflect.ownKeys(at).forEach((name) => found.add(String(name)));
  }
  return [...found].filter((name) => name !== 'constructor').sort();
};
"""
# A script that has both: `pm`'s classes and the library's, under the same names.
BOTH = """
const sdk = require('postman-collection');
const request = new pm.request.constructor({body: {mode: 'formdata', formdata: [{key: 'a'}]}, auth: {type: 'basic'}, description: 'd'});
const cookies = new pm.cookies.constructor(null, [{name: 'a'}]);
const ours = {
  Request: request.constructor, Url: request.url.constructor, HeaderList: request.headers.constructor,
  Header: pm.request.headers.idx(0).constructor, RequestBody: request.body.constructor,
  FormParam: request.body.formdata.idx(0).constructor, PropertyList: request.url.query.constructor,
  QueryParam: pm.request.url.query.idx(0).constructor, RequestAuth: request.auth.constructor,
  VariableList: request.url.variables.constructor, Variable: pm.request.url.variables.idx(0).constructor,
  Response: pm.response.constructor, CookieList: cookies.constructor, Cookie: cookies.idx(0).constructor,
};
const show = (value) => {
  if (value === undefined || typeof value === 'function') return String(value && value.name);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return JSON.stringify(value, (key, inner) => (inner === undefined ? 'undefined' : inner));
};
const answer = (classes, ask) => {
  try { return show(ask(classes)); } catch (error) { return show(error); }
};
const compare = (asked) => asked.map(([name, ask]) => [name, answer(sdk, ask), answer(ours, ask)]).filter(([, a, b]) => a !== b);
"""


@pytest.mark.parametrize("expression", POSTMAN["members"])
def test_objects_have_the_members_that_they_have_in_postman(run, expression):
    script = f"{NAMES} console.log(names({expression}))"
    (found,) = run(script, request=REQUEST, cookies=COOKIES).logged
    assert set(POSTMAN["members"][expression]) - set(found) - {"downloadedBytes"} == set()
    assert set(found) - set(POSTMAN["members"][expression]) == set()


def test_deep_comparisons_see_the_members_that_they_see_in_postman(run):
    source = "const all = []; for (const name in pm.request.headers.idx(0)) all.push(name); console.log(all.includes('describe'))"
    assert run(source).logged == [True]


def differences(run, setup: str, expressions: list[str]) -> list[list[str]]:
    """What the two say differently."""
    asked = ",\n".join(
        f"[{json.dumps(text)}, ({{{', '.join(CLASSES)}}}) => {{ {setup}; return ({text}); }}]" for text in expressions
    )
    ran = run(f"{BOTH}\nconsole.log(JSON.stringify(compare([{asked}])));", request=REQUEST, cookies=COOKIES)
    assert ran.error is None
    return json.loads(ran.logged[0])


CLASSES = (
    "Request", "Url", "HeaderList", "Header", "RequestBody", "FormParam", "PropertyList", "QueryParam", "RequestAuth",
    "VariableList", "Variable", "Response", "CookieList", "Cookie",
)  # fmt: skip
LISTS = {
    "headers": "const l = new HeaderList(null, [{key: 'a', value: '1'}, {key: 'A', value: '2'}, {key: '', value: 'e'},"
    " {key: 'd', value: '3', disabled: true}, 'Cd: e'])",
    "header object": "const l = new HeaderList(null, {a: '1', b: '2'})",
    "header text": "const l = new HeaderList(null, 'a: 1\\r\\nb: 2\\r\\n 3\\nc:4')",
    "query": "const l = new Url('http://x/?a=1&A=2&a=3&&d=4&e').query",
    "variables": "const l = new VariableList(null, [{key: 'a', value: '1'}, {key: 'A', value: '2', type: 'number'},"
    " {key: 'a', value: '3', disabled: true}, {key: 'f', value: () => 7}])",
}
ASKED = [
    "l.count()", "l.get('a')", "l.get('A')", "l.get('zz')", "l.one('A')", "l.has('a')", "l.has('a', '1')", "l.has('zz', '1')",
    "l.has(l.idx(0))", "l.all().length", "l.idx(1)", "l.indexOf('a')", "l.indexOf(l.idx(1))", "l.indexOf('zz')", "l.toObject()",
    "l.toObject(true)", "l.toObject(true, true)", "l.toObject(false, true, true, true)", "l", "Object.keys(l)",
    "Object.keys(l.reference)", "l.map('key')", "l.filter('disabled').length", "l.filter({key: 'a'}).length",
    "l.filter(['key', 'a']).length", "l.find((x) => x.disabled)", "l.reduce((a, x) => a + x.key, '')",
    "(() => { const k = []; l.each((x, i) => { k.push(x.key + i); return i < 1; }); return k; })()",
    "(l.remove('a'), l)", "(l.remove('A'), Object.keys(l.reference))", "(l.remove((x) => x.value === '2'), l)",
    "(l.remove(l.idx(0)), [l, Object.keys(l.reference)])", "(l.remove({key: 'a'}), l.count())", "(l.remove(undefined), l.count())",
    "(l.upsert({key: 'a', value: '9'}), l)", "[l.upsert({key: 'new'}), l.upsert({key: 'a'}), l.upsert(null)]",
    "(l.add({key: 'n', value: 1}), l)", "(l.add(null), l.add('x: y'), l)", "(l.append({key: 'n', value: 'v'}), l)",
    "(l.prepend({key: 'n', value: 'v'}), l)", "(l.insert({key: 'n'}, 'a'), l)", "(l.insert(l.idx(0)), l)",
    "(l.insertAfter({key: 'n'}, l.idx(0)), l)", "(l.clear(), [l.count(), l.reference])", "(l.populate('p: q'), l)",
    "(l.populate({p: 'q'}), l)", "(l.repopulate([{key: 'p', value: 'q'}]), l)",
    "(l.assimilate([{key: 'a', value: '8'}, {key: 'b2', value: '3'}]), l)", "(l.assimilate([{key: 'a', value: '8'}], true), l)",
    "(() => { let n = 0; l.eachParent(() => n++); return n; })()", "(l.setParent({x: 1}), l.parent())", "l.meta()",
    "l.idx(0).__parent === l", "(() => { const m = new l.constructor(null, []); m.insert(l.idx(0)); return [m.count(), l.count()]; })()",
    "(() => { const k = []; for (const x in l) k.push(x); return k.sort(); })()", "l.Type.name",
]  # fmt: skip
OF_VARIABLES = [
    "l.replace('{{a}} {{A}} {{zz}}')", "l.replace('{{a}}{{q}}', {q: 1})", "l.substitute({x: '{{a}}', y: ['{{A}}', 1, null]})",
    "l.substitute({x: '{{q}}'}, [{q: 'w'}])", "l.syncFromObject({a: 5, n: 6}, true)", "(l.syncFromObject({a: 5, n: 6}), l)",
    "(l.syncFromObject({a: 5, n: 6}, false, false), l)", "l.syncToObject({zz: 1, a: 0})", "l.oneNormalizedVariable('a')",
]  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_lists_answer_as_in_the_sdk(run, kind):
    more = OF_VARIABLES if kind == "variables" else ["l.toString()"]
    assert differences(run, LISTS[kind], [*ASKED, *more]) == []


REQUESTS = [
    "'http://a.b/c?d=e'",
    "{url: 'http://a/', method: 'post', header: [{key: 'A', value: 'b'}, {key: 'Content-Length', value: '12'}], body: 'xyz',"
    " description: 'hello', name: 'n', id: 'i', _postman_id: 'p', _x: 1}",
    "{url: 'http://a/', header: 'A: b\\nC: d', body: {mode: 'raw', raw: 'éa'}, description: {content: 'c', type: 'text/markdown'}}",
    "{method: null}",
    "undefined",
    "{url: {host: ['a']}, auth: {type: 'basic', basic: [{key: 'u', value: 'v'}]}, header: {A: 'b'}}",
    "{url: 'x', headers: {A: 'b'}, method: 5}",
    "{url: 'http://{{h}}/{{p}}?{{q}}={{v}}', header: [{key: '{{k}}', value: '{{v}}'}], body: {mode: 'raw', raw: '{{b}} {{b}}'}}",
]
OF_REQUESTS = [
    "r", "r.size()", "r.getHeaders()", "r.getHeaders({ignoreCase: true, enabled: true, multiValue: true})", "r.meta()",
    "r.meta('postman_id')", "[r.id, r.name, r.description, String(r.description)]", "(r.describe('x', 'y/z'), r)",
    "(r.addHeader({key: 'a', value: '9'}), r.addHeader('N: m'), r.headers)", "(r.removeHeader('a'), r.headers)",
    "(r.removeHeader('a', {ignoreCase: true}), r.headers)", "(r.upsertHeader({key: 'A', value: 'n'}), r.upsertHeader(null), r.headers)",
    "(r.addQueryParams('q=1'), r.removeQueryParams('d'), r.url.toString())", "(r.update({method: 'put'}), r)",
    "(r.update({url: 'http://z/', header: [{key: 'Q', value: '1'}], body: 'b', auth: {type: 'noauth'}}), r)",
    "(r.update({headers: {A: 1}}), r)", "(r.update(undefined), r.update({method: undefined}), r)", "r.clone()",
    "r.findSubstitutions()", "r.toObjectResolved(null, [{h: 1, p: '2', q: 'x'}], {ignoreOwnVariables: true})",
    "r.toObjectResolved({variables: new VariableList(null, [{key: 'h', value: 'H'}, {key: 'b', value: 'B{{h}}'}])}, [{v: 'over'}])",
    "r.toObjectResolved()", "[r.parent(), r.url.parent(), r.headers.parent() === r]", "Object.keys(r)",
    "(() => { const k = []; for (const x in r) k.push(x); return k.sort(); })()",
    "(r.authorizeUsing('basic', {username: 'u'}), r.authorizeUsing({type: 'bearer', token: 't'}), r)",
    "(r.authorizeUsing('basic', [{key: 'a', value: 1}]), r.auth.update({b: 2}), r.auth.clear('basic'), r.auth.parameters())",
    "(r.authorizeUsing(null), r.authorizeUsing('type'), r)",
]  # fmt: skip


@pytest.mark.parametrize("source", REQUESTS)
def test_requests_answer_as_in_the_sdk(run, source):
    assert differences(run, f"const r = new Request({source})", OF_REQUESTS) == []


BODIES = [
    "{mode: 'raw', raw: 'x'}", "{mode: 'raw'}", "{mode: 'raw', raw: {a: 1}}", "{mode: 'RAW', raw: 'x', options: {raw: {language: 'json'}}}",
    "{mode: 'zzz', raw: 'q'}", "{mode: 'urlencoded', urlencoded: 'a=b&c'}", "{mode: 'urlencoded'}", "{mode: 'urlencoded', urlencoded: {a: 'b'}}",
    "{mode: 'urlencoded', urlencoded: [{key: 'c&', value: 'd=&', disabled: true}, {key: '{{e&}}', value: 'f&g#'}]}", "{mode: 'formdata'}",
    "{mode: 'formdata', formdata: [{key: 'f', type: 'file', src: '/x'}, {key: 'g', type: 'file', src: ['/x'], value: 'v', fileName: 'q'}]}",
    "{mode: 'file', file: '/a'}", "{mode: 'file', file: {src: '/a', content: 'z'}}", "{mode: 'file'}", "'text'", "''", "null", "{}",
    "{mode: 'graphql', graphql: {query: '{a}', variables: '{}', operationName: 'o', z: 1}}", "{mode: 'graphql'}", "{raw: 'x'}",
]  # fmt: skip


def test_bodies_answer_as_in_the_sdk(run):
    of_body = "const b = new RequestBody({}); return [b, b.toString(), b.isEmpty(), Object.keys(b)];".replace("{}", "%s", 1)
    asked = [f"(() => {{ {of_body % body} }})()" for body in BODIES]
    asked += [f"(() => {{ const b = new RequestBody('q'); b.update({body}); return b; }})()" for body in BODIES]
    assert differences(run, "", asked) == []


VALUES = ["'1'", "''", "'abc'", "1.5", "null", "undefined", "true", "[1, 2]", "{a: 1}", "'[1]'", "'{\"a\":1}'", "() => 5", "new Date(0)"]


@pytest.mark.parametrize("type", ["string", "boolean", "number", "array", "object", "any", "unknown"])
def test_variables_cast_as_in_the_sdk(run, type):
    of_one = "const v = new Variable({key: 'k', value: %s, type: '%s'}); return [v.get(), v.toString(), v, v.cast('7'), v.valueType('number'), v]"
    assert differences(run, "", [f"(() => {{ {of_one % (value, type)} }})()" for value in VALUES]) == []


COOKIE_TEXTS = [
    "'a=b; Domain=x.y; Path=/p; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Max-Age=5; Secure; HttpOnly; SameSite=Lax; Foo'", "'a'", "''",
    "'a=\"q\"'", "'a=b=c'", "'=b'", "{name: 'a', value: 'b c'}", "{key: 'a', value: '%20'}", "{name: 'a', value: 5}", "{name: 'a', value: '%'}",
    "{name: 'a', value: 'b', expires: '2020-01-01', maxAge: '7', domain: 'd', path: '/', secure: 1, httpOnly: 0, hostOnly: true,"
    " session: true, extensions: [{key: 'x', value: 'y'}, {key: 'z', value: true}]}", "{name: 'a', expires: null, maxAge: null}",
]  # fmt: skip


def test_cookies_answer_as_in_the_sdk(run):
    of_one = "const c = new Cookie(%s); return [c, c.toString(), c.valueOf(), Object.keys(c), Cookie.unparseSingle(c)]"
    assert differences(run, "", [f"(() => {{ {of_one % text} }})()" for text in COOKIE_TEXTS]) == []


RESPONSES = [
    "{code: 200}", "{code: 200, reason: 'Fine', body: 'abc', header: [{key: 'Content-Type', value: 'text/plain'}]}",
    "{code: 404, stream: {type: 'Buffer', data: [31, 139, 8]}, responseTime: 5, downloadedBytes: 77}",
    "{code: 500, header: 'Content-Length: 10\\nContent-Encoding: br', body: '{\"a\":1}'}", "{}",
    "{body: 'cb({\"a\":1})', code: 201, cookie: [{name: 'a', value: 'b'}]}", "{code: 299, status: 'S', stream: {type: 'Base64', data: 'aGk='}}",
]  # fmt: skip
OF_RESPONSES = [
    "r", "r.text()", "r.json()", "r.jsonp()", "r.reason()", "r.details()", "r.size()", "r.encoding()", "r.contentInfo()", "r.dataURI()",
    "r.mime()", "Object.keys(r)", "[r.responseSize, r.downloadedBytes, r.status]", "(r.code = 404, r.details())", "(r.update({code: 503}), r)",
    "r.cookies.parent() === r", "Response.timingPhases({offset: {request: 1, socket: 2, lookup: 3, connect: 5, response: 8, end: 13, done: 21}})",
]  # fmt: skip


@pytest.mark.parametrize("source", RESPONSES)
def test_responses_answer_as_in_the_sdk(run, source):
    # A JSON error is of the sandbox here and of the library there.
    asked = [text for text in OF_RESPONSES if "json" not in text or "a" in source.split("body")[-1][:9]]
    assert differences(run, f"const r = new Response({source}); delete r.id", asked) == []


PIECES = [
    "http://", "HTTPS://", "file:///", "{{base}}", "{{a.b}}", "{{a/b?c#d}}", "host", "a.b.c", "[::1]", ":80", ":{{port}}", "/", "//", "\\",
    "/:id", "/:id.json", "/:", "?", "?a=b", "&", "&c=", "=", "?a=b=c", "#", "#h", "@", "user:pw@", ":", " ", "%20", "é", "{{", "}}", "?x=\\d",
]  # fmt: skip


@settings(max_examples=30)
@given(texts=st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), min_size=20, max_size=20))
def test_urls_are_taken_apart_as_in_the_sdk(child, texts):
    from tests.sandbox.conftest import World

    of_one = (
        "const u = new Url(%s); const { raw, ...parts } = Url.parse(%s); return [u, u.toString(), u.toString(true), u.getPath(true),"
        " u.getPath(), u.getHost(), u.getRemote(true), u.getQueryString(), u.getPathWithQuery(), parts, raw]"
    )
    asked = [f"(() => {{ {of_one % (json.dumps(text), json.dumps(text))} }})()" for text in texts]
    assert differences(World(child).run, "", asked) == []


@pytest.mark.parametrize("text", ["http://a/b?re=\\d+", "http://a\\b?c=\\d#\\e"])
def test_a_backslash_in_a_query_stays(run, text):
    ran = run(f"pm.request.url.update({json.dumps(text)}); console.log(pm.request.url.toString())", listen="prerequest")
    assert ran.logged == [text.replace("a\\b", "a/b")]


def test_a_url_is_made_from_another_one(run):
    # The SDK makes parameters named `members` and `reference` of it.
    source = "const { url } = pm.request; console.log(new url.constructor(url).toString() === url.toString())"
    assert run(source, request=REQUEST).logged == [True]
