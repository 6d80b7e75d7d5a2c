"""`--snapshot`: what is written, what is a failure, and what is left alone."""

import gzip
import json
import os

import httpx
import pytest

from runner.errors import Interrupted, LoadError, UsageError
from tests.snapshots.conftest import assertions, folder, item, lines


def test_what_was_recorded_and_comes_again_passes(api):
    assert api.record({"name": "Ada"}).exit_code() == 0
    result = api.run()
    assert [(one.name, one.passed) for one in assertions(result)] == [("snapshot: a.json", True)]
    assert (result.exit_code(), result.snapshots.matched) == (0, 1)


def test_a_difference_is_an_assertion_with_path_expected_and_actual(api):
    api.record({"user": {"name": "Ada"}})
    api.answer({"user": {"name": "Bob"}})
    result = api.run()
    assert [(one.name, one.passed) for one in assertions(result)] == [("snapshot: a.json", False)]
    assert lines(result) == ["$.user.name:", '- "Ada"', '+ "Bob"']
    assert (result.exit_code(), result.snapshots.different) == (1, 1)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": 1}, {}, ["$.a:", "- 1"]),
        ({}, {"a": 1}, ["$.a:", "+ 1"]),
        ([1, 2, 3], [1, 3], ["$[1]:", "- 2"]),
        ({"a": 1}, {"a": "1"}, ["$.a:", "- 1", '+ "1"']),
        ({"a": 1}, {"a": True}, ["$.a:", "- 1", "+ true"]),
        ({"a": 90071992547409}, {"a": 90071992547410}, ["$.a:", "- 90071992547409", "+ 90071992547410"]),
        ({"a": None}, {}, ["$.a:", "- null"]),
        ("one\ntwo\n", "one\nthree\n", ["line 2:", "- two", "+ three"]),
        ({}, "a", ["header.content-type:", '- "application/json"', '+ "text/plain"', "body:", '- "json"', '+ "text"']),
        (b"\0\1", b"\0\2\3", ["body.bytes:", "- 2", "+ 3", "body.sha256:"]),
    ],
)  # fmt: skip
def test_what_differs_is_told(api, before, after, told):
    api.record(before)
    api.answer(after)
    assert lines(api.run())[: len(told)] == told


@pytest.mark.parametrize(("before", "after"), [('{"a": 1}', '{"a": 1.0}'), ('{"a": 1, "b": 2}', '{ "b": 2, "a": 1 }')])
def test_what_json_says_alike_is_the_same(api, before, after):
    headers = {"Content-Type": "application/json"}
    api.answer(before, headers=headers)
    api.run("update")
    api.answer(after, headers=headers)
    assert api.run().exit_code() == 0


def test_status_and_headers_count(api):
    api.answer({}, headers={"X-Kind": "a", "X-Gone": "1"})
    api.run("update")
    api.answer({}, status=201, headers={"X-Kind": "b", "X-New": "2"})
    assert lines(api.run()) == [
        "status:", "- 200", "+ 201",
        "header.x-gone:", '- "1"',
        "header.x-kind:", '- "a"', '+ "b"',
        "header.x-new:", '+ "2"',
    ]  # fmt: skip


def test_headers_of_the_moment_are_left_out(api):
    volatile = {"Date": "Wed, 21 Oct 2026 07:28:00 GMT", "ETag": '"1"', "Set-Cookie": "sid=1; Max-Age=5; Path=/; HttpOnly"}
    api.answer({}, headers=volatile)
    api.run("update")
    cookie = "sid=<cookie>; HttpOnly; Path=/"
    assert api.read()["headers"] == {"content-type": "application/json", "etag": "<etag>", "set-cookie": cookie}
    api.answer({}, headers={**volatile, "ETag": '"2"', "Set-Cookie": "sid=2; path=/; httponly"})
    assert lines(api.run()) == [
        "header.set-cookie:",
        '- "sid=<cookie>; HttpOnly; Path=/"',
        '+ "sid=<cookie>; httponly; path=/"',
    ]


