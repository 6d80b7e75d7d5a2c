"""`--shard`: the parts of a run together are the run, whatever else is asked for."""

import json
import random
import re
from collections import Counter
from dataclasses import replace

import httpx
import pytest

import runner
from runner.errors import LoadError, NothingRun, UsageError
from runner.loading import load_all, load_plans
from runner.options import RunOptions
from tests.cli.conftest import item

COUNT = 3
STATE = ".postrunner/last-failed.json"


def at(name, test="", prerequest="", **more):
    return item(name, f"http://app.example/{name}", test, prerequest, **more)


def folder(name, *items, **more):
    return {"name": name, "item": list(items), **more}


def document(*items, name="c", **more):
    return {"info": {"name": name}, "item": list(items), **more}


def sets(name):
    return f"pm.environment.set('{name}', 'v')"


LETTERS = [at(name) for name in "abcdefgh"]


class Server:
    """Answers with 200, and not at all for what is `dead`; `paths` are those that were asked for since the last time."""

    def __init__(self):
        self.seen, self.dead = [], ""

    def __call__(self, request):
        self.seen.append(request.url.path[1:] + (f"?{request.url.query.decode()}" if request.url.query else ""))
        if request.url.path[1:] in self.dead:
            raise httpx.ConnectError("nobody is there")
        return httpx.Response(200, json={})

    def paths(self):
        seen, self.seen = self.seen, []
        return seen


@pytest.fixture
def app():
    return Server()


@pytest.fixture
def part(app):
    """Run one part; gives the paths that were asked for."""

    def run(index, *collections, count=COUNT, **options):
        given = collections[0] if len(collections) == 1 else list(collections)
        run.result = runner.run(given, shard=f"{index}/{count}", transport=httpx.MockTransport(app), **options)
        return app.paths()

    return run


@pytest.fixture
def whole(app):
    """Run all of it; gives the paths that were asked for."""

    def run(*collections, **options):
        given = collections[0] if len(collections) == 1 else list(collections)
        runner.run(given, transport=httpx.MockTransport(app), **options)
        return app.paths()

    return run


@pytest.fixture
def parts(part):
    """Run every part; gives the paths of each."""

    def run(*collections, count=COUNT, **options):
        return [part(index, *collections, count=count, **options) for index in range(1, count + 1)]

    return run


def together(parts):
    return Counter(path for one in parts for path in one)


# -- what is divided ----------------------------------------------------------------------------------------------------


def test_requests_are_divided_each_once(parts):
    found = parts(document(*LETTERS))
    assert together(found) == Counter("abcdefgh")
    assert len([one for one in found if one]) > 1


def test_each_part_keeps_the_order(parts):
    assert all(one == sorted(one) for one in parts(document(*LETTERS)))


def test_a_folder_stays_whole(parts):
    found = parts(document(folder("x", at("a"), folder("y", at("b"))), folder("z", at("c"), at("d")), at("e")))
    assert together(found) == Counter("abcde")
    assert all(("a" in one) == ("b" in one) and ("c" in one) == ("d" in one) for one in found)


def test_several_collections_are_divided_by_collections(parts):
    found = parts(*(document(at(f"{name}1"), at(f"{name}2"), name=name) for name in "abcdef"))
    assert together(found) == Counter(f"{name}{number}" for name in "abcdef" for number in "12")
    assert all((f"{name}1" in one) == (f"{name}2" in one) for name in "abcdef" for one in found)


def test_collections_and_folders_of_one_name_are_told_apart(parts):
    twins = [document(at(f"{name}{number}"), name="same") for number, name in enumerate("abcdef")]
    assert together(parts(*twins)) == together([[f"{name}{number}" for number, name in enumerate("abcdef")]])
    mixed = [folder("same", at("a")), at("b"), folder("same", at("c")), at("d"), folder("same", at("e")), at("d")]
    assert together(parts(document(*mixed))) == Counter("abcded")


def test_with_parallel_folders_those_of_all_collections_are_divided(parts):
    found = parts(
        *(document(at(f"{name}1"), at(f"{name}2"), at(f"{name}3"), name=name) for name in "ab"), parallel="folders"
    )
    assert together(found) == Counter(f"{name}{number}" for name in "ab" for number in "123")
    assert len([one for one in found if one]) == COUNT


