from __future__ import annotations

import pytest

TEMPLATE = {
    "url": {
        "raw": "{{base}}/users/:id?a=1&b",
        "host": ["{{base}}"],
        "path": ["users", ":id"],
        "query": [{"key": "a", "value": "1"}, {"key": "b", "value": None}, {"key": "off", "value": "x", "disabled": True}],
        "variable": [{"key": "id", "value": "7"}],
    },
    "method": "POST",
    "header": [{"key": "A", "value": "1"}, {"key": "a", "value": "2"}, {"key": "Off", "value": "3", "disabled": True}],
    "body": {"mode": "raw", "raw": "text"},
    "custom": {"kept": True},
}


URLS = [
    "http://a.com",
    "a.com/b",
    "{{base}}/x/:id?q={{z.y}}#h",
    "http://a.com/?",
    "http://a/x//y/",
    "http://[::1]:3/x",
    "/only/path",
    "?q",
    "https://a.b/c?d=e=f&g&=h&&i=",
    "http://{{h:p}}/x",
    "HTTP://A.B",
]


def before(run, source, request=TEMPLATE):
    return run(source, listen="prerequest", request=request)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("url.toString()", "{{base}}/users/7?a=1&b"),
        ("url.getHost()", "{{base}}"),
        ("url.getPath()", "/users/7"),
        ("url.getPath(true)", "/users/:id"),
        ("url.getPathWithQuery()", "/users/7?a=1&b"),
        ("url.getQueryString()", "a=1&b"),
        ("url.query.get('a')", "1"),
        ("url.query.toObject(true)", {"a": "1", "b": ""}),
        ("url.variables.get('id')", "7"),
        ("method", "POST"),
        ("headers.get('a')", "2"),
        ("headers.has('OFF')", True),
        ("headers.has('a', '1')", True),
        ("headers.count()", 3),
        ("headers.toObject(true)", {"a": ["1", "2"]}),
        ("getHeaders({enabled: true})", {"A": "1", "a": "2"}),
        ("headers.map(h => h.key)", ["A", "a", "Off"]),
        ("headers.find({value: '2'}).key", "a"),
        ("headers.idx(0).toString()", "A: 1"),
        ("headers.indexOf('A')", 1),
        ("body.mode", "raw"),
        ("body.toString()", "text"),
        ("body.isEmpty()", False),
        ("custom", None),
        ("auth === undefined", True),
    ],
)
def test_the_request_can_be_read(run, expression, value):
    assert before(run, f"console.log(pm.request.{expression})").logged == [value]


def test_a_request_that_was_only_read_is_not_changed(run):
    assert before(run, "pm.request.url.toString(); pm.request.headers.get('A')").result.request is None


@pytest.mark.parametrize(
    ("source", "key", "value"),
    [
        ("method = 'PUT'", "method", "PUT"),
        ("headers.add({key: 'B', value: '9'})", "header", [*TEMPLATE["header"], {"key": "B", "value": "9"}]),
        ("headers.add('B: 9')", "header", [*TEMPLATE["header"], {"key": "B", "value": "9"}]),
        ("upsertHeader({key: 'A', value: '9'})", "header", [{"key": "A", "value": "9"}, *TEMPLATE["header"][1:]]),
        ("removeHeader('a', {ignoreCase: true})", "header", [TEMPLATE["header"][2]]),
        ("headers.clear()", "header", None),
        ("body.update('new')", "body", {"mode": "raw", "raw": "new"}),
        ("body = {mode: 'raw', raw: 'x'}", "body", {"mode": "raw", "raw": "x"}),
        ("body.raw = JSON.stringify({a: 1})", "body", {"mode": "raw", "raw": '{"a":1}'}),
        (
            "authorizeUsing('bearer', {token: 't'})",
            "auth",
            {"type": "bearer", "bearer": [{"key": "token", "value": "t", "type": "any"}]},
        ),
    ],
)
def test_the_request_can_be_changed_before_it_is_sent(run, source, key, value):
    assert before(run, f"pm.request.{source}").result.request.get(key) == value


def test_a_changed_request_has_the_keys_of_the_collection_format_alone(run):
    assert "custom" not in before(run, "pm.request.method = 'PUT'").result.request


def test_the_url_can_be_changed(run):
    ran = before(run, "pm.request.url.update('https://u:p@x.y:81/a/:b?c=d#e'); pm.request.addQueryParams('z=1&y')")
    url = ran.result.request["url"]
    assert (url["protocol"], url["host"], url["port"], url["path"], url["hash"]) == (
        "https",
        ["x", "y"],
        "81",
        ["a", ":b"],
        "e",
    )
    assert [p["key"] for p in url["query"]] == ["c", "z", "y"]
    assert url["auth"] == {"user": "u", "password": "p"}


@pytest.mark.parametrize("url", URLS)
def test_a_url_keeps_its_text(run, url):
    assert before(run, "console.log(pm.request.url.toString())", {"url": url}).logged == [url]


def test_a_body_can_be_added_to_a_request_without_one(run):
    ran = before(
        run,
        "pm.request.body = {mode: 'urlencoded', urlencoded: [{key: 'a', value: 'b'}]}",
        {"url": "http://a", "method": "POST"},
    )
    assert ran.result.request["body"]["urlencoded"] == [{"key": "a", "value": "b"}]


def test_changes_in_test_scripts_go_nowhere(run):
    assert run("pm.request.method = 'PUT'").result.request is None


def test_members_of_pm_cannot_be_replaced(run):
    ran = run("pm.request = 5; pm.globals = 7; console.log(typeof pm.request, typeof pm.globals)")
    assert ran.logged == [["object", "object"]]


def test_forms_are_lists(run):
    body = {
        "mode": "formdata",
        "formdata": [{"key": "a", "value": "1", "type": "text"}, {"key": "a", "value": "2", "type": "text"}],
    }
    ran = before(
        run,
        "const f = pm.request.body.formdata; console.log(f.toObject(), f.one('a').value)",
        {"url": "x", "body": body},
    )
    assert ran.logged == [[{"a": ["1", "2"]}, "2"]]


def test_a_request_that_is_no_json_any_more_is_an_error(run):
    ran = before(run, "pm.test('kept'); pm.request.loop = pm.request")
    assert ran.error.startswith("RangeError") or "circular" in ran.error
    assert ran.tests == {"kept": True}
    assert before(run, "pm.request.big = 5n").error == "TypeError: Do not know how to serialize a BigInt"


def test_a_url_may_be_set_as_a_text(run):
    assert before(run, "pm.request.url = 'http://other/x'").result.request["url"] == "http://other/x"
