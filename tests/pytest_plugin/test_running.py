"""What comes of an item: alone, after others, before others, again, and after jumps."""

import json
import random
import re

import pytest

from tests.pytest_plugin.conftest import OK, chained, entry

FAILING = "pm.test('one', () => pm.expect(1).to.eql(2));\npm.test('two', () => pm.expect('a').to.eql('b'));"
SHUFFLE = "def pytest_collection_modifyitems(items):\n    items.reverse()\n"


@pytest.fixture
def chain(suite):
    """Four requests; each needs what the one before it left."""
    suite.collection(*chained(4))
    return suite


def shuffled(suite):
    conftest = suite.folder / "conftest.py"
    suite.write("conftest.py", f"{conftest.read_text()}\n\n{SHUFFLE}")


def test_each_request_is_sent_once_and_passes(chain):
    outcome = chain.run()
    assert outcome.outcomes == dict.fromkeys(["r0", "r1", "r2", "r3"], "passed")
    assert outcome.sent == ["/r0", "/r1", "/r2", "/r3"]


def test_what_an_item_needs_runs_in_its_setup(chain):
    outcome = chain.run("-k", "r2")
    assert outcome.outcomes == {"r2": "passed"}
    assert outcome.sent == ["/r0", "/r1", "/r2"]
    assert outcome.section("r2", "Captured ran before setup") == "2 requests:\npassed r0\npassed r1"


def test_in_another_order_each_request_is_still_sent_once(chain):
    shuffled(chain)
    outcome = chain.run()
    assert list(outcome.outcomes.items()) == [(name, "passed") for name in ("r3", "r2", "r1", "r0")]
    assert outcome.sent == ["/r0", "/r1", "/r2", "/r3"]


def test_an_item_that_runs_again_gets_a_run_of_its_own(chain):
    again = "def pytest_collection_modifyitems(items):\n    items[:] = [items[1], items[0], items[1]]\n"
    chain.write("conftest.py", f"{(chain.folder / 'conftest.py').read_text()}\n\n{again}")
    assert chain.run().sent == ["/r0", "/r1", "/r0", "/r1"]


def test_each_assertion_is_a_line_of_the_failure(suite):
    suite.collection(entry("a", FAILING))
    first, *lines = suite.run().said("a").splitlines()
    assert first == "2 failures:"
    assert lines == [
        "one: expected 1 to deeply equal 2 [assertion:0 in test-script]",
        "two: expected 'a' to deeply equal 'b' [assertion:1 in test-script]",
    ]


def test_a_single_failure_is_in_the_summary_of_pytest(suite):
    suite.collection(entry("a", "pm.test('one', () => pm.expect(1).to.eql(2));"))
    assert "FAILED shop.postman_collection.json::a - Failed: one: " in suite.run().text


def test_a_request_that_cannot_be_sent_fails(suite):
    suite.collection(entry("a", url="{{nowhere}}:x//"))
    assert suite.run().outcomes == {"a": "failed"}


def test_a_script_that_throws_fails_its_item(suite):
    suite.collection(entry("a", "throw new Error('gone')"))
    assert "gone" in suite.run().said("a")


@pytest.mark.parametrize("reverse", [False, True])
def test_what_failed_before_an_item_is_told_by_its_own_item_in_any_order(suite, reverse):
    suite.collection(entry("broken"), entry("b"))
    if reverse:
        shuffled(suite)
    assert suite.run().outcomes == {"broken": "failed", "b": "passed"}


def test_what_failed_before_an_item_and_was_not_selected_is_an_error_of_the_item(suite):
    suite.collection(entry("broken"), entry("b"))
    outcome = suite.run("-k", "b and not broken")
    assert outcome.outcomes == {"b": "error"}
    assert "broken: is 200: expected response to have status code 200 but got 500" in outcome.said("b")


def test_what_a_jump_passes_over_is_skipped_and_says_so(suite):
    suite.collection(entry("a", "pm.execution.setNextRequest('c');"), entry("b"), entry("c"))
    outcome = suite.run("-rs")
    assert outcome.outcomes == {"a": "passed", "b": "skipped", "c": "passed"}
    assert "not reached: 'a' calls setNextRequest('c')" in outcome.text


def test_what_a_jump_back_leads_to_belongs_to_the_request_that_jumped(suite):
    script = "const n = (pm.environment.get('n') || 0) + 1;\npm.environment.set('n', n);\n"
    fails = script + "pm.test('n', () => pm.expect(n).to.be.below(3));"
    suite.collection(entry("a", fails), entry("b", "if (pm.environment.get('n') < 3) pm.execution.setNextRequest('a');"))
    outcome = suite.run()
    assert outcome.sent == ["/a", "/b"] * 3
    assert outcome.outcomes == {"a": "passed", "b": "failed"}
    assert outcome.said("b").startswith("a: n: expected 3 to be below 3")


