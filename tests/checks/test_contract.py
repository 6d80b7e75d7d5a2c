"""`check --contract`: requests beside a document, without sending them; what is not known is not judged."""

import json

import pytest

from runner.checks.subject import Known
from runner.contract.contract import Contract, Contracts
from runner.foreign.openapi.documents import Document
from runner.formats.format import Given
from runner.model.variable import Environment, Variable
from tests.checks.conftest import collection

URL = "http://api.example/v1"
PET = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string", "maxLength": 3}},
    "additionalProperties": False,
}


def paths():
    query = {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}
    id = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    form = {
        "schema": {
            **PET,
            "required": ["id", "photo"],
            "properties": {**PET["properties"], "photo": {"type": "string", "minLength": 1}},
        }
    }
    content = {"application/json": {"schema": PET}, "multipart/form-data": form}
    post = {"requestBody": {"required": True, "content": content}, "responses": {}}
    return {
        "/pets": {"get": {"parameters": [query], "responses": {}}, "post": post},
        "/pets/{id}": {"parameters": [id], "get": {"responses": {}}},
        "/owners/{id}": {"get": {"responses": {}}},
    }


@pytest.fixture
def told(findings, tmp_path):
    def check(*items, rules=("undeclared-operation", "parameters", "body"), environment=None, variables=(), **more):
        root = {"openapi": "3.1.0", "servers": [{"url": URL}], "paths": paths()}
        contracts = Contracts([Contract(Document(Given(json.dumps(root), "api.json")), (), old=False, formats=False)])
        values = None if environment is None else Environment(values=[Variable(k, v) for k, v in environment.items()])
        known = Known(environment=values, folders=(str(tmp_path),), contracts=contracts)
        spec = collection(*items, variable=[{"key": k, "value": v} for k, v in variables], **more)
        return [one.message for one in findings(spec, *(f"contract-{rule}" for rule in rules), known=known)]

    return check


def item(url, method="GET", **more):
    events = more.pop("event", [])
    return {"name": "r", "event": events, "request": {"method": method, "url": url, **more}}


def posting(text, url=f"{URL}/pets", type="application/json", **more):
    header = [{"key": "Content-Type", "value": type}]
    return item(url, "POST", header=header, body={"mode": "raw", "raw": text}, **more)


@pytest.mark.parametrize(
    ("request_", "messages"),
    [
        (item(f"{URL}/pets?limit=5"), []),
        (item(f"{URL}/pets?limit=ten"), ['query.limit: expected type "integer", actual "ten"']),
        (item(f"{URL}/pets"), ["query.limit: expected a value, since it is required, actual none"]),
        (item(f"{URL}/pets?limit={{{{n}}}}"), []),
        (item(f"{URL}/pets/x"), ['path.id: expected type "integer", actual "x"']),
        (item(f"{URL}/pets/{{{{id}}}}"), []),
        (item(f"{URL}/pets/:id"), ['path.id: expected type "integer", actual ":id"']),
        (item(f"{URL}/pats"), ["/pats: expected a path of api.json, actual GET /pats"]),
        (item(f"{URL}/pets/1", "PUT"), ["/pets/1: expected /pets/{id} with GET, actual PUT /pets/1"]),
        (item(f"{URL}/{{{{kind}}}}/x"), []),
        (item(f"{URL}/{{{{kind}}}}/x/y"), []),
        (item("{{base}}/1"), []),
        (item("{{base}}/a/b/c"), ["expected a path of api.json"]),
        (item("{{base}}/pets?limit=ten"), ['query.limit: expected type "integer", actual "ten"']),
        (item("{{base}}/v1/pets?limit=ten"), ['query.limit: expected type "integer", actual "ten"']),
        (item("{{base}}/pats"), []),
        (item("{{base}}/pats", "PUT"), []),
        (item("{{base}}/pets", "PUT"), ["expected /pets with GET, POST, actual PUT /pets"]),
        (posting('{"id": 1}'), []),
        (posting('{"id": "x", "name": "long"}'), ['$.id: expected type "integer", actual "x"']),
        (posting('{"id": {{id}}, "name": "{{name}}"}'), []),
        (posting('{"id": {{id}}, "name": "long"}'), ["$.name: expected maxLength 3"]),
        (posting('{"name": "{{name}}"}'), ["$: expected the property 'id'"]),
        (posting('{"id": 1, "more": {{x}}}'), ["$: expected no other property"]),
        (posting('{"{{key}}": 1}'), []),
        (posting('[{{x}}]'), ['$: expected type "object"']),
        (posting("{{body}}"), []),
        (posting("{"), ["$: expected JSON"]),
        (posting("x", type="text/csv"), ["Content-Type: expected one of application/json, multipart/form-data"]),
        (posting("x", type="{{type}}"), []),
        (item(f"{URL}/pets", "POST"), ["$: expected a body, since it is required"]),
    ],
)  # fmt: skip
def test_what_is_known_is_judged_and_what_is_not_is_left_alone(told, request_, messages):
    found = told(item(f"{URL}/owners/1"), request_)
    assert len(found) == len(messages), found
    assert all(message in one for one, message in zip(found, messages, strict=True)), found


