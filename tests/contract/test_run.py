"""`--contract`: what of requests and responses is found wrong, in which words, and what counts as covered."""

import json

import pytest

from runner.contract.coverage import too_little
from runner.errors import LoadError, UsageError
from runner.reporters.html.coverage import coverage_rows
from runner.results.coverage import ContractCoverage, OperationCoverage
from tests.contract.conftest import URL, document, request, responding

PET = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "tags": {"items": {"type": "string"}}},
}


def test_a_response_as_declared_is_one_assertion_that_passed(judged):
    run = judged(document({"/a": responding(PET)}), body={"id": 1})
    assert [(one.name, one.passed) for one in run.assertions] == [("contract: GET /a", True)]
    assert run.result.exit_code() == 0


def test_a_wrong_body_is_told_with_path_expected_and_actual(judged):
    run = judged(document({"/a": responding(PET)}), body={"id": "x", "tags": ["a", 1]})
    assert run.names == ["response_schema_conformance"]
    assert run.messages == [
        '$.id: expected type "integer", actual "x"',
        '$.tags[1]: expected type "string", actual 1',
    ]
    assert run.result.exit_code() == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "$: expected the property 'id', actual no such property"),
        ("{", "$: expected JSON, actual Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("", "$: expected JSON, actual Expecting value: line 1 column 1 (char 0)"),
    ],
)
def test_what_is_missing_is_named(judged, body, message):
    assert judged(document({"/a": responding(PET)}), body=body).messages == [message]


def test_of_many_violations_the_first_ten_are_told(judged):
    run = judged(document({"/a": responding({"items": {"type": "string"}})}), body=list(range(50)))
    assert len(run.messages) == 11
    assert run.messages[10] == "$: expected no more than these, actual further violations"


@pytest.mark.parametrize(
    ("declared", "status", "found"),
    [
        (["200"], 200, []),
        (["201", "404"], 200, ["status_code_conformance"]),
        (["2XX"], 204, []),
        (["2xx"], 299, []),
        (["4XX"], 200, ["status_code_conformance"]),
        (["default"], 500, []),
        ([], 200, ["status_code_conformance"]),
    ],
)
def test_the_status_is_one_that_is_declared(judged, declared, status, found):
    responses = {code: {"description": ""} for code in declared}
    assert judged(document({"/a": {"get": {"responses": responses}}}), status=status).names == found


def test_a_status_of_its_own_comes_before_its_class_and_the_default(judged):
    def schema(kind):
        return {"description": "", "content": {"application/json": {"schema": {"type": kind}}}}

    responses = {"default": schema("null"), "2XX": schema("string"), "201": schema("integer")}
    spec = document({"/a": {"get": {"responses": responses}}})
    assert judged(spec, status=201, body=1).names == []
    assert judged(spec, status=200, body='"x"').names == []
    assert judged(spec, status=400, body="null").names == []


@pytest.mark.parametrize(
    ("declared", "sent", "found"),
    [
        ("application/json", "application/json; charset=utf-8", []),
        ("application/json; charset=utf-8", "application/json", []),
        ("application/*", "application/json", []),
        ("*/*", "application/json", []),
        ("*/*", "", []),
        ("application/json", "Application/JSON", []),
        ("application/json", "text/html", ["content_type_conformance"]),
        ("application/json", "application/problem+json", ["content_type_conformance"]),
        ("application/json", "", ["content_type_conformance"]),
    ],
)
def test_the_content_type_is_one_that_is_declared(judged, declared, sent, found):
    spec = document({"/a": {"get": {"responses": {"200": {"description": "", "content": {declared: {}}}}}}})
    headers = {"Content-Type": sent} if sent else {"X": "y"}
    assert judged(spec, headers=headers).names == found


def test_a_body_that_is_not_validated_is_told_as_a_skipped_test_and_covers_nothing(judged):
    content = {"application/xml": {"schema": {"type": "object"}}}
    spec = document({"/a": {"get": {"responses": {"200": {"description": "", "content": content}}}}})
    run = judged(spec, body="<a/>", headers={"Content-Type": "application/xml"})
    (one,) = run.assertions
    assert (one.skipped, one.name) == (
        True,
        "contract: response_schema_conformance GET /a: application/xml is not validated",
    )
    assert run.result.coverage.covered == 0


