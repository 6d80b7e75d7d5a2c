"""What items need of earlier ones, and what cannot run beside what."""

import httpx
import pytest

from runner import run
from runner.engine.plan import make_plan
from runner.flow.flow import flow_of
from runner.flow.observed import observed_in
from runner.formats.load import read_collection


def leaf(name, url="http://h/", test="", prerequest="", **request):
    events = [
        {"listen": kind, "script": {"exec": text}} for kind, text in (("prerequest", prerequest), ("test", test)) if text
    ]
    return {"id": f"id-{name}", "name": name, "event": events, "request": {"method": "POST", "url": url, **request}}


def sets(name, scope="environment", value="1"):
    return f"pm.{scope}.set('{name}', {value})"


@pytest.fixture
def flow(analyse):
    """The flow of a collection of these items; `values` are those of variables."""

    def make(*items, values=None, **more):
        collection = read_collection({"info": {"name": "C"}, "item": list(items), **more})
        return flow_of(make_plan(collection).items, values or {}, analyse)

    return make


def needed(found, name):
    """The names of the items that one needs."""
    at = next(at for at, item in enumerate(found.items) if item.name == name)
    return [found.items[place].name for place in found.depends(at)]


FIELDS = {
    "url": {"url": "http://h/{{x}}"},
    "path variable": {"url": {"host": ["h"], "path": [":id"], "variable": [{"key": "id", "value": "{{x}}"}]}},
    "query": {"url": {"host": ["h"], "query": [{"key": "a", "value": "{{x}}"}]}},
    "header": {"header": [{"key": "{{x}}", "value": "1"}]},
    "raw body": {"body": {"mode": "raw", "raw": '{"a": "{{x}}"}'}},
    "urlencoded body": {"body": {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "{{x}}"}]}},
    "form": {"body": {"mode": "formdata", "formdata": [{"key": "a", "type": "file", "src": ["{{x}}"]}]}},
    "file": {"body": {"mode": "file", "file": {"src": "{{x}}.bin"}}},
    "graphql": {"body": {"mode": "graphql", "graphql": {"query": "{a}", "variables": '{"a": "{{x}}"}'}}},
    "auth": {"auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{x}}"}]}},
    "a name of names": {"url": "http://h/{{a{{y}}}}"},
}


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_a_request_reads(flow, field):
    found = flow(leaf("login", test=sets("x")), leaf("plain"), leaf("use", **FIELDS[field]))
    assert needed(found, "use") == ["login"]


def test_what_is_disabled_reads_nothing(flow):
    header = [{"key": "a", "value": "{{x}}", "disabled": True}]
    body = {"mode": "raw", "raw": "{{x}}", "disabled": True}
    assert needed(flow(leaf("login", test=sets("x")), leaf("use", header=header, body=body)), "use") == []


@pytest.mark.parametrize("scope", ["environment", "globals", "collectionVariables", "variables"])
def test_a_name_is_looked_for_in_every_scope(flow, scope):
    assert needed(flow(leaf("a", test=sets("x", scope)), leaf("b", "http://h/{{x}}")), "b") == ["a"]


def test_a_scope_that_is_named_is_no_other(flow):
    found = flow(leaf("a", test=sets("x", "globals")), leaf("b", prerequest="pm.environment.get('x')"))
    assert needed(found, "b") == []


def test_what_a_script_sets_in_the_data_reaches_no_other_request(flow):
    assert needed(flow(leaf("a", test=sets("x", "iterationData")), leaf("b", "http://h/{{x}}")), "b") == []


def test_needs_go_through_other_items_and_only_back(flow):
    first, second = leaf("first", test=sets("x")), leaf("second", "http://h/{{x}}", test=sets("y"))
    found = flow(first, second, leaf("third", "http://h/{{y}}"), leaf("later", test=sets("y")))
    assert needed(found, "third") == ["first", "second"]
    assert needed(found, "first") == []


def test_a_value_may_hold_further_names(flow):
    items = leaf("login", test=sets("token")), leaf("use", "http://h/{{base}}")
    assert needed(flow(*items, values={"base": ["{{path}}"], "path": [{"a": ["{{token}}"]}]}), "use") == ["login"]


def test_a_value_that_a_script_sets_may_hold_names(flow):
    found = flow(
        leaf("login", test=sets("token")), leaf("b", test=sets("url", value="'h/{{token}}'")), leaf("c", "{{url}}")
    )
    assert needed(found, "c") == ["login", "b"]


def test_an_unknown_name_is_a_need(flow):
    computed = leaf("a", test="pm.environment.set(pm.response.json().key, 1)")
    found = flow(computed, leaf("b", "http://h/{{x}}"), leaf("c", prerequest="pm.globals.get('x')"), leaf("d"))
    assert (needed(found, "b"), needed(found, "c"), needed(found, "d")) == (["a"], [], [])


def test_scripts_of_folders_and_of_the_collection_count_for_each_item(flow):
    event = [{"listen": "prerequest", "script": {"exec": "pm.environment.get('token')"}}]
    folder = {"name": "F", "event": event, "item": [leaf("inside")]}
    found = flow(leaf("login", test=sets("token")), folder, leaf("outside"))
    assert (needed(found, "inside"), needed(found, "outside")) == (["login"], [])
    found = flow(leaf("login", test=sets("token")), leaf("outside"), event=event)
    assert needed(found, "outside") == ["login"]
    assert str(found.items[1].reads[0]) == "'token' (environment) in outside: prerequest script of 'C', line 1"


