"""`--snapshot review`: each difference is shown to a person, who accepts it or not."""

import io
import json

import pytest

from tests.snapshots.conftest import assertions, item


class Person(io.StringIO):
    """Somebody at a terminal who types these lines."""

    def isatty(self):
        return True


@pytest.fixture
def review(api, monkeypatch):
    """Two requests whose answers changed, and a third that is new; the answers of the person follow."""
    api.collect(item("a"), item("b"), item("same"))
    for path in ("/a", "/b", "/same"):
        api.answer({"n": 1}, path=path)
    api.run("update")
    api.collect(item("a"), item("b"), item("same"), item("new"))
    for path in ("/a", "/b", "/new"):
        api.answer({"n": 2}, path=path)

    def run(answers, **options):
        monkeypatch.setattr("sys.stdin", Person("".join(f"{answer}\n" for answer in answers)))
        return api.run("review", **options)

    return run


def numbers(api):
    return {name: api.read(name)["body"]["json"]["n"] for name in api.files}


def test_what_is_accepted_is_written_and_no_failure(api, review, capsys):
    result = review("aaa")
    assert (result.exit_code(), result.failures) == (0, [])
    assert numbers(api) == {"a.json": 2, "b.json": 2, "same.json": 1, "new.json": 2}
    assert result.snapshots.said == "1 as before, 1 new, 2 updated"
    shown = capsys.readouterr().err
    assert "1 of 3: a" in shown
    assert "  - 1\n  + 2\n" in shown
    assert "there is no snapshot of this response" in shown
    assert api.run().exit_code() == 0


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ("rrr", {"a.json": 1, "b.json": 1, "same.json": 1}),
        ("sas", {"a.json": 1, "b.json": 2, "same.json": 1}),
        ("aq", {"a.json": 2, "b.json": 1, "same.json": 1}),
        ("a", {"a.json": 2, "b.json": 1, "same.json": 1}),
        ("", {"a.json": 1, "b.json": 1, "same.json": 1}),
        ("rA", {"a.json": 1, "b.json": 2, "same.json": 1, "new.json": 2}),
        ("?xr" + "rr", {"a.json": 1, "b.json": 1, "same.json": 1}),
    ],
)
def test_what_is_not_accepted_is_a_failure_and_stays(api, review, answers, left):
    result = review(answers)
    assert numbers(api) == left
    rejected = 3 - sum(left.get(name) == 2 for name in ("a.json", "b.json", "new.json"))
    assert (result.exit_code(), len(result.failures)) == (1, rejected)
    assert result.stats["assertions"].failed == rejected
    assert result.stats["assertions"].total == 4


def test_until_it_is_reviewed_a_difference_is_a_skipped_test(review):
    result = review("aaa")
    skipped = [one.name for one in assertions(result) if one.skipped]
    assert skipped == [f"snapshot: {name}.json: to be reviewed" for name in ("a", "b", "new")]


def test_a_rejected_difference_is_in_the_reports(review, tmp_path):
    report = tmp_path / "report.json"
    review("raa", reporters=("json",), reporter_options={"json": {"export": str(report)}})
    run = json.loads(report.read_text())["run"]
    assert [failure["error"]["test"] for failure in run["failures"]] == ["snapshot: a.json"]
    assert run["failures"][0]["error"]["message"] == "$.n:\n- 1\n+ 2"
    assert (run["snapshots"]["different"], run["snapshots"]["matched"]) == (1, 1)


def test_nothing_is_asked_when_nothing_differs(api, monkeypatch):
    api.record({})
    monkeypatch.setattr("sys.stdin", Person())
    assert api.run("review").exit_code() == 0


def test_a_difference_in_a_request_that_failed_is_not_asked_about(api, monkeypatch):
    api.record({"n": 1})
    api.collect(item("a", script="pm.test('t', () => pm.expect(1).to.eql(2))"))
    api.answer({"n": 2})
    monkeypatch.setattr("sys.stdin", Person())
    result = api.run("review")
    assert (result.exit_code(), numbers(api)) == (1, {"a.json": 1})
