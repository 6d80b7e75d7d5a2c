"""Rules about environments, globals and texts of files, secrets, and what switches rules off."""

import json

import pytest

from tests.checks.conftest import collection, request

KEY = "kJ8-f93jd0sk2"


def environment(*rows, **more):
    return {"name": "e", "values": list(rows), "_postman_variable_scope": "environment", **more}


def variable(key="a", value="1", **more):
    return {"key": key, "value": value, "enabled": True, **more}


@pytest.mark.parametrize(("rule", "document", "paths"), [
    ("ENV002", [variable()], [""]),
    ("ENV003", environment(variable(), name=None), [""]),
    ("ENV003", environment({"value": "1"}, variable(value=None)), ["values[0]", "values[1].value"]),
    ("ENV004", environment(variable(value=1), variable(value=True), variable(enabled="yes")), [
        "values[0].value", "values[1].value", "values[2].enabled",
    ]),
    ("GBL004", environment(variable(value=1), _postman_variable_scope="globals"), ["values[0].value"]),
    ("ENV005", environment(variable(key=""), variable(key="", value="")), ["values[0].key"]),
    ("ENV006", environment(variable(), variable("b"), variable(), variable(enabled=False)), ["values[0]"]),
    ("ENV007", environment(variable(vlaue="x"), nme="e"), ["values[0].vlaue", "nme"]),
    ("GBL007", environment(variable(vlaue="x"), _postman_variable_scope="globals"), ["values[0].vlaue"]),
    ("GBL009", environment(variable(), _postman_variable_scope="globals"), ["name"]),
    ("GBL009", environment(variable(), name=5, _postman_variable_scope="globals"), []),
    ("GBL009", environment(variable(), name="My Workspace Globals", _postman_variable_scope="globals"), []),
])  # fmt: skip
def test_files_of_variables_by_the_rules_of_postman(findings, rule, document, paths):
    assert [one.path for one in findings(document, rule)] == paths


def test_a_good_environment_has_no_finding(findings):
    assert findings(environment(variable(), variable("b", "{{a}}", type="secret", description="x"), id="1")) == []


def test_inside_of_a_wrapper_places_are_those_of_the_file(findings):
    (found,) = findings({"environment": environment(variable(value=1))}, "ENV004")
    assert found.path == "environment.values[0].value"
    (found,) = findings({"collection": collection(request(url="http://{{a}}"))}, "unresolved-variable")
    assert (found.path, found.line > 1) == ("collection.item[0].request.url", True)


SECRETS = {
    "a variable": (collection(variable=[variable("api_key", KEY)]), 1),
    "one marked as secret": (environment(variable("x", KEY, type="secret")), 1),
    "auth": (collection(auth={"type": "bearer", "bearer": [{"key": "token", "value": KEY}]}), 1),
    "an API key": (collection(auth={"type": "apikey", "apikey": [{"key": "value", "value": KEY}]}), 1),
    "a header": (collection(request(header=[{"key": "X-API-Key", "value": KEY}])), 1),
    "a scheme": (collection(request(header=[{"key": "Authorization", "value": f"Bearer {KEY}"}])), 1),
    "a parameter": (collection(request(url={"host": ["h"], "query": [{"key": "access_token", "value": KEY}]})), 1),
    "a key of a known form in a script": (collection(request(test=f"const a = 'AKIA{'Z7' * 8}'")), 1),
    "a signed token in a body": (
        collection(request(body={"mode": "raw", "raw": f"eyJ{'a' * 20}.eyJ{'b' * 20}.{'c' * 30}"})),
        1,
    ),
    "the same one in several places": (
        collection(*[request(header=[{"key": "X-API-Key", "value": KEY}]) for _ in range(3)]),
        1,
    ),
    "a variable in its place": (collection(request(header=[{"key": "X-API-Key", "value": "{{key}}"}])), 0),
    "part of one": (collection(request(header=[{"key": "Authorization", "value": "Bearer x-{{key}}"}])), 0),
    "a placeholder": (collection(variable=[variable("api_key", one) for one in ("<key>", "xxxx", "YOUR_KEY_9", "")]), 0),
    "its own name": (environment(variable("torii_scim_key", "torii-scim-key", type="secret")), 0),
    "a plain name": (collection(variable=[variable("page_token_type", KEY)]), 0),
    "one that is switched off": (collection(request(header=[{"key": "X-API-Key", "value": KEY, "disabled": True}])), 0),
    "a signature": (
        collection(request(header=[{"key": "Authorization", "value": 'Digest username="a", response="b1c2"'}])),
        0,
    ),
    "a request that is to be refused": (
        collection(request("with an invalid token", header=[{"key": "Authorization", "value": f"Bearer {KEY}"}])),
        0,
    ),
    "a saved example": (collection({**request(), "response": [{"body": f"AKIA{'Z7' * 8}"}]}), 1),
    "the request of a saved example": (
        collection({**request(), "response": [{"originalRequest": {"header": [{"key": "X-API-Key", "value": KEY}]}}]}),
        1,
    ),
    "a parameter of a saved example": (
        collection(
            {**request(), "response": [{"originalRequest": {"url": {"query": [{"key": "api_key", "value": KEY}]}}}]}
        ),
        1,
    ),
    "what a saved example was answered with": (
        collection({**request(), "response": [{"header": [{"key": "X-API-Key", "value": KEY}], "body": KEY}]}),
        0,
    ),
    "an example of a request that is to be refused": (
        collection({**request("with a wrong key"), "response": [{"body": f"AKIA{'Z7' * 8}"}]}),
        0,
    ),
}


