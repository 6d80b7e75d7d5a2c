"""What an item runs with: a chain that goes on, the whole collection, or nothing else."""

import pytest

from runner.pytest_plugin.settings import HAS_SUBTESTS
from tests.pytest_plugin.conftest import OK, chained, entry

needs_subtests = pytest.mark.skipif(not HAS_SUBTESTS, reason="pytest 9 has subtests")
LATER = "pm.test.skip('later', () => {});"
MIXED = [
    entry("a"),
    {"name": "F", "item": [entry("broken"), entry("left", before="pm.execution.skipRequest();")]},
    entry("jump", "pm.execution.setNextRequest('end');"),
    entry("over"),
    entry("end"),
]


def test_a_file_is_one_item_that_runs_all_of_it(suite):
    suite.collection(*chained(3))
    outcome = suite.run("--postrunner-chain", "file")
    assert outcome.collected == ["Shop"]
    assert outcome.outcomes == {"Shop": "passed"}
    assert outcome.sent == ["/r0", "/r1", "/r2"]


def test_a_file_tells_what_failed_of_each_request_with_its_exchange(suite):
    suite.collection(*MIXED, entry("broken"))
    outcome = suite.run("--postrunner-chain", "file")
    assert outcome.outcomes == {"Shop": "failed"}
    assert outcome.sent == ["/a", "/broken", "/jump", "/end", "/broken"]
    assert "< 500" in outcome.section("Shop", "Captured response (F/broken) call")
    assert not [name for name, _ in outcome.reports["Shop"].sections if "(a)" in name]
    if not HAS_SUBTESTS:
        wrong = "is 200: expected response to have status code 200 but got 500 [assertion:0 in test-script]"
        assert outcome.said("Shop").splitlines() == ["2 failures:", f"F/broken: {wrong}", f"broken: {wrong}"]


@needs_subtests
def test_each_request_of_a_file_is_a_subtest(suite):
    suite.collection(*MIXED)
    outcome = suite.run("--postrunner-chain", "file")
    assert outcome.subtests == [
        ("Shop", "a", "passed"),
        ("Shop", "F/broken", "failed"),
        ("Shop", "F/left", "skipped"),
        ("Shop", "jump", "passed"),
        ("Shop", "over", "skipped"),
        ("Shop", "end", "passed"),
    ]
    assert "SUBFAILED[F/broken] shop.postman_collection.json::Shop - Failed: is 200" in outcome.text


@needs_subtests
def test_a_file_ends_with_its_first_failure_with_x(suite):
    suite.collection(*MIXED)
    assert suite.run("--postrunner-chain", "file", "-x").sent == ["/a", "/broken"]


def test_a_file_has_all_its_iterations(suite):
    suite.write("rows.json", '[{"id": "ann"}, {"id": "bob"}]')
    suite.collection(entry("a"), entry("b"))
    outcome = suite.run("--postrunner-chain", "file", "--postrunner-iteration-data", "rows.json")
    assert outcome.sent == ["/a", "/b"] * 2
    assert [name for _, name, _ in outcome.subtests] == (["a[ann]", "b[ann]", "a[bob]", "b[bob]"] if HAS_SUBTESTS else [])


def test_a_file_without_requests_has_no_item(suite):
    suite.collection({"name": "F", "item": []})
    assert suite.collect("--postrunner-chain", "file").collected == []


def test_requests_alone_run_without_the_others(suite):
    check = "pm.test('none', () => pm.expect(pm.environment.has('left')).to.be.false);"
    suite.collection(entry("one", "pm.environment.set('left', 1);"), entry("two", check), entry("three", check))
    outcome = suite.run("--postrunner-chain", "none", "-k", "one or three")
    assert outcome.outcomes == {"one": "passed", "three": "passed"}
    assert outcome.sent == ["/one", "/three"]


def test_requests_alone_keep_their_iteration_with_its_row(suite):
    suite.write("rows.json", '[{"id": "ann"}, {"id": "bob"}]')
    check = "pm.test('row', () => pm.expect([pm.info.iteration, pm.iterationData.get('id')]).to.eql([1, 'bob']));"
    suite.collection(entry("one"), entry("two", check))
    outcome = suite.run("--postrunner-chain", "none", "--postrunner-iteration-data", "rows.json", "-k", "two and bob")
    assert outcome.outcomes == {"two[bob]": "passed"}
    assert outcome.sent == ["/two"]


def test_requests_alone_have_a_setup_and_a_teardown_each(suite):
    suite.collection({"name": "S", "item": [entry("s")]}, entry("a"), entry("b"), {"name": "T", "item": [entry("broken")]})
    options = ["--postrunner-option", "setup=S", "--postrunner-option", "teardown=T"]
    outcome = suite.run("--postrunner-chain", "none", *options)
    assert outcome.sent == ["/s", "/a", "/broken", "/s", "/b", "/broken"]
    assert outcome.outcomes == {"a": "error", "b": "error"}


def test_the_configuration_says_what_items_run_with(suite):
    suite.write("pytest.ini", "[pytest]\npostrunner_chain = file\n")
    suite.collection(entry("a"), entry("b"))
    assert suite.collect().collected == ["Shop"]
    assert suite.collect("--postrunner-chain", "replay").collected == ["a", "b"]


def test_another_word_is_an_error(suite):
    suite.collection(entry("a"))
    outcome = suite.collect("--postrunner-chain", "files")
    assert outcome.errors == ["postrunner_chain: 'files' is none of replay, file, none"]


@needs_subtests
def test_each_test_is_a_subtest_if_wanted(suite):
    suite.write("pytest.ini", "[pytest]\npostrunner_subtests = true\n")
    script = f"{OK}\n{LATER}\npm.test('no', () => pm.expect(1).to.eql(2));\nthrow new Error('gone');"
    suite.collection(entry("a", script))
    outcome = suite.run()
    assert outcome.subtests == [("a", "is 200", "passed"), ("a", "later", "skipped"), ("a", "no", "failed")]
    assert outcome.said("a").startswith("Error: gone")


@pytest.mark.skipif(HAS_SUBTESTS, reason="pytest 8 has none")
def test_subtests_need_pytest_9(suite):
    suite.collection(entry("a"))
    assert suite.collect("--postrunner-subtests").errors[0].startswith("postrunner_subtests: needs pytest 9, this is 8")


def test_an_item_that_runs_again_after_a_failed_setup_begins_anew(suite):
    again = "def pytest_collection_modifyitems(items):\n    items[:] = [*items, items[0]]\n"
    suite.write("conftest.py", f"{(suite.folder / 'conftest.py').read_text()}\n\n{again}")
    suite.collection({"name": "S", "item": [entry("broken")]}, entry("a"), entry("b"))
    assert suite.run("--postrunner-option", "setup=S").sent == ["/broken", "/broken"]
