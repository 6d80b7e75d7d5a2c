"""Two JSON reports are compared: ours, Newman's, merged ones; what cannot be compared is a mistake, never the same."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.diff.conftest import folder, item, told

OK = "pm.test('is 200', () => pm.response.to.have.status(200)); pm.test.skip('later', () => {})"


@pytest.fixture
def both(report, collection, servers):
    """Reports of the same collection against both servers."""

    def make(*items, **more):
        path = collection(*(items or (item("a", test=OK), folder("f", item("b")))), **more)
        return report(path, "left"), report(path, "right")

    return make


@pytest.fixture
def compared(diff):
    def call(*words):
        code, out, err = diff(*words, "-r", "json")
        return code, json.loads(out) if out else err

    return call


def changed(path, change):
    """Change a report in place."""
    with open(path) as file:
        document = json.load(file)
    change(document)
    with open(path, "w") as file:
        json.dump(document, file)
    return path


def response(document, number=0):
    return document["run"]["executions"][number]["response"]


def test_the_same_run_twice_does_not_differ(compared, both):
    code, outcome = compared(*both())
    assert (code, outcome["entries"], outcome["compared"], outcome["same"]) == (0, [], 2, 2)


def test_what_differs_in_two_reports_is_told(compared, both, servers):
    servers.both("/a", {"a": [1]}, {"a": [2]})
    servers.right.answers["/b"] = (404, {"X-New": "1"}, b"gone")
    code, outcome = compared(*both(item("a", test=OK), folder("f", item("b", test=OK))))
    assert code == 1
    assert told(outcome) == [
        ("a", "changed", [("body", "value", "$.a[0]")]),
        (
            "f/b",
            "changed",
            [
                ("status", "value", "status"),
                ("headers", "new", "header.X-New"),
                ("body", "type", "$"),
                ("assertions", "value", "is 200"),
            ],
        ),
    ]


def test_requests_that_only_one_report_has_are_lost_or_new(compared, report, collection):
    left = report(collection(item("a"), item("b")), name="l")
    right = report(collection(item("a"), item("c")), name="r")
    code, outcome = compared(left, right)
    assert code == 1
    assert told(outcome) == [("b", "lost", []), ("c", "new", [])]
    assert compared(left, right, "--fail-on", "status")[0] == 0


def test_a_request_of_the_same_id_under_another_name_is_told_as_renamed(compared, report, collection):
    left = report(collection(item("a", id="1"), item("b", id="2"), item("c", id="3")), name="l")
    moved = folder("f", item("b", id="2"))
    right = report(collection(item("other", "/a", id="1"), moved, item("c", id="3")), name="r")
    code, outcome = compared(left, right)
    assert [(one["path"], one["outcome"], one["was"], one["changes"][:1]) for one in outcome["entries"][1:]] == [
        (["f", "b"], "renamed", ["b"], [])
    ]
    assert outcome["entries"][0]["was"] == ["a"]
    assert code == 0


def test_errors_of_scripts_count_as_tests(compared, both, servers):
    servers.both("/a", {"ok": 1}, {"ok": 0})
    code, outcome = compared(*both(item("a", test="if (!pm.response.json().ok) boom()")), "--only", "assertions")
    assert told(outcome) == [("a", "changed", [("assertions", "new", "error in the test script")])]
    assert code == 1


def test_what_a_script_sends_is_no_request_of_its_own(compared, both):
    script = "pm.sendRequest(pm.variables.get('base') + '/sub', () => {})"
    _, outcome = compared(*both(item("a", test=script)))
    assert (outcome["compared"], outcome["same"]) == (1, 1)


def test_the_request_of_an_item_that_a_script_ran_is_compared(compared, both, servers):
    servers.both("/b", {"n": 1}, {"n": 2})
    run_other = "await pm.execution.runRequest('x-b')"
    send = [{"listen": "prerequest", "script": {"exec": ["await pm.sendRequest(pm.variables.get('base') + '/c')"]}}]
    left, right = both(item("a", test=run_other), {**item("b", id="x-b"), "event": send})
    _, outcome = compared(left, right)
    changes = [("body", "value", "$.n")]
    assert told(outcome) == [("b", "changed", changes), ("b", "changed", changes)]


def test_what_an_older_report_does_not_say_of_such_a_request_is_a_note(compared, both):
    def forget(document):
        for one in document["run"]["executions"]:
            for sub in one.get("subRequests", ()):
                sub.pop("own", None)

    left, right = both(item("a", test="await pm.execution.runRequest('x-b')"), item("b", id="x-b"))
    changed(left, forget)
    code, outcome = compared(left, right)
    assert code == 1
    assert ["1 execution sent requests of scripts only" in note for note in outcome["notes"]] == [True]


def test_a_head_request_has_no_body_to_lack(compared, both):
    code, outcome = compared(*both(item("a", method="HEAD")))
    assert (code, outcome["same"]) == (0, 1)


def test_reports_of_several_collections_are_compared_collection_by_collection(
    compared, collection, servers, tmp_path, capsys
):
    from runner.cli import main

    paths = [collection(item("a"), name=name, file=f"{name}.json") for name in ("One", "Two")]
    files = []
    for side in ("left", "right"):
        server = getattr(servers, side)
        server.answers["/a"] = (200, {}, [lambda: 0, lambda side=side: side])
        file = tmp_path / f"{side}-r.json"
        main(["run", *paths, "--env-var", f"base={server.url}", "-r", "json", "--reporter-json-export", str(file)])
        files.append(file)
    _, outcome = compared(*files)
    assert [one["collection"] for one in outcome["entries"]] == ["Two"]


def test_a_merged_report_of_shards_is_compared_as_that_of_the_whole(compared, collection, report, servers, tmp_path):
    from runner.cli import main

    path = collection(*(folder(f"f{number}", item("a")) for number in range(6)))
    whole = report(path)
    shards = [report(path, "left", str(number), "--shard", f"{number}/2", "--allow-empty") for number in (1, 2)]
    merged = str(tmp_path / "merged.json")
    main(["merge", *shards, "-r", "json", "--reporter-json-export", merged])
    code, outcome = compared(whole, merged)
    assert (code, outcome["entries"], outcome["same"]) == (0, [], 6)
    code, outcome = compared(whole, shards[0])
    assert code == 1
    assert {one["outcome"] for one in outcome["entries"]} == {"lost"}


def test_times_are_told_as_ratios_and_fail_only_on_demand(compared, both):
    left, right = both()
    changed(left, lambda document: response(document).update(responseTime=40))
    changed(right, lambda document: response(document).update(responseTime=100))
    code, outcome = compared(left, right)
    assert code == 0
    assert outcome["times"][0] == {"path": ["a"], "left": 40.0, "right": 100.0, "ratio": 2.5, "slower": False}
    for cause, fails in {"slower:2x": True, "slower:2.6": False, "slower:2x+61ms": False, "slower:2x+60ms": True}.items():
        code, outcome = compared(left, right, "--fail-on", cause)
        assert (code, outcome["times"][0]["slower"]) == (int(fails), fails)
    assert outcome["failed"] == ["slower: a took 2.5 times as long (40ms → 100ms)"]


def test_times_are_told_from_those_that_are_farthest_apart_on(compared, both):
    left, right = both(item("a"), item("b"), item("c"))
    for path, times in ((left, (100, 100, 100)), (right, (200, 20, 100))):

        def set_times(document, times=times):
            for number, time in enumerate(times):
                response(document, number)["responseTime"] = time

        changed(path, set_times)
    _, outcome = compared(left, right)
    assert [(one["path"], one["ratio"]) for one in outcome["times"]] == [(["b"], 0.2), (["a"], 2.0), (["c"], 1.0)]


def test_the_time_of_a_request_is_the_median_of_its_executions(compared, report, collection, servers):
    path = collection(item("a"))
    left, right = (report(path, side, side, "-n", "3") for side in ("left", "right"))

    def set_times(document):
        for number, time in enumerate((10, 900, 30)):
            response(document, number)["responseTime"] = time

    changed(left, set_times)
    _, outcome = compared(left, right)
    assert [one["left"] for one in outcome["times"]] == [30]


# -- what cannot be compared --------------------------------------------------------------------------------------------


def test_reports_without_bodies_are_not_the_same_but_cannot_be_compared(compared, report, collection, servers):
    path = collection(item("a"))
    whole, without = report(path, "left", "whole"), report(path, "left", "without", "--reporter-json-omit-response-bodies")
    for pair in ((whole, without), (without, whole), (without, without)):
        code, err = compared(*pair)
        assert code == 2
        assert "has no bodies of responses" in err
        assert "--only status,headers,assertions,times" in err
    assert compared(without, without, "--only", "status,headers")[0] == 0


def test_reports_without_headers_cannot_be_compared_by_headers(compared, report, collection):
    path = collection(item("a"))
    bare = report(path, "left", "bare", "--reporter-json-omit-headers")
    code, err = compared(bare, bare)
    assert code == 2
    assert "has no headers of responses" in err
    assert compared(bare, bare, "--only=status,body")[0] == 0


def test_reports_of_other_collections_are_compared_only_on_demand(compared, report, collection):
    left, right = report(collection(item("a"), name="One"), name="l"), report(collection(item("a"), name="Two"), name="r")
    code, err = compared(left, right)
    assert code == 2
    assert "of different collections: 'One' and 'Two'" in err
    assert compared(left, right, "--other-collection")[0] == 0


def test_two_collections_without_ids_are_not_the_same_one(compared, both):
    left, right = both()
    for path, name in ((left, "One"), (right, "Two")):
        changed(path, lambda document, name=name: document["collection"].update(info={"name": name}))
    code, err = compared(left, right)
    assert code == 2
    assert "of different collections" in err


def test_a_copy_of_a_collection_under_another_name_is_the_same_by_its_id(compared, both):
    left, right = both()
    changed(left, lambda document: document["collection"].update(info={"name": "One", "_postman_id": "x"}))
    changed(right, lambda document: document["collection"].update(info={"name": "Two", "_postman_id": "x"}))
    assert compared(left, right)[0] == 0


@pytest.mark.parametrize("own", [1, [], {"events": 1}, {"events": [{}]}, {}])
def test_what_a_report_says_under_our_own_key_does_not_matter(compared, both, own):
    left, right = both()
    changed(right, lambda document: document.update(postrunner=own))
    assert compared(left, right)[0] == 0


def test_reports_without_a_common_request_cannot_be_compared(compared, report, collection):
    code, err = compared(report(collection(item("a")), name="l"), report(collection(item("b")), name="r"))
    assert code == 2
    assert "no request in common" in err


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.999])
def test_a_truncated_report_cannot_be_compared(diff, both, share):
    left, right = both()
    with open(right) as file:
        text = file.read().rstrip()
    with open(right, "w") as file:
        file.write(text[: int(len(text) * share)])
    code, out, err = diff(left, right)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("run"), "the other is not"),
        (lambda d: d.update(run=[]), "is not a report"),
        (lambda d: d["run"].pop("executions"), "is not a report"),
        (lambda d: d["run"].update(executions={}), "is not a report"),
        (lambda d: d.pop("collection"), "is not a report"),
        (lambda d: d["run"].update(executions=[1]), "names no request"),
        (lambda d: d["run"]["executions"][0].pop("item"), "names no request"),
        (lambda d: d["run"]["executions"][0]["cursor"].update(iteration="x"), "iteration"),
        (lambda d: response(d).update(code="200"), "status code"),
        (lambda d: response(d).pop("code"), "status code"),
        (lambda d: response(d)["stream"].update(data=[256]), "not bytes"),
        (lambda d: response(d)["stream"].update(data=["x"]), "not bytes"),
        (lambda d: response(d).pop("stream"), "no bodies"),
        (lambda d: response(d)["stream"].update(data="e30="), "no bodies"),
        (lambda d: response(d).pop("header"), "no headers"),
    ],
)
def test_a_report_that_is_spoiled_is_a_mistake(diff, both, change, message):
    left, right = both()
    changed(right, change)
    for pair in ((left, right), (right, left)):
        code, out, err = diff(*pair)
        assert (code, out) == (2, ""), err
        assert message in err


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_report_that_is_spoiled_anywhere_is_told_or_refused(diff, both, data, tmp_path):
    left = tmp_path / "left-report.json"
    if not left.exists():
        both()
    document = json.loads(left.read_text())
    holder = document
    for _ in range(data.draw(st.integers(1, 6))):
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(holder[key], dict | list) or not data.draw(st.integers(0, 5)):
            break
        holder = holder[key]
    if isinstance(holder, dict | list) and holder:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        holder[data.draw(st.sampled_from(keys))] = data.draw(
            st.sampled_from([None, 0, -1, 1e400, True, "x", [], {}, [[]], {"a": 1}, "\x1b[31m\ud800", 10**30])
        )
    spoiled = tmp_path / "spoiled.json"
    spoiled.write_text(json.dumps(document))
    for pair in ((left, spoiled), (spoiled, left), (spoiled, spoiled)):
        code, _, err = diff(*pair)
        assert code in (0, 1, 2)
        assert (code == 2) == err.startswith("error: ")
        assert "Traceback" not in err
        assert "defect" not in err