def test_an_inherited_auth_reads(flow):
    auth = {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]}
    assert needed(flow(leaf("login", test=sets("token")), {"name": "F", "auth": auth, "item": [leaf("a")]}), "a") == [
        "login"
    ]


def test_a_jump_back_makes_later_items_earlier_ones(flow):
    back = sets("x") + "; pm.execution.setNextRequest('a')"
    found = flow(leaf("before"), leaf("a", "http://h/{{x}}"), leaf("b", test=back), leaf("after", test=sets("x")))
    assert needed(found, "a") == ["b"]
    unknown = flow(leaf("a", "http://h/{{x}}"), leaf("b", test=sets("x") + "; pm.execution.setNextRequest(next())"))
    assert needed(unknown, "a") == ["b"]


def test_an_item_that_is_run_counts_for_the_one_that_runs_it(flow):
    runs = "await pm.execution.runRequest('id-login')"
    found = flow(leaf("a", prerequest=runs), leaf("b", "http://h/{{t}}"), leaf("login", test=sets("t")))
    assert needed(found, "b") == ["a"]
    unknown = flow(leaf("a", prerequest="await pm.execution.runRequest(pm.info.requestId)"), leaf("b", "http://h/{{t}}"))
    assert needed(unknown, "b") == ["a"]


def test_what_scripts_share_and_cookies_are_needs(flow):
    assert needed(flow(leaf("a", test="helper = () => 1"), leaf("b", test="helper()")), "b") == ["a"]
    jar = "pm.cookies.jar().set('h', 'a', 'b')"
    assert needed(flow(leaf("a", test=jar), leaf("b", test="pm.cookies.get('a')")), "b") == ["a"]


def test_units_that_read_what_an_earlier_one_sets_are_in_conflict_with_both_places(flow):
    found = flow(leaf("a", test=sets("x")), leaf("b", "http://h/{{x}}"), leaf("c", test=sets("x")))
    (conflict,) = found.conflicts([[0], [1], [2]])
    assert (conflict.writer, conflict.reader) == (0, 1)
    told = "'x' (any) in b: URL reads what 'x' (environment) in a: test script of 'a', line 1 sets"
    assert str(conflict) == told
    assert found.conflicts([[1], [0]]) == []


def test_iterations_are_in_conflict_where_one_reads_what_the_one_before_set(flow):
    chain = flow(leaf("a", "http://h/{{x}}", test=sets("x")))
    assert len(chain.conflicts([[0], [0]])) == 1
    assert flow(leaf("a", "http://h/{{x}}", test=sets("y"))).conflicts([[0], [0]]) == []
    assert flow(leaf("a", "http://h/{{x}}", prerequest=sets("x", "iterationData"))).conflicts([[0], [0]]) == []


def test_a_known_name_is_told_before_one_that_may_be_any(flow):
    found = flow(leaf("a", test="pm.environment.set(f(), 1); " + sets("x")), leaf("b", "http://h/{{y}}{{x}}"))
    (conflict,) = found.conflicts([[0], [1]])
    assert conflict.write.name == conflict.read.name == "x"


VISITS = {"in": "http://h.test/in", "use": "http://h.test/use", "again": "http://h.test/", "other": "http://o.test/"}


def test_a_run_shows_which_cookies_came_and_went(analyse):
    def answer(request):
        return httpx.Response(200, headers={"Set-Cookie": "s=1"} if request.url.path == "/in" else {})

    document = {
        "info": {"name": "C"},
        "item": [leaf(name, url) for name, url in VISITS.items()],
    }
    collection = read_collection(document)
    executions = []
    run(collection, transport=httpx.MockTransport(answer), on_execution=executions.append)
    found = flow_of(make_plan(collection).items, {}, analyse)
    assert needed(found, "use") == []
    seen = found.with_observed(observed_in(executions))
    assert needed(seen, "use") == needed(seen, "again") == ["in"]
    assert needed(seen, "other") == []


@pytest.mark.parametrize(
    "items",
    [
        [leaf("login", test=sets("x")), leaf("use", "http://h/{{x}}")],
        [leaf("a", "http://h/{{x}}", prerequest=sets("x"))],
        [leaf("a", prerequest=sets("x"), test="pm.environment.get('x')")],
        [leaf("a", prerequest=sets("x") + "\npm.environment.get('x')")],
    ],
)
def test_what_an_iteration_sets_before_it_reads_it_is_its_own(flow, items):
    places = list(range(len(items)))
    assert flow(*items).conflicts([places, places]) == []


@pytest.mark.parametrize(
    "items",
    [
        [leaf("use", "http://h/{{x}}"), leaf("login", test=sets("x"))],
        [leaf("use", "http://h/{{x}}"), leaf("login", prerequest=sets("x"))],
        [leaf("a", "http://h/{{x}}", test=sets("x"))],
        [leaf("a", prerequest="if (!pm.environment.get('x')) {\n" + sets("x") + "}")],
        [leaf("a", prerequest=sets("n", value="pm.environment.get('n') + 1"))],
        [leaf("a", "http://h/{{x}}", prerequest=sets("x", "globals"), test=sets("x"))],
        [leaf("a", prerequest="pm.environment.set(name(), 1)", test="pm.environment.get(name())")],
    ],
)
def test_what_it_may_read_before_it_sets_it_is_that_of_the_iteration_before(flow, items):
    places = list(range(len(items)))
    (conflict,) = flow(*items).conflicts([places, places])
    assert (conflict.writer, conflict.reader) == (0, 1)