def test_check_fails_without_a_snapshot_and_writes_nothing(api):
    api.answer({})
    result = api.run("check")
    assert lines(result) == ["there is no snapshot of this response (--snapshot update writes it)"]
    assert (result.exit_code(), result.snapshots.missing, api.files) == (1, 1, [])


def test_without_a_choice_new_ones_are_written_and_old_ones_compared(api):
    api.collect(item("a"), item("b"))
    api.answer({"n": 1})
    api.answer({"n": 1}, path="/b")
    assert api.run("auto").snapshots.said == "2 new"
    before = (api.snapshots / "a.json").read_text()
    api.answer({"n": 2})
    result = api.run("auto")
    assert (result.exit_code(), result.snapshots.said) == (1, "1 as before, 1 different")
    assert (api.snapshots / "a.json").read_text() == before


def test_without_a_choice_a_ci_server_checks(api, monkeypatch):
    monkeypatch.setenv("CI", "true")
    api.answer({})
    assert (api.run("auto").exit_code(), api.files) == (1, [])


def test_update_writes_what_differs_and_nothing_else(api):
    api.collect(item("a"), item("b"))
    api.answer({"n": 1})
    api.answer({"n": 1}, path="/b")
    api.run("update")
    os.utime(api.snapshots / "b.json", (1, 1))
    api.answer({"n": 2})
    result = api.run("update")
    assert (result.exit_code(), result.snapshots.said) == (0, "1 as before, 1 updated")
    assert api.read()["body"]["json"] == {"n": 2}
    assert (api.snapshots / "b.json").stat().st_mtime == 1


def test_a_response_whose_test_failed_becomes_no_snapshot(api):
    api.collect(item("a", script="pm.test('t', () => pm.expect(1).to.eql(2))"))
    api.answer({})
    result = api.run("update")
    assert (api.files, result.snapshots.said) == ([], "1 not written, because the request failed")


def test_a_request_without_a_response_becomes_no_snapshot(api):
    api.answer(httpx.ConnectError("refused"))
    assert (api.run("update").exit_code(), api.files) == (1, [])


def test_a_response_that_broke_off_becomes_no_snapshot(api):
    packed = gzip.compress(json.dumps({"n": list(range(5000))}).encode())
    api.record({"n": 1})
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    api.answer(lambda _: httpx.Response(200, stream=httpx.ByteStream(packed[:-200]), headers=headers))
    result = api.run("update")
    assert lines(result) == ["the response broke off: it is not compared"]
    assert (result.exit_code(), api.read()["body"]["json"]) == (1, {"n": 1})


def test_the_last_attempt_counts(api):
    api.answer(lambda _: httpx.Response(503), {"n": 1})
    assert api.run("update", retries=1, retry_delay=0).exit_code() == 0
    assert api.read()["status"] == 200
    api.answer(lambda _: httpx.Response(503), {"n": 1})
    result = api.run(retries=1, retry_delay=0)
    assert (result.exit_code(), result.snapshots.said) == (0, "1 as before")


def test_a_last_attempt_without_a_response_leaves_nothing_of_the_earlier_ones(api):
    def refused(request):
        raise httpx.ConnectError("refused", request=request)

    api.answer(lambda _: httpx.Response(503), refused)
    result = api.run("update", retries=1, retry_delay=0)
    assert (api.files, result.snapshots.said) == ([], "1 not written, because the request failed")
    api.record({})
    api.answer(lambda _: httpx.Response(503), refused)
    assert api.run(retries=1, retry_delay=0).snapshots.said == "nothing was compared"


def test_each_iteration_has_its_snapshot(api):
    api.answer({"n": 1}, {"n": 2}, {"n": 1}, {"n": 3})
    api.run("update", iteration_count=2)
    assert api.files == ["a - iteration 2.json", "a.json"]
    assert lines(api.run(iteration_count=2)) == ["$.n:", "- 2", "+ 3"]


def test_rows_of_data_are_iterations(api):
    api.answer({"n": 1}, {"n": 2})
    api.run("update", iteration_data=[{"x": 1}, {"x": 2}])
    assert api.read("a - iteration 2.json")["iteration"] == 2