def test_headers_are_there_and_as_their_schemas_say(judged):
    headers = {
        "X-Count": {"required": True, "schema": {"type": "integer"}},
        "X-Other": {"schema": {"type": "array", "items": {"type": "integer"}}},
    }
    spec = document({"/a": responding({}, headers=headers)})
    json_type = {"Content-Type": "application/json"}
    assert judged(spec, headers={**json_type, "x-count": "3", "x-other": "1,2"}).names == []
    run = judged(spec, headers={**json_type, "X-Other": "1,x"})
    assert run.messages == [
        "header.X-Count: expected a value, since it is required, actual none",
        'header.X-Other[1]: expected type "integer", actual "x"',
    ]


def test_parameters_are_there_and_as_their_schemas_say(judged):
    def param(name, place, schema, **more):
        return {"name": name, "in": place, "schema": schema, **more}

    params = [
        param("id", "path", {"type": "integer"}, required=True),
        param("q", "query", {"type": "string", "maxLength": 3}, required=True),
        param("n", "query", {"type": "array", "items": {"type": "integer"}}),
        param("X-Key", "header", {"enum": ["a"]}, required=True),
        param("Accept", "header", {"enum": ["never"]}, required=True),
    ]
    spec = document({"/p/{id}": {"parameters": params, "get": {"responses": {"default": {"description": ""}}}}})
    good = request("/p/7?q=abc&n=1&n=2", header=[{"key": "x-key", "value": "a"}])
    assert judged(spec, good).names == []
    run = judged(spec, request("/p/x?q=abcd&n=1&n=y"))
    assert run.names == ["request_parameter_conformance"]
    assert run.messages == [
        'path.id: expected type "integer", actual "x"',
        'query.q: expected maxLength 3, actual "abcd"',
        'query.n[1]: expected type "integer", actual "y"',
        "header.X-Key: expected a value, since it is required, actual none",
    ]


def raw(text, type="application/json"):
    return {"method": "POST", "header": [{"key": "Content-Type", "value": type}], "body": {"mode": "raw", "raw": text}}


@pytest.mark.parametrize(
    ("sent", "messages"),
    [
        (raw('{"id": 1}'), []),
        (raw('{"id": "x"}'), ['$.id: expected type "integer", actual "x"']),
        (raw("id=1", "application/x-www-form-urlencoded"), []),
        (raw("id=x", "application/x-www-form-urlencoded"), ['$.id: expected type "integer", actual "x"']),
        (
            raw("1", "text/csv"),
            ["Content-Type: expected one of application/json, application/x-www-form-urlencoded, actual text/csv"],
        ),
        ({"method": "POST"}, ["$: expected a body, since it is required, actual none"]),
    ],
)
def test_the_request_body_is_as_declared(judged, sent, messages):
    content = {kind: {"schema": PET} for kind in ("application/json", "application/x-www-form-urlencoded")}
    post = {"requestBody": {"required": True, "content": content}, "responses": {"default": {"description": ""}}}
    assert judged(document({"/a": {"post": post}}), request("/a", **sent)).messages == messages


@pytest.mark.parametrize(
    ("redirects", "messages"),
    [
        ([307], ['$.id: expected type "integer", actual "x"']),
        ([308, 307], ['$.id: expected type "integer", actual "x"']),
        ([303], ["/b: expected /b with POST, actual GET /b"]),
    ],
)
def test_the_last_request_of_redirects_is_judged_with_the_body_that_it_has(judged, redirects, messages):
    content = {"application/json": {"schema": PET}}
    post = {"requestBody": {"required": True, "content": content}, "responses": {"default": {"description": ""}}}
    spec = document({"/b": {"post": post}})
    assert judged(spec, request("/a", **raw('{"id": "x"}')), redirects=redirects).messages == messages