@pytest.mark.parametrize("jobs", [1, 4])
def test_with_parallel_iterations_the_rows_are_divided(parts, jobs):
    rows = [{"n": number} for number in range(7)]
    found = parts(document(at("a?{{n}}")), parallel="iterations", iteration_data=rows, jobs=jobs)
    assert [sorted(one) for one in found] == [["a?0", "a?3", "a?6"], ["a?1", "a?4"], ["a?2", "a?5"]]


def test_a_script_knows_the_number_of_its_iteration(part):
    told = at("a", "pm.test(`${pm.info.iteration} of ${pm.info.iterationCount}`, () => {})")
    part(2, document(told), parallel="iterations", iteration_count=5)
    assert [test.name for ran in part.result.executions for test in ran.assertions] == ["1 of 5", "4 of 5"]


def test_all_iterations_of_a_request_stay_with_it(parts):
    rows = [{"n": number} for number in range(3)]
    found = parts(document(*(at(f"{name}?{{{{n}}}}") for name in "abcd")), iteration_data=rows)
    assert together(found) == Counter(f"{name}?{number}" for name in "abcd" for number in range(3))
    assert all(Counter(path[0] for path in one).keys() == {path[0] for path in one if path.endswith("0")} for one in found)


# -- what depends on one another ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "items",
    [
        [at("a", sets("x")), at("b"), at("c?{{x}}")],
        [at("a", "pm.execution.setNextRequest('c')"), at("b"), at("c")],
        [at("a", "pm.execution.setNextRequest(null)"), at("b"), at("c")],
        [at("a", "pm.execution.setNextRequest('gone')"), at("b"), at("c")],
        [at("a", "pm.environment.set(pm.response.text(), 1)"), at("b?{{x}}"), at("c?{{y}}")],
        [at("a", "this is not a script"), at("b?{{x}}"), at("c?{{x}}")],
        [
            at("a"),
            at("b", "if (!pm.environment.get('n')) { pm.environment.set('n', 1); postman.setNextRequest('a') }"),
            at("c"),
        ],
    ],
)
def test_the_parts_run_what_the_whole_runs(parts, whole, items):
    """Those that are tied run together, so each jump and each variable is what it is in the whole."""
    everything = document(*items, *(at(name) for name in "defg"))
    assert together(parts(everything)) == Counter(whole(everything))


def test_what_later_iterations_read_is_with_what_sets_it(parts, whole):
    everything = document(at("a?{{x}}"), at("b"), at("c", sets("x")), at("d"), at("e"))
    assert together(parts(everything, iteration_count=2)) == Counter(whole(everything, iteration_count=2))


def test_with_force_parallel_nothing_is_tied(parts):
    everything = document(*(at(f"{name}?{{{{x}}}}", sets("x")) for name in "abcdef"), at("g?{{x}}"))
    found = parts(everything, parallel="folders", force_parallel=True)
    assert len([one for one in found if one]) > 1


# -- an empty shard -----------------------------------------------------------------------------------------------------


def test_an_empty_shard_passes_with_a_note(part):
    empty = [index for index in (1, 2) if not part(index, document(at("a")), count=2)]
    assert len(empty) == 1
    part(empty[0], document(at("a")), count=2, fail_on_warning=True)
    assert not part.result.failed
    assert [one.message for one in part.result.warnings] == [
        f"shard {empty[0]}/2 has none of 1 request",
        "nothing was run: this shard is empty",
    ]


def test_what_selects_nothing_is_red_in_every_shard(part):
    for index in (1, 2):
        part(index, document(at("a")), count=2, tag="none")
        assert isinstance(part.result.error, NothingRun)


def test_a_collection_without_any_selected_request_is_red_beside_others(parts, part):
    both = document(at("a"), folder("x"), name="a"), document(folder("x", at("b")), name="b")
    assert [len(one) for one in parts(*both, exclude="x") if one] == [1]
    assert isinstance(part.result.error, NothingRun)


def test_an_empty_collection_passes_as_it_does_without_shards(part):
    part(1, document(), count=2)
    assert not part.result.failed


