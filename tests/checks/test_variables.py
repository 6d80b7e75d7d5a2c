"""Rules about variables: by the flow, with and without an environment."""

import pytest

from runner.checks.finding import Severity
from runner.checks.subject import Known
from runner.model.variable import Environment, Variable
from tests.checks.conftest import collection, request

EMPTY = Known(environment=Environment())


def environment(**values):
    return Known(environment=Environment(values=tuple(Variable(key, value) for key, value in values.items())))


def own(**values):
    return [{"key": key, "value": value} for key, value in values.items()]


SET = "pm.environment.set('a', 1)"

UNRESOLVED = {
    "nothing at all": (collection(request(url="http://{{a}}")), 1),
    "a header and a body": (
        collection(request(header=[{"key": "{{a}}", "value": ""}]), request(body={"mode": "raw", "raw": "{{a}}"})),
        1,
    ),
    "auth of a folder": (
        collection({"name": "F", "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{a}}"}]}, "item": []}),
        1,
    ),
    "a variable of the collection": (collection(request(url="http://{{a}}"), variable=own(a="1")), 0),
    "one that is switched off": (
        collection(request(url="http://{{a}}"), variable=[{"key": "a", "value": "1", "disabled": True}]),
        1,
    ),
    "a value of a variable": (collection(request(url="http://{{b}}"), variable=own(b="{{a}}")), 0),
    "a header that is switched off": (
        collection(request(header=[{"key": "b", "value": "{{a}}", "disabled": True}])),
        0,
    ),
    "set by an earlier request": (collection(request(test=SET), request(url="http://{{a}}")), 0),
    "set by its own pre-request script": (collection(request(url="http://{{a}}", before=SET)), 0),
    "only taken away": (collection(request(url="http://{{a}}", before="pm.environment.unset('a')")), 1),
    "a computed name may be this one": (collection(request(url="http://{{a}}", before="pm.globals.set(b, 1)")), 0),
    "a dynamic variable": (collection(request(url="http://h/{{$guid}}/{{$randomCity}}")), 0),
    "a vault": (collection(request(url="http://h/{{vault:a}}")), 0),
    "a mark of a template": (collection(request(body={"mode": "raw", "raw": "{{#each a}}{{/each}}"})), 0),
}


@pytest.mark.parametrize(("document", "count"), UNRESOLVED.values(), ids=UNRESOLVED)
def test_a_variable_that_nothing_sets_is_told_once(findings, document, count):
    assert len(findings(document, "unresolved-variable", known=EMPTY)) == count


def test_what_an_environment_may_have_is_told_as_info(findings):
    document = collection(request(url="http://{{a}}"))
    (found,) = findings(document, "unresolved-variable")
    assert (found.severity, found.hint) == (Severity.INFO, "an environment may: name it with -e")
    (found,) = findings(document, "unresolved-variable", known=EMPTY)
    assert (found.severity, found.hint) == (Severity.WARNING, "")
    assert findings(document, "unresolved-variable", known=environment(a="1")) == []
    assert findings(document, "unresolved-variable", known=Known(found=frozenset({"a"}))) == []
    assert findings(document, "unresolved-variable", known=Known(environment=Environment(), rows=({"a": 1},))) == []


def test_what_a_column_of_the_data_may_be_is_told_as_info(findings):
    document = collection(request(url="http://{{a}}", before="pm.iterationData.get('b')"))
    (found,) = findings(document, "unresolved-variable", known=EMPTY)
    assert found.severity == Severity.INFO


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("base_ulr", "did you mean {{base_url}}?"),
        ("BASE_URL", "did you mean {{base_url}}?"),
        (" base_url ", "names are taken literally: write {{base_url}}"),
        ("zzz", ""),
    ],
)
def test_the_hint_names_what_was_meant(findings, name, hint):
    document = collection(request(url=f"http://{{{{{name}}}}}"))
    (found,) = findings(document, "unresolved-variable", known=environment(base_url="1"))
    assert found.hint == hint


def test_the_place_is_the_first_text_that_has_the_name(findings):
    url = {"raw": "http://h/{{a}}", "host": ["h"], "path": ["x", "{{a}}"]}
    (found,) = findings(collection(request(body={"mode": "raw", "raw": "{{a}}"})), "unresolved-variable")
    assert found.path == "item[0].request.body.raw"
    (found,) = findings(collection(request(url=url)), "unresolved-variable")
    assert (found.path, found.message, found.item) == (
        "item[0].request.url.path[1]",
        "nothing sets {{a}}",
        "c/r",
    )


