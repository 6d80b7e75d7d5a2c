"""All rules. A rule is one function, and one row here or in `postman_rules.py`; docs/check.md is written from them."""

from __future__ import annotations

from runner.checks.finding import Severity
from runner.checks.postman_rules import POSTMAN
from runner.checks.rule import Rule
from runner.checks.rules import contract, documents, order, requests, scripts, secrets, tests, variables

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule(
        id="unresolved-variable",
        severity=_WARNING,
        title="Nothing sets a variable that a request has",
        doc="It would be sent with its braces. Without `-e` this is told as info: an environment may have it.",
        example="`{{base_url}}/users`, and neither a file nor a script gives `base_url`",
        collections=variables.unresolved,
    ),
    Rule(
        id="set-too-late",
        severity=_WARNING,
        title="A variable is first set by a request that runs later",
        doc="The first run sends it as it stands. Without `-e` this is told as info.",
        example="`{{user_id}}` in *Get user*, which *Create user* below it sets",
        collections=variables.too_late,
    ),
    Rule(
        id="empty-variable",
        severity=_INFO,
        title="A request uses an empty variable that nothing sets",
        doc="That is fine for a value that is given to each run, such as a key.",
        example='`{"key": "token", "value": ""}` and `{{token}}`',
        collections=variables.empty,
    ),
    Rule(
        id="never-set-variable",
        severity=_INFO,
        title="A script reads a collection variable that nothing sets",
        doc="Often it is set in another scope; the hint says which.",
        example='`pm.collectionVariables.get("token")` beside `pm.environment.set("token", …)`',
        collections=variables.never_set_in_scope,
    ),
    Rule(
        id="unused-variable",
        severity=_INFO,
        title="A variable of the collection is never read",
        doc="Variables of environments are not checked: other collections may read them.",
        example="a variable `port` that no `{{port}}` and no script names",
        collections=variables.unused,
    ),
    Rule(
        id="duplicate-variable",
        severity=_WARNING,
        title="Two variables of the collection have the same name",
        doc="Only the last one counts.",
        example="`base_url` twice",
        collections=variables.duplicate,
    ),
    Rule(
        id="unknown-dynamic-variable",
        severity=_WARNING,
        title="No dynamic variable has this name",
        doc="It would be sent literally.",
        example="`{{$randomMail}}`",
        collections=variables.unknown_dynamic,
    ),
    Rule(
        id="script-syntax",
        severity=_ERROR,
        title="A script is not valid JavaScript",
        doc="Nothing in it would run, not even its tests.",
        example="`pm.test('ok', () => {`",
        collections=scripts.syntax,
    ),
    Rule(
        id="unknown-pm-member",
        severity=_WARNING,
        title="`pm` has no such member",
        doc="Calling it would end the script. A member that a script asks for first (`if (pm.x)`) is left alone.",
        example="`pm.enviroment.get('a')`, `pm.response.jsn()`",
        collections=scripts.unknown_member,
    ),
    Rule(
        id="no-response-yet",
        severity=_WARNING,
        title="A pre-request script uses `pm.response`",
        doc="The response does not exist before the request is sent.",
        example="`pm.response.json()` in a pre-request script",
        collections=scripts.no_response_yet,
    ),
    Rule(
        id="deprecated-api",
        severity=_INFO,
        title="A script uses the API that Postman had before `pm`",
        doc="It still works. `--fix` renames functions whose counterparts do exactly the same.",
        example="`postman.setNextRequest('a')`, `tests['ok'] = true`, `responseBody`",
        collections=scripts.old_api,
        fixes=True,
    ),
    Rule(
        id="test-without-assertion",
        severity=_WARNING,
        title="A test cannot fail",
        doc="It passes whatever the server answers.",
        example="`pm.test('ok', () => { pm.response.code === 200 })`",
        collections=tests.without_assertion,
    ),
    Rule(
        id="unfinished-assertion",
        severity=_WARNING,
        title="An assertion checks nothing",
        doc="One of its methods is not called, or nothing follows `pm.expect(…)`.",
        example="`pm.expect(code).to.equal;`",
        collections=tests.unfinished,
    ),
    Rule(
        id="assertion-outside-test",
        severity=_INFO,
        title="An assertion is outside of a test",
        doc="If it fails, the request fails as well, but the rest of the script does not run, and no report can name it.",
        example="`pm.response.to.have.status(200)` at the top of a script",
        collections=tests.outside,
    ),
    Rule(
        id="request-without-test",
        severity=_INFO,
        title="A request has no test",
        doc="Neither of its own nor from its folders or collection. A single finding if no request has one.",
        example="a request without a test script",
        collections=tests.no_tests,
    ),
    Rule(
        id="unknown-next-request",
        severity=_WARNING,
        title="`setNextRequest` names a request that does not exist",
        doc="The run would end there, without a failure.",
        example="`pm.execution.setNextRequest('Lgoin')`",
        collections=order.unknown_next,
    ),
    Rule(
        id="ambiguous-next-request",
        severity=_WARNING,
        title="`setNextRequest` uses a name that several requests have",
        doc="The run goes on with the last one of that name.",
        example="two requests *Login* and `setNextRequest('Login')`",
        collections=order.ambiguous_next,
    ),
    Rule(
        id="unreachable-request",
        severity=_WARNING,
        title="A request never runs",
        doc="An earlier one always jumps past it, or ends the run. It runs only when it is selected.",
        example="`pm.execution.setNextRequest(null)` outside of any condition, and a request below it",
        collections=order.unreachable,
    ),
    Rule(
        id="duplicate-name",
        severity=_INFO,
        title="Two entries of a folder have the same name",
        doc="`--folder` finds only the first, and reports cannot tell them apart.",
        example="two requests *Copy of Login* beside each other",
        collections=order.duplicate_names,
    ),
    Rule(
        id="unknown-path-variable",
        severity=_WARNING,
        title="The path of a URL names a path variable that does not exist",
        doc="It would be sent literally.",
        example="`/users/:id` without a path variable `id`",
        collections=requests.unknown_path_variable,
    ),
    Rule(
        id="unused-path-variable",
        severity=_WARNING,
        title="A path variable is not in the path",
        doc="Its value is not sent.",
        example="`/users/:id` with a path variable `userId`",
        collections=requests.unused_path_variable,
    ),
    Rule(
        id="invalid-json-body",
        severity=_WARNING,
        title="A body that is sent as JSON is not valid JSON",
        doc=(
            "Comments are left out before it is sent; variables may stand for anything that fits."
            " Not reported for requests that expect to be refused, by name or tests."
        ),
        example='`{"name": "a",}`',
        collections=requests.invalid_json,
    ),
    Rule(
        id="missing-file",
        severity=_WARNING,
        title="A file that a request sends does not exist",
        doc="It is looked for in the current folder, the folder of the collection and `--working-dir`.",
        example='`{"key": "file", "type": "file", "src": "/home/ann/a.png"}`',
        collections=requests.missing_file,
    ),
    Rule(
        id="invalid-method",
        severity=_ERROR,
        title="A method has characters that HTTP does not allow",
        doc="The request cannot be sent.",
        example='`"GET "`',
        collections=requests.odd_method,
    ),
    Rule(
        id="unsupported-kind",
        severity=_WARNING,
        title="A request has a kind that postrunner does not send",
        doc="A run skips it and fails, unless `--allow-skipped-kinds` is given.",
        example="`$kind: grpc-request`",
        collections=requests.unsent_kind,
    ),
    Rule(
        id="plain-secret",
        severity=_WARNING,
        title="A file holds a secret in plain text",
        doc=(
            "By the name of a variable, header, parameter or auth parameter, or by the form of a token in any text."
            " Saved examples count: the headers and parameters of their requests, and any text."
            " What reads like a placeholder is left alone, and so is a request that expects to be refused."
            " The value is never shown."
        ),
        example='`{"key": "api_key", "value": "…"}`',
        collections=secrets.in_collection,
        variables=secrets.in_variables,
    ),
    Rule(
        id="repeated-key",
        severity=_WARNING,
        title="An object has the same key twice",
        doc="Only the last one is read.",
        example='`{"name": "a", "name": "b"}`',
        collections=documents.repeated_key,
        variables=documents.repeated_key,
    ),
    *POSTMAN,
    Rule(
        id="contract-undeclared-operation",
        severity=_WARNING,
        title="The contract has no operation for a request",
        doc=(
            "With `--contract` only, as all rules of contracts. Requests to other servers are not judged; if all go there,"
            " that is an error."
        ),
        example="`PUT {{base_url}}/pets`, and the document has only GET there",
        collections=contract.undeclared,
    ),
    Rule(
        id="contract-parameters",
        severity=_WARNING,
        title="Parameters or headers are not as the contract says",
        doc="What depends on values that are not known, or may come from a script or an auth type, is not judged.",
        example="`?limit=ten` for a parameter of type integer",
        collections=contract.parameters,
    ),
    Rule(
        id="contract-body",
        severity=_WARNING,
        title="A body is not as the contract says",
        doc="What depends on values that are not known, or on a script, is not judged.",
        example='`{"id": "x"}` where the schema has an integer',
        collections=contract.body,
    ),
    Rule(
        id="contract-unused-operation",
        severity=_INFO,
        title="No request is for an operation of the contract",
        doc="Each collection is looked at alone.",
        example="the document has `DELETE /pets/{id}`, and no request does that",
        collections=contract.unused_operation,
    ),
    Rule(
        id="contract-not-judged",
        severity=_INFO,
        title="Parts of requests could not be compared with the contract",
        doc="They depend on values that only a run has.",
        example="`{{base_url}}/pets/{{pet_id}}`, and a script sets `pet_id`",
        collections=contract.unjudged,
    ),
)
"""In the order of the documentation."""

BY_ID = {rule.id: rule for rule in RULES}
