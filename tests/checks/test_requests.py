"""Rules about requests and their order."""

import pytest

from tests.checks.conftest import collection, request


def url(raw="http://h", **more):
    return {"raw": raw, "protocol": "http", "host": ["h"], **more}


def body(text, **more):
    return {"body": {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}, **more}


NEXT = "pm.execution.setNextRequest('b')"
END = "pm.execution.setNextRequest(null)"

CASES = {
    "unknown-path-variable": (
        [request(url="http://h/:id"), request(url=url(path=["a", ":id.json"], variable=[{"key": "x", "value": "1"}]))],
        [
            request(url=url(path=[":id"], variable=[{"key": "id"}])),
            request(url="http://h/a:b/12:30"),
            request(url="http://h/:"),
        ],
    ),
    "unused-path-variable": (
        [request(url=url(path=["a"], variable=[{"key": "id", "value": "1"}]))],
        [
            request(url=url(path=[":id.json"], variable=[{"key": "id", "value": "1"}])),
            request(url=url(path=["a"], variable=[{"key": "id", "disabled": True}])),
        ],
    ),
    "FMT209": (
        [
            request(url=url("http://h?a=2", query=[{"key": "a", "value": "1"}])),
            request(url=url("http://h", query=[{"key": "a", "value": "1"}])),
            request(url=url("http://h?a=1")),
        ],
        [
            request(
                url=url("http://h?a=1", query=[{"key": "a", "value": "1"}, {"key": "b", "value": "2", "disabled": True}])
            ),
            request(url=url("http://h?a b=%2F", query=[{"key": "a%20b", "value": "/"}])),
            request(url=url("http://h?a=", query=[{"key": "a", "value": ""}])),
            request(url="http://h?a=1"),
            request(url={"host": ["h"], "query": [{"key": "a", "value": "1"}]}),
        ],
    ),
    "invalid-json-body": (
        [
            request(**body('{"a": 1,}')),
            request(**body("{'a': 1}")),
            request(**body('{"a": {{x}} {{y}}}')),
            request(**body('{"a": "\n"}')),
            request(
                body={"mode": "raw", "raw": "a"}, header=[{"key": "content-type", "value": "application/vnd.x+json; q=1"}]
            ),
            request(body={"mode": "graphql", "graphql": {"query": "{a}", "variables": '{"a": }'}}),
        ],
        [
            request(**body('{"a": {{x}}, "b": "{{y}}", {{z}}: 1}'.replace("{{z}}", '"c"'))),
            request(**body("{{x}}")),
            request(**body("[{{x}}]")),
            request(**body("{ {{members}} }")),
            request(**body('{"a": 1 /* b */} // c')),
            request(**body("")),
            request(**body("// nothing")),
            request(**body("{'a': 1}", header=[{"key": "Content-Type", "value": "text/plain"}])),
            request("invalid body", **body("{")),
            request(**body("{"), test="pm.response.to.have.status(400)"),
            request(**body("{", method="GET")),
            request(body={"mode": "raw", "raw": "{"}),
            request(body={"mode": "graphql", "graphql": {"query": "{a}", "variables": ""}}),
        ],
    ),
    "missing-file": (
        [
            request(body={"mode": "file", "file": {"src": "none.bin"}}),
            request(body={"mode": "file", "file": {}}),
            request(body={"mode": "formdata", "formdata": [{"key": "a", "type": "file", "src": ["c.json", "none"]}]}),
            request(body={"mode": "formdata", "formdata": [{"key": "a", "type": "file", "src": []}]}),
        ],
        [
            request(body={"mode": "file", "file": {"src": "c.json"}}),
            request(body={"mode": "file", "file": {"src": "{{file}}"}}),
            request(body={"mode": "file", "file": {"content": "aGk="}}),
            request(body={"mode": "formdata", "formdata": [{"key": "a", "type": "file", "src": "none", "disabled": True}]}),
            request(body={"mode": "formdata", "formdata": [{"key": "a", "type": "text", "src": "none"}]}),
            request(body={"mode": "file", "file": {"src": "none.bin"}}, method="GET"),
        ],
    ),
    "invalid-method": ([request(method="GET ")], [request(method="get"), request(method="{{m}}"), request(method="")]),
}