# -- other ways to ask --------------------------------------------------------------------------------------------------


@pytest.fixture
def letters(collection):
    return collection(*LETTERS)


def test_the_list_shows_what_a_part_runs(postrunner, letters, parts):
    for index, one in enumerate(parts(json.loads(letters.read_text())), 1):
        done = postrunner("run", letters, "--list", "json", "--shard", f"{index}/{COUNT}")
        assert done.code == 0
        assert [found["name"] for found in json.loads(done.out)["collections"][0]["items"]] == one
        assert f"note: shard {index}/{COUNT} has {len(one) or 'none'} of 8 requests" in done.err


def test_the_dry_run_shows_what_a_part_runs(postrunner, letters, parts):
    for index, one in enumerate(parts(json.loads(letters.read_text())), 1):
        done = postrunner("run", letters, "--dry-run", "--shard", f"{index}/{COUNT}")
        assert done.code == 0
        assert re.findall(r"GET http://app.example/(\w)", done.out) == one


def test_an_empty_shard_is_no_failure_of_list_and_dry_run(postrunner, collection):
    file = collection(at("a"))
    for command in ("--list", "--dry-run"):
        assert [postrunner("run", file, command, "--shard", f"{index}/5").code for index in range(1, 6)] == [0] * 5
        assert postrunner("run", file, command, "--shard", "1/5", "--tag", "none").code == 1


def test_the_dry_run_takes_the_first_row_of_the_part(postrunner, collection, tmp_path):
    (tmp_path / "rows.json").write_text(json.dumps([{"n": number} for number in range(4)]))
    file = collection(at("a?{{n}}"))
    line = ("--dry-run", "--parallel", "iterations", "-d", tmp_path / "rows.json", "--shard", "2/3")
    assert "http://app.example/a?1" in postrunner("run", file, *line).out


@pytest.mark.parametrize("wrong", ["0/2", "3/2", "2", "a/b", "1/0", "-1/2", "1/2/3", "", "1/", "/2", "1.5/2", "1/99999"])
def test_a_shard_that_does_not_exist_is_refused(postrunner, letters, wrong):
    done = postrunner("run", letters, "--shard", wrong)
    assert done.code == 2
    assert "--shard" in done.err
    assert "is not a part of a run" in done.err


def test_the_note_stands_in_the_report(postrunner, collection, server):
    file = collection(item("a", f"{server.url}/a"))
    assert "shard 1/1 has 1 of 1 request" in postrunner("run", file, "--shard", "1/1").out


@pytest.mark.parametrize("seed", range(20))
def test_the_parts_of_any_collection_are_the_whole(seed):
    """Told by what would be run, so that no server is needed."""
    chance = random.Random(seed)
    several = [document(*entries(chance, 0), name=f"c{number % 2}") for number in range(chance.choice([1, 1, 3]))]
    count = chance.randint(1, 7)
    more = {"iteration_count": chance.choice([None, 5]), "parallel": chance.choice([None, "folders", "iterations"])}
    options = RunOptions(**more, force_parallel=chance.random() < 0.3)
    plans = load_plans(several, options)
    found = Counter(cell for index in range(count) for cell in cells(plans, replace(options, shard=f"{index + 1}/{count}")))
    assert found == Counter(cells(plans, options))
    assert set(found.values()) <= {1}


def entries(chance, depth):
    """Some folders and requests, which may be called the same and use the same variables."""
    return [
        folder(chance.choice("xyz"), *entries(chance, depth + 1))
        if depth < 3 and chance.random() < 0.4
        else at(f"{chance.choice('abc')}?{{{{{chance.choice('vw')}}}}}")
        for _ in range(chance.randint(0, 5))
    ]


def cells(plans, options):
    """Each request in each iteration, as collection, iteration and item."""
    for number, one in enumerate(load_all(plans, options)):
        cycles = range(one.cycles(options.iteration_count)) if one.iterations is None else one.iterations
        yield from ((number, cycle, id(planned)) for cycle in cycles for planned in one.plan.items)


# -- by time ------------------------------------------------------------------------------------------------------------