def test_the_end_of_an_iteration_skips_the_rest_of_it_alone(suite):
    stop = "if (pm.info.iteration === 0) pm.execution.setNextRequest(null);"
    suite.collection(entry("a", stop), entry("b"))
    outcome = suite.run("--postrunner-option", "iteration-count=2")
    assert outcome.outcomes == {"a[0]": "passed", "b[0]": "skipped", "a[1]": "passed", "b[1]": "passed"}


def test_a_request_that_its_script_skips_is_skipped(suite):
    suite.collection(entry("a", before="pm.execution.skipRequest();"), entry("b"))
    assert suite.run().outcomes == {"a": "skipped", "b": "passed"}


def test_what_a_script_runs_counts_for_its_item(suite):
    suite.collection(
        entry("a", "await pm.execution.runRequest('two');"), {**entry("broken"), "id": "two"}, id="x", info={"name": "S"}
    )
    outcome = suite.run("-k", "a")
    assert "broken: is 200" in outcome.said("a")


def test_setup_runs_first_and_teardown_when_pytest_leaves_the_collection(suite):
    setup, teardown = {"name": "S", "item": [entry("s")]}, {"name": "T", "item": [entry("t")]}
    suite.collection(setup, entry("a"), entry("b"), teardown)
    outcome = suite.run("-k", "a or b", "--postrunner-option", "setup=S", "--postrunner-option", "teardown=T")
    assert outcome.outcomes == {"a": "passed", "b": "passed"}
    assert outcome.sent == ["/s", "/a", "/b", "/t"]


@pytest.mark.parametrize(("folder", "item"), [("setup", "a"), ("teardown", "b")])
def test_a_setup_or_teardown_that_fails_is_an_error(suite, folder, item):
    suite.collection({"name": "F", "item": [entry("broken")]}, entry("a"), entry("b"))
    outcome = suite.run("--postrunner-option", f"{folder}=F")
    assert outcome.outcomes[item] == "error"
    assert "F/broken: is 200" in outcome.said(item)


def test_data_reach_each_iteration(suite):
    suite.write("rows.csv", "id,n\nann,1\nbob,2\n")
    suite.collection(entry("a", "pm.test('n', () => pm.expect(String(pm.iterationData.get('n'))).to.eql('1'));"))
    suite.write("pytest.ini", "[pytest]\npostrunner_iteration_data = rows.csv\n")
    assert suite.run().outcomes == {"a[ann]": "passed", "a[bob]": "failed"}


def test_environment_and_variables_come_from_the_configuration(suite):
    suite.write("ci.json", json.dumps({"name": "ci", "values": [{"key": k, "value": k} for k in ("who", "base")]}))
    suite.write("pytest.ini", "[pytest]\npostrunner_environment = ci.json\npostrunner_env_var =\n    a = b\n    c=d\n")
    check = "pm.test('all', () => pm.expect(pm.environment.toObject()).to.include({who: 'who', c: 'd', base: 'http://shop.example'}));"
    suite.collection(entry("a", check))
    assert suite.run().outcomes == {"a": "passed"}


def test_another_value_of_a_fixture_begins_a_new_run(suite):
    fixture = (
        "@pytest.fixture\ndef postman_environment(request):\n    return {'base': f'http://{request.node.name}.example'}\n"
    )
    suite.write("conftest.py", f"{(suite.folder / 'conftest.py').read_text()}\n\n{fixture}")
    checks = [f"pm.test('host', () => pm.expect(pm.response.json().host).to.eql('{name}.example'));" for name in "ab"]
    suite.collection(entry("a"), entry("b", checks[1]))
    outcome = suite.run()
    assert outcome.outcomes == {"a": "passed", "b": "passed"}
    assert outcome.sent == ["/a", "/a", "/b"]


def test_fixtures_of_all_scopes_reach_collections(suite):
    used = "".join(
        f"@pytest.fixture(scope='{scope}', autouse=True)\ndef use_{scope}():\n    yield\n\n\n"
        for scope in ("session", "package", "module", "class", "function")
    )
    suite.write("conftest.py", f"{(suite.folder / 'conftest.py').read_text()}\n\n{used}")
    suite.collection({"name": "F", "item": [entry("a")]})
    assert suite.run().outcomes == {"F::a": "passed"}


def test_request_response_and_command_are_sections_and_properties_without_secrets(suite):
    header = [{"key": "Authorization", "value": "Bearer s3cr3t-t0ken-value"}]
    suite.collection(entry("a", f"{OK}\nconsole.log('seen');", header=header))
    outcome = suite.run()
    assert "> GET http://shop.example/a" in outcome.section("a", "Captured request call")
    assert "< 200 OK" in outcome.section("a", "Captured response call")
    assert "curl" in outcome.section("a", "Captured curl call")
    assert outcome.section("a", "Captured console call") == "'seen'"
    properties = dict(outcome.reports["a"].user_properties)
    assert {"url", "status", "response_ms", "request", "response", "curl", "console"} == set(properties)
    assert "s3cr3t" not in repr(outcome.reports["a"].sections) + repr(properties)


