"""What failed in some iterations is run again in these alone, with what it needs, also of earlier ones."""

import json
import random
from pathlib import Path

import pytest

from tests.cli.test_rerun import STATE, again, paths, request_that, sets

__all__ = ["again", "paths", "request_that"]


@pytest.fixture
def rows(tmp_path):
    """Write rows of data, in which `n` is the number of the iteration."""

    def write(count=6):
        (tmp_path / "rows.json").write_text(json.dumps([{"n": number} for number in range(count)]))
        return ("-d", "rows.json")

    return write


def fails_in(*iterations):
    return f"pm.test('row', () => pm.expect({list(iterations)}).to.not.include(pm.info.iteration));"


def test_only_the_iterations_that_failed_are_run(again, collection, request_that, rows):
    file = collection(request_that("a"), request_that("b", path="b{{n}}", test=fails_in(1, 4)), request_that("c"))
    again(file, *rows(), code=1)
    seen, done = again(file, *rows(), "--last-failed", code=1)
    assert seen == ["/b1", "/b4"]
    assert "1 of 3 requests are run, which failed last time, in 2 of 6 iterations" in " ".join(done.out.split())
    assert "Iteration 2/6" in done.out
    assert "Iteration 5/6" in done.out


def test_each_request_is_run_in_its_own_iterations(again, collection, request_that, rows):
    items = [
        request_that(name, path=f"{name}{{{{n}}}}", test=fails_in(*own)) for name, own in (("a", [0, 3]), ("b", [3, 5]))
    ]
    file = collection(*items)
    again(file, *rows(), code=1)
    assert again(file, *rows(), "--last-failed", code=1)[0] == ["/a0", "/a3", "/b3", "/b5"]


def test_what_it_needs_is_run_in_the_same_iterations(again, collection, request_that, rows):
    token = request_that("token", path="token{{n}}", test=sets("token"))
    last = request_that("last", path="{{token}}{{n}}", test=fails_in(2))
    file = collection(token, request_that("other"), last)
    again(file, *rows(), code=1)
    assert again(file, *rows(), "--last-failed", code=1)[0] == ["/token2", "/v2"]


def test_what_an_earlier_iteration_left_is_made_by_all_earlier_ones(again, collection, request_that, rows):
    count = "pm.environment.set('count', Number(pm.environment.get('count')) + 1);"
    file = collection(
        request_that("last", path="{{count}}", test=fails_in(3)),
        request_that("other"),
        request_that("count", path="count{{n}}", test=count),
    )
    again(file, *rows(), "--env-var", "count=0", code=1)
    seen, _ = again(file, *rows(), "--env-var", "count=0", "--last-failed", code=1)
    assert seen == ["/count0", "/count1", "/count2", "/3"]


def test_names_that_scripts_compute_are_a_need_of_all_earlier_iterations(again, collection, request_that, rows):
    computed = request_that("b", path="b{{n}}", test=f"{fails_in(2)}\npm.variables.get('x' + pm.info.iteration);")
    file = collection(request_that("a", path="a{{n}}", test=sets("x")), request_that("c", path="c{{n}}"), computed)
    again(file, *rows(), code=1)
    assert again(file, *rows(), "--last-failed", code=1)[0] == ["/a0", "/a1", "/a2", "/c2", "/b2"]


def test_what_passes_in_one_iteration_stays_failed_in_the_others(again, collection, request_that, rows, tmp_path):
    broken = collection(request_that("a", path="a{{n}}", test=fails_in(1, 4)))
    again(broken, *rows(), code=1)
    assert json.loads((tmp_path / STATE).read_text())["failed"] == [
        {"collection": "c.json", "path": ["a"], "iterations": [1, 4]}
    ]
    collection(request_that("a", path="a{{n}}", test=fails_in(4)))
    again(broken, *rows(), "--last-failed", code=1)
    assert again(broken, *rows(), "--last-failed", code=1)[0] == ["/a4"]


def test_an_iteration_that_is_no_longer_there_is_named_and_forgotten(again, collection, request_that, rows, tmp_path):
    file = collection(request_that("a", path="a{{n}}", test=fails_in(1, 4)))
    again(file, *rows(), code=1)
    seen, done = again(file, *rows(2), "--last-failed", code=1)
    assert seen == ["/a1"]
    assert "warning: what failed last time is no longer there: 'a (iteration 5)'" in done.out
    assert json.loads((tmp_path / STATE).read_text())["failed"][0]["iterations"] == [1]


def test_a_run_of_one_iteration_knows_none(again, collection, request_that, rows, tmp_path):
    file = collection(request_that("a", fails=True))
    again(file, code=1)
    assert "iterations" not in (tmp_path / STATE).read_text()
    assert again(file, *rows(3), "--last-failed", code=1)[0] == ["/status/500/a"] * 3


def test_iterations_beside_each_other_are_run_again(again, collection, request_that, rows):
    file = collection(
        request_that("a", path="a{{n}}", test=fails_in(1, 4)), request_that("b", path="b{{n}}", test=fails_in(4))
    )
    parallel = ("--jobs", "2", "--parallel", "iterations")
    again(file, *rows(), *parallel, code=1)
    assert sorted(again(file, *rows(), *parallel, "--last-failed", code=1)[0]) == ["/a1", "/a4", "/b4"]


