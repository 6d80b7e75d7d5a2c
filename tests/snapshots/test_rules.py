"""`--snapshot-ignore` and its relatives, and the file of rules."""

import json

import pytest

from runner.errors import UsageError
from tests.snapshots.conftest import folder, item, lines


@pytest.fixture
def differs(api):
    """Two requests of the same name that answer otherwise each time."""
    api.collect(folder("F", item("a", "/a")), folder("G", item("a", "/b")))

    def run(before, after, **options):
        api.answer(before, headers={"X-N": "1"})
        api.answer({}, path="/b")
        api.run("update", **options)
        api.answer(after, status=201, headers={"X-N": "2"})
        return lines(api.run(**options))

    return run


STATUS, HEADER, N = ["status:", "- 200", "+ 201"], ["header.x-n:", '- "1"', '+ "2"'], ["$.n:", "- 1", "+ 2"]


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ([], STATUS + HEADER + N),
        (["F/a:$.n"], STATUS + HEADER),
        (["a:$.n"], STATUS + HEADER),
        (["F:$.n"], STATUS + HEADER),
        (["*:$..n"], STATUS + HEADER),
        (["G/a:$.n"], STATUS + HEADER + N),
        (["F/a:status", "F/a:header.X-N"], N),
        (["F/a:body"], STATUS + HEADER),
        (["F/a"], []),
        (["F/a:$"], []),
    ],
)
def test_what_is_ignored_is_no_difference(differs, rules, left):
    assert differs({"n": 1}, {"n": 2}, snapshot_ignore=rules) == left


def test_an_ignored_value_may_be_missing_and_is_not_in_the_file(differs, api):
    assert differs({"a": 1, "n": "x"}, {"a": 1}, snapshot_ignore=["*:$.n", "*:status", "*:header.x-n"]) == []
    assert api.read("F/a.json") == {
        "snapshot": 1,
        "request": ["F", "a"],
        "status": "<ignored>",
        "headers": {"content-type": "application/json"},
        "body": {"json": {"a": 1, "n": "<ignored>"}},
    }


def test_arrays_have_an_order_unless_a_rule_says_otherwise(differs):
    ignore = ["*:status", "*:header.x-n"]
    before, after = {"l": [{"n": 1}, {"n": 2}]}, {"l": [{"n": 2}, {"n": 1}]}
    assert differs(before, after, snapshot_ignore=ignore) == ["$.l[0]: is at $.l[1] now"]
    assert differs(before, after, snapshot_ignore=ignore, snapshot_unordered=["F:$.l"]) == []


def test_exact_values_are_compared(differs):
    ignore = ["*:status", "*:header.x-n"]
    before, after = {"at": "2026-01-01T00:00:00Z"}, {"at": "2026-01-02T00:00:00Z"}
    assert differs(before, after, snapshot_ignore=ignore) == []
    told = ["$.at:", '- "2026-01-01T00:00:00Z"', '+ "2026-01-02T00:00:00Z"']
    assert differs(before, after, snapshot_ignore=ignore, snapshot_exact=["*:$.at"]) == told


def test_a_file_of_rules_counts_for_everyone(differs, api):
    api.snapshots.mkdir()
    rules = {"rules": 1, "ignore": ["F/a:$.n", "F/a:status", "F/a:header.x-n"]}
    (api.snapshots / "rules.json").write_text(json.dumps(rules))
    assert differs({"n": 1}, {"n": 2}) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"snapshot_ignore": "nobody:$.a"}, "names no request"),
        ({"snapshot_ignore": "a:$.a["}, "path from"),
        ({"snapshot_ignore": ":$.a"}, "is no rule"),
        ({"snapshot_unordered": "a"}, "is no rule"),
        ({"snapshot_unordered": "a:status"}, "is no rule"),
        ({"snapshot_exact": "a:header.x"}, "is no rule"),
    ],
)
def test_a_rule_that_says_nothing_is_a_mistake(api, options, message):
    with pytest.raises(UsageError, match=message) as caught:
        api.run(**options)
    assert caught.value.where == "--" + next(iter(options)).replace("_", "-")


def test_a_rule_of_the_file_whose_request_is_gone_is_a_warning(api):
    api.snapshots.mkdir()
    (api.snapshots / "rules.json").write_text('{"rules": 1, "ignore": ["gone:$.a"]}')
    api.answer({})
    (warning,) = api.run("update").warnings
    assert "'gone:$.a' of the snapshots names no request" in warning.message


def test_a_name_with_a_colon_is_a_name(api):
    api.collect(item("a:b", "/a"))
    api.answer({"n": 1})
    api.run("update", snapshot_ignore="a:b:$.n")
    api.answer({"n": 2})
    assert api.run(snapshot_ignore="a:b:$.n").exit_code() == 0
