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
CASES = json.loads(Path(__file__).with_name("sdk_cases.json").read_text("utf-8"))
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
  const ends = [Object.prototype, Function.prototype, Array.prototype, null];
  for (let at = object; !ends.includes(at); at = Object.getPrototypeOf(at)) {
    Reflect.ownKeys(at).forEach((name) => found.add(String(name)));
  }
  return [...found].filter((name) => name !== 'constructor').sort();
};
"""
# A script that has both: `pm`'s classes and the library's, under the same names.
BOTH = """
const sdk = require('postman-collection');
const body = {mode: 'formdata', formdata: [{key: 'a'}]};
const request = new pm.request.constructor({body, auth: {type: 'basic'}, description: 'd'});
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
const both = ([name, ask]) => [name, answer(sdk, ask), answer(ours, ask)];
const compare = (asked) => asked.map(both).filter(([, a, b]) => a !== b);
"""


@pytest.mark.parametrize("expression", POSTMAN["members"])
def test_objects_have_the_members_that_they_have_in_postman(run, expression):
    script = f"{NAMES} console.log(names({expression}))"
    (found,) = run(script, request=REQUEST, cookies=COOKIES).logged
    assert set(POSTMAN["members"][expression]) - set(found) - {"downloadedBytes"} == set()
    assert set(found) - set(POSTMAN["members"][expression]) == set()


def test_deep_comparisons_see_the_members_that_they_see_in_postman(run):
    source = (
        "const all = []; for (const name in pm.request.headers.idx(0)) all.push(name); console.log(all.indexOf('describe'))"
    )
    assert run(source).logged != [-1]


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


@pytest.mark.parametrize("kind", CASES["lists"])
def test_lists_answer_as_in_the_sdk(run, kind):
    more = CASES["of variables"] if kind == "variables" else ["l.toString()"]
    assert differences(run, CASES["lists"][kind], [*CASES["of lists"], *more]) == []


@pytest.mark.parametrize("source", CASES["requests"])
def test_requests_answer_as_in_the_sdk(run, source):
    assert differences(run, f"const r = new Request({source})", CASES["of requests"]) == []


def test_bodies_answer_as_in_the_sdk(run):
    of_body = "const b = new RequestBody({}); return [b, b.toString(), b.isEmpty(), Object.keys(b)];".replace("{}", "%s", 1)
    asked = [f"(() => {{ {of_body % body} }})()" for body in CASES["bodies"]]
    asked += [f"(() => {{ const b = new RequestBody('q'); b.update({body}); return b; }})()" for body in CASES["bodies"]]
    assert differences(run, "", asked) == []


@pytest.mark.parametrize("type", ["string", "boolean", "number", "array", "object", "any", "unknown"])
def test_variables_cast_as_in_the_sdk(run, type):
    of_one = (
        "const v = new Variable({key: 'k', value: %s, type: '%s'});"
        " return [v.get(), v.toString(), v, v.cast('7'), v.valueType('number'), v]"
    )
    assert differences(run, "", [f"(() => {{ {of_one % (value, type)} }})()" for value in CASES["values"]]) == []


def test_cookies_answer_as_in_the_sdk(run):
    of_one = "const c = new Cookie(%s); return [c, c.toString(), c.valueOf(), Object.keys(c), Cookie.unparseSingle(c)]"
    assert differences(run, "", [f"(() => {{ {of_one % text} }})()" for text in CASES["cookies"]]) == []


@pytest.mark.parametrize("source", CASES["responses"])
def test_responses_answer_as_in_the_sdk(run, source):
    # A JSON error is of the sandbox here and of the library there.
    asked = [text for text in CASES["of responses"] if "json" not in text or "a" in source.split("body")[-1][:9]]
    assert differences(run, f"const r = new Response({source}); delete r.id", asked) == []


@settings(max_examples=30)
@given(
    texts=st.lists(st.lists(st.sampled_from(CASES["pieces of urls"]), max_size=8).map("".join), min_size=20, max_size=20)
)
def test_urls_are_taken_apart_as_in_the_sdk(child, texts):
    from tests.sandbox.conftest import World

    of_one = (
        "const u = new Url(%s); const { raw, ...parts } = Url.parse(%s);"
        " return [u, u.toString(), u.toString(true), u.getPath(true),"
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


@pytest.mark.parametrize(
    ("value", "classes"),
    [
        ("pm.request", "Request Property PropertyBase"),
        ("pm.request.url", "Url PropertyBase"),
        ("pm.request.headers", "HeaderList PropertyList PropertyBase"),
        ("pm.request.url.variables", "VariableList PropertyList"),
        ("pm.request.description", "Description"),
        ("pm.response", "Response Property"),
        ("pm.cookies", "CookieList PropertyList"),
        ("pm.environment", "VariableScope Property"),
    ],
)
def test_the_library_knows_what_pm_has_by_its_class(run, value, classes):
    tests = ", ".join(f"{value} instanceof sdk.{name}" for name in classes.split())
    source = f"const sdk = require('postman-collection'); console.log([{tests}], {value} instanceof sdk.Event)"
    assert run(source, request=REQUEST).logged == [[[True] * len(classes.split()), False]]