def test_the_list_tells_the_iterations(again, collection, request_that, rows):
    file = collection(request_that("a", test=fails_in(1, 4)), request_that("b", test=fails_in(4)), request_that("c"))
    again(file, *rows(), code=1)
    listed = again(file, *rows(), "--last-failed", "--list", code=0)[1].out
    assert listed.splitlines() == ["c", "  a (iterations 2, 5)", "  b (iteration 5)", "2 requests in each of 2 iterations"]
    shown = json.loads(again(file, *rows(), "--last-failed", "--list", "json", code=0)[1].out)
    assert [one["iterations"] for one in shown["collections"][0]["items"]] == [[1, 4], [4]]


@pytest.mark.parametrize(("reporter", "file"), [("json", "r.json"), ("junit", "r.xml")])
def test_a_report_tells_the_iterations(again, collection, request_that, rows, reporter, file):
    path = collection(
        request_that("a", path="a{{n}}", test=fails_in(1, 4)), request_that("b", path="b{{n}}", test=fails_in(2))
    )
    again(path, *rows(), "-r", reporter, f"--reporter-{reporter}-export", file, code=1)
    assert again(path, *rows(), "--rerun", file, code=1)[0] == ["/a1", "/b2", "/a4"]


def test_reports_of_a_rerun_have_the_numbers_of_the_first_run(again, collection, request_that, rows, tmp_path):
    file = collection(request_that("a", path="a{{n}}", test=fails_in(1, 4)))
    again(file, *rows(), code=1)
    again(file, *rows(), "--last-failed", "-r", "json", "--reporter-json-export", "r.json", code=1)
    cursors = [one["cursor"] for one in json.loads((tmp_path / "r.json").read_text())["run"]["executions"]]
    assert [(one["iteration"], one["cycles"]) for one in cursors] == [(1, 6), (4, 6)]


# -- reports that Newman 6.2.2 wrote ----------------------------------------------------------------------------------

NEWMAN = Path(__file__).parent / "newman_reports"
"""Three runs of one collection, without requests and responses: in three iterations, in one, and with --bail."""


def shop(request_that):
    """The collection of these runs, all of whose requests can be sent; one was renamed since then."""
    users = [[request_that("same", path="b{{n}}"), request_that("throws", path="c{{n}}")]]
    users.append([request_that("same", path="d{{n}}"), request_that("refused", path="e{{n}}")])
    top = [
        request_that(name, path=f"{path}{{{{n}}}}")
        for name, path in (("same", "a"), ("sends", "f"), ("pre", "g"), ("fine", "h"))
    ]
    folders = [{"name": "Users", "item": items} for items in users]
    return top[0], *folders, *top[1:], request_that("new name")


def test_newmans_report_tells_requests_and_iterations(again, collection, request_that, rows):
    file = collection(*shop(request_that), info={"name": "Shop"})
    seen, done = again(file, *rows(3), "--rerun", str(NEWMAN / "iterations.json"), code=0)
    assert seen == ["/c0", "/e0", "/f0", "/g0", "/a1", "/c1", "/e1", "/f1", "/b2", "/c2", "/d2", "/e2", "/f2"]
    assert "is no longer there: 'renamed'" in " ".join(done.out.split())


def test_newmans_report_of_one_iteration_is_about_all(again, collection, request_that, rows):
    file = collection(*shop(request_that), info={"name": "Shop"})
    seen, _ = again(file, *rows(1), "--rerun", str(NEWMAN / "once.json"), code=0)
    assert seen == ["/c0", "/e0", "/f0", "/g0"]
    seen, _ = again(file, *rows(2), "--rerun", str(NEWMAN / "once.json"), code=0)
    assert seen == ["/c0", "/e0", "/f0", "/g0", "/c1", "/e1", "/f1", "/g1"]


def test_newmans_report_after_bail_has_what_failed(again, collection, request_that, rows):
    file = collection(*shop(request_that), info={"name": "Shop"})
    assert again(file, *rows(3), "--rerun", str(NEWMAN / "bail.json"), code=0)[0] == ["/c0"]


@pytest.mark.parametrize("seed", range(5))
def test_a_rerun_sees_what_the_whole_run_saw(again, collection, request_that, rows, tmp_path, seed):
    """Each request sends what it read of the variables, so the requests of a rerun are among those of the whole run."""
    draw, names = random.Random(seed), "uvw"
    items = []
    for number in range(5):
        read, write = draw.choice(names), draw.choice(names)
        leave = f"pm.environment.set('{write}', '{number}.' + pm.info.iteration);" if draw.random() < 0.6 else ""
        fails = fails_in(*draw.sample(range(6), draw.choice([0, 0, 1])))
        items.append(request_that(f"i{number}", path=f"i{number}-{{{{n}}}}-{{{{{read}}}}}", test=f"{fails}\n{leave}"))
    items.append(request_that("i5", path="i5-{{n}}-{{u}}{{v}}{{w}}", test=fails_in(draw.randrange(6))))
    file = collection(*items)
    start = [argument for name in names for argument in ("--env-var", f"{name}=0")]
    whole = again(file, *rows(), *start, "-r", "json", "--reporter-json-export", "r.json", code=1)[0]
    seen, done = again(file, *rows(), *start, "--last-failed", code=1)
    assert set(seen) <= set(whole), done.out
    failed = {
        (f["source"]["name"], f["cursor"]["iteration"])
        for f in json.loads((tmp_path / "r.json").read_text())["run"]["failures"]
    }
    assert failed <= {(path[1:].split("-")[0], int(path.split("-")[1])) for path in seen}
