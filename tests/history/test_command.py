"""`postrunner history`: what it shows, in which form, and of which runs."""

import json

from tests.history.conftest import item

FAILS = "pm.test('a|b', () => { throw new Error('no <b> at all') })"


def test_it_shows_runs_failures_and_times(ran, told):
    ran(item("a"))
    ran(item("a", test=FAILS))
    out = told()
    assert out.startswith("Runs, the latest 2 of 2\n")
    runs, failing, slowest = out.split("\n\n")
    assert [line.split()[2] for line in runs.splitlines()[2:]] == ["failed", "passed"]
    assert failing.splitlines()[0] == "Failing"
    assert failing.splitlines()[2].startswith("  a / a|b  1")
    assert failing.splitlines()[3] == "    no <b> at all"
    assert slowest.splitlines()[2].split()[0] == "a"


def test_several_collections_are_told_apart(ran, told):
    ran(item("a", test=FAILS))
    ran(item("a"), name="D")
    assert "C: a / a|b" in told()
    assert "C: a" not in told("--collection", "C")


def test_only_the_runs_that_are_asked_for_count(ran, told):
    for name in ("C", "C", "D"):
        ran(item("a", test=""), name=name)
    ran(item("a", test=""), environment={"name": "Staging", "values": [{"key": "x", "value": "1"}]})

    def runs(*words):
        return [run["id"] for run in json.loads(told("--format", "json", *words))["runs"]]

    assert runs() == [1, 2, 3, 4]
    assert runs("--last", "2") == [3, 4]
    assert runs("--collection", "C") == [1, 2, 4]
    assert runs("--environment", "Staging") == [4]
    assert runs("--collection", "C", "--environment", "") == [1, 2]


def test_json_says_everything_with_whole_runs(ran, told):
    ran(item("a"))
    ran(item("a", test=FAILS))
    (one,) = json.loads(told("--format", "json"))["failing"]
    assert (one["path"], one["test"], one["message"], one["first"]["id"], one["passed"]) == (
        ["a"],
        "a|b",
        "no <b> at all",
        2,
        None,
    )


def test_markdown_escapes_what_would_be_markup(ran, told):
    ran(item("a", test=FAILS))
    assert "a / a\\|b" in told("--format", "markdown")
    assert "no &lt;b> at all" in told("--format", "markdown")


def test_runs_that_are_not_there_are_a_mistake_that_names_those_that_are(ran, told):
    ran(item("a", test=""))
    assert "it has runs of C (no environment)" in told("--collection", "D", code=2)


def test_a_file_that_is_no_history_is_told(path, told):
    assert "there is no such file" in told(code=2)
    path.write_text("my notes\n" * 100)
    assert "is not a history of runs, or a broken one" in told(code=2)
    assert path.read_text() == "my notes\n" * 100


def test_reading_leaves_no_file_behind(ran, path, told):
    ran(item("a", test=""))
    told()
    assert [one.name for one in path.parent.iterdir()] == [path.name]
