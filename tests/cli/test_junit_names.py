"""CI servers know a test again by `classname` and `name`: each pair is unique, the same in every run, and loses no text."""

import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml

from runner import run
from runner.options import RunOptions
from tests.cli.conftest import item

PASS = "pm.test('ok', () => {});"


@pytest.fixture
def cases(postrunner, tmp_path):
    """Run collections and read the report as junitparser does; gives (classname, name, outcome) of each case."""

    def call(*collections, more=()):
        names = []
        for number, collection in enumerate(collections):
            (tmp_path / f"c{number}.json").write_text(json.dumps({"info": {"name": "API"}, **collection}))
            names.append(f"c{number}.json")
        postrunner("run", *names, "-r", "junit", "--reporter-junit-export", "r.xml", *more)
        return read(tmp_path / "r.xml")

    return call


def read(path):
    report = JUnitXml.fromfile(str(path))
    cases = [case for suite in report for case in suite]
    assert report.tests == len(cases)
    keys = {gitlab_key(case) for case in cases}
    assert len(keys) == len(cases), "two cases are one for GitLab"
    return [(case.classname, case.name, type(case.result[0]).__name__ if case.result else "") for case in cases]


def gitlab_key(case):
    """GitLab tells cases apart by this: the name of the job, the class name and the name."""
    return sha256(f"job_{case.classname}_{case.name}".encode()).hexdigest()


def folder(name, *items):
    return {"name": name, "item": list(items)}


def pairs(found):
    return [(classname, name) for classname, name, _ in found]


def test_class_names_are_the_path_with_every_character(server, cases):
    names = ["GET /users/{id}", "GET /users?id", "用户 列表", "हिन्दी", "🎉", "Größe v1.0", "a<b>&\"c'"]
    found = cases({"item": [folder("Ordner 1", *(item(name, server.url, PASS) for name in names))]})
    assert pairs(found) == [(f"API.Ordner 1.{name}", "ok") for name in names]


def test_equal_names_are_counted_in_the_order_of_the_collection(server, cases):
    same, more = (lambda: item("same", server.url, PASS)), item("same (2)", server.url, PASS)
    collection = {"item": [same(), folder("f", same(), same()), same(), more, folder("f", same()), same()]}
    expected = [
        "API.same",
        "API.f.same",
        "API.f.same (2)",
        "API.same (3)",
        "API.same (2)",
        "API.f.same (3)",
        "API.same (4)",
    ]
    assert [classname for classname, _ in pairs(cases(collection))] == expected


def test_what_runs_does_not_change_a_name(server, cases):
    jump = item("a", server.url, PASS + "; pm.execution.setNextRequest('c')")
    collection = {
        "item": [jump, folder("f", item("a", server.url, PASS)), item("a", server.url, PASS), item("c", server.url, PASS)]
    }
    assert [classname for classname, _ in pairs(cases(collection))] == ["API.a", "API.c"]
    assert [classname for classname, _ in pairs(cases(collection, more=("--folder", "f")))] == ["API.f.a"]
    last = {**collection, "item": [*collection["item"][1:3], item("c", server.url, PASS)]}
    assert [classname for classname, _ in pairs(cases(last))] == ["API.f.a", "API.a", "API.c"]


def test_equal_tests_are_counted(server, cases):
    script = "['a', 'a', 'a (2)', 'a', 'b'].forEach(name => pm.test(name, () => {}))"
    found = cases({"item": [item("x", server.url, script)]})
    assert [name for _, name in pairs(found)] == ["a", "a (3)", "a (2)", "a (4)", "b"]


def test_a_failure_beside_a_test_does_not_change_its_name(server, cases):
    script = "pm.test('test-script', () => {}); pm.test('request', () => {}); "
    passed = cases({"item": [item("x", server.url, script)]})
    failed = cases({"item": [item("x", server.url, script + "throw Error()")]})
    assert failed == [*passed, ("API.x", "test-script (2)", "Error")]