def test_a_request_that_is_repeated_in_an_iteration_has_one_for_each_time(api):
    script = "if (pm.response.json().n < 2) pm.execution.setNextRequest('a')"
    api.collect(item("a", script=script))
    api.answer({"n": 1}, {"n": 2}, {"n": 1}, {"n": 2})
    api.run("update")
    assert api.files == ["a - time 2.json", "a.json"]
    assert api.run().exit_code() == 0


def test_what_a_script_runs_has_snapshots_of_its_own(api):
    api.collect({**item("a"), "id": "one"}, item("b", script="await pm.execution.runRequest('one')"))
    api.answer({"n": 1}, {"n": 2}, {"n": 1}, {"n": 2})
    api.answer({}, path="/b")
    assert api.run("update").exit_code() == 0
    assert api.files == ["a - by a script.json", "a.json", "b.json"]
    assert api.run().exit_code() == 0


def test_requests_of_the_same_name_are_told_apart(api):
    api.collect(item("a", "/a"), item("a", "/b"), folder("F", item("a", "/b")), folder("f", item("A", "/a")))
    api.answer({"n": 1})
    api.answer({"n": 2}, path="/b")
    api.run("update")
    assert api.files == ["F/a.json", "a [2].json", "a.json", "f/A-2.json"]
    assert api.run().snapshots.said == "4 as before"


def test_parallel_runs_write_and_compare_the_same(api):
    api.answer(lambda request: httpx.Response(200, json={"n": request.url.query.decode()}))
    api.collect(item("a", "/a?n={{n}}"))
    rows = [{"n": number} for number in range(12)]
    api.run("update", iteration_data=rows)
    assert len(api.files) == 12
    result = api.run(iteration_data=rows, jobs=4, parallel="iterations")
    assert (result.exit_code(), result.snapshots.said) == (0, "12 as before")


def test_a_renamed_request_has_no_snapshot_and_its_old_one_is_unused(api):
    api.record({})
    api.collect(item("b", "/a"))
    result = api.run()
    assert (result.exit_code(), result.snapshots.said) == (1, "1 missing, 1 unused")
    assert api.run("update", snapshot_prune=True).snapshots.said == "1 new, 1 removed"
    assert api.files == ["b.json"]


def test_unused_snapshots_are_told_and_stay_without_prune(api):
    api.answer({})
    api.run("update", iteration_count=2)
    result = api.run()
    assert result.exit_code() == 0
    assert result.snapshots.unused == [str(api.snapshots / "a - iteration 2.json")]
    assert len(api.files) == 2
    assert api.run(snapshot_prune=True).snapshots.removed == [str(api.snapshots / "a - iteration 2.json")]
    assert api.files == ["a.json"]