@pytest.mark.parametrize(
    ("rule", "item", "wrong"),
    [
        (rule, item, wrong)
        for rule, (bad, good) in CASES.items()
        for items, wrong in ((bad, 1), (good, 0))
        for item in items
    ],
)
def test_a_request_is_wrong_or_not(findings, rule, item, wrong):
    assert len(findings(collection(item), rule)) == wrong


def test_the_next_request_must_be_there_and_be_the_only_one(findings):
    items = [request("a", test=NEXT), request("b"), request("b", id="2"), request("d", test=NEXT.replace("'b'", "'D '"))]
    found = findings(collection(*items), "unknown-next-request", "ambiguous-next-request")
    assert [(one.id, one.hint) for one in found] == [
        ("ambiguous-next-request", "an id names one of them"),
        ("unknown-next-request", "did you mean 'd'?"),
    ]
    named = collection({"id": "i1", **request("a")}, request("b", test="pm.execution.setNextRequest('i1')"))
    assert findings(named, "unknown-next-request", "ambiguous-next-request") == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("'null'", "null ends the run: without quotation marks"),
        ("'{{x}}'", "variables are not replaced in it"),
        ("'F'", "it names a folder: only requests can be named"),
    ],
)
def test_what_was_meant_by_a_name_that_is_not_there(findings, text, hint):
    items = [{"name": "F", "item": [request("a", test=f"pm.execution.setNextRequest({text})")]}]
    (found,) = findings(collection(*items), "unknown-next-request")
    assert found.hint == hint


ORDERS = {
    "behind a jump": ([request("a", test=NEXT), request("x"), request("y"), request("b")], ["x"]),
    "behind the end": ([request("a", test=END), request("x"), request("y")], ["x"]),
    "two rows": ([request("a", test=NEXT), request("x"), request("b", test=END), request("y")], ["x", "y"]),
    "a jump back comes there": (
        [request("a", test=NEXT), request("x"), request("b", test="if (1) { pm.execution.setNextRequest('x') }")],
        [],
    ),
    "on a condition": ([request("a", test=f"if (x) {NEXT}"), request("x"), request("b")], []),
    "in a function": ([request("a", test=f"f(() => {{ {NEXT} }})"), request("x"), request("b")], []),
    "to a computed name": (
        [request("a", test=NEXT), request("x"), request("b", test="pm.execution.setNextRequest(y)")],
        [],
    ),
    "run by a script": ([request("a", test=NEXT), request("x"), request("b", test="pm.execution.runRequest('x')")], []),
}


@pytest.mark.parametrize(("items", "names"), ORDERS.values(), ids=ORDERS)
def test_requests_that_a_run_never_comes_to(findings, items, names):
    found = findings(collection(*items), "unreachable-request")
    assert [one.item.rpartition("/")[2] for one in found] == names


def test_names_that_stand_twice_beside_each_other(findings):
    items = [request("a"), {"name": "F", "item": [request("a")]}, request("a"), request(""), request("")]
    assert [one.path for one in findings(collection(*items), "duplicate-name")] == ["item[2].name"]


def test_requests_without_a_test(findings):
    tested = request("t", test="pm.test('a', () => {})")
    folder = {"name": "F", "item": [request("a")], "event": [{"listen": "test", "script": {"exec": ["tests.a = 1"]}}]}
    found = findings(collection(tested, folder, request("b")), "request-without-test")
    assert [one.item for one in found] == ["c/b"]
    (found,) = findings(collection(request("a"), request("b")), "request-without-test")
    assert (found.message, found.path) == ("no request has a test", "info")