def test_an_error_before_a_test_does_not_change_its_name(server, cases):
    script = "pm.test('prerequest-script', () => {})"
    found = cases({"item": [item("x", server.url, script, "throw Error()")]})
    assert found == [("API.x", "prerequest-script (2)", "Error"), ("API.x", "prerequest-script", "")]


def test_a_request_that_is_repeated_in_an_iteration_is_counted(server, cases):
    again = "pm.test('t', () => {}); const n = +(pm.variables.get('n') || 0) + 1; pm.variables.set('n', n);"
    found = cases({"item": [item("x", server.url, again + "if (n < 3) pm.execution.setNextRequest('x')")]})
    assert [name for _, name in pairs(found)] == ["t", "t (2)", "t (3)"]


def test_iterations_are_told_apart(server, cases):
    found = cases({"item": [item("x", server.url, PASS + PASS.replace("ok", "ok (iteration 1)"))]}, more=("-n", "2"))
    expected = ["ok", "ok (iteration 1)"]
    assert [name for _, name in pairs(found)] == [f"{name} (iteration {n})" for n in (1, 2) for name in expected]


def test_two_collections_share_no_name_and_one_alone_keeps_its_own(server, cases):
    one, other = (
        {"item": [item("x", server.url, PASS)]},
        {"item": [item("x", server.url, PASS), item("y", server.url, PASS)]},
    )
    alone = pairs(cases(one))
    assert pairs(cases(one, other)) == [*alone, ("API.x (2)", "ok"), ("API.y", "ok")]


def test_two_runs_have_the_same_names(server, cases):
    collection = {"item": [item("x", server.url, PASS + "; pm.test('n' + 1, () => pm.expect(Date.now()).to.eql(1))")] * 2}
    assert cases(collection) == cases(collection)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\x00b\x1b", "a\\x00b\\x1b"),
        ("]]>", "]]>"),
        ("\ud83d", "�"),
        ("", "(no name)"),
        (" a\n b\t", "a b"),
        ("n" * 5000, "n" * 5000),
    ],
)
def test_names_that_xml_cannot_hold(server, cases, name, shown):
    script = f"pm.test({json.dumps(name)}, () => {{}}); pm.test({json.dumps(name)}, () => {{}})"
    found = cases({"item": [item(name, server.url, script), item(name, server.url, script)]})
    assert {n for _, n in pairs(found)} == {shown, f"{shown} (2)"}
    assert {classname for classname, _ in pairs(found)} == {f"API.{shown}", f"API.{shown} (2)"}


def test_secrets_in_names_of_tests_become_one_name_and_are_counted(server, cases):
    each = "pm.environment.set('token' + n, v); pm.test('has ' + v, () => {})"
    script = f"['first-secret-1', 'other-secret-2'].forEach((v, n) => {{ {each} }})"
    found = cases({"item": [item("x", server.url, script)]})
    assert [name for _, name in pairs(found)] == ["has ••••", "has •••• (2)"]


NAMES = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(["a", "a (2)", "a.b", "b", "a (iteration 1)"])
TREE = st.recursive(NAMES, lambda inner: st.tuples(NAMES, st.lists(inner, max_size=4)), max_leaves=8)


@settings(max_examples=15, deadline=None)
@given(trees=st.lists(TREE, max_size=5))
def test_any_collection_has_unique_names(trees, tmp_path_factory):
    path = tmp_path_factory.mktemp("names") / "r.xml"
    collection = {"info": {"name": "API"}, "item": [node(tree) for tree in trees]}
    options = {"reporters": ("junit",), "reporter_options": (("junit-export", str(path)),), "allow_empty": True}
    run(collection, RunOptions(**options))
    first = read(path)
    run(collection, RunOptions(**options))
    assert read(path) == first


def node(tree):
    if isinstance(tree, tuple):
        return {"name": tree[0], "item": [node(child) for child in tree[1]]}
    return item(tree, "", "pm.test('t', () => {})", "pm.execution.skipRequest()")