@pytest.mark.parametrize("options", [{"folder": "a"}, {"shard": "1/2"}, {"last_failed": True}, {"grep": "a"}])
def test_a_run_of_a_part_tells_of_no_unused_ones_and_prunes_nothing(api, options, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    api.collect(item("a"), item("b"))
    api.answer({})
    api.answer({}, path="/b")
    api.run("update")
    assert api.run(**options).snapshots.unused == []
    with pytest.raises(UsageError, match="only a part"):
        api.run(snapshot_prune=True, **options)


def test_a_run_that_bails_out_tells_of_no_unused_ones(api):
    api.collect(item("a"), item("b"))
    api.answer({"n": 1})
    api.answer({}, path="/b")
    api.run("update")
    api.answer({"n": 2})
    result = api.run(bail="failure", snapshot_prune=True)
    assert (result.snapshots.unused, len(api.files), result.exit_code()) == ([], 2, 1)


def test_the_snapshot_of_a_request_that_was_skipped_or_failed_is_not_unused(api):
    api.collect(item("a"), item("b"))
    api.answer({})
    api.answer({}, path="/b")
    api.run("update")
    api.collect(item("a", before="pm.execution.skipRequest()"), item("b"))
    api.answer(httpx.ConnectError("refused"), path="/b")
    assert api.run(snapshot_prune=True).snapshots.unused == []
    assert len(api.files) == 2


def test_an_interrupted_run_writes_nothing(api):
    def stop(request):
        raise KeyboardInterrupt

    api.collect(item("a"), item("b"))
    api.answer({})
    api.answer(stop, path="/b")
    with pytest.raises(KeyboardInterrupt) as caught:
        api.run("update")
    assert isinstance(caught.value.summary.error, Interrupted)
    assert api.files == []


def test_a_run_that_ends_early_writes_what_was_done(api):
    api.collect(item("a"), item("b", script="pm.test('t', () => pm.expect(1).to.eql(2))"), item("c"))
    api.answer({})
    api.answer({}, path="/b")
    api.run("update", bail="failure")
    assert api.files == ["a.json"]


def test_a_collection_that_is_no_file_needs_a_folder(api, tmp_path):
    document = json.loads(api.file.read_text())
    api.answer({})
    with pytest.raises(UsageError, match="came from no file") as caught:
        api.run("update", collection=document)
    assert "--snapshot-dir" in caught.value.hint
    api.run("update", collection=document, snapshot_dir=str(tmp_path / "there"))
    assert (tmp_path / "there" / "a.json").is_file()


def test_several_collections_have_a_folder_each(api, tmp_path):
    other = tmp_path / "other.json"
    other.write_text(api.file.read_text().replace("Shop", "Other"))
    api.answer({})
    api.run("update", collection=[str(api.file), str(other)])
    assert (tmp_path / "other.snapshots" / "a.json").is_file()
    api.run("update", collection=[str(api.file), str(other)], snapshot_dir=str(tmp_path / "all"))
    assert (tmp_path / "all" / "Other" / "a.json").is_file()
    with pytest.raises(UsageError, match="two collections"):
        api.run(collection=[str(api.file), str(api.file)])


def test_snapshots_of_a_v3_folder_lie_where_no_requests_are_looked_for(api, tmp_path):
    place = tmp_path / "Shop"
    (place / "F").mkdir(parents=True)
    (place / ".resources").mkdir()
    (place / ".resources" / "definition.yaml").write_text("$kind: collection\nname: Shop\n")
    (place / "F" / "a.request.yaml").write_text("$kind: http-request\nurl: http://api/a\nmethod: GET\n")
    api.answer({"n": 1})
    api.run("update", collection=str(place))
    written = place / ".resources" / "snapshots" / "F" / "a.json"
    assert json.loads(written.read_text())["request"] == ["F", "a"]
    result = api.run(collection=str(place), snapshot_ignore="F")
    assert len(result.executions) == 1
    api.answer({"n": 2})
    assert lines(api.run(collection=str(place / "F" / "a.request.yaml"))) == ["$.n:", "- 1", "+ 2"]


def test_review_needs_a_terminal(api, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UsageError, match="not a terminal"):
        api.run("review")


def test_options_that_say_how_need_snapshots(api):
    with pytest.raises(UsageError, match="without --snapshot"):
        api.run(None, snapshot_ignore="a")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", "{", "not valid JSON"),
        ("a.json", "<<<<<<< ours\n", "not valid JSON"),
        ("a.json", "{}", "is no snapshot"),
        ("x/y.json", '{"snapshot": 2}', "has the form 2"),
        ("a.json", '{"snapshot": 1}', "is broken"),
        ("a.json", '{"snapshot": 1, "request": ["a"], "iteration": 0}', "is broken"),
        ("a.json", '{"snapshot": 1, "request": ["a"], "headers": []}', "is broken"),
        ("a.json", '{"snapshot": 1, "request": ["a"], "headers": {}, "body": {"text": "a"}}', "is broken"),
        ("rules.json", '{"rules": 1, "ignore": "a"}', "is not a list"),
        ("rules.json", '{"rules": 1, "ignored": []}', "is none of"),
        ("rules.json", "{}", "is no file of rules"),
    ],
)
def test_a_broken_file_ends_the_run_before_it_begins_and_stays(api, name, text, message):
    path = api.snapshots / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(LoadError, match=message) as caught:
        api.run("update")
    assert name.rpartition("/")[2] in caught.value.where
    assert (path.read_text(), caught.value.exit_code) == (text, 2)