def executions(*times, name="c"):
    """A JSON report of requests with these response times."""
    items = [{"id": one, "name": one} for one, _ in times]
    ran = [
        {"item": {"id": one}, "cursor": {"iteration": 0}, "response": {"id": f"r{at}", "responseTime": time}}
        for at, (one, time) in enumerate(times)
    ]
    return {"collection": {"info": {"name": name}, "item": items}, "run": {"executions": ran, "failures": []}}


@pytest.fixture
def by_report(tmp_path):
    def write(document):
        path = tmp_path / "report.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return str(path)

    return write


def test_the_longest_is_alone(parts, by_report):
    report = by_report(executions(*((name, 1000 if name == "d" else 10) for name in "abcdefgh")))
    found = parts(document(*LETTERS), count=2, shard_by=report)
    assert found == [["d"], ["a", "b", "c", "e", "f", "g", "h"]]


def test_a_request_that_the_report_does_not_know_takes_the_median(parts, by_report):
    report = by_report(executions(("a", 100), ("b", 100), ("c", 100)))
    assert [len(one) for one in parts(document(*LETTERS[:4]), count=2, shard_by=report)] == [2, 2]


def test_a_response_that_is_listed_twice_counts_once(parts, by_report):
    report = executions(("a", 30), ("b", 40), ("c", 50))
    report["run"]["executions"].insert(1, report["run"]["executions"][0])
    assert parts(document(*LETTERS[:3]), count=2, shard_by=by_report(report)) == [["c"], ["a", "b"]]


def test_what_scripts_sent_counts(parts, by_report):
    report = executions(("a", 30), ("b", 40), ("c", 50))
    report["run"]["executions"][0]["subRequests"] = [{"response": {"responseTime": 70}}]
    assert parts(document(*LETTERS[:3]), count=2, shard_by=by_report(report)) == [["a"], ["b", "c"]]


@pytest.mark.parametrize("kind", ["json", "junit"])
def test_our_own_reports_are_read(postrunner, collection, server, kind, tmp_path):
    file = collection(*(item(name, f"{server.url}/{name}", "pm.test('t', () => {})") for name in "abcdef"))
    report = tmp_path / f"r.{kind}"
    assert postrunner("run", file, "-r", kind, f"--reporter-{kind}-export", report).code == 0
    server.seen.clear()
    for index in (1, 2, 3):
        assert postrunner("run", file, "--shard", f"{index}/3", "--shard-by", report).code == 0
    assert Counter(path for _, path, _, _ in server.seen) == Counter(f"/{name}" for name in "abcdef")


def test_iterations_are_balanced_by_time(parts, by_report):
    report = executions(("a?{{n}}", 10))
    first = report["run"]["executions"][0]
    report["run"]["executions"] = [
        {**first, "cursor": {"iteration": at}, "response": {"id": str(at), "responseTime": 1000 if at == 2 else 10}}
        for at in range(5)
    ]
    rows = [{"n": number} for number in range(5)]
    more = {"parallel": "iterations", "iteration_data": rows, "shard_by": by_report(report)}
    found = parts(document(at("a?{{n}}")), count=2, **more)
    assert found == [["a?2"], ["a?0", "a?1", "a?3", "a?4"]]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"run": {}}', '{"run": {"executions": []}}', "<html/>", "<testsuites><x/></testsuites>"]
)
def test_what_is_no_report_is_refused(postrunner, letters, by_report, text):
    done = postrunner("run", letters, "--shard", "1/2", "--shard-by", by_report(text))
    assert done.code == 2
    assert "report.json" in done.err


def test_a_report_that_is_missing_is_refused(part):
    with pytest.raises(LoadError, match="does not exist"):
        part(1, document(at("a")), shard_by="none.json")


def test_times_without_a_shard_are_refused(part, by_report):
    with pytest.raises(UsageError, match="--shard-by"):
        runner.run(document(at("a")), shard_by=by_report(executions(("a", 1))))


# -- with other options: each a row of docs/sharding.md -----------------------------------------------------------------


def test_setup_and_teardown_run_in_every_part_that_is_not_empty(parts):
    around = [
        folder("up", at("up", sets("x"))),
        *(at(f"{name}?{{{{x}}}}") for name in "abcdef"),
        folder("down", at("down")),
    ]
    found = parts(document(*around), count=4, setup="up", teardown="down")
    assert [one for one in found if one and (one[0] != "up" or one[-1] != "down" or len(one) < 3)] == []
    assert together(one[1:-1] for one in found if one) == Counter(f"{name}?v" for name in "abcdef")