@pytest.mark.parametrize(("document", "count"), SECRETS.values(), ids=SECRETS)
def test_secrets_in_plain_text(findings, document, count):
    found = findings(document, "plain-secret")
    assert len(found) == count
    assert KEY not in repr(found)


def test_no_finding_shows_a_secret(findings):
    document = collection(
        request(KEY, test=f"pm.execution.setNextRequest('x{KEY}y'); pm.{KEY[:3]}()"),
        request(body={"mode": "file", "file": {"src": f"/tmp/{KEY}"}}),
        variable=[variable("api_key", KEY)],
    )
    found = findings(document)
    assert {"unknown-next-request", "missing-file", "plain-secret"} <= {one.id for one in found}
    assert [one.message for one in found if KEY in one.message + one.hint] == []


def test_a_key_that_stands_twice_in_an_object(findings):
    inner = '{"url": "http://h", "method": "GET", "url": "http://i"}'
    text = f'{{"item": [{{"name": "a", "request": {inner}}}, {{"name": "a"}}], "info": {{}}}}'
    (found,) = findings(None, "repeated-key", text=text)
    assert (found.path, text[found.column - 1 :][:10]) == ("item[0].request.url", '"http://i"')


OFF = [
    ("pm.foo() // postrunner-disable-line unknown-pm-member", True),
    ("pm.foo() // postrunner-disable-line", True),
    ("pm.foo() // postrunner-disable-line script-syntax, unknown-pm-member -- a package has it", True),
    ("pm.foo() // postrunner-disable-line script-syntax", False),
    ("// postrunner-disable-next-line unknown-pm-member\npm.foo()", True),
    ("/* postrunner-disable-next-line unknown-pm-member */\npm.foo()", True),
    ("// postrunner-disable-next-line unknown-pm-member\n\npm.foo()", False),
    ("'// postrunner-disable-line unknown-pm-member'; pm.foo()", False),
]


@pytest.mark.parametrize(("text", "off"), OFF)
def test_a_comment_switches_rules_off_for_a_line(findings, text, off):
    assert (findings(collection(request(test=text)), "unknown-pm-member") == []) is off


def test_a_description_switches_rules_off_for_everything_inside(findings):
    folder = {"name": "F", "item": [request(test="pm.foo()")]}
    text = "What it does. @postrunner-disable unknown-pm-member"
    rule = "unknown-pm-member"
    assert len(findings(collection(folder), rule)) == 1
    assert findings(collection({**folder, "description": text}), rule) == []
    assert findings(collection({**folder, "description": {"content": text}}), rule) == []
    assert findings({**collection(folder), "info": {"name": "c", "description": text}}, rule) == []
    assert len(findings(collection({**folder, "description": text.replace("pm-", "pn-")}), rule)) == 1
    row = variable(value=1, description="@postrunner-disable ENV004")
    assert [one.path for one in findings(environment(row, variable(value=1)), "ENV004")] == ["values[1].value"]


def test_a_collection_of_the_first_format_is_checked_without_places(findings):
    old = {
        "id": "1",
        "name": "c",
        "order": ["2"],
        "requests": [{"id": "2", "name": "r", "url": "http://{{a}}", "method": "GET"}],
    }
    (found,) = findings(old, "unresolved-variable")
    assert (found.line, found.item) == (1, "c/r")


def test_a_large_collection_costs_in_proportion(findings):
    """Nothing is looked up by going through everything: what fails here takes minutes."""
    script = "\n".join(f"pm.environment.set('v{n}', 1); pm.variables.get('v{n}')" for n in range(20))
    items = [
        request(f"r{n}", url=f"http://{{{{v{n}}}}}/{{{{late{n}}}}}", test=f"pm.environment.set('late{n}', 1)\npm.foo()")
        for n in range(2000)
    ]
    events = [{"listen": "prerequest", "script": {"exec": script + "\nif (x) pm.execution.setNextRequest('r1')"}}]
    found = findings(collection({"name": "F", "item": items}, event=events))
    assert len(found) > 2000
    assert json.dumps([one.path for one in found])


def test_a_collection_of_the_first_format_is_not_fixed(findings):
    old = {
        "id": "1",
        "name": "c",
        "order": ["2"],
        "requests": [{"id": "2", "name": "r", "tests": "postman.setNextRequest(null)"}],
    }
    (found,) = findings(old, "deprecated-api")
    assert (found.fix, found.edits) == ("", ())