def test_two_files_about_the_same_response_are_a_mistake(api):
    api.record({})
    (api.snapshots / "b.json").write_text((api.snapshots / "a.json").read_text())
    with pytest.raises(LoadError, match=r"same response as a\.json"):
        api.run()


def test_a_link_is_never_followed_or_replaced(api, tmp_path):
    api.record({"n": 1})
    (tmp_path / "mine.json").write_text((api.snapshots / "a.json").read_text())
    (api.snapshots / "a.json").unlink()
    (api.snapshots / "a.json").symlink_to(tmp_path / "mine.json")
    with pytest.raises(LoadError, match="no regular file"):
        api.run("update")


def test_a_file_in_the_place_of_the_folder_is_a_mistake_and_stays(api):
    api.snapshots.write_text("mine")
    with pytest.raises(LoadError, match="no folder of snapshots"):
        api.run("update")
    assert api.snapshots.read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_told_and_fails_the_run(api):
    def spoil(request):
        api.snapshots.write_text("mine")
        return httpx.Response(200, json={})

    api.answer(spoil)
    result = api.run("update")
    assert result.exit_code() == 1
    assert "snapshots were not written" in str(result.problems[0])
    assert api.snapshots.read_text() == "mine"


def test_other_files_in_the_folder_are_left_alone(api):
    api.record({})
    (api.snapshots / "README.md").write_text("mine")
    api.collect(item("b", "/a"))
    api.run("update", snapshot_prune=True)
    assert api.files == ["README.md", "b.json"]


def test_a_file_may_be_moved_within_the_folder(api):
    api.record({"n": 1})
    (api.snapshots / "x").mkdir()
    (api.snapshots / "a.json").rename(api.snapshots / "x" / "y.json")
    assert [one.name for one in assertions(api.run())] == ["snapshot: x/y.json"]
    api.record({"n": 2})
    assert (api.files, api.read("x/y.json")["body"]["json"]) == (["x/y.json"], {"n": 2})


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(api):
    def spoil(request):
        (api.snapshots / "b.json").unlink()
        (api.snapshots / "b.json").mkdir()
        return httpx.Response(200, json={"n": 2})

    api.collect(item("a"), item("b"), item("c"))
    for path in ("/a", "/b", "/c"):
        api.answer({"n": 1}, path=path)
    api.run("update")
    before = (api.snapshots / "a.json").read_text()
    api.answer({"n": 2})
    api.answer({"n": 2}, path="/b")
    api.answer(spoil, path="/c")
    result = api.run("update")
    assert result.exit_code() == 1
    assert "b.json" in str(result.problems[0])
    assert (api.snapshots / "a.json").read_text() == before


def test_a_file_that_came_meanwhile_is_not_overwritten(api):
    def add(request):
        api.snapshots.mkdir()
        (api.snapshots / "a.json").write_text("mine")
        return httpx.Response(200, json={})

    api.answer(add)
    result = api.run("update")
    assert result.exit_code() == 1
    assert "came there meanwhile" in str(result.problems[0])
    assert (api.snapshots / "a.json").read_text() == "mine"


def test_a_snapshot_that_broke_meanwhile_is_a_failure_with_its_place(api):
    api.record({})

    def spoil(request):
        (api.snapshots / "a.json").write_text("{")
        return httpx.Response(200, json={})

    api.answer(spoil)
    (message,) = lines(api.run("update"))
    assert "a.json:1:2" in message
    assert (api.snapshots / "a.json").read_text() == "{"


def test_the_text_of_a_file_is_the_same_each_time(api):
    api.record({"b": [1.50, {"d": 1, "c": None}], "a": "\ud800ä"})
    first = (api.snapshots / "a.json").read_bytes()
    (api.snapshots / "a.json").unlink()
    api.record({"a": "\ud800ä", "b": [1.50, {"c": None, "d": 1}]})
    assert (api.snapshots / "a.json").read_bytes() == first
    assert api.run().exit_code() == 0
