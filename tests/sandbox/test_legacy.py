from __future__ import annotations

import pytest

from runner.model.variable import Variable
from runner.variables.scopes import Scopes


def test_the_old_tests_object_is_checked_at_the_end(run):
    ran = run("pm.test('new'); tests['yes'] = true; tests['no'] = responseCode.code === 500; tests['none'] = undefined")
    assert [(a.name, a.index, a.passed) for a in ran.assertions] == [
        ("new", 0, True),
        ("yes", 1, True),
        ("no", 2, False),
        ("none", 3, False),
    ]
    assert ran.failures["no"] == "AssertionError: expected false to be truthy"


def test_old_tests_of_one_script_are_not_seen_in_the_next(run):
    run("tests['a'] = false")
    assert run("console.log(Object.keys(tests))").logged == [[]]


def test_the_response_as_it_was_once(run):
    ran = run(
        "console.log(responseCode.code, responseCode.name, responseTime, responseBody, responseHeaders['X-Trace'], "
        "responseHeaders['content-type'])"
    )
    assert ran.logged == [[200, "OK", 12, '{"id": 7, "list": [1, 2]}', "a", "application/json"]]


def test_the_request_as_it_was_once(run):
    ran = run(
        "const {id, name, method, url, headers, data} = request; console.log(id, name, method, url, headers, data)",
        request_id="r1",
    )
    assert ran.logged == [["r1", "Get user", "GET", "http://example.com/users/7?full=1", {"accept": "*/*"}, {}]]


def test_postman_sets_texts(run):
    ran = run("""postman.setEnvironmentVariable('n', 5); postman.setEnvironmentVariable('f', false);
        postman.setEnvironmentVariable('z', 0);
        postman.setGlobalVariable('o', {}); postman.setGlobalVariable('gone', 1); postman.clearGlobalVariable('gone')""")
    assert ran.values("environment") == {"n": "5", "f": False, "z": 0}
    assert ran.values("globals") == {"o": "[object Object]"}


def test_postman_reads_headers_and_cookies(run):
    assert run("console.log(postman.getResponseHeader('x-trace'), postman.getResponseCookie('a'))").logged == [["b", None]]


def test_scopes_are_plain_copies(run):
    scopes = Scopes(environment=[Variable("a", 1)], globals=[Variable("g", 2)])
    scopes.data.set("row", 3)
    ran = run("console.log(environment.a, globals.g, data.row, iteration); environment.a = 9; globals.x = 9", scopes=scopes)
    assert ran.logged == [[1, 2, 3, 0]]
    assert (ran.values("environment"), ran.values("globals")) == ({"a": 1}, {"g": 2})


def test_old_libraries_are_there(run):
    ran = run("""console.log(_.VERSION, CryptoJS.MD5('a').toString(), tv4.validate(1, {type: 'string'}));
        console.log(xml2Json('<a b="1"><c>2</c><c>3</c></a>'), cheerio.load('<b>x</b>')('b').text(),
        typeof Backbone.Model)""")
    assert ran.logged == [
        ["3.10.2", "0cc175b9c0f1b6a831c399e269772661", False],
        [{"a": {"$": {"b": "1"}, "c": ["2", "3"]}}, "x", "function"],
    ]


def test_names_of_the_old_api_can_be_declared(run):
    ran = run(
        "const request = 1, data = 2; let responseBody = 3, tests = {a: false}; var _ = 4; "
        "console.log(request, data, responseBody, _)"
    )
    assert ran.logged == [[1, 2, 3, 4]]
    assert ran.tests == {}


@pytest.mark.parametrize("marker", ['"use sandbox2";', "'use sandbox2';"])
def test_a_marker_switches_the_old_api_off(run, marker):
    assert run(f"{marker} console.log(typeof tests, typeof responseBody, typeof postman, typeof pm)").logged == [
        ["undefined", "undefined", "undefined", "object"]
    ]


def test_prerequest_scripts_have_no_old_response(run):
    assert run("console.log(typeof responseCode, typeof request, typeof tests)", listen="prerequest").logged == [
        ["undefined", "object", "object"]
    ]