def test_write_only_properties_are_missing_in_responses_and_read_only_ones_in_requests(judged):
    both = {"type": "object", "required": ["id", "password"]}
    both["properties"] = {"id": {"type": "integer", "readOnly": True}, "password": {"$ref": "#/components/schemas/P"}}
    parts = {"schemas": {"Both": both, "P": {"type": "string", "writeOnly": True}}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Both"}}}
    post = {"requestBody": {"content": content}, "responses": {"200": {"description": "", "content": content}}}
    spec = document({"/a": {"post": post}}, components=parts)
    run = judged(spec, request("/a", **raw('{"password": "x"}')), body={"id": 1})
    assert run.names == []
    run = judged(spec, request("/a", **raw('{"id": 1}')), body={"password": "x"})
    assert run.names == ["request_body_conformance", "response_schema_conformance"]


def test_a_path_or_method_that_is_not_declared_is_a_finding(judged):
    spec = document({"/a/{id}": {"get": {"responses": {"default": {"description": ""}}}}})
    run = judged(spec, "/b", request("/a/1", method="PUT"))
    assert run.names == ["undeclared_operation", "undeclared_operation"]
    assert run.messages[1] == "/a/1: expected /a/{id} with GET, actual PUT /a/1"


def test_requests_to_other_servers_are_not_judged(judged):
    run = judged(document({"/a": responding({})}), "http://other.example/b", "/a")
    assert [one.name for one in run.assertions] == ["contract: GET /a"]


def test_a_run_that_meets_no_server_of_the_document_is_a_mistake(judged):
    run = judged(document({"/a": responding({})}), "http://other.example/a")
    assert run.result.exit_code() == 2
    assert "no request went to a server of the documents" in str(run.result.problems[0])
    assert run.result.failed


def test_another_server_can_be_named(judged):
    run = judged(
        document({"/a": responding(PET)}), "http://other.example/v2/a", contract_server=("http://other.example/v2",)
    )
    assert run.names == ["response_schema_conformance"]


@pytest.mark.parametrize(("percent", "code"), [(None, 0), (50, 0), (51, 1), (100, 1)])
def test_too_little_coverage_fails_the_run(judged, percent, code):
    spec = document({"/a": responding({}), "/b": responding({})})
    run = judged(spec, contract_coverage=percent)
    assert run.result.exit_code() == code
    assert [failure.message for failure in run.result.failures] == (
        [f"1 of 2 operations got a response that was checked against the contract (50 %); asked for are {percent} %"]
        if code
        else []
    )


@pytest.mark.parametrize(
    "options",
    [
        {"contract_coverage": 101},
        {"contract_server": ("localhost:8080",)},
        {"contract": (), "contract_coverage": 80},
        {"contract": (), "contract_server": (URL,)},
        {"contract": (), "contract_formats": True},
        {"contract": (), "contract_allow_ref": (URL,)},
        {"history_runs": 3},
        {"history_days": 3},
        {"on_fail": "true"},
        {"on_recover": "true"},
    ],
)
def test_an_option_that_would_do_nothing_or_never_be_met_is_a_mistake(judged, options):
    with pytest.raises(UsageError):
        judged(document({"/a": responding({})}), **options)


def test_a_large_file_that_is_not_validated_is_not_read_for_it(judged, tmp_path):
    (tmp_path / "big.bin").write_bytes(b"x" * 3_000_000)
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    post = {"requestBody": {"required": True, "content": content}, "responses": {"default": {"description": ""}}}
    sent = {"method": "POST", "header": [{"key": "Content-Type", "value": "application/octet-stream"}]}
    sent["body"] = {"mode": "file", "file": {"src": str(tmp_path / "big.bin")}}
    (one,) = judged(document({"/a": {"post": post}}), request("/a", **sent)).assertions
    assert (one.skipped, one.name.rpartition(": ")[2]) == (True, "application/octet-stream is not validated")


def test_coverage_tells_statuses_and_parameters_that_were_seen(judged):
    params = [{"name": "q", "in": "query", "schema": {}}, {"name": "r", "in": "query", "schema": {}}]
    get = {"parameters": params, "responses": {"200": {"description": ""}, "404": {"description": ""}}}
    (one,) = judged(document({"/a": {"get": get}}), "/a?q=1").result.coverage.operations
    assert (one.statuses, one.seen_statuses, one.parameters, one.seen_parameters) == (
        ("200", "404"),
        {"200"},
        ("query q", "query r"),
        {"query q"},
    )


def test_the_json_report_has_the_coverage(judged, tmp_path):
    path = tmp_path / "report.json"
    options = {"reporters": ("json",), "reporter_options": (("json-export", str(path)),)}
    judged(document({"/a": responding(PET)}), body={"id": 1}, **options)
    told = json.loads(path.read_text())["run"]["contract"]
    assert told["coverage"] == {"operations": 1, "covered": 1, "percent": 100.0}
    assert told["operations"][0]["seenStatuses"] == ["200"]


@pytest.mark.parametrize("spec", ["[]", "{}", '{"openapi": "4.0.0", "paths": {}}', "not: [yaml"])
def test_what_is_no_document_is_a_mistake(judged, spec):
    with pytest.raises(LoadError):
        judged(spec)


def test_a_document_in_yaml_and_of_swagger_is_read(judged):
    swagger = f"""
swagger: "2.0"
info: {{title: T, version: "1"}}
host: {URL.removeprefix("http://")}
schemes: [http]
paths:
  /a:
    get:
      produces: [application/json]
      responses:
        200: {{description: "", schema: {{$ref: "#/definitions/A"}}}}
definitions:
  A: {{type: object, properties: {{n: {{type: integer, x-nullable: true, minimum: 1, exclusiveMinimum: true}}}}}}
"""
    assert judged(swagger, body={"n": None}).names == []
    assert judged(swagger, body={"n": 1}).messages == ["$.n: expected exclusiveMinimum 1, actual 1"]


@pytest.mark.parametrize(("count", "more"), [(5, ""), (6, " and 1 more")])
def test_operations_without_a_checked_response_are_named_up_to_five(count, more):
    operations = [OperationCoverage(document="d", method="GET", path=f"/{number}") for number in range(count)]
    error = too_little(ContractCoverage(operations=operations, judged=1), 80)
    assert error is not None
    assert error.hint == f"without one: GET /0, GET /1, GET /2, GET /3, GET /4{more}"


def rows_of(operation):
    return coverage_rows(ContractCoverage(operations=[operation], judged=1))["rows"][0]


@pytest.mark.parametrize(
    ("declared", "came", "statuses", "others"),
    [
        (("200", "404"), {"200"}, [("200", True), ("404", False)], []),
        (("2XX", "default"), {"201"}, [("2XX", True), ("default", False)], []),
        (("2xx", "default"), {"201", "500"}, [("2xx", True), ("default", True)], ["500"]),
        (("200",), {"500"}, [("200", False)], ["500"]),
        ((), set(), [], []),
    ],
)
def test_the_page_tells_which_statuses_came(declared, came, statuses, others):
    found = rows_of(OperationCoverage(document="d", method="GET", path="/a", statuses=declared, seen_statuses=came))
    assert (found["statuses"], found["others"]) == (statuses, others)


def test_the_page_lists_operations_that_are_not_covered_first_and_only_so_many():
    def operation(at):
        return OperationCoverage(document="d", method="GET", path=f"/{at}", covered=at % 2 == 0)

    told = coverage_rows(ContractCoverage(operations=[operation(at) for at in range(600)], judged=1))
    assert [row["operation"] for row in told["rows"][:2]] == ["GET /1", "GET /3"]
    assert (len(told["rows"]), told["more"], told["open"]) == (500, 100, False)
    assert coverage_rows(None) is None


def test_the_html_report_has_the_coverage(judged, tmp_path):
    path = tmp_path / "report.html"
    options = {"reporters": ("html",), "reporter_options": (("html-export", str(path)),), "contract": ("examples",)}
    item = {**request("/a"), "name": "pet <b>", "response": [{"code": 200, "body": "{}"}]}
    run = judged("{}", item, **options)
    text = path.read_text()
    assert "h-contract" in text
    assert "GET pet &lt;b&gt;" in text
    assert run.result.coverage.covered == 1


@pytest.mark.parametrize(
    ("method", "status", "found"), [("GET", 204, 0), ("GET", 304, 0), ("HEAD", 200, 0), ("GET", 200, 1)]
)
def test_a_response_that_can_have_no_body_needs_none(judged, method, status, found):
    content = {"application/json": {"schema": PET}}
    operation = {"responses": {str(status): {"description": "", "content": content}}}
    spec, sent = document({"/a": {method.lower(): operation}}), request("/a", method=method)
    run = judged(spec, sent, status=status, body="", headers={"A": "b"})
    assert len(run.names) == found
    assert run.result.coverage.covered == (not found)