def test_what_failed_last_time_is_run_where_it_was(part, app, tmp_path, monkeypatch):
    app.dead = "ae"
    before = []
    for index in range(1, COUNT + 1):
        (tmp_path / str(index)).mkdir()
        monkeypatch.chdir(tmp_path / str(index))
        before.append(part(index, document(*LETTERS), last_failed=True))
    for index, one in enumerate(before, 1):
        monkeypatch.chdir(tmp_path / str(index))
        assert part(index, document(*LETTERS), last_failed=True) == ([path for path in one if path in "ae"] or one)


def test_where_nothing_failed_last_time_all_of_the_part_is_run(part, parts, app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app.dead = "a"
    before = parts(document(*LETTERS), failed_first=True)
    after = parts(document(*LETTERS), last_failed=True)
    assert after == [["a"] if "a" in one else one for one in before]
    other = next(index for index, one in enumerate(before, 1) if one and "a" not in one)
    part(other, document(*LETTERS), last_failed=True)
    assert "nothing failed in this shard last time: all of it is run" in [one.message for one in part.result.warnings]


def test_last_failed_does_not_go_with_times(part, by_report):
    with pytest.raises(UsageError, match="--last-failed"):
        part(1, document(at("a")), last_failed=True, shard_by=by_report(executions(("a", 1))))


def test_failed_first_changes_the_order_not_the_part(parts, app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app.dead = "e"
    before = parts(document(*LETTERS), failed_first=True)
    assert parts(document(*LETTERS), failed_first=True) == [sorted(one, key=lambda path: path != "e") for one in before]


def test_a_rerun_is_divided_and_other_parts_are_empty(parts, by_report):
    report = executions(*((name, 1) for name in "abcdefgh"))
    report["run"]["failures"] = [{"source": {"id": name}} for name in "bg"]
    assert together(parts(document(*LETTERS), rerun=by_report(report))) == Counter("bg")


def test_with_jobs_the_parts_are_the_same(parts):
    several = [document(at(name), name=name) for name in "abcdef"]
    assert [sorted(one) for one in parts(*several, jobs=4)] == parts(*several)


def test_bail_ends_its_own_part(parts, app):
    whole = parts(document(*LETTERS))
    app.dead = "abcdefgh"
    assert parts(document(*LETTERS), bail=True) == [one[:1] for one in whole]


def test_a_seed_gives_a_part_the_same_values_each_time(parts):
    drawn = document(*(at(f"{name}?{{{{$guid}}}}") for name in "abcdef"))
    assert parts(drawn, seed="s") == parts(drawn, seed="s")


def test_with_parallel_a_seed_gives_the_values_of_the_whole(parts, whole):
    drawn = document(*(at(f"{name}?{{{{$guid}}}}") for name in "abcdef"))
    more = {"seed": "s", "parallel": "folders"}
    assert together(parts(drawn, **more)) == Counter(whole(drawn, **more))


def test_a_part_exports_what_it_left(part, tmp_path):
    file = tmp_path / "env.json"
    for index in range(1, COUNT + 1):
        seen = part(index, document(*(at(name, sets(name)) for name in "abcdef")), export_environment=str(file))
        assert [one["key"] for one in json.loads(file.read_text())["values"]] == seen
        file.unlink()


def test_a_part_records_what_it_sends_and_replays_the_cassette_of_the_whole(part, parts, whole, app, tmp_path):
    file = tmp_path / "c.yaml"
    whole(document(*LETTERS), record=str(file))
    assert parts(document(*LETTERS), replay=str(file)) == [[]] * COUNT
    assert part.result.stats["requests"].total == len(part.result.executions)
    own = tmp_path / "own.yaml"
    seen = part(1, document(*LETTERS), record=str(own))
    assert re.findall(r"app.example/(\w)", own.read_text()) == seen


def test_the_limit_of_requests_counts_in_each_part(parts):
    found = parts(document(*LETTERS), max_requests=4)
    assert together(found) == Counter("abcdefgh")