def test_the_json_of_the_old_api_explains_errors(run):
    ran = run("console.log(JSON.parse('\\uFEFF{\"a\": 1}')); JSON.parse('{\"a\":1,}')")
    assert ran.logged == [{"a": 1}]
    assert ran.error == 'JSONError: Trailing comma in object at 1:8\n{"a":1,}\n       ^'
    assert run("'use sandbox2'; JSON.parse('x')").error == "SyntaxError: Unexpected token 'x', \"x\" is not valid JSON"


def test_a_new_tests_object_counts_as_well(run):
    assert run("tests = {a: true, b: false}").tests == {"a": True, "b": False}


def test_texts_have_has(run):
    assert run("console.log(responseBody.has('list'), responseBody.has(/LIST/), 'a'.has('b'))").logged == [
        [True, False, False]
    ]


def test_copies_are_as_old_as_the_script_but_follow_postman(run):
    scopes = Scopes(environment=[Variable("a", 1)])
    source = "pm.environment.set('a', 2); postman.setEnvironmentVariable('b', 3); console.log(environment)"
    assert run(source, scopes=scopes).logged == [{"a": 1, "b": "3"}]


OLD_NAMES = [
    "data",
    "environment",
    "globals",
    "tests",
    "request",
    "responseCode",
    "responseBody",
    "iteration",
    "postman",
    "_",
]


@pytest.mark.parametrize("name", OLD_NAMES)
@pytest.mark.parametrize("declaration", ["const", "let", "var"])
def test_a_script_may_declare_an_old_name_for_itself(run, name, declaration):
    source = f"{declaration} {name} = {{own: 1}}; console.log({name}.own)"
    assert run(source).logged == [1]
    assert run(f"console.log(typeof {name} === 'undefined' || {name}.own === undefined)").logged == [True]


def test_the_plain_copies_are_those_of_the_beginning(run):
    scopes = Scopes(environment=[Variable("a", 1)], globals=[Variable("g", {"x": 1})])
    ran = run(
        "pm.environment.set('a', 2); pm.globals.set('h', () => console.log('called')); console.log(environment, globals)",
        scopes=scopes,
    )
    assert ran.logged == [[{"a": 1}, {"g": {"x": 1}}]]


def test_setting_old_style_calls_no_function(run):
    ran = run(
        "pm.globals.set('f', () => console.log('called')); postman.setGlobalVariable('a', () => console.log('called'));"
        "postman.setEnvironmentVariable('b', 1); postman.clearGlobalVariable('f'); console.log(globals.a, environment.b)"
    )
    assert ran.logged == [["() => console.log('called')", "1"]]


def test_clearing_old_style_empties_the_same_copy(run):
    ran = run(
        """const copy = environment; postman.clearEnvironmentVariables();
        console.log(Object.keys(copy), copy === environment);
        postman.setEnvironmentVariable('k', 'v'); console.log(environment, copy); postman.clearGlobalVariables();
        console.log(globals); postman.clearEnvironmentVariable(); console.log(environment, pm.environment.toObject())""",
        scopes=Scopes(environment=[Variable("a", 1)], globals=[Variable("g", 1)]),
    )
    assert ran.logged == [[[], True], [{"k": "v"}, {"k": "v"}], {}, [{"k": "v"}, {"k": "v"}]]


def test_old_names_work_after_pm_was_replaced(run):
    ran = run("pm = 5; console.log(responseCode.code, request.method, postman.getResponseHeader('X-Trace'))")
    assert ran.logged == [[200, "GET", "b"]]
    assert run("console.log(typeof pm)").logged == ["object"]


def test_require_stays_replaced(run):
    assert run("kept = require; require = 5; console.log(typeof require)").logged == ["number"]
    assert run("console.log(typeof require, typeof kept); require = kept").logged == [["number", "function"]]
    assert run("console.log(typeof require('lodash'))").logged == ["function"]


def test_the_plain_copies_share_lists_and_objects_with_the_scopes(run):
    scopes = Scopes(environment=[Variable("list", [1]), Variable("set", [1])])
    ran = run(
        """pm.environment.get('list').push(2); pm.environment.set('set', 'other');
        console.log(environment, environment.list === pm.environment.get('list'))""",
        scopes=scopes,
    )
    assert ran.logged == [[{"list": [1, 2], "set": [1]}, True]]