LATE = {
    "a later request": ([request(url="http://{{a}}"), request("s", test=SET)], 1),
    "its own test": ([request(url="http://{{a}}", test=SET)], 1),
    "an earlier request": ([request(test=SET), request(url="http://{{a}}")], 0),
    "a later and an earlier one": ([request(before=SET), request(url="http://{{a}}"), request("s", test=SET)], 0),
    "a jump back": (
        [request("t", url="http://{{a}}"), request("s", test=SET + "; pm.execution.setNextRequest('t')")],
        0,
    ),
    "a folder around both": (
        [{"name": "F", "item": [request(url="http://{{a}}")], "event": [{"listen": "test", "script": {"exec": [SET]}}]}],
        1,
    ),
    "a folder's pre-request script": (
        [
            {
                "name": "F",
                "item": [request(url="http://{{a}}")],
                "event": [{"listen": "prerequest", "script": {"exec": SET}}],
            }
        ],
        0,
    ),
}


@pytest.mark.parametrize(("items", "count"), LATE.values(), ids=LATE)
def test_a_variable_that_is_set_too_late(findings, items, count):
    found = findings(collection(*items), "set-too-late", known=EMPTY)
    assert [one.severity for one in found] == [Severity.WARNING] * count


def test_unknown_dynamic_variables_are_told_with_the_nearest(findings):
    (found,) = findings(collection(request(url="http://h/{{$randomMail}}/{{$guid}}")), "unknown-dynamic-variable")
    assert found.message == "there is no dynamic variable {{$randomMail}}"
    (found,) = findings(collection(request(url="http://h/{{$randomEmali}}")), "unknown-dynamic-variable")
    assert found.hint == "did you mean {{$randomEmail}}?"
    assert findings(collection(request(url="http://{{$a}}"), variable=own(**{"$a": "1"})), "unknown-dynamic-variable") == []
    setting = request(url="http://{{$a}}", before="pm.globals.set('$a', 1)")
    assert findings(collection(setting), "unknown-dynamic-variable") == []


def test_an_empty_variable_that_nothing_sets(findings):
    document = collection(request(url="http://{{a}}"), variable=own(a="", b=""))
    assert [one.message for one in findings(document, "empty-variable")] == [
        "the variable 'a' is empty, and nothing sets it"
    ]
    setting = collection(request(url="http://{{a}}", before="pm.globals.set('a', 1)"), variable=own(a=""))
    assert findings(setting, "empty-variable") == []
    (found,) = findings(collection(request(url="http://{{a}}")), "empty-variable", known=environment(a=""))
    assert found.message == "{{a}} is empty in the environment, and nothing sets it"


def test_a_collection_variable_that_is_read_and_never_set(findings):
    read = "\npm.collectionVariables.get('a')"
    (found,) = findings(collection(request(test=read, before=SET)), "never-set-variable")
    assert found.hint == "scripts set it in another scope: environment"
    assert found.message == "nothing sets the collection variable 'a' that is read here"
    assert findings(collection(request(test=read), variable=own(a="")), "never-set-variable") == []
    setting = request(test=read, before="pm.collectionVariables.set('a', 1)")
    assert findings(collection(setting), "never-set-variable") == []


def test_unused_and_duplicate_variables(findings):
    document = collection(
        request(url="http://{{a}}", test="pm.collectionVariables.get('b'); pm.variables.get('c')"),
        variable=[*own(a="1", b="1", c="1", d="1"), *own(a="2"), {"key": "a", "value": "3", "disabled": True}],
    )
    assert [one.path for one in findings(document, "unused-variable")] == ["variable[3]"]
    assert [one.path for one in findings(document, "duplicate-variable")] == ["variable[4]"]
    any_name = collection(request(test="pm.variables.get(x)"), variable=own(d="1"))
    assert findings(any_name, "unused-variable") == []


def test_what_globals_may_have_that_a_script_reads_there_is_not_set_too_late(findings):
    item = request(url="http://{{a}}", test="pm.environment.set('a', pm.globals.get('a'))")
    assert findings(collection(item), "set-too-late", known=EMPTY) == []
    known = Known(environment=Environment(), globals=Environment(scope="globals"))
    (found,) = findings(collection(item), "set-too-late", known=known)
    assert found.severity == Severity.WARNING