def test_junit_has_them_too(suite):
    suite.collection(entry("a"))
    suite.run("--junitxml", "junit.xml")
    text = (suite.folder / "junit.xml").read_text()
    assert re.search(r'<property name="status" value="200" */>', text)
    assert 'name="curl" value="curl ' in text


def test_allure_gets_them_as_attachments(suite, monkeypatch):
    suite.write("allure.py", "attached = {}\n\n\ndef attach(body, name):\n    attached[name] = body\n")
    suite.write("allure_pytest.py", "")
    monkeypatch.syspath_prepend(suite.folder)
    suite.collection(entry("a"))
    suite.run("-p", "allure_pytest")
    import allure

    assert allure.attached["request"].startswith("> GET http://shop.example/a")
    assert {"request", "response", "curl"} == set(allure.attached)


def test_what_passed_at_a_later_attempt_says_so(suite):
    fails_once = "const n = (pm.globals.get('n') || 0) + 1;\npm.test('n', () => pm.expect(1).to.eql(1));"
    suite.collection(entry("a", fails_once))
    assert suite.run("--postrunner-option", "retries=2", "--postrunner-option", "retry-on=5xx").outcomes == {"a": "passed"}


def test_a_failure_ends_the_session_with_x(suite):
    suite.collection(entry("broken"), entry("b"))
    outcome = suite.run("-x")
    assert outcome.outcomes == {"broken": "failed"}
    assert outcome.sent == ["/broken"]


SPREAD = {0: "load", 4: "loadscope", 8: "worksteal", 12: "loadgroup", 16: "loadfile"}
"""The seeds that pytest-xdist distributes, and how."""


@pytest.mark.parametrize("seed", range(20))
def test_no_selection_order_or_distribution_breaks_a_chain(suite, seed):
    draw = random.Random(seed)
    suite.collection({"name": "F", "item": chained(3)}, *chained(6)[3:])
    shuffle = f"def pytest_collection_modifyitems(items):\n    import random\n    random.Random({seed}).shuffle(items)\n"
    suite.write("conftest.py", f"{(suite.folder / 'conftest.py').read_text()}\n\n{shuffle}")
    chosen = draw.sample(range(6), draw.randint(1, 6))
    select = ["-k", " or ".join(f"r{number}" for number in chosen)]
    if seed in SPREAD:
        code, text = suite.start(*select, "-n", "2", "--dist", SPREAD[seed])
        assert code == 0, text
        assert f"{len(chosen)} passed" in text
        return
    outcome = suite.run(*select)
    assert sorted(outcome.outcomes.values()) == ["passed"] * len(chosen)
    assert outcome.sent == [f"/r{number}" for number in range(max(chosen) + 1)]


@pytest.mark.parametrize(("dist", "says"), [("loadscope", True), ("loadgroup", False)])
def test_a_distribution_that_sends_requests_twice_says_so(suite, dist, says):
    folders = [{"name": name, "item": chained(8)[at : at + 4]} for at, name in ((0, "F"), (4, "G"))]
    suite.collection(*folders)
    code, text = suite.start("-n", "2", "--dist", dist)
    assert code == 0, text
    assert (f"4 requests ran in setups of others, because --dist {dist}" in text) is says, text
    assert ("--dist loadfile keeps it in one" in text) is says


@pytest.mark.parametrize("chain_mode", ["replay", "file", "none"])
def test_responses_are_compared_with_snapshots(suite, chain_mode):
    suite.collection(entry("a"), entry("b"))
    options = ["-o", f"postrunner_chain={chain_mode}", "--postrunner-option"]
    assert suite.run(*options, "snapshot=update").code == 0
    folder = suite.folder / "shop.postman_collection.snapshots"
    assert sorted(path.name for path in folder.iterdir()) == ["a.json", "b.json"]
    assert suite.run(*options, "snapshot=check").code == 0
    (folder / "b.json").write_text((folder / "b.json").read_text().replace('"/b"', '"/c"'))
    outcome = suite.run(*options, "snapshot=check")
    assert outcome.code == 1
    assert 'snapshot: b.json\n  $.path:\n  - "/c"\n  + "/b"\n' in outcome.text
    assert sorted(path.name for path in folder.iterdir()) == ["a.json", "b.json"]


def test_an_item_alone_finds_no_other_snapshot_unused(suite):
    suite.collection(entry("a"))
    chain = ["-o", "postrunner_chain=none", "--postrunner-option", "iteration-count=2", "--postrunner-option"]
    assert suite.run(*chain, "snapshot=update").code == 0
    assert suite.run(*chain, "snapshot=check", "--postrunner-option", "snapshot-prune=true").code == 0
    folder = suite.folder / "shop.postman_collection.snapshots"
    assert len(list(folder.iterdir())) == 2