def test_variables_of_the_collection_and_the_environment_are_known(told):
    request_ = item("{{base}}/pets?limit={{n}}")
    assert told(request_, variables=[("base", URL), ("n", "5")]) == []
    wrong = ['query.limit: expected type "integer", actual "x"']
    assert told(request_, variables=[("base", URL), ("n", "x")]) == wrong
    assert told(request_, variables=[("base", URL), ("n", "5")], environment={"n": "x"}) == wrong


def test_a_variable_that_a_script_sets_is_not_known(told):
    event = [{"listen": "test", "script": {"exec": ["pm.environment.set('n', 7)"]}}]
    assert told(item(f"{URL}/pets?limit={{{{n}}}}", event=event), variables=[("n", "x")]) == []


def test_what_a_script_or_an_auth_type_may_add_is_not_missing(told):
    event = [{"listen": "prerequest", "script": {"exec": ["pm.request.url.addQueryParams('limit=5')"]}}]
    assert told(item(f"{URL}/pets", event=event)) == []
    assert told(posting('{"id": "x"}', event=event)) == []
    key = {"type": "apikey", "apikey": [{"key": "key", "value": "limit"}, {"key": "in", "value": "query"}]}
    assert told(item(f"{URL}/pets"), auth=key) == []
    assert told(item(f"{URL}/pets?limit=x"), auth=key) == ['query.limit: expected type "integer", actual "x"']


def test_files_of_forms_are_there_without_being_read(told):
    rows = [{"key": "id", "value": "1", "type": "text"}, {"key": "photo", "type": "file", "src": "/nowhere/photo.png"}]
    form = {"mode": "formdata", "formdata": rows}
    assert told(item(f"{URL}/pets", "POST", body=form)) == []
    rows[1]["src"] = None
    assert told(item(f"{URL}/pets", "POST", body=form)) == []
    rows[0]["value"] = "x"
    assert told(item(f"{URL}/pets", "POST", body=form)) == ['$.id: expected type "integer", actual "x"']
    del rows[1]
    assert len(told(item(f"{URL}/pets", "POST", body=form))) == 1


def test_operations_without_a_request_are_named(told):
    assert sorted(told(item(f"{URL}/pets/{{{{id}}}}"), rules=("unused-operation",))) == [
        "no request is for GET /owners/{id}",
        "no request is for GET /pets",
        "no request is for POST /pets",
    ]


def test_it_is_said_how_much_was_not_judged(told):
    asked = (item(f"{URL}/pets?limit={{{{n}}}}"), posting('{"id": {{id}}, "name": "{{name}}"}'), item(f"{URL}/pets/1"))
    assert told(*asked, rules=("not-judged",)) == [
        "not judged by the contract, since values are not known: 3 parts of 2 requests"
    ]


def test_one_is_one(told):
    found = told(item(f"{URL}/pets?limit={{{{n}}}}"), rules=("not-judged",))
    assert found == ["not judged by the contract, since values are not known: 1 part of 1 request"]


def test_requests_to_other_servers_are_not_judged_unless_there_are_no_others(told):
    other = item("http://other.example/x")
    assert told(other, item(f"{URL}/pets/1")) == []
    assert told(other) == ["no request goes to a server of the contract"]


def test_without_a_contract_there_are_no_such_findings(findings):
    assert [one for one in findings(collection(item(f"{URL}/pats"))) if one.id.startswith("contract")] == []
